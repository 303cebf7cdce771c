from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_list

from odoo.addons.salon_spa.tools import timeline

from ..tools.availability import STEP, Board, Request, Task, Use, Way, Weights
from ..tools.phases import PHASES, master_offsets, offsets
from .product_template import RULES

# No allocation lasts longer (salon.allocation._short_span).
LONGEST = timedelta(days=2)


class Wish(NamedTuple):
    """A service that is wanted: by whom, if not by anybody who can, for which client, and in which room."""

    product: object
    employees: object = None  # hr.employee to choose from; nobody is anybody who performs the service
    client: object = None  # res.partner whose other visits are in the way
    room: object = None  # salon.room wanted and no other
    wait: int = 0  # minutes that the client may wait before it
    parallel: bool = False  # at the same time as the service before
    phases: dict | None = None  # minutes by field, if other than the master's usual ones


class Search(NamedTuple):
    """What is asked of the board: see tools/availability.py for both."""

    board: Board
    request: Request
    employees: dict  # {resource id: employee id}
    rooms: dict  # {resource id: room id}


class SalonAvailability(models.AbstractModel):
    """When can a service be booked, by whom and where.

    The arithmetic is in tools/availability.py and knows no database; here it gets the shifts, the leaves, the opening
    hours and what is taken, each by one query however many masters and rooms there are. Nothing is decided here: the
    guard of salon.allocation has the last word.
    """

    _name = "salon.availability"
    _description = "Availability"

    @api.model
    def _search_times(self, company, guests, first, last, without=None, earliest=None, step=None, taken=None):
        """Load what is needed to answer when the guests can be served.

        :param company: res.company, the salon
        :param guests: for each guest the list of :class:`Wish`, in order; all guests begin together
        :param first: first local day (date), ``last`` the last one
        :param without: salon.visit.line that do not count as taken (those to be moved)
        :param earliest: naive UTC; nothing begins before it, the present moment when not given
        :param step: grid of the starts in minutes, that of the settings when not given
        :param taken: list of (resource id, seat, start, stop) of what is taken though it stands in no allocation (yet)
        :return: :class:`Search`
        """
        (search,) = self._search_each(company, [guests], first, last, without, earliest, step, taken)
        return search

    @api.model
    def _search_each(self, company, parties, first, last, without=None, earliest=None, step=None, taken=None):
        """Load once what is needed to answer for several parties, each as if no other came.

        :param parties: for each party its guests; this and the rest as in ``_search_times``
        :return: list of :class:`Search` with one board
        """
        self = self.with_company(company)
        # Only what is needed: a whole row of these costs more than all the arithmetic.
        company.fetch(["salon_tz", "salon_slot_step", "salon_calendar_mirror"])
        wishes = [wish for guests in parties for wished in guests for wish in wished]
        products = self.env["product.product"].browse({wish.product.id for wish in wishes})
        products.fetch(["product_tmpl_id", *PHASES])
        products.product_tmpl_id.fetch(RULES)
        days = self._days(company, first, last)
        begin, end = days[0][1], days[-1][2]
        skills = self._skills(company, products)
        masters = self._masters(company, wishes, skills)
        employees = self.env["hr.employee"].union(*masters)
        employees.fetch(["resource_id", "company_id"])
        phases = self._phases(wishes, masters, skills)
        tasks = iter(self._tasks(company, wishes, masters, phases, days))
        requests = []
        for guests in parties:
            together, same_room = self._together(guests)
            requests.append(
                Request(
                    guests=tuple(
                        tuple(self._stay(wished, [next(tasks) for _wish in wished], together)) for wished in guests
                    ),
                    earliest=max(earliest or fields.Datetime.now(), begin),
                    step=step or int(company.salon_slot_step),
                    same_room=same_room,
                )
            )
        ways = [way for request in requests for guest in request.guests for task in guest for way in task.ways]
        pools = {one for way in ways for use in way.uses for one in use.pool}
        work = {
            resource_id: spans
            for employee_id, spans in self.env["salon.shift"]._get_working_spans(employees, begin, end).items()
            for resource_id in employees.browse(employee_id).resource_id.ids
        }
        places = {one for one in pools if one > 0} - work.keys()
        hours = self.env["resource.resource"]._salon_open_spans(places, company, begin, end)
        always = [(begin, end)]
        work.update({one: hours.get(one, always) for one in places})
        busy = self._busy(pools, begin, end, without)
        clients = {-one for one in pools if one < 0}
        seats = max((sum(map(len, guests)) for guests in parties), default=0)
        work.update({-client_id: always for client_id in clients})
        for client_id, spans in self._clients_busy(clients, begin, end, without).items():
            busy[-client_id] = {seat: list(spans) for seat in range(1, seats + 1)}
        extra = self._extra_busy(company, employees, begin, end)
        more = [(one, 1, *span) for one, spans in extra.items() for span in spans]
        for resource_id, seat, *span in [*more, *(taken or ())]:
            # A client has no seats: who is served elsewhere is not here at all.
            for number in range(1, seats + 1) if resource_id < 0 else [seat]:
                busy.setdefault(resource_id, {}).setdefault(number, []).append(tuple(span))
        capacity = dict.fromkeys((-client_id for client_id in clients), seats)
        known = self.env["salon.room"]._places(company.id)
        capacity.update(known.seats)
        board = Board(begin, end, work, busy, capacity, days)
        masters_of = {employee.resource_id.id: employee.id for employee in employees.sudo()}
        return [Search(board, request, masters_of, known.rooms) for request in requests]

    @api.model
    def _days(self, company, first, last):
        """Return ``[(date, start, stop)]`` of the local days, in naive UTC: 23 hours in spring, 25 in autumn."""
        count = max((last - first).days, 0) + 1
        bounds = [
            company._salon_utc(datetime.combine(first + timedelta(days=n), time())) for n in range(count + 1)
        ]
        return [(first + timedelta(days=n), bounds[n], bounds[n + 1]) for n in range(count)]

    @api.model
    def _skills(self, company, products):
        """Return the skills (salon.skill) of the salon's masters in the services."""
        return self.env["salon.skill"].sudo().search_fetch(
            [
                ("product_id", "in", products.ids),
                ("employee_id.active", "=", True),
                ("employee_id.is_master", "=", True),
                ("employee_id.company_id", "=", company.id),
            ],
            ["product_id", "employee_id", "active_minutes"],
            order="id",
        )

    @api.model
    def _masters(self, company, wishes, skills):
        """Return for each wish the masters (hr.employee) who may perform it."""
        skilled = defaultdict(self.env["hr.employee"].sudo().browse)
        for product, rows in skills.grouped("product_id").items():
            skilled[product.id] = rows.employee_id.sorted("id")
        named = self.env["hr.employee"].sudo().union(*(wish.employees.sudo() for wish in wishes if wish.employees))
        named.fetch(["active", "is_master", "company_id", "resource_id"])
        return [
            # Who is named and works here no longer is nobody, and not anybody.
            wish.employees.sudo().filtered(lambda one: one.active and one.is_master and one.company_id == company)
            if wish.employees
            else skilled[wish.product.id]
            for wish in wishes
        ]

    @api.model
    def _phases(self, wishes, masters, skills):
        """Return ``{(product, employee): minutes by field}``."""
        pairs = list(
            {(wish.product, one) for wish, own in zip(wishes, masters, strict=True) for one in own if not wish.phases}
        )
        return dict(zip(pairs, self.env["product.product"]._salon_phases_batch(pairs, skills), strict=True))

    @api.model
    def _tasks(self, company, wishes, masters, phases, days):
        """Yield the :class:`Task` of each wish."""
        places = self.env["salon.room"]._places(company.id)
        for wish, own in zip(wishes, masters, strict=True):
            ways = [
                way
                for employee in own
                for way in self._ways(wish, employee, wish.phases or phases[wish.product, employee], places)
            ]
            yield Task(tuple(ways), wish.wait, self._allowed(wish.product, days), wish.parallel)

    @api.model
    def _ways(self, wish, employee, phases, places):
        """Return the ways in which a master can perform a service: one, or one for each room with its own devices."""
        stands_in = places.stands_in
        needs = self.env["salon.requirement"]._of_service(wish.product.product_tmpl_id.id)
        rooms, devices = [], []
        for _id, room_type, equipment_type, quantity, span in needs:
            span = offsets(phases, *span)
            if span[0] < span[1]:
                pool = places.pool(room_type, equipment_type)
                (rooms if room_type else devices).extend([(pool, span)] * quantity)
        if wish.room:
            chosen = wish.room.sudo().resource_id.ids
            first = rooms[0][1] if rooms else offsets(phases, "prep_minutes", "cleanup_minutes")
            rooms = [(tuple(chosen), first), *rooms[1:]]
        minutes = timeline.client_minutes(phases)
        master = employee.resource_id.id
        shared = [Use((master,), master_offsets(phases))]
        if wish.client:
            shared.append(Use((-wish.client.id,), ((0, minutes),)))
        before, after = phases["prep_minutes"], phases["cleanup_minutes"]

        def way(rooms, devices):
            uses = (*shared, *(Use(tuple(pool), (span,)) for pool, span in [*rooms, *devices]))
            return Way(master, minutes, before, after, uses)

        if not rooms or not any(one in stands_in for pool, _span in devices for one in pool):
            return [way(rooms, devices)]
        # Devices that stand in a room serve only there: a way for each room.
        (pool, span), *others = rooms
        return [
            way(
                [((room,), span), *others],
                [([one for one in own if stands_in.get(one, room) == room], at) for own, at in devices],
            )
            for room in pool
        ]

    @api.model
    def _together(self, guests):
        """Return the room types of which one room serves all (see ``_bond`` of the visit line), and their pools."""
        places = self.env["salon.room"]._places(self.env.company.id)
        seats, wanted = defaultdict(int), defaultdict(int)
        for wished in guests:
            own = defaultdict(int)
            for number, wish in enumerate(wished):
                if room_type := self._room_type(wish):
                    own[room_type] += wish.parallel and number > 0
                    wanted[room_type] += 1
            for room_type, parallel in own.items():
                seats[room_type] += 1 + parallel
        together = {
            kind for kind, count in wanted.items() if count > 1 and places.has_seats(kind, seats[kind])
        }
        return together, frozenset(places.by_room_type[room_type] for room_type in together)

    @api.model
    def _room_type(self, wish):
        """Return the type of the one room that is wanted, if any will do."""
        if wish.room:
            return None
        return self.env["salon.requirement"]._room_type_of(wish.product.product_tmpl_id.id, self.env.company.id)

    @api.model
    def _stay(self, wished, tasks, together):
        """Take the tidying up out of the rooms between two services of one guest, as booking does.

        See ``_stays_in_room`` of the visit line: who stays in the room needs it neither cleaned nor prepared.
        """
        rooms = [
            ("room", wish.room.id) if wish.room else kind if (kind := self._room_type(wish)) in together else None
            for wish in wished
        ]
        known = self.env["salon.room"]._places(self.env.company.id).rooms.keys()

        def stays(number):
            """Tell whether the guest goes on from the task of that number to the next one in the room."""
            if not 0 <= number < len(tasks) - 1 or not rooms[number] or rooms[number] != rooms[number + 1]:
                return False
            if wished[number + 1].wait or any(wish.parallel for wish in wished):
                return False
            # A master who serves both tidies up and prepares in between, and the room is taken all the time.
            return len({way.master for task in tasks[number : number + 2] for way in task.ways}) > 1

        for number, task in enumerate(tasks):
            came, goes_on = stays(number - 1), stays(number)
            if not came and not goes_on:
                yield task
                continue
            yield task._replace(
                ways=tuple(
                    way._replace(
                        uses=tuple(
                            use._replace(
                                spans=tuple(
                                    (max(first, 0) if came else first, min(last, way.minutes) if goes_on else last)
                                    for first, last in use.spans
                                )
                            )
                            if use.pool and known >= set(use.pool)
                            else use
                            for use in way.uses
                        )
                    )
                    for way in task.ways
                )
            )

    @api.model
    def _allowed(self, product, days):
        """Return the spans in which the service may begin by its own rules; None is always."""
        service = product.product_tmpl_id
        weekdays = service._salon_weekdays()
        if not (service.start_earliest or service.start_latest or weekdays or service.notice_hours):
            return None
        company = self.env.company
        not_before = fields.Datetime.now() + timedelta(hours=service.notice_hours)
        spans = []
        for day, begin, end in days:
            if weekdays and day.weekday() not in weekdays:
                continue
            midnight = datetime.combine(day, time())
            first = company._salon_utc(midnight + timedelta(hours=service.start_earliest))
            last = end
            if service.start_latest:
                # A start at that very time is meant to be allowed.
                last = company._salon_utc(midnight + timedelta(hours=service.start_latest)) + timedelta(minutes=STEP)
            first = max(first, begin, not_before) if service.notice_hours else max(first, begin)
            if first < last:
                spans.append((first, min(last, end)))
        return tuple(spans)

    @api.model
    def _within(self, search, company, dates, weekdays, hour_from, hour_to):
        """Return the search with the starts that days of the week and hours of the salon's clock leave.

        :param dates: first and last local day
        :param weekdays: set of days, 0 is Monday
        :param hour_from: nothing begins before, ``hour_to``: nothing ends after
        """
        spans = self._hours_of(company, dates, weekdays, hour_from, hour_to)
        guests = tuple(
            tuple(
                task._replace(
                    ways=tuple(way._replace(allowed=_common(way.allowed, _starts(spans, way))) for way in task.ways)
                )
                for task in guest
            )
            for guest in search.request.guests
        )
        return search._replace(request=search.request._replace(guests=guests))

    @api.model
    def _hours_of(self, company, dates, weekdays, hour_from, hour_to):
        """Return the spans (naive UTC) that days of the week and hours leave, see ``_within``."""
        spans = []
        for day, begin, end in self._days(company, *dates):
            if day.weekday() not in weekdays:
                continue
            midnight = datetime.combine(day, time())
            after = company._salon_utc(midnight + timedelta(hours=hour_from))
            before = company._salon_utc(midnight + timedelta(hours=hour_to)) if hour_to < 24 else end
            spans.append((max(after, begin), min(before, end)))
        return spans

    @api.model
    def _busy(self, resource_ids, begin, end, without=None):
        """Return ``{resource id: {seat: [(start, stop)]}}`` of what is taken between two moments, by one query."""
        allocations = self.env["salon.allocation"]
        allocations.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT resource_id, seat, start, stop FROM salon_allocation
                    WHERE resource_id = ANY(%(ids)s) AND start < %(end)s AND start > %(low)s AND stop > %(begin)s
                      AND blocking AND (hold_until IS NULL OR hold_until > %(now)s)
                      AND (line_id IS NULL OR line_id != ALL(%(without)s))
                    ORDER BY resource_id, seat, start""",
                ids=[one for one in resource_ids if one > 0],
                begin=begin,
                end=end,
                low=begin - LONGEST,
                now=fields.Datetime.now(),
                without=list(without.ids) if without else [],
            )
        )
        busy = {}
        for resource_id, seat, *span in rows:
            busy.setdefault(resource_id, {}).setdefault(seat, []).append(tuple(span))
        return busy

    @api.model
    def _clients_busy(self, client_ids, begin, end, without=None):
        """Return ``{client id: [(start, stop)]}`` of the services that clients are booked for already."""
        if not client_ids:
            return {}
        lines = self.env["salon.visit.line"].sudo().search_fetch(
            [
                ("client_id", "in", list(client_ids)),
                ("state", "in", self.env["salon.visit"]._planned_states()),
                ("start", "<", end),
                ("stop", ">", begin),
                ("id", "not in", without.ids if without else []),
            ],
            ["client_id", "start", "stop"],
        )
        busy = defaultdict(list)
        for line in lines:
            busy[line.client_id.id].append((line.start, line.stop))
        return busy

    @api.model
    def _extra_busy(self, company, employees, begin, end):
        """Return ``{resource id: [(start, stop)]}`` of what else keeps masters away: their calendars."""
        if not company.salon_calendar_mirror:
            return {}
        busy = self.env["calendar.event"]._salon_busy(employees, begin, end)
        return {
            resource_id: spans
            for employee_id, spans in busy.items()
            for resource_id in self.env["hr.employee"].sudo().browse(employee_id).resource_id.ids
        }

    @api.model
    def _weights(self, company):
        """Return what the ranking of free times goes by, from the settings."""
        return Weights(
            gap=company.salon_weight_gap,
            change_master=company.salon_weight_change,
            wait=company.salon_weight_wait,
            preferred=company.salon_weight_preferred,
            load=company.salon_weight_load,
            off_peak=company.salon_weight_off_peak,
            mode=company.salon_gap_mode,
            useful=company.salon_gap_useful,
        )

    @api.model
    def _load(self, search):
        """Return ``{resource id: minutes booked}`` of the masters in the days searched, for a fair share of work."""
        return {one: search.board.busy_minutes(one) for one in search.employees}

    @api.model
    def _best(self, search, count, company, prefer=None, day=None):
        """Return up to ``count`` plans, the best first.

        :param prefer: hr.employee whom the client would rather have
        """
        preferred = set(prefer.sudo().resource_id.ids) if prefer else ()
        quiet = self._off_peak(company, search.board)
        return search.board.best(
            search.request, count, self._weights(company), preferred, self._load(search), quiet, day
        )

    @api.model
    def _off_peak(self, company, board):
        """Return the quiet hours of the board's days, in naive UTC."""
        hours = timedelta(hours=company.salon_off_peak_from), timedelta(hours=company.salon_off_peak_to)
        days = [datetime.combine(day, time()) for day, _start, _stop in board.days_searched if day.weekday() < 5]
        return [tuple(company._salon_utc(midnight + hour) for hour in hours) for midnight in days]

    @api.model
    def _nearest(self, search, wanted, company):
        """Return the plan nearest to ``wanted`` (naive UTC): the nearest day first, then the nearest time of day."""
        local = company._salon_local(wanted)

        def distance(start):
            other = company._salon_local(start)
            clock = abs((other.hour - local.hour) * 60 + other.minute - local.minute)
            return abs((other.date() - local.date()).days), clock, start

        starts = [slot.start for slot in search.board.slots(search.request)]
        start = min(starts, key=distance, default=None)
        return start and search.board.plan(search.request, start, self._weights(company))

    @api.model
    def _parts(self, search, plan):
        """Return what a plan comes to for each service, in the order of the wishes, as values of visit lines."""
        return [
            {
                "employee_id": search.employees[part.way.master],
                "start": fields.Datetime.to_string(part.start),
                "room_id": next((search.rooms[one] for one, _seat in part.seats if one in search.rooms), False),
            }
            for part in plan.parts
        ]

    @api.model
    def _taken_by(self, plan):
        """Return what a plan takes, as ``_search_times`` wants it of what is not in the book yet."""
        return [
            (one, seat, part.start + timedelta(minutes=first), part.start + timedelta(minutes=last))
            for part in plan.parts
            for use, (one, seat) in zip(part.way.uses, part.seats, strict=True)
            for first, last in use.spans
        ]

    @api.model
    def _places_text(self, parts):
        """Return who serves and where, as two texts."""
        masters = self.env["hr.employee"].sudo().browse(dict.fromkeys(part["employee_id"] for part in parts))
        rooms = self.env["salon.room"].sudo().browse(dict.fromkeys(filter(None, (part["room_id"] for part in parts))))
        return tuple(
            format_list(self.env, records.mapped("name")) if records else "" for records in (masters, rooms)
        )

    @api.model
    def _refusal_text(self, search, refusal, company, wishes):
        """Say in words why a time can't be had (see tools/refusal.py for the codes)."""
        if not refusal:
            return ""
        resource = self.env["resource.resource"].sudo().browse(refusal.resource or refusal.pool[:1])
        names = {
            "who": resource.name or "",
            "when": company._salon_format(refusal.moment, "d MMM HH:mm") if refusal.moment else "",
            "service": "",
        }
        if refusal.guest is not None:
            names["service"] = wishes[refusal.guest][refusal.task].product.display_name
        texts = {
            "off_step": self.env._("Times go in steps of five minutes."),
            "past": self.env._("That time has passed."),
            "too_soon": self.env._("It can be booked from %(when)s on.", **names),
            "too_far": self.env._("So far ahead nothing can be booked yet."),
            "not_allowed": self.env._("%(service)s does not begin at that time by its own rules.", **names),
            "no_shift": self.env._("Nobody who does %(service)s works then.", **names)
            if not resource
            else self.env._("%(who)s does not work then.", **names),
            "too_late": self.env._("%(service)s would not be finished before %(who)s's shift ends.", **names),
            "master_busy": self.env._("%(who)s is taken until %(when)s.", **names)
            if refusal.moment
            else self.env._("%(who)s is taken then.", **names),
            "no_room": self.env._("There is no free room or device for %(service)s.", **names),
            "together": self.env._("Each service could be had at that time, but not all of them together."),
        }
        if refusal.resource and refusal.resource < 0:
            return self.env._("The client is booked for another service then.")
        return texts[refusal.code]


def _starts(spans, way):
    """Return the spans in which a task may start so that, performed that way, it ends within ``spans``."""
    # A start at the very end of a span is meant to be allowed, so that the span of starts goes one step further.
    room = timedelta(minutes=way.minutes - STEP)
    return tuple((start, stop - room) for start, stop in spans if start < stop - room)


def _common(first, second):
    """Return where two lists of spans overlap; None is everywhere."""
    if first is None:
        return second
    return tuple(
        (max(one[0], other[0]), min(one[1], other[1]))
        for one in first
        for other in second
        if max(one[0], other[0]) < min(one[1], other[1])
    )
