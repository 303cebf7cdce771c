import ast

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SALON_USES = [("consumable", "For Services"), ("retail", "For Sale"), ("both", "For Services and Sale")]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # Services
    salon_recipe_ids = fields.One2many(
        "salon.recipe", "product_tmpl_id", string="Recipes", groups="salon_spa.group_salon_master"
    )
    salon_charge_overuse = fields.Boolean(
        "Charge Overuse",
        help="The desk is asked to charge the client for materials above norm and tolerance, at the price that the "
        "recipe gives, else at the sales price of a material that is for sale.",
    )
    # Materials
    salon_container_size = fields.Float(
        "Container",
        digits="Product Unit",
        help="How much is in a bottle or tube that is opened and drawn from, in the product's unit; 0 when it is not "
        "kept track of.",
    )
    salon_open_days = fields.Integer("Days after Opening", help="How long it may be used once opened; 0 is no limit.")

    _salon_container_not_negative = models.Constraint(
        "CHECK(COALESCE(salon_container_size, 0) >= 0 AND COALESCE(salon_open_days, 0) >= 0)",
        "The size of a container and the days after opening can't be negative.",
    )

    salon_use = fields.Selection(
        SALON_USES,
        string="Used",
        index="btree_not_null",
        help="For services: written off by recipes. For sale: sold at the till and in visits.",
    )
    salon_has_expiry = fields.Boolean(
        "Has Expiry Date",
        compute="_compute_salon_has_expiry",
        inverse="_inverse_salon_has_expiry",
        help="Every lot received has an expiry date; what expires first is used first.",
    )
    salon_min_qty = fields.Float(
        "Minimum",
        digits="Product Unit",
        compute="_compute_salon_min_max",
        inverse="_inverse_salon_min_max",
        compute_sudo=True,
        help="Below it the product is low and a purchase is proposed; in the product's unit, for the whole salon.",
    )
    salon_max_qty = fields.Float(
        "Order up to",
        digits="Product Unit",
        compute="_compute_salon_min_max",
        inverse="_inverse_salon_min_max",
        compute_sudo=True,
        help="What a purchase fills up to; in the product's unit.",
    )
    salon_is_low = fields.Boolean(
        "Low", compute="_compute_salon_is_low", search="_search_salon_is_low", help="Less on hand than the minimum."
    )
    salon_supplier_id = fields.Many2one("res.partner", string="Main Supplier", compute="_compute_salon_supplier_id")

    @api.depends("seller_ids.partner_id", "seller_ids.sequence")
    def _compute_salon_supplier_id(self):
        for template in self:
            template.salon_supplier_id = template.seller_ids[:1].partner_id

    @api.depends("use_expiration_date")
    def _compute_salon_has_expiry(self):
        for template in self:
            template.salon_has_expiry = template.use_expiration_date

    def _inverse_salon_has_expiry(self):
        for template in self:
            if template.salon_has_expiry:
                # What is on the shelf without a lot would be out of reach for every later move.
                if template.tracking == "none" and any(
                    not variant.uom_id.is_zero(variant.qty_available) for variant in template.sudo().product_variant_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "%(product)s is in stock without expiry dates. Count it to zero first, switch the dates "
                            "on, then count it anew with its lots.",
                            product=template.name,
                        )
                    )
                template.write({"tracking": "lot", "use_expiration_date": True})
            elif template.use_expiration_date:
                template.write({"use_expiration_date": False})

    # ---------------------------------------------------------------- minimum and maximum

    def _salon_orderpoints(self):
        """Return {template id: the rule of the company's main stock for the template's first variant}."""
        location = self.env.company._salon_stock_location()
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", self.product_variant_id.ids), ("location_id", "=", location.id)]
        )
        return {rule.product_tmpl_id.id: rule for rule in rules}

    @api.depends_context("company")
    @api.depends(
        "product_variant_ids.orderpoint_ids.product_min_qty", "product_variant_ids.orderpoint_ids.product_max_qty"
    )
    def _compute_salon_min_max(self):
        rules = self._origin._salon_orderpoints()
        for template in self:
            rule = rules.get(template._origin.id)
            template.salon_min_qty = rule.product_min_qty if rule else 0
            template.salon_max_qty = rule.product_max_qty if rule else 0

    def _inverse_salon_min_max(self):
        rules = self._salon_orderpoints()
        location = self.env.company._salon_stock_location()
        for template in self:
            low, high = template.salon_min_qty, max(template.salon_max_qty, template.salon_min_qty)
            if low < 0 or template.salon_max_qty < 0:
                raise ValidationError(
                    self.env._("Minimum and maximum of %(product)s can't be negative.", product=template.name)
                )
            rule = rules.get(template.id)
            if rule:
                # One write: the rule checks that the minimum is not above the maximum.
                rule.write({"product_min_qty": low, "product_max_qty": high})
            elif high and template.product_variant_id:
                rules_of = self.env["stock.warehouse.orderpoint"]
                if self.env.uid == SUPERUSER_ID:
                    # Manual rules that Odoo's own user made are Odoo's proposals, and deleted once they are ordered.
                    rules_of = rules_of.with_user(self.env.ref("base.user_admin")).sudo()
                rules_of.create(
                    {
                        "product_id": template.product_variant_id.id,
                        "location_id": location.id,
                        "company_id": self.env.company.id,
                        "trigger": "manual",
                        "product_min_qty": low,
                        "product_max_qty": high,
                    }
                )

    @api.depends_context("company")
    @api.depends("product_variant_ids.orderpoint_ids.product_min_qty", "qty_available")
    def _compute_salon_is_low(self):
        low = set(self._salon_low_products().product_tmpl_id.ids)
        for template in self:
            template.salon_is_low = template._origin.id in low

    def _search_salon_is_low(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = self._salon_low_products().product_tmpl_id.ids
        return Domain("id", "in" if True in value else "not in", ids)

    @api.model
    def _salon_low_products(self, company=None):
        """Return the variants of which a location of the company has less than its minimum."""
        company = company or self.env.company
        rules = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search([("company_id", "=", company.id), ("product_min_qty", ">", 0)])
        )
        return rules.filtered(
            lambda rule: rule.product_uom.compare(rule.qty_on_hand, rule.product_min_qty) < 0
        ).product_id

    # ---------------------------------------------------------------- defaults of a salon's product

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create([self._salon_with_use_values(vals) for vals in vals_list])
        # The rule is one of the variant, which is made after the template's own fields are written.
        for template, vals in zip(templates, vals_list, strict=True):
            if limits := {name: vals[name] for name in ("salon_min_qty", "salon_max_qty") if vals.get(name)}:
                template.write(limits)
        return templates

    def write(self, vals):
        if vals.get("salon_use"):
            use = self._salon_use_values(vals["salon_use"])
            vals = {"sale_ok": use["sale_ok"], "available_in_pos": use["available_in_pos"], **vals}
        return super().write(vals)

    @api.model
    def _salon_with_use_values(self, vals):
        return {**self._salon_use_values(vals["salon_use"]), **vals} if vals.get("salon_use") else vals

    @api.model
    def _salon_use_values(self, use):
        """What follows from the use: stock is kept of all, and only what is for sale stands in the till."""
        sold = use in ("retail", "both")
        return {
            "type": "consu",
            "is_storable": True,
            "sale_ok": sold,
            "purchase_ok": True,
            "available_in_pos": sold,
        }

    def action_salon_stock(self):
        """Open what is in stock of these products, by lot and place."""
        return self._salon_open("salon_spa_stock.action_stock_now")

    def action_salon_history(self):
        """Open what happened to these products."""
        return self._salon_open("salon_spa_stock.action_history")

    def _salon_open(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        domain = Domain(ast.literal_eval(action["domain"])) & Domain("product_id.product_tmpl_id", "in", self.ids)
        return {**action, "domain": list(domain), "context": {}, "path": False}

    def action_salon_recipes(self):
        """Open the recipes of these services."""
        domain = [("product_tmpl_id", "in", self.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recipes"),
            "res_model": "salon.recipe",
            "view_mode": "list,form",
            "domain": domain,
            "context": {"default_product_tmpl_id": self[:1].id},
        }
