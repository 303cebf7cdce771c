from odoo import api, fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    prep_minutes = fields.Integer()
    active_minutes = fields.Integer()
    processing_minutes = fields.Integer()
    finishing_minutes = fields.Integer()
    cleanup_minutes = fields.Integer()
    service_minutes = fields.Integer(compute="_compute_service_minutes", store=True)
    periodicity_days = fields.Integer()

    @api.depends("active_minutes", "processing_minutes", "finishing_minutes")
    def _compute_service_minutes(self):
        for product in self:
            product.service_minutes = (
                product.active_minutes + product.processing_minutes + product.finishing_minutes
            )

    def _salon_phases(self, employee=None):
        """Return the minutes of each phase as a dict keyed by field name, the master's own active time applied."""
        self.ensure_one()
        names = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")
        return {name: self[name] for name in names}

    def _salon_price(self, employee=None, partner=None, date=None, company=None):
        """Return ``(price, source)`` of one unit in the company's currency on the local ``date``."""
        self.ensure_one()
        return self.lst_price, "variant"
