from functools import lru_cache

import pytz

from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from odoo.addons.base.models.res_partner import _tz_get


# Screens and free times ask for the same days again and again, and the arithmetic of time zones is slow.
@lru_cache(8192)
def _local(tz, moment):
    return pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).replace(tzinfo=None)


@lru_cache(8192)
def _utc(tz, local):
    tz = pytz.timezone(tz)
    aware = tz.normalize(tz.localize(local, is_dst=False))
    if aware.replace(tzinfo=None) == local:
        first = tz.localize(local, is_dst=True)
        if tz.normalize(first).replace(tzinfo=None) == local:
            aware = min(aware, first)
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_tz = fields.Selection(
        _tz_get,
        string="Salon Time Zone",
        compute="_compute_salon_tz",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The salon's day, its roster and its journal are in this time zone, wherever the reader is.",
    )
    salon_late_cancel_hours = fields.Integer(
        string="Late Cancellation", default=24, help="A visit cancelled less than so many hours ahead counts as late."
    )
    salon_discount_limit = fields.Float(
        string="Administrator's Discount Limit",
        default=15,
        help="Percent that an administrator may give; above it a manager is needed.",
    )
    salon_active_days = fields.Integer(
        string="Active Client", default=90, help="A client with a done visit in the last so many days is active."
    )
    salon_lost_days = fields.Integer(
        string="Lost Client", default=180, help="A client not seen for so many days is lost."
    )
    salon_due_user_id = fields.Many2one(
        "res.users", string="Due Clients Caller", help="Gets the day's due clients as activities every night."
    )
    salon_due_daily_limit = fields.Integer(string="Due Clients a Day", default=20)

    @api.depends("partner_id")
    def _compute_salon_tz(self):
        for company in self:
            known = company.salon_tz or company.partner_id.tz or company.resource_calendar_id.tz
            company.salon_tz = known or self.env.user.tz or "UTC"

    def _salon_tz(self):
        """Return the pytz time zone that the salon's day is counted in."""
        self.ensure_one()
        return pytz.timezone(self.salon_tz or "UTC")

    def _salon_today(self, now=None):
        """Return the salon's local date; ``now`` is naive UTC and defaults to the present."""
        self.ensure_one()
        return self._salon_local(now or fields.Datetime.now()).date()

    def _salon_local(self, moment):
        """Turn a naive UTC datetime into the salon's wall-clock time (naive)."""
        self.ensure_one()
        return _local(self.salon_tz or "UTC", moment)

    def _salon_utc(self, local):
        """Turn the salon's wall-clock time (naive) into naive UTC.

        A time that the spring change skips is moved on by the hour that is missing; one that the autumn change
        repeats is its first occurrence.
        """
        self.ensure_one()
        return _utc(self.salon_tz or "UTC", local)

    def _salon_format(self, moment, pattern):
        """Write a naive UTC datetime in the salon's time zone and the user's language, by a CLDR ``pattern``."""
        return format_datetime(self.env, moment, tz=self.salon_tz or "UTC", dt_format=pattern)

    def _salon_desk_user(self, author):
        """Return who calls a client: the company's caller, ``author``, who is here, else anybody of the front desk."""
        self.ensure_one()
        desk = self.env.ref("salon_spa.group_salon_administrator").sudo().all_user_ids
        desk = desk.filtered(lambda user: user.active and self in user.company_ids).sorted("id")
        for user in (self.salon_due_user_id, author, self.env.user):
            if user in desk:
                return user
        return desk[:1] or self.env.user

    @api.model
    def _salon_load_demo(self):
        """Fill the main company with the demo salon (called by the demo data only)."""
        self._salon_demo_class()(self.env).build()

    @api.model
    def _salon_demo_class(self):
        """Return what builds the demo salon; addons add to it."""
        from ..demo.lotus import Lotus  # nobody but a demo database needs it in memory

        return Lotus
