from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_expiry_days = fields.Integer(
        "Expiring Soon", default=60, help="Batches that expire within so many days are listed."
    )
    salon_stock_user_id = fields.Many2one(
        "res.users", string="In Charge of Stock", help="Is told every morning what is below its minimum."
    )

    salon_used_location_id = fields.Many2one(
        "stock.location",
        string="Used by Services",
        readonly=True,
        copy=False,
        help="Where materials go that services use up.",
    )
    salon_waste_location_id = fields.Many2one(
        "stock.location",
        string="Thrown Away",
        readonly=True,
        copy=False,
        help="Where the rest of opened containers goes.",
    )

    _salon_expiry_days_positive = models.Constraint(
        "CHECK(salon_expiry_days BETWEEN 1 AND 3650)", "“Expiring soon” is between 1 and 3650 days."
    )

    def _salon_stock_location(self):
        """Return the location where the salon's stock is kept unless somebody says otherwise."""
        self.ensure_one()
        warehouse = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.id)], limit=1)
        return warehouse.lot_stock_id

    def _create_per_company_locations(self):
        super()._create_per_company_locations()
        self._salon_make_locations()

    @api.model
    def _salon_make_missing_locations(self):
        """Make the places that used and thrown away materials go to, of companies that have none (at installation)."""
        self.search([])._salon_make_locations()

    def _salon_make_locations(self):
        for company in self.sudo():
            if not company.salon_used_location_id:
                company.salon_used_location_id = company._salon_make_location(
                    self.env._("Used by services"), "production"
                )
            if not company.salon_waste_location_id:
                company.salon_waste_location_id = company._salon_make_location(
                    self.env._("Rest of opened containers"), "inventory"
                )

    def _salon_make_location(self, name, usage):
        return self.env["stock.location"].create({"name": name, "usage": usage, "company_id": self.id})

    def _salon_used_location(self):
        """Return where materials go that services use up."""
        self.ensure_one()
        if not self.salon_used_location_id:
            self._salon_make_locations()
        return self.sudo().salon_used_location_id

    def _salon_waste_location(self):
        """Return where the rest of opened containers goes."""
        self.ensure_one()
        if not self.salon_waste_location_id:
            self._salon_make_locations()
        return self.sudo().salon_waste_location_id

    @api.model
    def _salon_demo_class(self):
        from ..demo.lotus import StockDemo  # nobody but a demo database needs it in memory

        return type("Lotus", (StockDemo, super()._salon_demo_class()), {})
