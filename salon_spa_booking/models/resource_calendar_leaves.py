from odoo import models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["salon.waitlist"]._wake(companies)
        return result
