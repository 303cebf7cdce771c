from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_tz = fields.Selection(related="company_id.salon_tz", readonly=False)
    salon_late_cancel_hours = fields.Integer(related="company_id.salon_late_cancel_hours", readonly=False)
    salon_discount_limit = fields.Float(related="company_id.salon_discount_limit", readonly=False)
    salon_active_days = fields.Integer(related="company_id.salon_active_days", readonly=False)
    salon_lost_days = fields.Integer(related="company_id.salon_lost_days", readonly=False)
    salon_due_user_id = fields.Many2one(related="company_id.salon_due_user_id", readonly=False)
    salon_due_daily_limit = fields.Integer(related="company_id.salon_due_daily_limit", readonly=False)
