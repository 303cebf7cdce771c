from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            masters = self.sudo().filtered("is_master")
            masters.env["salon.visit.line"].search(masters._salon_future_lines_domain())._mirror_calendar()
        return result
