from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    is_self_employed = fields.Boolean(
        "Self-Employed", groups="hr.group_hr_user", help="Serves on an own account: receipts name the master as agent."
    )
    self_employed_number = fields.Char("Tax Number", groups="hr.group_hr_user")
