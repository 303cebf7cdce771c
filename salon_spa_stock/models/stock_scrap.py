from odoo import api, fields, models
from odoo.exceptions import UserError


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    salon_reason_id = fields.Many2one(
        "stock.scrap.reason.tag",
        string="Reason",
        compute="_compute_salon_reason_id",
        inverse="_inverse_salon_reason_id",
        store=True,
    )
    salon_value = fields.Monetary(
        "Value",
        compute="_compute_salon_value",
        store=True,
        currency_field="salon_currency_id",
        groups="salon_spa.group_salon_manager",
        help="Cost of what was written off.",
    )
    salon_currency_id = fields.Many2one(related="company_id.currency_id")
    salon_expiration_date = fields.Datetime(related="lot_id.expiration_date", string="Expires")

    @api.depends("scrap_reason_tag_ids")
    def _compute_salon_reason_id(self):
        for scrap in self:
            scrap.salon_reason_id = scrap.scrap_reason_tag_ids[:1]

    def _inverse_salon_reason_id(self):
        for scrap in self:
            scrap.scrap_reason_tag_ids = scrap.salon_reason_id

    @api.depends("move_ids.value")
    def _compute_salon_value(self):
        for scrap in self:
            scrap.salon_value = sum(scrap.sudo().move_ids.mapped("value"))

    @api.depends_context("salon_write_off")
    def _compute_scrap_location_id(self):
        super()._compute_scrap_location_id()
        if self.env.context.get("salon_write_off"):
            for scrap in self:
                scrap.scrap_location_id = (scrap.company_id or self.env.company)._salon_write_off_location()

    @api.onchange("product_id", "location_id")
    def _onchange_salon_lot(self):
        if not self.env.context.get("salon_write_off"):
            return
        if self.lot_id.product_id != self.product_id:
            self.lot_id = False
        product = self.product_id
        if product and product.tracking != "none" and self.location_id and not self.lot_id:
            self.lot_id = product._salon_pick_lots(self.location_id, 1, expired_first=True)[0][0]

    def action_validate(self):
        for scrap in self:
            if scrap.scrap_location_id == scrap.company_id.salon_write_off_location_id:
                scrap._salon_check()
        return super().action_validate()

    def _salon_check(self):
        self.ensure_one()
        if not self.salon_reason_id:
            raise UserError(self.env._("Say why %(product)s is written off.", product=self.product_id.display_name))
        if self.product_uom_id.compare(self.scrap_qty, 0) <= 0:
            raise UserError(
                self.env._(
                    "How much of %(product)s is written off? Enter more than zero.", product=self.product_id.name
                )
            )
        wanted = self.product_id._salon_to_unit(self.scrap_qty, self.product_uom_id)
        if self.product_id.tracking != "none" and not self.lot_id:
            raise UserError(self.env._("Choose the lot of %(product)s.", product=self.product_id.display_name))
        # Odoo would ask whether to go below zero, in words of a scrapyard.
        there = self.product_id.with_context(location=self.location_id.id, lot_id=self.lot_id.id).qty_available
        if self.product_id.uom_id.compare(wanted, there) > 0:
            raise UserError(
                self.env._(
                    "Only %(quantity)s %(unit)s of %(product)s are at %(place)s: write off less, or count first.",
                    quantity=self.product_id.uom_id._salon_number(there),
                    unit=self.product_id.uom_id.name,
                    product=self.product_id.display_name,
                    place=self.location_id.display_name,
                )
            )
