from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SalonCountLine(models.Model):
    _name = "salon.count.line"
    _description = "Counted Product"
    _inherit = ["salon.export.mixin"]
    _order = "count_id desc, id"
    _rec_name = "product_id"

    count_id = fields.Many2one("salon.count", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="count_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    location_id = fields.Many2one(related="count_id.location_id", store=True)
    state = fields.Selection(related="count_id.state", store=True)
    is_blind = fields.Boolean(related="count_id.is_blind")
    applied_at = fields.Datetime(related="count_id.applied_at", store=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", index=True, domain=[("is_storable", "=", True)]
    )
    tracking = fields.Selection(related="product_id.tracking")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", domain="[('product_id', '=', product_id)]")
    expected_qty = fields.Float(
        "Expected", digits="Product Unit", readonly=True, help="In the books when the count began."
    )
    counted_qty = fields.Float("Counted", digits="Product Unit")
    is_counted = fields.Boolean()
    book_qty = fields.Float("In the Books Now", digits="Product Unit", compute="_compute_book_qty")
    moved_qty = fields.Float(
        "Moved Meanwhile",
        digits="Product Unit",
        compute="_compute_book_qty",
        help="Used, sold or received since the count began. It is in the books and does not count as a difference.",
    )
    difference = fields.Float(
        digits="Product Unit", compute="_compute_difference", store=True, help="Counted less expected."
    )
    explained_qty = fields.Float(
        "Explained",
        digits="Product Unit",
        help="The part of what is missing that somebody knows the reason of; it is written off by that reason.",
    )
    reason_id = fields.Many2one("stock.scrap.reason.tag", ondelete="restrict")
    shrinkage_qty = fields.Float(
        "Shrinkage",
        digits="Product Unit",
        compute="_compute_difference",
        store=True,
        help="Book quantity less counted quantity less what is explained; below zero more was found.",
    )
    unit_cost = fields.Float(
        readonly=True, groups="salon_spa.group_salon_manager", help="Of one unit, when the count was applied."
    )
    shrinkage_value = fields.Monetary(
        compute="_compute_shrinkage_value",
        store=True,
        groups="salon_spa.group_salon_manager",
        help="Shrinkage at cost.",
    )
    move_ids = fields.One2many("stock.move", "salon_count_line_id", readonly=True)

    _once = models.UniqueIndex(
        "(count_id, product_id, COALESCE(lot_id, 0))", "A product and lot stands in a count once only."
    )
    _quantities_positive = models.Constraint(
        "CHECK(counted_qty >= 0 AND explained_qty >= 0)", "What is counted and explained can't be negative."
    )

    @api.depends("expected_qty", "count_id.state")
    def _compute_book_qty(self):
        for count, lines in self.grouped("count_id").items():
            books = count._book_quantities() if count.state == "open" else {}
            for line in lines:
                known = count.state == "open" and line.product_id
                line.book_qty = books.get((line.product_id.id, line.lot_id.id), 0.0) if known else 0.0
                line.moved_qty = line.book_qty - line.expected_qty if known else 0.0

    @api.depends("expected_qty", "counted_qty", "is_counted", "explained_qty")
    def _compute_difference(self):
        for line in self:
            difference = line.counted_qty - line.expected_qty if line.is_counted else 0.0
            line.difference = difference
            line.shrinkage_qty = -difference - line.explained_qty if line.is_counted else 0.0

    @api.depends("shrinkage_qty", "unit_cost", "product_id", "state")
    def _compute_shrinkage_value(self):
        for line in self:
            product = line.product_id.sudo().with_company(line.company_id)
            cost = line.unit_cost if line.state == "done" else product.standard_price
            line.shrinkage_value = line.shrinkage_qty * cost

    @api.onchange("counted_qty")
    def _onchange_counted_qty(self):
        if self.counted_qty:
            self.is_counted = True

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_counted(vals) for vals in vals_list]
        if self.env.su:
            return super().create(vals_list)
        # Found during the count: compared with the books of now. What was expected nobody enters.
        lines = super().create([{**vals, "expected_qty": 0.0} for vals in vals_list])
        lines.count_id._check_open()
        for count, mine in lines.grouped("count_id").items():
            books = count._book_quantities()
            for line in mine.sudo():
                line.expected_qty = books.get((line.product_id.id, line.lot_id.id), 0.0)
        return lines

    def write(self, vals):
        if {
            "counted_qty",
            "is_counted",
            "explained_qty",
            "reason_id",
            "product_id",
            "lot_id",
        } & vals.keys():
            self.count_id._check_open()
        if {"expected_qty", "count_id"} & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What was expected is what the books said: it can't be changed."))
        return super().write(self._with_counted(vals))

    @api.model
    def _with_counted(self, vals):
        return {"is_counted": True, **vals} if vals.get("counted_qty") else vals

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        if any(line.state == "done" for line in self):
            raise UserError(self.env._("A count that was applied is kept: the stock follows from it."))

    def _check(self):
        """Raise a sentence for the first line that can't be applied."""
        for line in self:
            product = line.product_id.display_name
            if line.product_id.tracking != "none" and not line.lot_id and not line.uom_id.is_zero(line.difference):
                raise UserError(self.env._("%(product)s: choose the lot that was counted.", product=product))
            if line.uom_id.is_zero(line.explained_qty):
                continue
            if line.uom_id.compare(line.explained_qty, -line.difference) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(explained)s are explained, but only %(missing)s are missing.",
                        product=product,
                        explained=line.uom_id._salon_number(line.explained_qty),
                        missing=line.uom_id._salon_number(max(-line.difference, 0)),
                    )
                )
            if not line.reason_id:
                raise UserError(self.env._("%(product)s: say what became of the explained quantity.", product=product))
