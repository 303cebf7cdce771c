"""The availability engine: examples that read as prose, and random salons against the oracle."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bits
from ..tools.availability import Board, Request, Task, Use, Way, Weights
from .availability_oracle import Oracle, Salon, minute, minutes_of

BERLIN = ZoneInfo("Europe/Berlin")
MASTERS, ROOMS, LASER = (1, 2, 3, 4), (11, 12, 13), 21
# A usual day, one of 23 hours and one of 25.
DAYS = (date(2026, 3, 3), date(2026, 3, 29), date(2026, 10, 25))
LENGTHS = (30, 5, 10, 15, 20, 45, 60, 7, 22, 48)


def patient(examples):
    """A busy machine is no failure."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
    )


def local_midnight(day):
    moment = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def board_of(salon):
    def moments(spans):
        return [
            (salon.begin + timedelta(minutes=start), salon.begin + timedelta(minutes=stop)) for start, stop in spans
        ]

    return Board(
        begin=salon.begin,
        end=salon.begin + timedelta(minutes=salon.length),
        work={resource: moments(spans) for resource, spans in salon.work.items()},
        busy={
            resource: {seat: moments(spans) for seat, spans in seats.items()} for resource, seats in salon.busy.items()
        },
        capacity=salon.capacity,
        days=[(day, *moments([(start, stop)])[0]) for day, start, stop in salon.days],
    )


@st.composite
def salons(draw):
    """Two local days, one of which may be short or long; a few hours around the change of the clock are worked."""
    first = draw(st.sampled_from(DAYS)) - timedelta(days=draw(st.integers(0, 1)))
    midnights = [local_midnight(first + timedelta(days=number)) for number in range(3)]
    starts = [int((midnight - midnights[0]).total_seconds()) // 60 for midnight in midnights]
    opening = draw(st.integers(-60, 60)) + draw(st.sampled_from((60, starts[1], starts[1] + 60)))
    spans = st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from((5, 15, 20, 33, 60))).map(
            lambda span: (opening + span[0], opening + span[0] + span[1])
        ),
        max_size=2,
    )
    shifts = st.tuples(st.integers(0, 60), st.integers(90, 210), st.sampled_from((0, 0, 0, 10, 37))).map(
        # A shift, now and then with a pause in it.
        lambda shift: [
            (opening + shift[0], opening + shift[0] + shift[1]),
            (opening + shift[0] + shift[1] + shift[2], opening + shift[0] + shift[1] + shift[2] + 30),
        ]
    )
    masters = MASTERS[: draw(st.sampled_from((3, 2, 4, 1)))]
    rooms = ROOMS[: draw(st.sampled_from((2, 3, 1)))]
    capacity = {room: draw(st.integers(1, 2)) for room in rooms}
    work = {master: draw(shifts) for master in masters}
    hours = draw(st.sampled_from(([(0, starts[2])], [(opening + 12, opening + 240)])))
    work |= dict.fromkeys((*rooms, LASER), hours)
    capacity[LASER] = draw(st.integers(1, 2))
    busy = {resource: {1: draw(spans)} for resource in (*masters, *rooms, LASER)}
    for room in rooms:
        if capacity[room] == 2:
            busy[room][2] = draw(spans)
    days = [(first + timedelta(days=number), starts[number], starts[number + 1]) for number in range(2)]
    return Salon(midnights[0], starts[2], work, busy, capacity, days)


def moments(salon):
    """Moments of the hours that are worked."""
    opening = min(spans[0][0] for resource, spans in salon.work.items() if resource in MASTERS)
    return st.integers(opening, opening + 240).map(lambda minutes: salon.begin + timedelta(minutes=minutes))


@st.composite
def limits(draw, salon):
    """In which a task, or a way of it, may start; mostly whenever."""
    start = draw(moments(salon))
    return draw(st.sampled_from((*[None] * 6, ((salon.begin, start),), ((start, start + timedelta(hours=5)),))))


