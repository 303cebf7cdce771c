from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import cache

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger, sql

from ..tools import roster, timeline

# A shift lasts 24 hours by the clock, which are 25 over the autumn change (_short_span).
LONGEST = timedelta(hours=25)
# How many of the newest shifts tell which hours are usual, and how many of those the grid offers.
RECENT_SHIFTS, PRESETS = 400, 6
USUAL_HOURS = [(10 * 60, 19 * 60), (9 * 60, 18 * 60), (10 * 60, 22 * 60)]
# Changes of these decide when a master works.
WORKING = {"employee_id", "start", "stop", "state"}


class SalonShift(models.Model):
    """A dated span when a master works.

    ``start`` and ``stop`` are naive UTC; ``date`` is the local day of the start in the salon's time zone. A split day
    is two shifts. Only published shifts count: for clients, for the desk and for the free times.
    """

    _name = "salon.shift"
    _description = "Shift"
    _order = "start, id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee",
        string="Master",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('is_master', '=', True)]",
        check_company=True,
    )
    resource_id = fields.Many2one(
        related="employee_id.resource_id", store=True, precompute=True, required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime("End", required=True)
    date = fields.Date(
        "Day",
        compute="_compute_date",
        store=True,
        precompute=True,
        index=True,
        help="Local day of the start in the salon's time zone.",
    )
    hours_text = fields.Char("Hours from-to", compute="_compute_hours_text", help="In the salon's time zone.")
    hours = fields.Float(
        "Planned Hours",
        compute="_compute_hours",
        store=True,
        precompute=True,
        help="From the start to the end of the shift; leaves are not taken off.",
    )
    is_unusual = fields.Boolean(
        "Unusual Hours",
        compute="_compute_hours_text",
        help="Begins before 5:00 or lasts more than 14 hours: have another look.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        default="draft",
        required=True,
        index=True,
        help="Clients are booked into published shifts only.",
    )
    note = fields.Char()

    # int4range(x, x, '[]') makes integers comparable under GiST without any extension. Deferrable, so that a batch of
    # changes may move shifts past each other.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(resource_id, resource_id, '[]') WITH =, tsrange(start, stop, '[)') WITH &&) "
        "DEFERRABLE INITIALLY IMMEDIATE",
        "This master already has a shift at that time. Change that one instead of adding another.",
    )
    _positive_span = models.Constraint("CHECK(start < stop)", "A shift must end after it starts.")
    _short_span = models.Constraint(
        "CHECK(stop <= start + interval '25 hours')",
        "A shift lasts 24 hours at most. Enter a longer one as a shift for each day.",
    )
    _employee_start = models.Index("(employee_id, start)")

    def init(self):
        """Refuse to install or upgrade without the overlap guard: Odoo itself would only log its absence."""
        super().init()
        if sql.constraint_definition(self.env.cr, self._table, "salon_shift_no_overlap"):
            return
        pairs = self.env.execute_query(
            SQL(
                """SELECT r.name, a.start, a.stop, b.start, b.stop
                     FROM salon_shift a JOIN salon_shift b ON a.id < b.id AND a.resource_id = b.resource_id
                          AND tsrange(a.start, a.stop, '[)') && tsrange(b.start, b.stop, '[)')
                     JOIN resource_resource r ON r.id = a.resource_id
                    ORDER BY a.start, a.id, b.id LIMIT 20"""
            )
        )
        raise UserError(
            self.env._(
                "The guard against overlapping shifts could not be created. Change or delete one of each pair first "
                "(times in UTC):\n%(pairs)s",
                pairs="\n".join(
                    f"{name}: {start:%Y-%m-%d %H:%M}–{stop:%H:%M}, {other_start:%Y-%m-%d %H:%M}–{other_stop:%H:%M}"
                    for name, start, stop, other_start, other_stop in pairs
                )
                or "?",
            )
        )

    @api.depends("employee_id")
    def _compute_company_id(self):
        for shift in self:
            shift.company_id = shift.employee_id.company_id or shift.company_id or self.env.company

    @api.depends("start", "company_id.salon_tz")
    def _compute_date(self):
        for shift in self:
            shift.date = shift.start and shift.company_id and shift.company_id._salon_local(shift.start).date()

    @api.depends("start", "stop")
    def _compute_hours(self):
        for shift in self:
            shift.hours = (shift.stop - shift.start).total_seconds() / 3600 if shift.start and shift.stop else 0.0

    @api.depends("start", "stop", "company_id.salon_tz")
    def _compute_hours_text(self):
        for shift in self:
            if shift.start and shift.stop and shift.company_id:
                start, stop = map(shift.company_id._salon_local, (shift.start, shift.stop))
                shift.hours_text = f"{start:%H:%M}–{stop:%H:%M}"
                shift.is_unusual = roster.is_unusual(*roster.span_minutes(start.date(), start, stop))
            else:
                shift.hours_text = shift.is_unusual = False

    @api.depends("employee_id", "date", "hours_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for shift in self:
            if shift.hours_text and shift.employee_id:
                day = shift.company_id._salon_format(shift.start, "d MMM")
                shift.display_name = f"{shift.employee_id.name}, {day} {shift.hours_text}"
            else:
                shift.display_name = ""

    @api.constrains("start", "stop", "company_id")
    def _check_length(self):
        for shift in self:
            local = shift.company_id._salon_local
            if local(shift.stop) - local(shift.start) > timedelta(hours=24):
                raise ValidationError(
                    self.env._("A shift lasts 24 hours at most. Enter a longer one as a shift for each day.")
                )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        published = [vals for vals in vals_list if vals.get("state") == "published"]
        moments = [fields.Datetime.to_datetime(vals[name]) for vals in published for name in ("start", "stop")]
        with self._change({vals["employee_id"] for vals in published}, moments) as outside:
            shifts = super().create(vals_list)
        self._tell_outside(outside)
        return shifts

    def write(self, vals):
        if not WORKING & set(vals):
            return super().write(vals)
        touched = self if vals.get("state") == "published" else self.filtered(lambda shift: shift.state == "published")
        employee_ids, moments = set(touched.employee_id.ids), touched._moments()
        if touched:
            employee_ids |= {vals["employee_id"]} if vals.get("employee_id") else set()
            moments += [fields.Datetime.to_datetime(vals[name]) for name in ("start", "stop") if vals.get(name)]
        with self._change(employee_ids, moments) as outside:
            result = super().write(vals)
        self._tell_outside(outside)
        return result

    def unlink(self):
        published = self.filtered(lambda shift: shift.state == "published")
        with self._change(published.employee_id.ids, published._moments()) as outside:
            result = super().unlink()
        self._tell_outside(outside)
        return result

    def copy_data(self, default=None):
        """A copy stands a week later: at the same time it would overlap."""
        if default and "start" in default:
            return super().copy_data(default)
        vals_list = super().copy_data(default)
        for shift, vals in zip(self, vals_list, strict=True):
            company = shift.company_id
            for name in ("start", "stop"):
                vals[name] = company._salon_utc(company._salon_local(shift[name]) + timedelta(days=7))
            vals["state"] = "draft"
        return vals_list

    def action_publish(self):
        """Publish the shifts: from now on clients can be booked into them."""
        self.filtered(lambda shift: shift.state != "published").write({"state": "published"})

    def action_unpublish(self):
        """Take the shifts back to draft; visits in them stay and are listed as outside shifts."""
        self.filtered(lambda shift: shift.state != "draft").write({"state": "draft"})

    @contextmanager
    def _change(self, employee_ids, moments, deferred=False):
        """Change shifts: an overlap becomes a clear message, visits that lose their shift are found.

        :param employee_ids: masters whose published shifts change
        :param moments: starts and ends (naive UTC) of those shifts, before and after
        :param deferred: check overlaps at the end only, so that several changes may pass through one another
        :yield: a list that holds, after the block, the ids of the visit lines that the change left outside shifts;
            it stays empty in changes inside a change
        :raise ValidationError: shifts of one master overlap; nothing is changed then
        """
        outside = []
        week = timedelta(days=7)
        employees = self.env["hr.employee"].browse(employee_ids)
        watched = not self.env.context.get("salon_roster_change") and moments and max(moments) > fields.Datetime.now()
        if watched:
            # Whole weeks around: the first published shift of a week ends the rule of the working schedule in it.
            scope = (employees, min(moments) - week, max(moments) + week)
            before = self._get_lines_outside(*scope)
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                if deferred:
                    self.env.cr.execute("SET CONSTRAINTS salon_shift_no_overlap DEFERRED")
                yield outside
                if deferred:
                    self.env.flush_all()
                    self.env.cr.execute("SET CONSTRAINTS salon_shift_no_overlap IMMEDIATE")
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.constraint_name != "salon_shift_no_overlap":
                raise
            raise ValidationError(self._overlap_message(error)) from error
        if watched:
            outside += (self._get_lines_outside(*scope) - before).ids

    def _moments(self):
        return [shift[name] for shift in self for name in ("start", "stop")]

    @api.model
    def _tell_outside(self, line_ids):
        """Show the user which visits a change left outside shifts (static/src/roster/outside_service.js)."""
        if line_ids:
            self.env.user._bus_send("salon_outside_shifts", {"line_ids": list(line_ids)})

    @api.model
    def _overlap_message(self, error):
        """Name the master and the shift that is in the way."""
        resource_id, spans = self.env["salon.allocation"]._read_violation(error)
        resource = self.env["resource.resource"].sudo().browse(resource_id)
        if not resource_id or not spans:
            return self._no_overlap.get_error_message(self)
        company = resource.company_id or self.env.company
        start, stop = spans[-1]
        return self.env._(
            "%(master)s already has a shift %(start)s–%(stop)s on %(day)s. Change that one instead of adding another.",
            master=resource.name,
            start=company._salon_format(start, "HH:mm"),
            stop=company._salon_format(stop, "HH:mm"),
            day=company._salon_format(start, "d MMM"),
        )

    # ------------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------------

    @api.model
    def _get_working_spans(self, employees, start, stop):
        """Return when the employees work from ``start`` to ``stop`` (naive UTC), the salon's truth for bookings.

        Published shifts. A master is without a roster in a week (Monday to Sunday, local) in which none of the
        master's shifts is published: there Odoo's working schedule counts, by the employee's versions, in the salon's
        time zone; who has no working schedule (a fully flexible employee) does not work there. Leaves, the master's
        own and the company's, are taken off both.

        The number of queries does not grow with the number of employees.

        :return: ``{employee_id: [(start, stop), ...]}`` in naive UTC, sorted, disjoint, of whole minutes
        """
        employees = employees.sudo()
        shifts, weeks = self._get_roster(employees, start, stop)
        low = min((first for first, _last in weeks.values()), default=start)
        high = max((last for _first, last in weeks.values()), default=stop)
        spans = self._get_schedule_spans(employees, shifts, weeks)
        for employee_id, rows in shifts.items():
            spans[employee_id] += [row[1:] for row in rows]
        leaves = self._get_leave_spans(employees, low, high)
        return {
            employee.id: roster.clip(roster.subtract(spans[employee.id], leaves[employee.id]), start, stop)
            for employee in employees
        }

    @api.model
    def _get_roster(self, employees, start, stop):
        """Return the published shifts of the weeks around a span, by one query.

        :return: ``({employee_id: [(date, start, stop)]}, {company: (first, last)})``; first and last are the bounds of
            whole local weeks, in naive UTC
        """
        weeks = {}
        for company in employees.company_id:
            monday = roster.week_start(company._salon_local(start).date())
            last = max(start, stop - timedelta(seconds=1))
            end = roster.week_start(company._salon_local(last).date()) + timedelta(days=7)
            weeks[company] = tuple(company._salon_utc(datetime.combine(day, time.min)) for day in (monday, end))
        shifts = defaultdict(list)
        if not weeks:
            return shifts, weeks
        low, high = min(first for first, _last in weeks.values()), max(last for _first, last in weeks.values())
        query = self.sudo()._search(
            Domain("employee_id", "in", employees.ids)
            & Domain("state", "=", "published")
            & Domain("start", "<", high)
            # No shift lasts longer; the bound lets the index on (employee, start) serve.
            & Domain("start", ">", low - LONGEST)
            & Domain("stop", ">", low),
            order="start",
        )
        columns = [
            self._field_to_sql(query.table, name, query) for name in ("employee_id", "date", "start", "stop")
        ]
        for employee_id, *row in self.env.execute_query(query.select(*columns)):
            shifts[employee_id].append(tuple(row))
        return shifts, weeks

    @api.model
    def _get_schedule_spans(self, employees, shifts, weeks):
        """Return ``{employee_id: [(start, stop)]}`` of the working schedules in the weeks without a published shift.

        Odoo's own ``_get_expected_attendances`` is one employee at a time, and ``_get_valid_work_intervals`` adds up
        the schedules of all versions of a contract; so the versions are walked here, and the calendars asked once.

        :param shifts: as ``_get_roster`` gives them
        :param weeks: likewise
        """
        spans = defaultdict(list)
        missing = {}
        for employee in employees:
            company = employee.company_id
            first, last = (company._salon_local(moment).date() for moment in weeks[company])
            rostered = {roster.week_start(row[0]) for row in shifts.get(employee.id, ())}
            mondays = [first + timedelta(days=7 * n) for n in range((last - first).days // 7)]
            empty = [monday for monday in mondays if monday not in rostered]
            if empty:
                missing[employee] = empty
        if not missing:
            return spans
        versions = defaultdict(list)
        names = ["employee_id", "date_version", "contract_date_start", "contract_date_end", "resource_calendar_id"]
        without = self.env["hr.employee"].union(*missing)
        for version in self.env["hr.version"].sudo().search_fetch(
            [("employee_id", "in", without.ids)], names, order="date_version"
        ):
            versions[version.employee_id].append(version)
        attendances = {}
        midnight = cache(lambda company, day: company._salon_utc(datetime.combine(day, time.min)))
        for employee, mondays in missing.items():
            company = employee.company_id
            for first, last, calendar in self._schedule_periods(versions[employee]):
                for monday in mondays:
                    begin, end = max(first, monday), min(last, monday + timedelta(days=7))
                    if begin >= end:
                        continue
                    if (calendar, company) not in attendances:
                        attendances[calendar, company] = self._calendar_spans(calendar, company, *weeks[company])
                    low, high = midnight(company, begin), midnight(company, end)
                    spans[employee.id] += roster.clip(attendances[calendar, company], low, high)
        return spans

    @api.model
    def _schedule_periods(self, versions):
        """Yield ``(first, last, calendar)`` for an employee's versions in order: dates, ``last`` is not included.

        A version holds until the next one and within its contract, if it has one; the first one without a contract
        holds since ever. Versions without a calendar (fully flexible) yield nothing.
        """
        for index, version in enumerate(versions):
            first = version.date_version if index else datetime.min.date()
            last = versions[index + 1].date_version if index + 1 < len(versions) else datetime.max.date()
            if version.contract_date_start:
                first = max(first, version.contract_date_start)
                if version.contract_date_end:
                    last = min(last, version.contract_date_end + timedelta(days=1))
            if version.resource_calendar_id and first < last:
                yield first, last, version.resource_calendar_id

    @api.model
    def _calendar_spans(self, calendar, company, low, high):
        """Return the attendances of a working schedule as naive UTC spans, its hours being the salon's wall clock."""
        intervals = calendar.sudo()._attendance_intervals_batch(
            pytz.utc.localize(low), pytz.utc.localize(high), tz=company._salon_tz()
        )[False]
        return [_whole_minutes(_naive(start), _naive(stop)) for start, stop, _attendance in intervals]

    @api.model
    def _get_leave_spans(self, employees, low, high):
        """Return ``{employee_id: [(start, stop)]}`` of leaves that overlap ``low`` to ``high``, by one query.

        Leaves of the employee's resource count whatever their working schedule is, worked time off the premises
        (training, a fair) too: the master is not in the salon. Leaves of the whole company count for everybody, or
        for those on the working schedule that they name. A leave by whole days of the time-off application takes the
        whole day, as the shift may begin before and end after the hours of the working schedule.
        """
        employees = employees.sudo()
        leaves = self.env["resource.calendar.leaves"].sudo()
        names = ["resource_id", "company_id", "calendar_id", "date_from", "date_to"]
        if "holiday_id" in leaves._fields:
            names.append("holiday_id")
        # A leave by days reaches further than its stored hours, by less than a day.
        margin = timedelta(days=1)
        found = leaves.search_fetch(
            Domain("date_from", "<", high + margin)
            & Domain("date_to", ">", low - margin)
            & (
                Domain("resource_id", "in", employees.resource_id.ids)
                | (Domain("resource_id", "=", False) & Domain("company_id", "in", [*employees.company_id.ids, False]))
            ),
            names,
        )
        by_resource, by_company = defaultdict(list), defaultdict(list)
        for leave in found:
            if leave.resource_id:
                by_resource[leave.resource_id].append(leave)
            else:
                by_company[leave.company_id].append(leave)
        result = {}
        for employee in employees:
            company, resource = employee.company_id, employee.resource_id
            spans = [self._leave_span(leave, company) for leave in by_resource[resource]]
            for leave in by_company[company] + by_company[self.env["res.company"]]:
                if not leave.calendar_id or leave.calendar_id == resource.calendar_id:
                    spans.append(_whole_minutes(leave.date_from, leave.date_to))
            result[employee.id] = roster.clip(roster.merge(spans), low, high)
        return result

    @api.model
    def _leave_span(self, leave, company):
        holiday = leave["holiday_id"] if "holiday_id" in leave._fields else None
        if holiday and (
            holiday.leave_type_request_unit == "day"
            or (
                holiday.leave_type_request_unit == "half_day"
                and (holiday.request_date_from_period, holiday.request_date_to_period) == ("am", "pm")
            )
        ):
            return tuple(
                company._salon_utc(datetime.combine(day, time.min))
                for day in (holiday.request_date_from, holiday.request_date_to + timedelta(days=1))
            )
        return _whole_minutes(leave.date_from, leave.date_to)

    # ------------------------------------------------------------------
    # Visits that lost their shift
    # ------------------------------------------------------------------

    @api.model
    def _get_lines_outside(self, employees=None, start=None, stop=None):
        """Return the visit lines to come whose master does not work at their time: no shift any more, or a leave.

        :param employees: masters to look at; all of the allowed companies when not given
        :param start: naive UTC; nothing before the present is looked at
        """
        lines = self._get_lines_ahead(employees, start, stop)
        if not lines:
            return lines
        spans = {line: line._master_spans() for line in lines}
        # A visit may begin before midnight: its working span is looked for with a day around.
        day = timedelta(days=1)
        low, high = min(lines.mapped("start")) - day, max(lines.mapped("stop")) + day
        work = self._get_working_spans(lines.employee_id, low, high)
        return lines.filtered(
            lambda line: not all(timeline.inside(span, work[line.employee_id.id]) for span in spans[line])
        )

    @api.model
    def _get_lines_on_leave(self, employees, start, stop):
        """Return the visit lines to come, from ``start`` to ``stop`` (naive UTC), taken by a leave of their master."""
        lines = self._get_lines_ahead(employees, start, stop)
        if not lines:
            return lines
        spans = {line: line._master_spans() for line in lines}
        moments = [moment for line_spans in spans.values() for span in line_spans for moment in span]
        leaves = self._get_leave_spans(lines.employee_id, min(moments), max(moments))
        return lines.filtered(lambda line: timeline.overlaps(spans[line], leaves[line.employee_id.id]))

    @api.model
    def _get_lines_ahead(self, employees=None, start=None, stop=None):
        """Return the visit lines to come that hold their master's time; the arguments as in _get_lines_outside."""
        now = fields.Datetime.now()
        domain = (
            Domain("state", "in", ("requested", "booked", "confirmed", "arrived"))
            & Domain("kind", "=", "service")
            & Domain("stop", ">", max(start or now, now))
            & Domain("start", "!=", False)
        )
        if stop:
            domain &= Domain("start", "<", stop)
        if employees is None:
            domain &= Domain("employee_id", "!=", False) & Domain("company_id", "in", self.env.companies.ids)
        else:
            domain &= Domain("employee_id", "in", employees.ids)
        return self.env["salon.visit.line"].search(domain, order="start, id")

    @api.model
    def action_lines_outside(self, line_ids=None):
        """Open the visit lines that lie outside shifts, to be moved or given to another master.

        :param line_ids: ids that a change of the roster has just returned; all there are when not given
        """
        if line_ids is None:
            line_ids = self._get_lines_outside().ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits Outside Shifts"),
            "res_model": "salon.visit.line",
            "views": [(self.env.ref("salon_spa.salon_visit_line_view_list_outside").id, "list"), (False, "form")],
            "domain": [("id", "in", line_ids)],
            "help": self.env._("Every visit to come lies within its master's working time."),
        }

    @api.model
    def _prepare_done_action(self, message, line_ids):
        """Return the client action that closes a wizard, says what was done and warns of visits outside shifts."""
        return {
            "type": "ir.actions.client",
            "tag": "salon_roster_done",
            "params": {"message": message, "line_ids": list(line_ids)},
        }

    # ------------------------------------------------------------------
    # The month grid
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def roster_read(self, month=None):
        """Return all that the month grid shows for the current company.

        :param month: "YYYY-MM"; the salon's present month when not given
        :return: dict; hours are minutes of the local day, ``to`` not later than ``from`` means the next day
        """
        self.check_access("read")
        company = self.env.company
        today = company._salon_today()
        first = fields.Date.to_date(f"{month}-01") if month else today.replace(day=1)
        last = fields.Date.end_of(first, "month")
        shifts = self.search([("company_id", "=", company.id), ("date", ">=", first), ("date", "<=", last)])
        employees = self.env["hr.employee"].search([("company_id", "=", company.id), ("is_master", "=", True)])
        employees = (employees | shifts.employee_id).sorted(lambda employee: (employee.name or "").lower())
        low, high = (
            company._salon_utc(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1))
        )
        sudo_employees = employees.sudo()
        published, weeks = self._get_roster(sudo_employees, low, high)
        return {
            "month": f"{first:%Y-%m}",
            "today": fields.Date.to_string(today),
            "can_edit": self.has_access("write"),
            "masters": [
                {"id": employee.id, "name": employee.name, "color": employee.salon_color} for employee in employees
            ],
            "shifts": shifts._roster_rows(),
            "schedule": self._roster_pieces(
                company, self._get_schedule_spans(sudo_employees, published, weeks), low, high
            ),
            "leaves": self._roster_pieces(company, self._get_leave_spans(sudo_employees, low, high), low, high),
            "presets": self._roster_presets(company),
        }

    @api.model
    def roster_write(self, changes):
        """Make cells of the month grid what they should be, all or nothing.

        What a cell already has stays; a span changed by hand keeps its shift, its state and its note; a new one is
        published when the cell has a published shift, else a draft.

        :param changes: list of ``{"employee_id", "date": "YYYY-MM-DD", "spans": [[from, to], ...]}``, minutes of the
            local day
        :return: ``{"shifts": rows of the changed cells, "outside": ids of visit lines that are outside shifts now}``
        :raise ValidationError: shifts overlap
        """
        shifts = self.with_context(salon_roster_change=True)
        wanted = {}
        for change in changes:
            employee = self.env["hr.employee"].browse(change["employee_id"])
            day = fields.Date.to_date(change["date"])
            wanted[employee, day] = [
                tuple(employee.company_id._salon_utc(moment) for moment in self._roster_span(day, span))
                for span in change["spans"]
            ]
        employees = self.env["hr.employee"].union(*(employee for employee, _day in wanted))
        domain = Domain("employee_id", "in", employees.ids) & Domain("date", "in", [day for _employee, day in wanted])
        cells = shifts.search(domain).grouped(lambda shift: (shift.employee_id, shift.date))
        touched = shifts.concat(*(cells.get(cell, shifts) for cell in wanted))
        moments = [moment for spans in wanted.values() for span in spans for moment in span] + touched._moments()
        with self._change(employees.ids, moments, deferred=True) as outside:
            shifts.create(
                [
                    vals
                    for cell, spans in wanted.items()
                    for vals in cells.get(cell, shifts)._roster_fit(cell[0], spans)
                ]
            )
        changed = self.search(domain).filtered(lambda shift: (shift.employee_id, shift.date) in wanted)
        return {"shifts": changed._roster_rows(), "outside": outside}

    def _roster_fit(self, employee, spans):
        """Make these shifts of one cell the given spans, as far as there are shifts; return values for the rest."""
        state = "published" if "published" in self.mapped("state") else "draft"
        left = self.filtered(lambda shift: (shift.start, shift.stop) not in spans)
        there = {(shift.start, shift.stop) for shift in self}
        new = [span for span in spans if span not in there]
        left[len(new):].unlink()
        for shift, (start, stop) in zip(left, new, strict=False):
            shift.write({"start": start, "stop": stop})
        return [
            {"employee_id": employee.id, "start": start, "stop": stop, "state": state}
            for start, stop in new[len(left):]
        ]

    @api.model
    def _roster_span(self, day, minutes):
        """Return the local span of the grid's ``[from, to]``."""
        minute_from, minute_to = (int(minute) for minute in minutes)
        if not (0 <= minute_from < roster.DAY and 0 <= minute_to <= roster.DAY):
            raise UserError(self.env._("Hours go from 0:00 to 24:00."))
        return roster.day_span(day, minute_from, minute_to)

    def _roster_rows(self):
        """Return the shifts as the grid wants them."""
        rows = []
        for shift in self:
            local = shift.company_id._salon_local
            minute_from, minute_to = roster.span_minutes(shift.date, local(shift.start), local(shift.stop))
            rows.append(
                {
                    "id": shift.id,
                    "employee_id": shift.employee_id.id,
                    "date": fields.Date.to_string(shift.date),
                    "from": minute_from,
                    "to": minute_to,
                    "hours": shift.hours,
                    "state": shift.state,
                    "note": shift.note or "",
                }
            )
        return rows

    @api.model
    def _roster_pieces(self, company, spans, low, high):
        """Cut spans (``{employee_id: [(start, stop)]}``, naive UTC) into the local days that they touch."""
        pieces = []
        for employee_id, items in spans.items():
            for start, stop in roster.clip(items, low, high):
                local_start, local_stop = company._salon_local(start), company._salon_local(stop)
                for day in roster.dates(local_start.date(), (local_stop - timedelta(minutes=1)).date()):
                    midnight = datetime.combine(day, time.min)
                    begin, end = max(local_start, midnight), min(local_stop, midnight + timedelta(days=1))
                    pieces.append(
                        {
                            "employee_id": employee_id,
                            "date": fields.Date.to_string(day),
                            "from": int((begin - midnight).total_seconds() // 60),
                            "to": int((end - midnight).total_seconds() // 60),
                        }
                    )
        return pieces

    @api.model
    def _roster_presets(self, company):
        """Return the hours ``[from, to]`` that the newest shifts have most often, the usual ones first."""
        recent = self.search([("company_id", "=", company.id)], order="id desc", limit=RECENT_SHIFTS)
        counted = Counter((row["from"], row["to"]) for row in recent._roster_rows())
        usual = [hours for hours, _count in counted.most_common(PRESETS)]
        usual += [hours for hours in USUAL_HOURS if hours not in usual]
        return usual[:PRESETS]


def _naive(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def _whole_minutes(start, stop):
    """Widen a span to whole minutes: Odoo writes the end of a day as 23:59:59 or 23:59:59.999999."""
    start = start.replace(second=0, microsecond=0)
    if stop.second or stop.microsecond:
        stop = stop.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return start, stop
