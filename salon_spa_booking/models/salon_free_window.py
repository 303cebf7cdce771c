from collections import Counter, defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.salon_spa.tools import roster

from ..tools.assignment import FRESH_INTERVALS, OVERDUE_FLOOR, Option, assign
from ..tools.availability import STEP
from ..tools.windows import Candidate, Matcher, Treatment, Window, needs, seats
from .salon_availability import Wish

# What an hour of a master brings is learned from so many days.
LEARNED_DAYS = 90
# The worthiest due clients of each habit (usual master and weekday) are looked at one by one, the rest is not: the
# list of a large salon holds tens of thousands.
OF_A_HABIT = 25
# People shown beside a window.
SHOWN = 12
# A proposal looks at so many clients for each call, and never at fewer than these; of each client at the best windows,
# of each window at the best clients, and at so many starts of each of them.
CLIENTS_PER_CALL, FEWEST_CLIENTS, WINDOWS_PER_CLIENT, CLIENTS_PER_WINDOW, STARTS = 3, 60, 6, 8, 8
# Of starts that suit a client alike the proposal takes the first, which leaves no useless rest: each later one counts
# for so much less.
LATER_PLACE = 0.005
# A proposal whose rooms do not fit after all is made anew without what did not fit, so many times.
ROUNDS = 5