@st.composite
def tasks(draw, salon, number, most=4):
    masters = [resource for resource in salon.work if resource in MASTERS]
    rooms = tuple(resource for resource in salon.work if resource in ROOMS)
    chosen = draw(st.lists(st.sampled_from(masters), min_size=min(2, len(masters)), max_size=most, unique=True))
    before, after = draw(st.sampled_from((0, 0, 5, 8))), draw(st.sampled_from((0, 0, 5, 10, 12)))
    active, processing, finishing = draw(st.sampled_from(LENGTHS)), draw(st.sampled_from((0, 0, 0, 20, 33))), 10
    pools = draw(st.lists(st.sampled_from((rooms, rooms, rooms[:1], rooms[::-1], (LASER,))), max_size=2))
    room_moves, split = draw(st.booleans()), draw(st.sampled_from((False, False, True)))
    ways = []
    for master in chosen:
        stays = active + draw(st.sampled_from((0, 0, 5)))
        minutes = stays + (processing + finishing if processing else 0)
        own = ((-before, stays), (stays + processing, minutes + after)) if processing else ((-before, minutes + after),)
        uses = [Use((master,), own)]
        span = ((0, minutes),) if room_moves else ((-before, minutes + after),)
        # A way for each room, as when every room has its own devices, or one way for all of them.
        choices = [[(room,) for room in pool] if split else [pool] for pool in pools[:1]] + [
            [pool] for pool in pools[1:]
        ]
        allowed = draw(limits(salon))
        ways += [
            Way(master, minutes, before, after, (*uses, *(Use(pool, span) for pool in chosen_pools)), allowed)
            for chosen_pools in product(*choices)
        ]
    return Task(
        tuple(ways),
        wait=draw(st.sampled_from((0, 0, 5, 12))) if number else 0,
        allowed=draw(limits(salon)),
        parallel=draw(st.sampled_from((False, False, True))) if number else False,
    )


@st.composite
def requests(draw, salon, shapes=((1,), (1,), (2,), (2,), (3,), (1, 1), (1, 1), (2, 1)), most=4):
    shape = draw(st.sampled_from(shapes))
    most = min(most, 2 if sum(shape) == 3 else 4)
    guests = tuple(tuple(draw(tasks(salon, number, most)) for number in range(count)) for count in shape)
    same_room = frozenset()
    if sum(shape) > 1 and draw(st.booleans()):
        same_room = frozenset({tuple(resource for resource in salon.work if resource in ROOMS)})
    return Request(
        guests,
        earliest=draw(st.sampled_from((None, None, None, 1))) and draw(moments(salon)),
        latest=draw(st.sampled_from((None, None, None, 1))) and draw(moments(salon)),
        step=draw(st.sampled_from((15, 15, 30, 5))),
        same_room=same_room,
    )


@st.composite
def cases(draw, **options):
    salon = draw(salons())
    return salon, draw(requests(salon, **options))


