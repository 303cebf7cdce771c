from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The phases of a service (salon_spa.product_product.MINUTES_FIELDS) in the words of the screens.
PHASES = [
    ("prep_minutes", "Preparation"),
    ("active_minutes", "Active"),
    ("processing_minutes", "Processing"),
    ("finishing_minutes", "Finishing"),
    ("cleanup_minutes", "Clean-up"),
]


class SalonRecipeLine(models.Model):
    _name = "salon.recipe.line"
    _description = "Material of a Recipe"
    _order = "recipe_id, sequence, id"

    recipe_id = fields.Many2one("salon.recipe", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="recipe_id.company_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="recipe_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Material",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_storable', '=', True), ('company_id', 'in', [False, company_id])]",
    )
    quantity = fields.Float("Norm", digits="Product Unit", required=True, default=1.0)
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        help="ml, g or pieces; it is converted to the unit that the product is stocked in.",
    )
    tolerance = fields.Float(
        "Tolerance, %", default=10.0, digits=(16, 2), help="So much more than the norm is nobody's business."
    )
    phase = fields.Selection(PHASES, help="When it is used.")
    is_substitute = fields.Boolean(
        "Instead", help="Used in place of the material above when that has run out; the first one that is there."
    )
    charge_price = fields.Monetary(
        "Price of Overuse",
        help="What the client pays for each unit above norm and tolerance, in the unit the product is stocked in, when "
        "the service charges overuse. 0 is the sales price of a product that is for sale, and nothing for others.",
    )
    cost = fields.Monetary(
        compute="_compute_cost", groups="salon_spa.group_salon_manager", help="The norm at the product's cost."
    )

    _positive = models.Constraint("CHECK(quantity > 0)", "The norm of a material must be above zero.")
    _tolerance_range = models.Constraint(
        "CHECK(tolerance BETWEEN 0 AND 1000)", "The tolerance is between 0 and 1000 percent."
    )
    _charge_not_negative = models.Constraint("CHECK(charge_price >= 0)", "A price can't be below zero.")

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "quantity", "uom_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            quantity = line.uom_id._salon_number(line.quantity)
            line.display_name = f"{line.product_id.name or ''} {quantity} {line.uom_id.name or ''}".strip()

    @api.depends("product_id", "quantity", "uom_id")
    @api.depends_context("company")
    def _compute_cost(self):
        for line in self:
            fits = line.product_id and line.uom_id and line.uom_id._has_common_reference(line.product_id.uom_id)
            line.cost = line._base_quantity() * line.product_id.standard_price if fits else 0

    @api.constrains("product_id", "quantity", "uom_id")
    def _check_unit(self):
        for line in self:
            product, stocked = line.product_id, line.product_id.uom_id
            names = {"product": product.display_name, "unit": line.uom_id.name, "stocked": stocked.name}
            if not product.is_storable:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not kept in stock: switch on “Track Inventory” first, or choose another "
                        "product.",
                        **names,
                    )
                )
            if not line.uom_id._has_common_reference(stocked):
                raise ValidationError(
                    self.env._(
                        "%(product)s is stocked in %(stocked)s, which %(unit)s can't be converted to: give the norm in "
                        "a unit of the same kind.",
                        **names,
                    )
                )
            exact = line.uom_id._compute_quantity(line.quantity, stocked, round=False)
            if abs(line._base_quantity() - exact) > exact / 100:
                raise ValidationError(
                    self.env._(
                        "%(quantity)s %(unit)s of %(product)s are too little to be counted in %(stocked)s: keep the "
                        "product in a smaller unit (ml, g, pieces) and its bottle as a packaging.",
                        quantity=line.uom_id._salon_number(line.quantity),
                        **names,
                    )
                )

    def _base_quantity(self, times=1):
        """Return the norm for so many services in the unit that the product is stocked in."""
        self.ensure_one()
        return self.uom_id._compute_quantity(
            self.quantity * times, self.product_id.uom_id, rounding_method="HALF-UP", raise_if_failure=False
        )

    def _overuse_price(self):
        """Return what a unit above norm and tolerance costs the client; a product not for sale has no price to ask."""
        self.ensure_one()
        return self.charge_price or (self.product_id.lst_price if self.product_id.sale_ok else 0)
