from odoo import models


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "salon.journal.mixin"]

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["salon.waitlist"]._wake(companies)
        return result

    def _journal_days(self):
        return {
            (company.id, day)
            for leave in self
            for company in [leave.resource_id.company_id or leave.company_id]
            for day in self._journal_range(company, leave.date_from, leave.date_to)
        }