@tagged("post_install", "-at_install")
class TestBits(BaseCase):
    spans = st.lists(
        st.tuples(st.integers(-30, 300), st.integers(1, 60)).map(lambda span: (span[0], sum(span))), max_size=6
    )
    begin = datetime(2026, 3, 2)

    def cells(self, number):
        return {cell for cell in range(number.bit_length()) if number >> cell & 1}

    def moments(self, spans):
        return [(self.begin + timedelta(minutes=start), self.begin + timedelta(minutes=stop)) for start, stop in spans]

    @given(spans)
    def test_busy_is_rounded_outwards(self, spans):
        painted = self.cells(bits.touched(self.moments(spans), self.begin, 60))
        self.assertEqual(painted, {one // 5 for one in minutes_of(spans)} & set(range(60)))

    @given(spans)
    def test_work_is_rounded_inwards(self, spans):
        worked = minutes_of(spans)
        painted = self.cells(bits.filled(self.moments(spans), self.begin, 60))
        self.assertEqual(painted, {cell for cell in range(60) if worked >= set(range(5 * cell, 5 * cell + 5))})

    @given(st.integers(0, 2**70), st.integers(0, 20))
    def test_erosion_and_reach(self, number, length):
        free = self.cells(number)
        self.assertEqual(
            self.cells(bits.eroded(number, length)),
            {cell for cell in range(71) if all(cell + one in free for one in range(max(length, 1)))},
        )
        self.assertEqual(
            self.cells(bits.dilated(number, length)),
            {cell for cell in range(71) if any(cell + one in free for one in range(length + 1))},
        )
        self.assertEqual(
            self.cells(bits.spread(number, length)),
            {cell for cell in range(92) if any(cell - one in free for one in range(length + 1))},
        )
        self.assertEqual(self.cells(bits.edges(number)), {cell for cell in free if not {cell - 1, cell + 1} <= free})

    @given(st.lists(st.integers(0, 2**40 - 1), max_size=20))
    def test_lanes_tell_whose_bit_is_set(self, numbers):
        lanes = bits.lanes(numbers, 40)
        for number, whole in enumerate(numbers):
            for cell in range(40):
                self.assertEqual(lanes[number // 8][cell] >> number % 8 & 1, whole >> cell & 1)


@tagged("post_install", "-at_install")
class TestAgainstOracle(BaseCase):
    @patient(300)
    @given(cases())
    def test_slots_are_what_can_be_booked(self, case):
        salon, request = case
        board, oracle = board_of(salon), Oracle(salon, request)
        expected = oracle.slots()
        slots = board.slots(request)
        self.assertEqual(
            {minute(salon, slot.start): [set(masters) for masters in slot.masters] for slot in slots}, expected
        )
        self.assertEqual([slot.start for slot in slots], sorted(slot.start for slot in slots))
        dates = [day for day, first, last in salon.days if any(first <= start < last for start in expected)]
        self.assertEqual(board.days(request), dates)
        fresh = board_of(salon)
        self.assertEqual([slot for day, *_span in salon.days for slot in fresh.slots(request, day)], slots)
        for slot in slots:
            plan = board.plan(request, slot.start)
            self.assertEqual(oracle.faults(plan), [])

    @patient(150)
    @given(cases(), st.data())
    def test_at_any_start_there_is_a_plan_or_a_reason(self, case, data):
        salon, request = case
        board, oracle = board_of(salon), Oracle(salon, request)
        worked = sorted(minutes_of([span for resource in salon.work for span in salon.work[resource][:1]]))
        for _turn in range(4):
            start = data.draw(st.sampled_from(worked)) // 5 * 5
            moment = salon.begin + timedelta(minutes=start)
            possible = 0 <= start < salon.length and oracle.in_window(start) and oracle.masters(start)
            plan, refusal = board.plan(request, moment), board.why_not(request, moment)
            self.assertEqual(bool(plan), bool(possible))
            self.assertEqual(refusal is None, bool(possible))
            if plan:
                self.assertEqual((plan.start, oracle.faults(plan)), (moment, []))

    @patient(120)
    @given(cases(shapes=((1,), (2,), (1, 1), (2,)), most=3), st.data())
    def test_the_plan_is_the_cheapest_and_the_best_come_first(self, case, data):
        salon, request = case
        board, oracle = board_of(salon), Oracle(salon, request)
        weights = data.draw(st.sampled_from((Weights(), Weights(load=1), Weights(change_room=20, wait=1, useful=45))))
        prefer = data.draw(st.sampled_from(((), (1,), (2, 3))))
        load = {1: 120, 2: 30}
        slots = board.slots(request)
        for slot in slots[:: max(len(slots) // 4, 1)]:
            plan = board.plan(request, slot.start, weights, prefer, load)
            least = oracle.cheapest(minute(salon, slot.start), weights, prefer, load)
            self.assertAlmostEqual(plan.cost, least, delta=0.01)
        every = [board.plan(request, slot.start, weights, prefer, load) for slot in slots]
        best = board.best(request, 5, weights, prefer, load)
        self.assertEqual([plan.cost for plan in best], sorted(plan.cost for plan in every)[:5])
        self.assertEqual(len({plan.start for plan in best}), len(best))
        for plan in best:
            self.assertEqual(oracle.faults(plan), [])


ANNA, BELLA, CLARA = 1, 2, 3
CABIN, SECOND_CABIN, SUITE = 11, 12, 13
MONDAY = date(2026, 3, 2)


def at(clock, day=MONDAY):
    """The moment of a clock's time such as "10:30"; the salon of the examples lives in UTC."""
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time())


def spans_of(text):
    """Spans from "10:00-11:00 12:00-13:00"."""
    return [tuple(at(clock) for clock in span.split("-")) for span in text.split()]


def day_board(work, busy=None, capacity=None):
    """A board of one Monday, from texts: {resource: spans}, and for the busy ones {resource or (resource, seat)}."""
    taken = {}
    for key, text in (busy or {}).items():
        resource, seat = key if isinstance(key, tuple) else (key, 1)
        taken.setdefault(resource, {})[seat] = spans_of(text)
    begin, end = at("00:00"), at("00:00", date(2026, 3, 3))
    worked = {resource: spans_of(text) for resource, text in work.items()}
    return Board(begin, end, worked, taken, capacity or {}, [(MONDAY, begin, end)])


def service(masters, minutes, rooms=(), before=0, after=0, **options):
    """A task of so many minutes; its room is needed as long as its master."""
    span = ((-before, minutes + after),)
    uses = [Use(tuple(rooms), span)] if rooms else []
    ways = tuple(Way(master, minutes, before, after, (Use((master,), span), *uses)) for master in masters)
    return Task(ways, **options)


def visit(*tasks, **options):
    return Request((tasks,), **options)


def starts(board, request):
    return [slot.start.strftime("%H:%M") for slot in board.slots(request)]


@tagged("post_install", "-at_install")
class TestFreeTimes(BaseCase):
    def test_a_gap_that_fits_exactly_is_offered_off_the_grid(self):
        # Anna works 10 to 19 and has clients until 11:10 and from 12:10 on: one massage fits, and only at 11:10.
        board = day_board({ANNA: "10:00-19:00"}, {ANNA: "10:00-11:10 12:10-19:00"})
        self.assertEqual(starts(board, visit(service([ANNA], 60))), ["11:10"])
        self.assertEqual(board.slots(visit(service([ANNA], 60)))[0].masters, ((ANNA,),))
        self.assertEqual(starts(board, visit(service([ANNA], 65))), [])

    def test_a_visit_may_end_where_the_next_one_begins(self):
        # Free from 10:00 to 12:50: the quarters of an hour, and 11:50, which leaves nothing before the next client.
        board = day_board({ANNA: "10:00-19:00"}, {ANNA: "12:50-19:00"})
        found = starts(board, visit(service([ANNA], 60)))
        self.assertEqual(found, ["10:00", "10:15", "10:30", "10:45", "11:00", "11:15", "11:30", "11:45", "11:50"])

    def test_a_lead_time_makes_no_edge_of_its_own(self):
        board = day_board({ANNA: "10:00-12:00"})
        self.assertEqual(
            starts(board, visit(service([ANNA], 60), earliest=at("10:07"))), ["10:15", "10:30", "10:45", "11:00"]
        )
        self.assertEqual(starts(board, visit(service([ANNA], 60), latest=at("10:29"))), ["10:00", "10:15"])

    def test_odd_minutes_are_rounded_against_us(self):
        # A visit that ends at 10:58 and a shift that ends at 12:13 leave 11:00 to 12:10; 47 minutes need 50.
        board = day_board({ANNA: "10:00-12:13"}, {ANNA: "10:00-10:58"})
        self.assertEqual(starts(board, visit(service([ANNA], 47))), ["11:00", "11:15", "11:20"])

    def test_shifts_that_touch_are_one(self):
        board = day_board({ANNA: "10:00-11:03 11:03-12:00"})
        self.assertEqual(starts(board, visit(service([ANNA], 120))), ["10:00"])

    def test_each_slot_names_the_masters_who_can(self):
        board = day_board({ANNA: "10:00-12:00", BELLA: "11:00-13:00"})
        slots = {slot.start: slot.masters for slot in board.slots(visit(service([ANNA, BELLA], 60)))}
        self.assertEqual((slots[at("10:15")], slots[at("11:00")]), (((ANNA,),), ((ANNA, BELLA),)))
        self.assertEqual(slots[at("11:15")], ((BELLA,),))

    def test_two_masters_share_one_cabin(self):
        # Both masters are free all day; the cabin is taken until 11:20 and from 12:20 on.
        work = {ANNA: "10:00-19:00", BELLA: "10:00-19:00", CABIN: "08:00-20:00"}
        board = day_board(work, {CABIN: "10:00-11:20 12:20-20:00"})
        self.assertEqual(starts(board, visit(service([ANNA, BELLA], 60, [CABIN]))), ["11:20"])

    def test_the_client_is_not_moved_from_cabin_to_cabin(self):
        # Each cabin is free for half of the time; a treatment needs one of them for all of it.
        work = {ANNA: "10:00-11:00", CABIN: "08:00-20:00", SECOND_CABIN: "08:00-20:00"}
        board = day_board(work, {CABIN: "10:30-11:00", SECOND_CABIN: "10:00-10:30"})
        self.assertEqual(starts(board, visit(service([ANNA], 60, [CABIN, SECOND_CABIN]))), [])
        self.assertEqual(board.why_not(visit(service([ANNA], 60, [CABIN, SECOND_CABIN])), at("10:00")).code, "no_room")

    def test_while_the_colour_works_the_master_serves_another(self):
        # Forty minutes of colouring, thirty of waiting, fifteen of rinsing; meanwhile Anna cuts somebody else.
        way = Way(ANNA, 85, 0, 0, (Use((ANNA,), ((0, 40), (70, 85))),))
        board = day_board({ANNA: "10:00-11:25"}, {ANNA: "10:40-11:10"})
        self.assertEqual(starts(board, visit(Task((way,)))), ["10:00"])

    def test_preparation_and_tidying_up_are_part_of_the_shift(self):
        board = day_board({ANNA: "10:00-12:00"})
        self.assertEqual(starts(board, visit(service([ANNA], 90, before=10, after=10))), ["10:10", "10:15", "10:20"])

    def test_the_same_master_tidies_up_between_two_services(self):
        # 30 minutes, 10 to tidy, 5 to prepare, 30 minutes: from 10:05 to 11:20 with the ends.
        first, second = service([ANNA], 30, after=10), service([ANNA], 30, before=5, after=10)
        board = day_board({ANNA: "10:00-11:25"})
        plan = board.plan(visit(first, second), at("10:00"))
        self.assertEqual([part.start for part in plan.parts], [at("10:00"), at("10:45")])
        self.assertIsNone(day_board({ANNA: "10:00-11:20"}).plan(visit(first, second), at("10:00")))
        # Another master begins at once.
        board = day_board({ANNA: "10:00-11:25", BELLA: "10:00-11:00"})
        second = service([BELLA], 30, before=5)
        self.assertEqual(board.plan(visit(first, second), at("10:00")).parts[1].start, at("10:30"))

    def test_a_client_waits_as_long_as_the_service_allows(self):
        # Anna is through at 11:00, Bella comes free at 11:10.
        board = day_board({ANNA: "10:00-11:00", BELLA: "10:00-14:00"}, {BELLA: "10:00-11:10"})
        self.assertEqual(starts(board, visit(service([ANNA], 60), service([BELLA], 30))), [])
        self.assertEqual(starts(board, visit(service([ANNA], 60), service([BELLA], 30, wait=5))), [])
        patient_visit = visit(service([ANNA], 60), service([BELLA], 30, wait=10))
        self.assertEqual(starts(board, patient_visit), ["10:00"])
        self.assertEqual(board.plan(patient_visit, at("10:00")).parts[1].start, at("11:10"))

    def test_hands_and_feet_at_once_need_two_masters(self):
        both = visit(service([ANNA, BELLA], 60), service([ANNA, BELLA], 45, parallel=True))
        board = day_board({ANNA: "10:00-11:00", BELLA: "10:00-11:00"})
        self.assertEqual(board.slots(both), [(at("10:00"), ((ANNA, BELLA), (ANNA, BELLA)))])
        self.assertEqual(len({part.way.master for part in board.plan(both, at("10:00")).parts}), 2)
        self.assertEqual(starts(day_board({ANNA: "10:00-13:00"}), both), [])

    def test_a_couple_needs_two_masters_and_the_suite(self):
        rooms = (CABIN, SUITE)
        work = {ANNA: "10:00-13:00", BELLA: "11:00-13:00", CABIN: "08:00-20:00", SUITE: "08:00-20:00"}
        massage = service([ANNA, BELLA], 60, rooms)
        couple = Request(((massage,), (massage,)), same_room=frozenset({rooms}))
        board = day_board(work, {(SUITE, 2): "12:00-12:30"}, {SUITE: 2})
        # Bella comes at 11; at 12 one place of the suite is taken. Apart they would have the cabin.
        self.assertEqual(starts(board, couple), ["11:00"])
        self.assertEqual(
            starts(board, couple._replace(same_room=frozenset())), ["11:00", "11:15", "11:30", "11:45", "12:00"]
        )
        plan = board.plan(couple, at("11:00"))
        self.assertEqual({part.seats[1] for part in plan.parts}, {(SUITE, 1), (SUITE, 2)})
        self.assertEqual({part.way.master for part in plan.parts}, {ANNA, BELLA})

    def test_a_couple_in_cabins_with_devices_of_their_own(self):
        # Each cabin has its own device, so that each is a way of its own: the two guests get one each.
        ways = tuple(way for cabin in (CABIN, SECOND_CABIN) for way in service([ANNA, BELLA], 60, [cabin]).ways)
        couple = Request(((Task(ways),), (Task(ways),)))
        hours = dict.fromkeys((ANNA, BELLA, CABIN, SECOND_CABIN), "10:00-11:00")
        board = day_board(hours)
        self.assertEqual(board.slots(couple), [(at("10:00"), ((ANNA, BELLA), (ANNA, BELLA)))])
        plan = board.plan(couple, at("10:00"))
        self.assertEqual({part.seats[1] for part in plan.parts}, {(CABIN, 1), (SECOND_CABIN, 1)})
        self.assertEqual(starts(day_board(hours, {CABIN: "10:30-11:00"}), couple), [])
        # Anna needs the first cabin; Clara too, and Bella, who has the second, comes when Anna has gone.
        either = Task((*service([BELLA], 60, [SECOND_CABIN]).ways, *service([CLARA], 60, [CABIN]).ways))
        mixed = Request(((service([ANNA], 60, [CABIN]),), (either,)))
        hours = {ANNA: "10:00-11:00", CLARA: "10:00-11:00", CABIN: "08:00-20:00", SECOND_CABIN: "08:00-20:00"}
        self.assertEqual(starts(day_board({**hours, BELLA: "11:00-19:00"}), mixed), [])
        self.assertEqual(starts(day_board({**hours, BELLA: "10:00-19:00"}), mixed), ["10:00"])

    def test_all_in_one_cabin_when_the_client_is_not_to_move(self):
        # Each cabin is free for one of the two hours only.
        rooms = (CABIN, SECOND_CABIN)
        board = day_board(
            {ANNA: "10:00-12:00", CABIN: "10:00-11:00", SECOND_CABIN: "11:00-12:00"},
        )
        request = visit(service([ANNA], 60, rooms), service([ANNA], 60, rooms))
        self.assertEqual(starts(board, request), ["10:00"])
        self.assertEqual(starts(board, request._replace(same_room=frozenset({rooms}))), [])

    def test_a_cabin_that_is_being_tidied_is_no_place_for_the_next_service(self):
        # Anna's treatment leaves the only cabin to be tidied for ten minutes; Bella's can't begin in it at once.
        work = {ANNA: "10:00-12:00", BELLA: "10:00-12:00", CABIN: "08:00-20:00", SECOND_CABIN: "11:00-20:00"}
        first, second = service([ANNA], 60, [CABIN], after=10), service([BELLA], 30, [CABIN])
        self.assertEqual(day_board(work).why_not(visit(first, second), at("10:00")).code, "together")
        second = service([BELLA], 30, [CABIN, SECOND_CABIN])
        plan = day_board(work).plan(visit(first, second), at("10:00"))
        self.assertEqual([part.seats[1] for part in plan.parts], [(CABIN, 1), (SECOND_CABIN, 1)])

    def test_a_client_waits_for_the_second_cabin(self):
        # Anna's cabin is tidied until 11:20, the second one opens at 11:10: Bella's service begins there.
        rooms = (CABIN, SECOND_CABIN)
        work = {ANNA: "10:00-11:20", BELLA: "10:00-12:00", CABIN: "08:00-20:00", SECOND_CABIN: "11:10-20:00"}
        request = visit(service([ANNA], 60, rooms, after=20), service([BELLA], 30, rooms, wait=15))
        board = day_board(work)
        self.assertEqual(starts(board, request), ["10:00"])
        part = board.plan(request, at("10:00")).parts[1]
        self.assertEqual((part.start, part.seats[1]), (at("11:10"), (SECOND_CABIN, 1)))

    def test_the_night_the_clock_goes_forward_has_no_half_past_two(self):
        day = date(2026, 3, 29)
        begin, end = local_midnight(day), local_midnight(date(2026, 3, 30))
        board = Board(begin, end, {ANNA: [(begin, end)]}, {}, {}, [(day, begin, end)])
        slots = board.slots(visit(service([ANNA], 60), step=30))
        clocks = [slot.start.replace(tzinfo=ZoneInfo("UTC")).astimezone(BERLIN).strftime("%H:%M") for slot in slots]
        self.assertEqual(clocks[:6], ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"])
        self.assertEqual((len(clocks), clocks[-1]), (2 * 22 + 1, "23:00"))

    def test_days_with_a_slot(self):
        days = [MONDAY + timedelta(days=number) for number in range(3)]
        spans = [(day, at("00:00", day), at("00:00", day + timedelta(days=1))) for day in days]
        work = {ANNA: [(at("10:00", day), at("12:00", day)) for day in (days[0], days[2])]}
        board = Board(spans[0][1], spans[2][2], work, {}, {}, spans)
        request = visit(service([ANNA], 60))
        self.assertEqual(board.days(request), [days[0], days[2]])
        self.assertEqual(len(board.slots(request, days[2])), 5)
        self.assertEqual(board.slots(request, days[1]), [])
        # A day the salon is closed is no day of the board's.
        self.assertEqual(Board(spans[0][1], spans[2][2], work, {}, {}, spans[:1]).days(request), [days[0]])

    def test_many_masters_have_their_names(self):
        masters = range(1, 20)
        board = day_board({master: f"10:00-1{1 + master % 3}:00" for master in masters})
        slots = board.slots(visit(service(masters, 60)))
        for slot, least in ((slots[0], 0), (slots[-1], 2)):
            self.assertEqual(slot.masters, (tuple(master for master in masters if master % 3 >= least),))

    def test_a_request_that_makes_no_sense_is_refused(self):
        board = day_board({ANNA: "10:00-12:00"})
        with self.assertRaisesRegex(ValueError, "no multiple of 5"):
            board.slots(visit(service([ANNA], 60), step=12))
        with self.assertRaisesRegex(ValueError, "needs a task"):
            board.slots(Request(((),)))


@tagged("post_install", "-at_install")
class TestBestTimes(BaseCase):
    def best(self, board, request, count=20, **options):
        return [plan.start.strftime("%H:%M") for plan in board.best(request, count, **options)]

    def test_times_that_join_a_neighbour_come_first(self):
        # Anna is free from 10:00 to 13:00 between two clients. An hour at either end leaves two hours in one piece; at
        # 11:00 it leaves an hour on both sides; at 10:15 a quarter that nobody can use.
        board = day_board({ANNA: "09:00-19:00"}, {ANNA: "09:00-10:00 13:00-19:00"})
        found = self.best(board, visit(service([ANNA], 60)))
        self.assertEqual(found[:2], ["10:00", "12:00"])
        self.assertEqual(found[2], "11:00")
        self.assertEqual(set(found[-2:]), {"10:15", "11:45"})
        plans = board.best(visit(service([ANNA], 60)), 1)
        self.assertEqual((plans[0].reasons, plans[0].cost), (("beside",), 1.25))

    def test_the_gap_that_is_filled_is_the_best(self):
        board = day_board({ANNA: "09:00-19:00"}, {ANNA: "09:00-10:00 13:00-15:10 16:10-19:00"})
        plan = board.best(visit(service([ANNA], 60)), 1)[0]
        self.assertEqual((plan.start, plan.cost, plan.reasons), (at("15:10"), 0, ("fits",)))

    def test_strict_hides_useless_rests_and_gives_way_when_nothing_is_left(self):
        strict = Weights(mode="strict")
        board = day_board({ANNA: "10:00-12:00"})
        self.assertEqual(
            sorted(self.best(board, visit(service([ANNA], 60)), weights=strict)), ["10:00", "10:30", "11:00"]
        )
        board = day_board({ANNA: "10:00-11:20"})
        plans = board.best(visit(service([ANNA], 60)), 5, strict)
        self.assertEqual([plan.start for plan in plans], [at("10:00"), at("10:20"), at("10:15")])
        self.assertTrue(all("not_strict" in plan.reasons for plan in plans))
        self.assertEqual(board.plan(visit(service([ANNA], 60)), at("10:00"), strict).reasons, ("beside", "not_strict"))

    def test_off_is_the_order_of_time(self):
        board = day_board({ANNA: "10:00-12:00"}, {ANNA: "10:00-10:10"})
        self.assertEqual(
            self.best(board, visit(service([ANNA], 60)), 3, weights=Weights(mode="off")), ["10:10", "10:15", "10:30"]
        )

    def test_a_preferred_master_is_worth_a_rest(self):
        board = day_board({ANNA: "10:00-11:00", BELLA: "10:00-13:00"})
        request = visit(service([ANNA, BELLA], 60))
        self.assertEqual(board.best(request, 1)[0].parts[0].way.master, ANNA)
        plan = board.best(request, 1, prefer={BELLA})[0]
        self.assertEqual((plan.parts[0].way.master, "preferred" in plan.reasons), (BELLA, True))

    def test_among_equals_the_least_loaded_master_is_next(self):
        board = day_board(dict.fromkeys((ANNA, BELLA, CLARA), "10:00-18:00"))
        request = visit(service([ANNA, BELLA, CLARA], 60))
        load = {ANNA: 120, BELLA: 60, CLARA: 90}
        turns = []
        for _turn in range(6):
            master = board.plan(request, at("12:00"), load=load).parts[0].way.master
            load[master] += 60
            turns.append(master)
        self.assertEqual(turns, [BELLA, CLARA, ANNA, BELLA, CLARA, ANNA])
        # Given a weight, the load outweighs what is left beside it.
        board = day_board({ANNA: "10:00-11:00", BELLA: "10:00-13:00"})
        self.assertEqual(
            board.plan(visit(service([ANNA, BELLA], 60)), at("10:00"), load=load).parts[0].way.master, ANNA
        )
        heavy = board.plan(visit(service([ANNA, BELLA], 60)), at("10:00"), Weights(load=5), load={ANNA: 300})
        self.assertEqual(heavy.parts[0].way.master, BELLA)

    def test_quiet_hours_get_a_bonus(self):
        board = day_board({ANNA: "10:00-19:00"})
        quiet = spans_of("14:00-15:00")
        plan = board.best(visit(service([ANNA], 60)), 1, off_peak=quiet)[0]
        self.assertEqual((plan.start.hour, "off_peak" in plan.reasons), (14, True))
        same = board.plan(visit(service([ANNA], 60)), plan.start, off_peak=quiet)
        self.assertEqual(same, plan)

    def test_a_guest_stays_with_the_master_and_in_the_cabin(self):
        rooms = (CABIN, SECOND_CABIN)
        board = day_board(
            {ANNA: "10:00-12:00", BELLA: "10:00-12:00", CABIN: "08:00-20:00", SECOND_CABIN: "08:00-20:00"}
        )
        cut, colour = service([ANNA, BELLA], 60, rooms), service([BELLA, ANNA], 60, rooms[::-1])
        plan = board.plan(visit(cut, colour), at("10:00"))
        self.assertEqual(len({part.way.master for part in plan.parts}), 1)
        self.assertEqual(len({part.seats[1] for part in plan.parts}), 1)
        self.assertEqual((plan.cost, plan.reasons), (0, ("fits", "one_master", "one_room")))

    def test_plans_are_of_different_starts_and_no_more_than_asked_for(self):
        board = day_board({ANNA: "10:00-19:00", BELLA: "10:00-19:00"})
        found = self.best(board, visit(service([ANNA, BELLA], 60)), 7)
        self.assertEqual((len(found), len(set(found))), (7, 7))
        self.assertEqual(self.best(board, visit(service([ANNA, BELLA], 60)), 0), [])
        self.assertEqual(self.best(board, visit(service([CLARA], 60)), 3), [])


@tagged("post_install", "-at_install")
class TestWhyNot(BaseCase):
    def refusal(self, board, request, clock):
        return board.why_not(request, at(clock))

    def test_the_time_itself_is_out_of_reach(self):
        board = day_board({ANNA: "10:00-19:00"})
        request = visit(service([ANNA], 60), earliest=at("11:00"), latest=at("16:00"))
        self.assertEqual(self.refusal(board, request, "10:00")[:3], ("too_soon", None, at("11:00")))
        self.assertEqual(self.refusal(board, request, "16:05")[:3], ("too_far", None, at("16:00")))
        self.assertIsNone(self.refusal(board, request, "16:00"))
        self.assertEqual(board.why_not(request, at("12:00", date(2026, 3, 1))).code, "past")
        self.assertEqual(board.why_not(visit(service([ANNA], 60)), at("12:00", date(2026, 3, 4))).code, "too_far")
        self.assertEqual(board.why_not(request, at("12:03")).code, "off_step")
        self.assertIsNone(board.plan(request, at("12:03")))

    def test_the_service_itself_may_not_start_so_late(self):
        colour = service([ANNA], 60, allowed=tuple(spans_of("10:00-15:01")))
        board = day_board({ANNA: "10:00-19:00"})
        self.assertIsNone(self.refusal(board, visit(colour), "15:00"))
        self.assertEqual(self.refusal(board, visit(colour), "15:05").code, "not_allowed")

    def test_nobody_works_then(self):
        board = day_board({ANNA: "10:00-13:00 14:00-19:00"})
        request = visit(service([ANNA], 60, before=10))
        self.assertEqual(self.refusal(board, request, "10:00")[:3], ("no_shift", ANNA, at("10:00")))
        self.assertEqual(self.refusal(board, request, "13:30")[:3], ("no_shift", ANNA, at("14:00")))
        self.assertEqual(self.refusal(board, request, "20:00")[:3], ("no_shift", ANNA, None))
        self.assertEqual(self.refusal(board, visit(service([BELLA], 60)), "12:00").code, "no_shift")
        self.assertEqual(self.refusal(board, visit(service([], 60)), "12:00").code, "no_shift")

    def test_the_shift_ends_too_soon(self):
        board = day_board({ANNA: "10:00-13:00 14:00-19:00"})
        self.assertEqual(self.refusal(board, visit(service([ANNA], 60)), "12:15")[:3], ("too_late", ANNA, at("13:00")))

    def test_the_master_is_busy_until(self):
        board = day_board({ANNA: "10:00-19:00"}, {ANNA: "12:00-12:40 12:40-13:10 18:00-19:00"})
        request = visit(service([ANNA], 60))
        self.assertEqual(self.refusal(board, request, "11:30")[:3], ("master_busy", ANNA, at("13:10")))
        self.assertEqual(self.refusal(board, request, "18:00")[:3], ("master_busy", ANNA, at("19:00")))

    def test_of_several_masters_the_one_who_comes_nearest_is_told(self):
        work = {ANNA: "10:00-12:00", BELLA: "10:00-19:00", CABIN: "08:00-20:00"}
        request = visit(service([ANNA, BELLA], 60, [CABIN]))
        board = day_board(work, {BELLA: "14:00-15:00"})
        self.assertEqual(self.refusal(board, request, "14:00")[:2], ("master_busy", BELLA))
        board = day_board(work, {CABIN: "14:00-15:00"})
        self.assertEqual(self.refusal(board, request, "14:00"), ("no_room", CABIN, None, 0, 0, (CABIN,)))

    def test_the_task_in_the_way_is_named(self):
        board = day_board({ANNA: "10:00-19:00", BELLA: "10:00-19:00"}, {BELLA: "11:00-11:30"})
        request = visit(service([ANNA], 60), service([BELLA], 30))
        refusal = self.refusal(board, request, "10:00")
        self.assertEqual((refusal.code, refusal.task, refusal.moment), ("master_busy", 1, at("11:30")))
        couple = Request(((service([ANNA], 60),), (service([ANNA], 30), service([BELLA], 30))))
        self.assertEqual(self.refusal(board, couple, "12:00").code, "together")
        self.assertEqual(self.refusal(board, couple, "10:35")[3:5], (1, 1))
