from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_expiry_days = fields.Integer(related="company_id.salon_expiry_days", readonly=False)
    salon_stock_user_id = fields.Many2one(related="company_id.salon_stock_user_id", readonly=False)
