from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.salon_spa.tools import roster

# Passed in the context by the mirror only; an object, so that no remote caller can forge it.
_MIRROR = object()
# Nobody is invited, reminded or given a task by what is mirrored.
_QUIET = {
    "salon_mirror": _MIRROR,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "dont_notify": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
# What of a mirrored event follows from the visit; reminders and the like are the master's own.
_MIRRORED = {
    "name", "description", "location", "active", "start", "stop", "start_date", "stop_date", "allday", "duration",
    "user_id", "partner_ids", "attendee_ids", "privacy", "show_as", "recurrency", "rrule", "res_model", "res_id",
    "res_model_id", "salon_line_id",
}


class CalendarEvent(models.Model):
    """Services to come stand in the calendar of their master, one way: they are changed in the visit only."""

    _inherit = "calendar.event"

    salon_line_id = fields.Many2one(
        "salon.visit.line",
        string="Visit Line",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        groups="salon_spa.group_salon_master",
        help="The service that this event mirrors; it is changed in the visit only.",
    )

    _salon_line_unique = models.UniqueIndex(
        "(salon_line_id) WHERE salon_line_id IS NOT NULL", "A service stands in the calendar once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self._salon_by_mirror() and any(vals.get("salon_line_id") for vals in vals_list):
            raise UserError(self.env._("Book a visit instead: it comes into the calendar by itself."))
        return super().create(vals_list)

    def write(self, vals):
        if not self._salon_by_mirror() and _MIRRORED & set(vals):
            mirrored = self.sudo().filtered("salon_line_id")
            if mirrored and self.env.context.get("dont_notify"):
                # A synchronisation brings the state of another calendar, where the salon's own goes again.
                others = self - mirrored.with_env(self.env)
                result = super(CalendarEvent, others).write(dict(vals)) if others else True
                rest = {name: value for name, value in vals.items() if name not in _MIRRORED}
                for event in self - others:
                    super(CalendarEvent, event).write({**rest, **event._salon_assertion(vals)})
                return result
            mirrored._salon_refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_mirror_only(self):
        if not self._salon_by_mirror():
            self.sudo().filtered("salon_line_id")._salon_refuse()

    def _cancel(self):
        """Keep what was deleted in Google of the salon's: it goes there again as a new event.

        Only google_calendar calls it, and has the method that this one leads to; nothing here needs that addon.
        """
        return super(CalendarEvent, self - self._salon_stay("google_id"))._cancel()

    def _cancel_microsoft(self):
        """Keep what was deleted in Outlook of the salon's, as in Google; only microsoft_calendar calls it."""
        kept = self._salon_stay("microsoft_id", "ms_universal_event_id")
        return super(CalendarEvent, self - kept)._cancel_microsoft()

    def _salon_stay(self, *identifiers):
        """Forget under which names another calendar knew the mirrored events among these, and return them."""
        mirrored = self.sudo().filtered("salon_line_id").with_env(self.env)
        mirrored.with_context(dont_notify=True).write(dict.fromkeys(identifiers, False))
        return mirrored

    def _salon_assertion(self, vals):
        """Return what makes the addons that synchronise calendars send this event out, if ``vals`` were to move it.

        Nothing for what is as it should be: both calendars would answer each other for ever.
        """
        record = self.sudo()
        for name in {"name", "start", "stop"} & set(vals):
            field = self._fields[name]
            if field.convert_to_cache(vals[name], record) != field.convert_to_cache(record[name], record):
                return {flag: True for flag in ("need_sync", "need_sync_m") if flag in self._fields}
        return {}

    @api.model
    def _salon_by_mirror(self):
        return self.env.context.get("salon_mirror") is _MIRROR

    def _salon_refuse(self):
        """:raise UserError: there is a mirrored event among these"""
        for event in self:
            raise UserError(
                self.env._(
                    "“%(event)s” is a service of the salon: move or cancel its visit, and the calendar follows.",
                    event=event.name,
                )
            )

    @api.model
    def _salon_mirror(self, lines):
        """Bring the calendars in line with visit lines: live ones of masters with a user are in it, others are not.

        What is over is not entered any more. Nothing is sent to anybody.
        """
        # The caller's context may hold defaults and records that are none of the calendar's business.
        calendar = self.sudo().with_context(_QUIET)  # pylint: disable=context-overridden
        events = {event.salon_line_id: event for event in calendar.search([("salon_line_id", "in", lines.ids)])}
        now = fields.Datetime.now()
        gone, fresh = calendar.browse(), {}
        for line in lines.sudo():
            user = line._calendar_user()
            event = events.get(line)
            if event and event.user_id != user:
                gone |= event
                event = None
            if event:
                values = line._prepare_calendar_event()
                changed = {name: value for name, value in values.items() if event[name] != value}
                if changed:
                    # By the master: a move by anybody else would ask the master to accept it.
                    event.with_user(user).sudo().write(changed)
            elif user and line.stop > now:
                fresh.setdefault(user, []).append(line)
        gone._salon_detach()
        for user, own in fresh.items():
            calendar.with_user(user).sudo().create(
                [
                    {
                        **line._prepare_calendar_event(),
                        "salon_line_id": line.id,
                        "user_id": user.id,
                        "partner_ids": [Command.set(user.partner_id.ids)],
                        "privacy": "private",
                        "show_as": "busy",
                        "allday": False,
                    }
                    for line in own
                ]
            )

    @api.model
    def _salon_remove(self, domain):
        """Take mirrored events out of the calendars.

        :param domain: which of them
        """
        calendar = self.sudo().with_context(_QUIET, active_test=False)  # pylint: disable=context-overridden
        calendar.search([("salon_line_id", "!=", False), *domain])._salon_detach()

    @api.model
    def _salon_switched_off(self, companies):
        """Take the visits of these companies out of the calendars; what is over stays there as the masters' own."""
        calendar = self.sudo().with_context(_QUIET, active_test=False)  # pylint: disable=context-overridden
        events = calendar.search([("salon_line_id.company_id", "in", companies.ids)])
        now = fields.Datetime.now()
        over = events.filtered(lambda event: event.stop <= now)
        over.write({"salon_line_id": False})
        (events - over)._salon_detach()

    def _salon_detach(self):
        """Take these events out of the calendars. One that is synchronised may be archived in place of deleted: it must
        not stand for the service any more."""
        self.write({"salon_line_id": False})
        self.unlink()

    @api.model
    def _salon_busy(self, employees, begin, end):
        """Return ``{employee id: [(start, stop)]}`` of what masters have in their calendars beside their own visits.

        Busy events that they have not declined; one of whole days takes these days of the salon. No query is made
        when nobody has a user or no calendar counts.

        :param begin: naive UTC, like ``end`` and the result
        """
        employees = employees.sudo().filtered(lambda one: one.company_id.salon_calendar_mirror and one.user_id)
        if not employees:
            return {}
        by_partner = employees.grouped(lambda one: one.user_id.partner_id)
        # Whole days are kept as hours of UTC: they may begin and end up to a day away.
        margin = timedelta(days=1)
        attendees = self.env["calendar.attendee"].sudo().search_fetch(
            [
                ("partner_id", "in", [partner.id for partner in by_partner]),
                ("state", "!=", "declined"),
                ("event_id.active", "=", True),
                ("event_id.show_as", "=", "busy"),
                # What these have in the book is known; another salon's is not.
                "|",
                ("event_id.salon_line_id", "=", False),
                ("event_id.salon_line_id.employee_id", "not in", employees.ids),
                ("event_id.start", "<", end + margin),
                ("event_id.stop", ">", begin - margin),
            ],
            ["partner_id", "event_id"],
        )
        busy = {}
        for attendee in attendees:
            event = attendee.event_id
            for employee in by_partner[attendee.partner_id]:
                span = (event.start, event.stop)
                if event.allday:
                    span = tuple(
                        employee.company_id._salon_utc(datetime.combine(day, time()))
                        for day in (event.start_date, event.stop_date + margin)
                    )
                busy.setdefault(employee.id, []).append(span)
        return {one: spans for one, own in busy.items() if (spans := roster.clip(roster.merge(own), begin, end))}
