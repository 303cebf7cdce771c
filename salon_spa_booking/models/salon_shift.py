from odoo import api, models


class SalonShift(models.Model):
    _name = "salon.shift"
    _inherit = ["salon.shift", "salon.journal.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        shifts._wake_waitlist()
        return shifts

    def write(self, vals):
        result = super().write(vals)
        if {"employee_id", "start", "stop", "state"} & set(vals):
            self._wake_waitlist()
        return result

    def _wake_waitlist(self):
        """A shift added or made longer may hold the time that somebody waits for."""
        published = self.filtered(lambda shift: shift.state == "published")
        if published:
            self.env["salon.waitlist"]._wake(published.company_id)
