from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    salon_tz = fields.Selection(related="company_id.salon_tz", readonly=False)
    salon_late_cancel_hours = fields.Integer(related="company_id.salon_late_cancel_hours", readonly=False)
    salon_discount_limit = fields.Float(related="company_id.salon_discount_limit", readonly=False)
    salon_discount_limit_manager = fields.Float(related="company_id.salon_discount_limit_manager", readonly=False)
    salon_active_days = fields.Integer(related="company_id.salon_active_days", readonly=False)
    salon_lost_days = fields.Integer(related="company_id.salon_lost_days", readonly=False)
    salon_due_user_id = fields.Many2one(related="company_id.salon_due_user_id", readonly=False)
    salon_due_daily_limit = fields.Integer(related="company_id.salon_due_daily_limit", readonly=False)
    salon_deposit_account_id = fields.Many2one(related="company_id.salon_deposit_account_id", readonly=False)
    salon_pass_account_id = fields.Many2one(related="company_id.salon_pass_account_id", readonly=False)
    salon_tip_account_id = fields.Many2one(related="company_id.salon_tip_account_id", readonly=False)
    salon_debt_account_id = fields.Many2one(related="company_id.salon_debt_account_id", readonly=False)
    salon_fee_account_id = fields.Many2one(related="company_id.salon_fee_account_id", readonly=False)
    salon_breakage_account_id = fields.Many2one(related="company_id.salon_breakage_account_id", readonly=False)
    salon_expense_limit = fields.Monetary(related="company_id.salon_expense_limit", readonly=False)
    salon_tip_split = fields.Selection(related="company_id.salon_tip_split", readonly=False, required=True)
    salon_pass_warn_days = fields.Integer(related="company_id.salon_pass_warn_days", readonly=False)
    salon_pass_grace_days = fields.Integer(related="company_id.salon_pass_grace_days", readonly=False)
    salon_pass_burn = fields.Boolean(related="company_id.salon_pass_burn", readonly=False)
    salon_pass_desk_refund = fields.Boolean(related="company_id.salon_pass_desk_refund", readonly=False)
    salon_pass_freeze_limit = fields.Integer(related="company_id.salon_pass_freeze_limit", readonly=False)
