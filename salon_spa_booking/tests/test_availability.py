"""The availability engine: examples that read as prose, and random salons against the oracle."""

from datetime import date, datetime, timedelta
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
def tasks(draw, salon, number, most=4):
    masters = [resource for resource in salon.work if resource in MASTERS]
    rooms = tuple(resource for resource in salon.work if resource in ROOMS)
    chosen = draw(st.lists(st.sampled_from(masters), min_size=min(2, len(masters)), max_size=most, unique=True))
    before, after = draw(st.sampled_from((0, 0, 5, 8))), draw(st.sampled_from((0, 0, 5, 10, 12)))
    active, processing, finishing = draw(st.sampled_from(LENGTHS)), draw(st.sampled_from((0, 0, 0, 20, 33))), 10
    pools = draw(st.lists(st.sampled_from((rooms, rooms, rooms[:1], rooms[::-1], (LASER,))), max_size=2))
    room_moves = draw(st.booleans())
    ways = []
    for master in chosen:
        stays = active + draw(st.sampled_from((0, 0, 5)))
        minutes = stays + (processing + finishing if processing else 0)
        own = ((-before, stays), (stays + processing, minutes + after)) if processing else ((-before, minutes + after),)
        uses = [Use((master,), own)]
        uses += [Use(pool, ((0, minutes),) if room_moves else ((-before, minutes + after),)) for pool in pools]
        ways.append(Way(master, minutes, before, after, tuple(uses)))
    start = draw(moments(salon))
    allowed = draw(st.sampled_from((*[None] * 6, ((salon.begin, start),), ((start, start + timedelta(hours=5)),))))
    return Task(
        tuple(ways),
        wait=draw(st.sampled_from((0, 0, 5, 12))) if number else 0,
        allowed=allowed,
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
