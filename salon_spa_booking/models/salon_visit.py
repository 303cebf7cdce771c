from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.salon_spa.models.salon_visit_line import CLOSED
from odoo.addons.salon_spa.tools import timeline

# What the journal shows of a visit itself; its services tell their own changes.
SHOWN = {"state", "partner_id", "is_anonymous", "note", "booking_source"}


class SalonVisit(models.Model):
    _name = "salon.visit"
    _inherit = ["salon.visit", "salon.journal.mixin"]

    series_id = fields.Many2one(
        "salon.visit",
        string="First of the Series",
        copy=False,
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Visits booked together as a series.",
    )
    series_count = fields.Integer("Visits of the Series", compute="_compute_series_count")

    @api.depends("series_id")
    def _compute_series_count(self):
        counts = dict(
            self._read_group(
                [("series_id", "in", self.series_id.ids), ("state", "not in", ("cancelled", "no_show"))],
                ["series_id"],
                ["__count"],
            )
        )
        for visit in self:
            visit.series_count = counts.get(visit.series_id, 0)

    @api.model
    def _journal_shows(self, vals):
        return bool(SHOWN & set(vals))

    def _on_money_changed(self):
        super()._on_money_changed()
        self._journal_note()

    def _journal_days(self):
        return self.line_ids._journal_days()

    def _journal_lines(self):
        return self.line_ids._journal_lines()

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        channel = self.env.context.get("salon_notice_channel")
        if channel:
            # News of own visits come by the way that the master has chosen for them, whatever holds for the rest.
            for recipient in recipients:
                recipient["notif"] = channel
        return recipients

    def _persons(self):
        """Return the live services of this visit, a record set for each person, in order."""
        self.ensure_one()
        lines = self._live_lines().filtered(lambda line: line.kind == "service" and line.product_id and line.start)
        return list(lines.sorted(lambda line: (line.sequence, line.id)).grouped("client_id").values())

    def _wishes(self, employees=None):
        """Return what this visit asks of the availability.

        :param employees: function of a line that returns the masters to choose from, its own one when not given
        """
        return [
            [line._wish(employees and employees(line), line.is_parallel and line != lines[0]) for line in lines]
            for lines in self._persons()
        ]

    def action_series(self):
        """Open the dialog that books this visit again and again."""
        self.ensure_one()
        wizard = self.env["salon.series"].create({"visit_id": self.id})
        wizard._propose()
        return wizard._open()

    def action_open_series(self):
        """Open the visits of the series."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("salon_spa.action_salon_visit")
        name = self.env._("Series: %(client)s", client=self.partner_id.name)
        domain = [("series_id", "=", self.series_id.id)]
        return {**action, "name": name, "display_name": name, "domain": domain, "context": {}}

    def _get_warnings(self):
        lines = self.line_ids.filtered(lambda line: line.is_room_chosen and line.room_id and not line.cancelled)
        return [
            *super()._get_warnings(),
            *self._get_room_warnings(lines),
            *self._get_calendar_warnings(self._live_lines()),
        ]

    def _get_room_warnings(self, lines):
        """A room chosen by hand that is not meant for the service, or is closed."""
        warnings = []
        for line in lines:
            types = line._room_types()
            if types and not types & set(line.room_id.type_ids._origin.ids):
                message = self.env._(
                    "%(room)s is not meant for %(service)s.",
                    room=line.room_id.name,
                    service=line.product_id.display_name,
                )
                warnings.append(self._warning("room", line, message, about=line.room_id._origin.ids))
        spans = {
            line: (
                line.start - timeline.minutes(line.prep_minutes),
                line.stop + timeline.minutes(line.cleanup_minutes),
            )
            for line in lines.filtered("start")
        }
        for company, own in self.env["salon.visit.line"].concat(*spans).grouped("company_id").items():
            hours = self.env["resource.resource"]._salon_open_spans(
                own.room_id.resource_id.ids,
                company,
                min(spans[line][0] for line in own),
                max(spans[line][1] for line in own),
            )
            for line in own:
                opened = hours.get(line.room_id.resource_id.id)
                if opened is not None and not timeline.inside(spans[line], opened):
                    message = self.env._(
                        "%(room)s is closed on %(when)s.",
                        room=line.room_id.name,
                        when=company._salon_format(line.start, "EEEE, d MMMM, HH:mm"),
                    )
                    about = [*line.room_id._origin.ids, line.start, line.stop]
                    warnings.append(self._warning("room_hours", line, message, about=about))
        return warnings

    def action_find_time(self):
        """Open the search for free times with the services of this visit."""
        self.ensure_one()
        if self.state in CLOSED:
            raise UserError(self.env._("%(visit)s is closed: reopen it first.", visit=self.display_name))
        lines = self._live_lines().filtered(lambda line: line.kind == "service" and line.product_id)
        persons = list(dict.fromkeys(lines.client_id.ids))
        today = self.company_id._salon_today()
        first = max(self.date or today, today)
        find = self.env["salon.find.time"].create(
            {
                "company_id": self.company_id.id,
                "visit_id": self.id,
                "partner_id": self.partner_id.id,
                "date_from": first,
                "date_to": first + timedelta(days=13),
                "line_ids": [
                    Command.create(
                        {
                            "sequence": line.sequence,
                            "visit_line_id": line.id,
                            "product_id": line.product_id.id,
                            "employee_ids": [Command.set(line.employee_id.ids)],
                            "client_id": line.client_id.id if line.client_id != self.partner_id else False,
                            "guest": persons.index(line.client_id.id) + 1 if line.client_id else 1,
                            "is_parallel": line.is_parallel,
                        }
                    )
                    for line in lines.sorted(lambda line: (line.sequence, line.id))
                ],
            }
        )
        find._onchange_wish()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find Time"),
            "res_model": "salon.find.time",
            "res_id": find.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _get_calendar_warnings(self, lines):
        """The master has something else in the calendar; what it is stays the master's own."""
        spans = {line: line._master_spans() for line in lines if line.kind == "service" and line.employee_id}
        moments = [moment for line_spans in spans.values() for span in line_spans for moment in span]
        if not moments:
            return []
        employees = self.env["hr.employee"].union(*(line.employee_id._origin for line in spans))
        busy = self.env["calendar.event"]._salon_busy(employees, min(moments), max(moments))
        return [
            self._warning(
                "calendar",
                line,
                self.env._(
                    "%(master)s is busy on %(when)s by the calendar.",
                    master=line.employee_id.name,
                    when=line.company_id._salon_format(line.start, "EEEE, d MMMM, HH:mm"),
                ),
                about=[line.employee_id._origin.id, line.start, line.stop],
            )
            for line, line_spans in spans.items()
            if timeline.overlaps(line_spans, busy.get(line.employee_id._origin.id, ()))
        ]

    def _prepare_repeated_at(self, parts):
        """Return the values of the lines of a repeated visit, served as ``parts`` of a plan say.

        :raise UserError: the plan was made for other services
        """
        persons = [line for lines in self._persons() for line in lines]
        if len(persons) != len(parts):
            raise UserError(
                self.env._("The services of %(visit)s have changed: open the series again.", visit=self.display_name)
            )
        by_line = dict(zip(persons, parts, strict=True))
        lines = self._live_lines() or self.line_ids
        return [
            {
                **vals,
                **(
                    {
                        "employee_id": by_line[line]["employee_id"],
                        "start": fields.Datetime.to_datetime(by_line[line]["start"]),
                    }
                    if line in by_line
                    else {}
                ),
            }
            for line, vals in zip(lines, self._prepare_repeated(), strict=True)
        ]

    def _time_changed(self):
        super()._time_changed()
        live = self.filtered(lambda visit: visit.state in visit._live_states())
        if live:
            # What a draft changes frees nobody's time and stands in no calendar.
            live.line_ids._mirror_calendar()
            self.env["salon.waitlist"]._wake(live.company_id)

    def _on_booked(self):
        super()._on_booked()
        self.line_ids._mirror_calendar(fresh=True)
        self.env["salon.waitlist"]._note_visit(self)

    def _on_done(self):
        super()._on_done()
        self.env["salon.waitlist"]._note_closed(self)

    def _on_cancelled(self):
        super()._on_cancelled()
        self.env["salon.waitlist"]._note_closed(self)
        self.line_ids._mirror_calendar()
        self.env["salon.waitlist"]._wake(self.company_id)
