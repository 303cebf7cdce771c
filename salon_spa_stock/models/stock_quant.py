from odoo import api, fields, models
from odoo.fields import Domain


class StockQuant(models.Model):
    _inherit = "stock.quant"

    salon_use = fields.Selection(related="product_id.salon_use", store=False)
    salon_expires_in = fields.Integer(
        "Days Left", compute="_compute_salon_expires_in", help="Days until the lot expires; below zero it has."
    )
    salon_is_expiring = fields.Boolean(
        "Expiring Soon",
        compute="_compute_salon_is_expiring",
        search="_search_salon_is_expiring",
        help="Expires within the days of the settings, or has expired.",
    )

    @api.depends("expiration_date", "company_id")
    def _compute_salon_expires_in(self):
        for quant in self:
            company = quant.company_id or self.env.company
            if quant.expiration_date:
                quant.salon_expires_in = (
                    company._salon_local(quant.expiration_date).date() - company._salon_today()
                ).days
            else:
                quant.salon_expires_in = 0

    @api.depends("expiration_date", "company_id", "location_id")
    def _compute_salon_is_expiring(self):
        for quant in self:
            limit = (quant.company_id or self.env.company)._salon_expiry_limit()
            expires = quant.location_id.usage == "internal" and quant.expiration_date
            quant.salon_is_expiring = bool(expires and expires <= limit)

    def _search_salon_is_expiring(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id) & Domain("expiration_date", "<=", company._salon_expiry_limit())
            for company in self.env.companies
        ) & Domain([("quantity", "!=", 0), ("location_id.usage", "=", "internal")])

    def action_salon_write_off(self):
        """Open the write-off of this lot, all of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write Off"),
            "res_model": "stock.scrap",
            "view_mode": "form",
            "views": [(self.env.ref("salon_spa_stock.stock_scrap_view_form").id, "form")],
            "target": "current",
            "context": {
                "salon_write_off": True,
                "default_product_id": self.product_id.id,
                "default_lot_id": self.lot_id.id,
                "default_location_id": self.location_id.id,
                "default_scrap_qty": max(self.quantity, 0.0),
                "default_company_id": self.company_id.id,
            },
        }
