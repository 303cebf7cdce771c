from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Changes of these decide whom a leave takes away and when.
WHEN = {"resource_id", "calendar_id", "company_id", "date_from", "date_to"}


class ResourceCalendarLeaves(models.Model):
    """A leave over booked visits is never refused: the desk gets the task to move them."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._salon_watch_visits(leaves._salon_scope())
        return leaves

    def write(self, vals):
        if not WHEN & set(vals):
            return super().write(vals)
        before = self._salon_scope()
        result = super().write(vals)
        self._salon_watch_visits(before, self._salon_scope())
        return result

    def unlink(self):
        before = self._salon_scope()
        result = super().unlink()
        self._salon_watch_visits(before)
        return result

    def _salon_scope(self):
        """Return ``(masters, moments)`` (naive UTC) that these leaves concern: their own, or all of the company's."""
        ahead = self.sudo().filtered(lambda leave: leave.date_to > fields.Datetime.now())
        domain = Domain("resource_id", "in", ahead.resource_id.ids)
        common = ahead.filtered(lambda leave: not leave.resource_id)
        if common:
            everywhere = Domain.TRUE if any(not leave.company_id for leave in common) else Domain.FALSE
            domain |= everywhere | Domain("company_id", "in", common.company_id.ids)
        masters = self.env["hr.employee"].sudo().search(Domain("is_master", "=", True) & domain) if ahead else None
        return masters, [moment for leave in ahead for moment in (leave.date_from, leave.date_to)]

    def _salon_watch_visits(self, *scopes):
        moments = [moment for _masters, own_moments in scopes for moment in own_moments]
        masters = self.env["hr.employee"].union(*(masters for masters, _moments in scopes if masters))
        if masters:
            # A leave by whole days reaches further than its stored hours, by less than a day.
            day = timedelta(days=1)
            self.env["salon.visit"]._leaves_changed(masters, min(moments) - day, max(moments) + day)