class SalonFreeWindow(models.AbstractModel):
    """Idle time of masters in the days ahead, what it costs, and who could fill it. Computed, never stored.

    A window is a span inside the working time of a master (published shifts or schedule, less leaves) in which nothing
    is booked, held or blocked. All methods are about the current company; days and hours are the salon's.
    """

    _name = "salon.free.window"
    _description = "Free Window"

    # ------------------------------------------------------------------
    # What the screens ask
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def windows_read(self, days=14, employee_ids=None, minutes=0):
        """Return the windows of the coming days.

        :param int days: how many days from today on, today included
        :param employee_ids: masters to look at, None for all
        :param int minutes: the shortest window to show; 0 is the shortest service of each master
        :return: dict with ``days`` (each with its ``windows``), ``masters`` to choose from, totals and help texts;
            moments are naive UTC as text, lengths in minutes, money in the company's currency
        :raise AccessError: for masters
        """
        self._check_desk()
        company = self.env.company
        today = company._salon_today()
        known = self._masters(company)
        employees = known.filtered(lambda one: employee_ids is None or one.id in employee_ids)
        windows, gaps = self._windows(company, employees, today, today + timedelta(days=days - 1), minutes)
        rates = self._revenue_per_hour(company)
        by_day = defaultdict(list)
        for window in windows:
            by_day[company._salon_local(window.start).date()].append(self._prepare_window(company, window, rates))
        return {
            "masters": [{"id": one.id, "name": one.name} for one in known],
            "currency_id": company.currency_id.id,
            "days": [
                {
                    "date": fields.Date.to_string(day),
                    "minutes": sum(one["minutes"] for one in own),
                    "lost": sum(one["lost"] for one in own),
                    "windows": own,
                }
                for day, own in sorted(by_day.items())
            ],
            "minutes": sum(window.minutes for window in windows),
            "lost": sum(window.minutes / 60 * rates[window.employee_id] for window in windows),
            "gap_minutes": sum(gap.minutes for gap in gaps),
            "gap_lost": sum(gap.minutes / 60 * rates[gap.employee_id] for gap in gaps),
            "help": {
                "lost": self.env._(
                    "Length of the window, times what services done brought this master in a busy hour over the last "
                    "%(days)s days, preparation and clean-up included; the salon's average for a master without any.",
                    days=LEARNED_DAYS,
                ),
                "gap": self.env._(
                    "Gap loss: free time in pieces shorter than the shortest service of the master, which nobody can "
                    "book any more, and the same in money."
                ),
            },
        }

    @api.model
    @api.readonly
    def heat_read(self, days=28, employee_ids=None):
        """Return the idle time of a period, past or to come, by weekday and hour of the salon's clock.

        :param int days: so many days from today on, today included; below zero so many days up to yesterday
        :param employee_ids: masters to look at, None for all
        :return: dict with ``hours``: list of ``{weekday, hour, available, idle}``; weekdays from 0 for Monday,
            available (working time less leaves and blocks) and idle (what of it is not booked) in minutes
        :raise AccessError: for masters
        """
        self._check_desk()
        company = self.env.company
        today = company._salon_today()
        first = today + timedelta(days=min(days, 0))
        last = today + timedelta(days=max(days, 0) - 1)
        known = self._masters(company)
        employees = known.filtered(lambda one: employee_ids is None or one.id in employee_ids)
        days = self.env["salon.availability"]._days(company, first, last)
        begin, end = days[0][1], days[-1][2]
        work, idle = self._idle_spans(company, employees, begin, end)
        cells = defaultdict(lambda: [0, 0])
        blocks = self._block_spans(employees, begin, end)
        for employee in employees:
            available = roster.subtract(work[employee.id], blocks[employee.resource_id.id])
            for place, spans in enumerate((available, idle[employee.id])):
                for key, length in self._by_hour(company, spans):
                    cells[key][place] += length
        return {
            "masters": [{"id": one.id, "name": one.name} for one in known],
            "hours": [
                {"weekday": weekday, "hour": hour, "available": round(available), "idle": round(unused)}
                for (weekday, hour), (available, unused) in sorted(cells.items())
            ],
            "help": self.env._(
                "Time in which masters could serve and are not booked, as a share of the time available: working time "
                "less leaves, breaks and blocks."
            ),
        }

    @api.model
    @api.readonly
    def people_read(self, employee_id, start, stop):
        """Return who could fill a window, best first.

        :param int employee_id: the master
        :param start: begin of the window in naive UTC, as text; ``stop`` its end
        :raise AccessError: for masters
        """
        self._check_desk()
        company = self.env.company
        employee = self._masters(company).filtered(lambda one: one.id == employee_id)
        window = Window(employee.id, *map(fields.Datetime.to_datetime, (start, stop)))
        if not employee:
            return []
        candidates, matcher, _search = self._matcher(company, employee, [window])
        fits = sorted(
            (fit for candidate in candidates for fit in matcher.fits(candidate, window)),
            key=lambda fit: (-fit.value, fit.candidate.source_id),
        )
        # A client who is due for two services is one person.
        best = {}
        for fit in fits:
            best.setdefault(fit.candidate.client_id, fit)
        return self._prepare_people(company, list(best.values())[:SHOWN])

    @api.model
    def window_book(self, source, source_id, employee_id, start):
        """Book a client into a window and return the action that opens the visit.

        :param source: where the wish comes from, ``source_id`` which one (see ``people_read``)
        :param int employee_id: the master
        :param start: naive UTC, as text
        :raise AccessError: for masters
        :raise UserError: somebody was faster, or the client has a booking by now
        """
        self._check_desk()
        employee = self._masters(self.env.company).filtered(lambda one: one.id == employee_id)
        return self._book(source, source_id, employee, fields.Datetime.to_datetime(start))._open_form()

    @api.model
    def _check_desk(self):
        if not self.env.user.has_group("salon_spa.group_salon_administrator"):
            raise AccessError(self.env._("Free windows are for the front desk. Ask there to fill your day."))

    # ------------------------------------------------------------------
    # Windows
    # ------------------------------------------------------------------

    @api.model
    def _masters(self, company):
        """Return the company's masters (sudo), by name."""
        domain = [("is_master", "=", True), ("company_id", "=", company.id)]
        return self.env["hr.employee"].sudo().search(domain, order="name, id")

    @api.model
    def _windows(self, company, employees, first, last, minutes=0):
        """Return ``(windows, gaps)`` of local days, in order of time and master; never in the past.

        :param minutes: the shortest window, 0 for the shortest service of each master
        :return: two lists of :class:`Window`; gaps are shorter than the shortest service of the master
        """
        days = self.env["salon.availability"]._days(company, first, last)
        now = fields.Datetime.now()
        begin = max(days[0][1], now + (days[0][1] - now) % timedelta(minutes=STEP))
        end = days[-1][2]
        if begin >= end:
            return [], []
        _work, idle = self._idle_spans(company, employees, begin, end)
        shortest = self.env["salon.load.report"]._shortest_minutes(employees)
        windows, gaps = [], []
        for employee in employees:
            least = shortest.get(employee.id)
            # Who performs no service has no time to sell.
            for window in (Window(employee.id, *span) for span in idle[employee.id] if least):
                if window.minutes < least:
                    gaps.append(window)
                elif window.minutes >= minutes:
                    windows.append(window)
        place = {employee.id: number for number, employee in enumerate(employees)}
        windows.sort(key=lambda one: (company._salon_local(one.start).date(), place[one.employee_id], one.start))
        return windows, gaps

    @api.model
    def _idle_spans(self, company, employees, begin, end):
        """Return ``({employee id: spans}, {employee id: spans})``: when they work, and are idle at work.

        The number of queries does not grow with the number of employees.
        """
        work = self.env["salon.shift"]._get_working_spans(employees, begin, end)
        availability = self.env["salon.availability"]
        busy = availability._busy(employees.resource_id.ids, begin, end)
        extra = availability._extra_busy(company, employees, begin, end)
        idle = {}
        for employee in employees:
            resource_id = employee.resource_id.id
            taken = [span for spans in busy.get(resource_id, {}).values() for span in spans]
            idle[employee.id] = roster.subtract(work[employee.id], [*taken, *extra.get(resource_id, ())])
        return work, idle

    @api.model
    def _block_spans(self, employees, begin, end):
        """Return ``{resource id: spans}`` of what is kept free of visits."""
        spans = defaultdict(list)
        rows = self.env["salon.allocation"].sudo().search_fetch(
            [
                ("resource_id", "in", employees.resource_id.ids),
                ("kind", "=", "block"),
                ("blocking", "=", True),
                ("start", "<", end),
                ("start", ">", begin - timedelta(days=2)),
                ("stop", ">", begin),
            ],
            ["resource_id", "start", "stop"],
        )
        for row in rows:
            spans[row.resource_id.id].append((row.start, row.stop))
        return spans

    @api.model
    def _by_hour(self, company, spans):
        """Yield ``((weekday, hour), minutes)`` of the pieces of spans within each hour of the salon's clock."""
        for start, stop in spans:
            while start < stop:
                local = company._salon_local(start)
                # Clocks are changed at full hours.
                past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
                cut = min(stop, start - past + timedelta(hours=1))
                yield (local.weekday(), local.hour), (cut - start).total_seconds() / 60
                start = cut

    @api.model
    def _skills(self, employees):
        """Return the skills of the masters for services that are offered."""
        return self.env["salon.skill"].sudo().search_fetch(
            [("employee_id", "in", employees.ids), ("product_id.active", "=", True)], ["employee_id", "product_id"]
        )

    @api.model
    def _revenue_per_hour(self, company):
        """Return ``{employee id: money}``: what services done brought in a busy hour lately.

        Busy is the time that services done took of the master: preparation and clean-up included, processing not. A
        master without any gets the salon's average.
        """
        since = company._salon_today() - timedelta(days=LEARNED_DAYS)
        revenue = dict(
            self.env["salon.revenue.report"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id), ("kind", "=", "service"), ("date", ">=", since)],
                ["employee_id"],
                ["amount_net:sum"],
            )
        )
        self.env["salon.allocation"].flush_model(["start", "stop", "line_id"])
        hours = dict(
            self.env.execute_query(
                SQL(
                    """SELECT line.employee_id, SUM(EXTRACT(epoch FROM taken.stop - taken.start)) / 3600
                         FROM salon_visit_line line
                         JOIN hr_employee employee ON employee.id = line.employee_id
                         JOIN salon_allocation taken
                              ON taken.line_id = line.id AND taken.resource_id = employee.resource_id
                        WHERE line.company_id = %s AND line.state = 'done' AND line.kind = 'service' AND line.date >= %s
                        GROUP BY line.employee_id""",
                    company.id,
                    since,
                )
            )
        )
        amounts = {employee.id: amount for employee, amount in revenue.items()}
        total = float(sum(hours.values()))
        average = sum(amounts.get(one, 0.0) for one in hours) / total if total else 0.0
        rates = defaultdict(lambda: average)
        rates.update({one: amounts.get(one, 0.0) / float(hours[one]) for one in hours if hours[one]})
        return rates

    @api.model
    def _prepare_window(self, company, window, rates):
        start, stop = map(company._salon_local, (window.start, window.stop))
        return {
            "id": f"{window.employee_id}-{window.start:%Y%m%d%H%M}",
            "employee_id": window.employee_id,
            "start": fields.Datetime.to_string(window.start),
            "stop": fields.Datetime.to_string(window.stop),
            "time": f"{start:%H:%M}–{stop:%H:%M}",
            "minutes": window.minutes,
            "lost": window.minutes / 60 * rates[window.employee_id],
        }

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    @api.model
    def _candidates(self, company, product_ids, begin, end):
        """Return who could come between two moments for one of the services; a hook for more sources.

        Who adds a source answers for it in ``_book`` and ``_reasons`` as well.

        :return: list of :class:`Candidate`
        """
        return [*self._waiting_candidates(company, begin, end), *self._due_candidates(company, product_ids)]

    @api.model
    def _waiting_candidates(self, company, begin, end):
        """Those who wait for a time, alone: a couple fills no window of one master.

        To move a visit up fills no time: it leaves as much free elsewhere.
        """
        first = company._salon_local(begin).date()
        last = company._salon_local(end - timedelta(seconds=1)).date()
        entries = self.env["salon.waitlist"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "waiting"),
                ("visit_id", "=", False),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ]
        )
        hours_of = self.env["salon.availability"]._hours_of
        for entry in entries.filtered(lambda entry: len(entry._persons()) == 1):
            dates = max(entry.date_from, first), min(entry.date_to, last)
            wanted = [set(line.employee_id.ids) for line in entry.line_ids if line.employee_id]
            prices = (line.product_id.lst_price for line in entry.line_ids)
            candidate = Candidate(
                "waitlist",
                entry.id,
                entry.line_ids[0]._client().id,
                tuple(line.product_id.id for line in entry.line_ids),
                entry.partner_id.average_ticket or sum(prices),
                employee_ids=frozenset(set.intersection(*wanted)) if wanted else None,
                times=tuple(hours_of(company, dates, entry._weekdays(), entry.hour_from, entry.hour_to)),
                declined=frozenset(entry.offer_ids.mapped("start")),
            )
            # Services by different masters are no single window; the waitlist itself looks for those.
            if candidate.employee_ids is None or candidate.employee_ids:
                yield candidate

    @api.model
    def _due_candidates(self, company, product_ids):
        """The due clients, cut in the database to the worthiest of each habit (:data:`OF_A_HABIT`).

        Worth is the average ticket, less for those who are long overdue as in ``tools.assignment.overdue``.
        """
        rows = self.env["salon.cadence"]
        today = company._salon_today()
        query = rows._search(
            rows._expected_domain()
            & Domain("company_id", "=", company.id)
            & Domain("last_product_id", "in", list(product_ids))
        )
        names = ("client_id", "last_product_id", "value", "employee_id", "usual_weekday", "usual_hour")
        columns = [rows._field_to_sql(query.table, name, query) for name in names]
        due, interval = (rows._field_to_sql(query.table, name, query) for name in ("due_date", "interval_days"))
        days = SQL("(%s - %s)", today, due)
        intervals = SQL("%s::float / NULLIF(%s, 0)", days, interval)
        found = self.env.execute_query(
            SQL(
                "SELECT * FROM (%s) due WHERE place <= %s",
                query.select(
                    SQL.identifier(query.table, "id"),
                    *columns,
                    SQL("%s AS days_overdue", days),
                    SQL("COALESCE(%s, 0) AS intervals", intervals),
                    SQL(
                        """row_number() OVER (
                               PARTITION BY %s, %s
                               ORDER BY %s * GREATEST(power(0.5, LEAST(GREATEST(%s - %s, 0), 9)), %s) DESC, %s
                           ) AS place""",
                        columns[3],
                        columns[4],
                        columns[2],
                        intervals,
                        FRESH_INTERVALS,
                        OVERDUE_FLOOR,
                        SQL.identifier(query.table, "id"),
                    ),
                ),
                OF_A_HABIT,
            )
        )
        for row_id, client_id, product_id, value, employee_id, weekday, hour, overdue, ratio, _place in found:
            yield Candidate(
                "due",
                row_id,
                client_id,
                (product_id,),
                float(value),
                employee_id,
                None if weekday is None else int(weekday),
                hour,
                overdue,
                float(ratio),
            )

    @api.model
    def _matcher(self, company, employees, windows):
        """Return ``(candidates, matcher, search)`` for windows of the employees.

        The availability is asked once for all services and masters, so that rooms, equipment and the services' own
        rules count; candidates without any start are left out.
        """
        availability = self.env["salon.availability"]
        begin, end = min(one.start for one in windows), max(one.stop for one in windows)
        first, last = (company._salon_local(moment).date() for moment in (begin, end - timedelta(seconds=1)))
        able = defaultdict(set)
        for skill in self._skills(employees):
            able[skill.product_id.id].add(skill.employee_id.id)
        candidates = [
            one
            for one in self._candidates(company, able.keys(), begin, end)
            if one.client_id and all(product_id in able for product_id in one.product_ids)
        ]
        keys = sorted(
            (product_ids, employee_id)
            for product_ids in {one.product_ids for one in candidates}
            for employee_id in set.intersection(*(able[product_id] for product_id in product_ids))
        )
        products, masters = self.env["product.product"], self.env["hr.employee"]
        guests = [
            [Wish(products.browse(product_id), masters.browse(employee_id)) for product_id in product_ids]
            for product_ids, employee_id in keys
        ]
        search = availability._search_times(company, guests, first, last) if guests else None
        treatments = {}
        for key, guest in zip(keys, search.request.guests if search else (), strict=True):
            if not all(task.ways for task in guest):
                continue
            slots = search.board.slots(search.request._replace(guests=(guest,)))
            ways = [task.ways[0] for task in guest]
            whole = sum(way.before + way.minutes + way.after for way in ways)
            lead, after = ways[0].before, ways[-1].after
            treatments[key] = Treatment(
                [slot.start for slot in slots],
                timedelta(minutes=lead),
                timedelta(minutes=whole - lead),
                timedelta(minutes=whole - lead - after),
                guest,
            )
        served = {product_ids for (product_ids, _employee_id), one in treatments.items() if one.starts}
        candidates = [one for one in candidates if one.product_ids in served]
        busy = availability._clients_busy({one.client_id for one in candidates}, begin, end)
        shortest = self.env["salon.load.report"]._shortest_minutes(employees)
        return candidates, Matcher(treatments, company._salon_local, shortest, busy), search

    @api.model
    def _prepare_people(self, company, fits):
        """Return what the screen shows of each fit."""
        partners = self.env["res.partner"].browse([fit.candidate.client_id for fit in fits])
        products = self.env["product.product"]
        may_call = self.env.user.has_group("salon_spa.group_salon_phone")
        people = []
        for fit, partner in zip(fits, partners, strict=True):
            candidate = fit.candidate
            start, stop = map(company._salon_local, (fit.start, fit.stop))
            services = products.browse(candidate.product_ids).mapped("display_name")
            people.append(
                {
                    "source": candidate.source,
                    "source_id": candidate.source_id,
                    "client_id": partner.id,
                    "client": partner.display_name,
                    "phone": partner.phone_display or "",
                    "may_call": may_call,
                    "service": " + ".join(services),
                    "employee_id": fit.window.employee_id,
                    "start": fields.Datetime.to_string(fit.start),
                    "time": f"{start:%H:%M}–{stop:%H:%M}",
                    "ticket": candidate.ticket,
                    "value": fit.value,
                    "reasons": self._reasons(fit),
                }
            )
        return people

    @api.model
    def _reasons(self, fit):
        """Say in words what speaks for asking a client for a window."""
        candidate = fit.candidate
        if candidate.source == "waitlist":
            return [self.env._("on the waitlist")]
        if candidate.days_overdue == 1:
            reasons = [self.env._("1 day overdue")]
        elif candidate.days_overdue:
            reasons = [self.env._("%(days)s days overdue", days=candidate.days_overdue)]
        else:
            reasons = [self.env._("due today")]
        if fit.master_fits:
            reasons.append(self.env._("usual master"))
        if fit.weekday_fits:
            reasons.append(self.env._("usual day"))
        if fit.hours_off is not None and fit.hours_off <= 1:
            reasons.append(self.env._("usual time"))
        return reasons

    @api.model
    def _book(self, source, source_id, employee, start):
        """Book what a candidate wishes with a master and return the visit.

        :raise UserError: the time is taken, or the wish has been met otherwise
        """
        if source == "waitlist":
            return self._book_waiting(self.env["salon.waitlist"].browse(source_id), employee, start)
        row = self.env["salon.cadence"].browse(source_id).exists()
        row.check_access("write")
        if not row or row.next_booked:
            raise UserError(self.env._("The client is booked for this service by now."))
        line = {"product_id": row.last_product_id.id, "employee_id": employee.id, "start": start}
        return self.env["salon.visit"].with_context(salon_book=True).create(
            {
                "partner_id": row.client_id.id,
                "company_id": row.company_id.id,
                "booking_source": "phone",
                "cadence_id": row.id,
                "line_ids": [Command.create(line)],
            }
        )

    @api.model
    def _book_waiting(self, entry, employee, start):
        company, availability = self.env.company, self.env["salon.availability"]
        if entry.exists().state != "waiting":
            raise UserError(self.env._("The client waits no longer: open the windows anew."))
        employees = self.env["hr.employee"].browse(employee.ids)
        wishes = [wish._replace(employees=employees) for wish in entry._guests()[0]]
        day = company._salon_local(start).date()
        search = availability._search_times(company, [wishes], day, day)
        plan = search.board.plan(search.request, start, availability._weights(company))
        if not plan:
            raise UserError(self.env._("This time was taken meanwhile: choose another one."))
        return entry._book(entry._parts(search, plan))

    # ------------------------------------------------------------------
    # A proposal for all windows at once
    # ------------------------------------------------------------------

    @api.model
    def _propose(self, company, employees, days, calls):
        """Return whom to call for which time, as a list of fits in order of time.

        Each client is asked once at most, each piece of a master's, room's or device's time is promised once, and
        together the calls are worth as much as possible (tools/assignment.py); what is returned can be booked as a
        whole: the engine has seated it.

        :param employees: masters (sudo) whose windows are to be filled
        :param days: how many days from today on, today included
        :param calls: the most calls to make
        """
        today = company._salon_today()
        windows, _gaps = self._windows(company, employees, today, today + timedelta(days=days - 1))
        if not windows:
            return []
        candidates, matcher, search = self._matcher(company, employees, windows)
        fits = self._worthy_fits(candidates, matcher, windows, calls)
        if not fits:
            return []
        guests = [matcher.treatments[fit.candidate.product_ids, fit.window.employee_id].guest for fit in fits]
        options, capacity = self._options(search.board, fits, guests)
        for _round in range(ROUNDS):
            chosen = assign(options, capacity, calls)
            refused = self._seat(search, fits, guests, chosen)
            if not refused:
                break
            options = [
                option._replace(value=0.0) if index in refused else option for index, option in enumerate(options)
            ]
        return sorted((fits[index] for index in chosen if index not in refused), key=lambda fit: fit.start)

    @api.model
    def _worthy_fits(self, candidates, matcher, windows, calls):
        """Return the fits that a proposal chooses from: of many candidates the worthiest, for each the best windows
        and starts; and the best candidates of each window, so that none stays empty for want of somebody to ask."""
        by_window = [[] for _window in windows]
        by_client = defaultdict(list)
        for candidate in candidates:
            for number, window in enumerate(windows):
                for fit in matcher.fits(candidate, window):
                    by_window[number].append(fit)
                    by_client[candidate.client_id].append(fit)

        def best(fits, count):
            return sorted(fits, key=lambda fit: (-fit.value, fit.start, fit.candidate.source_id))[:count]

        tops = [best(own, WINDOWS_PER_CLIENT) for own in by_client.values()]
        tops.sort(key=lambda own: (-own[0].value, own[0].candidate.source_id))
        kept = [fit for own in tops[: max(FEWEST_CLIENTS, CLIENTS_PER_CALL * calls)] for fit in own]
        kept += [fit for own in by_window for fit in best(own, CLIENTS_PER_WINDOW)]
        pairs = dict.fromkeys((fit.candidate, fit.window) for fit in kept)
        return [fit for pair in pairs for fit in matcher.fits(*pair, count=STARTS)]

    @api.model
    def _options(self, board, fits, guests):
        """Return the options to choose from, and how often each unit of time can be taken."""
        wants = [list(needs(board, guest, fit.start)) for fit, guest in zip(fits, guests, strict=True)]
        pools = {pool for own in wants for pool, _cell in own}
        # Who takes one of two cabinets takes one of all three rooms as well.
        wider = {pool: [other for other in pools if pool <= other] for pool in pools}
        places = Counter()
        options = []
        for fit, own in zip(fits, wants, strict=True):
            value = fit.value * (1 - LATER_PLACE * places[fit.candidate, fit.window])
            places[fit.candidate, fit.window] += 1
            units = tuple((one, cell) for pool, cell in own for one in wider[pool])
            options.append(Option(fit.candidate.client_id, value, units))
        units = {unit for option in options for unit in option.units}
        return options, {unit: seats(board, *unit) for unit in units}

    @api.model
    def _seat(self, search, fits, guests, chosen):
        """Seat what was chosen, the worthiest first; return the set of those for which there is no seat after all."""
        availability = self.env["salon.availability"]
        board, refused = search.board, set()
        for index in sorted(chosen, key=lambda one: -fits[one].value):
            plan = board.plan(search.request._replace(guests=(guests[index],)), fits[index].start)
            if plan:
                board = board.taking(availability._taken_by(plan))
            else:
                refused.add(index)
        return refused
