from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_expiry_days = fields.Integer(
        "Expiring Soon", default=60, help="Batches that expire within so many days are listed."
    )
    salon_stock_user_id = fields.Many2one(
        "res.users", string="In Charge of Stock", help="Is told every morning what is below its minimum."
    )

    _salon_expiry_days_positive = models.Constraint(
        "CHECK(salon_expiry_days BETWEEN 1 AND 3650)", "“Expiring soon” is between 1 and 3650 days."
    )

    def _salon_stock_location(self):
        """Return the location where the salon's stock is kept unless somebody says otherwise."""
        self.ensure_one()
        warehouse = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.id)], limit=1)
        return warehouse.lot_stock_id

    @api.model
    def _salon_demo_class(self):
        from ..demo.lotus import StockDemo  # nobody but a demo database needs it in memory

        return type("Lotus", (StockDemo, super()._salon_demo_class()), {})
