from odoo import fields, models


class SalonRevenueReport(models.Model):
    _inherit = "salon.revenue.report"

    kind = fields.Selection(selection_add=[("extra", "Extra Material")])
