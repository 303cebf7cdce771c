"""When can a visit be booked, who and where serves it, which time is the best, and why not at another.

Pure arithmetic without a database. All datetimes are naive UTC, durations are whole minutes. A board is divided into
cells of five minutes; times that fit no cell are rounded against us: what is busy outwards, what is worked inwards,
what a service needs outwards. Visits and tasks start on cells.

>>> from datetime import date, datetime
>>> day = datetime(2026, 3, 2)
>>> anna, cabin = 1, 2
>>> board = Board(
...     begin=day,
...     end=day.replace(day=3),
...     work={anna: [(day.replace(hour=10), day.replace(hour=12))], cabin: [(day, day.replace(day=3))]},
...     busy={anna: {1: [(day.replace(hour=10), day.replace(hour=10, minute=50))]}},
...     capacity={},
...     days=[(date(2026, 3, 2), day, day.replace(day=3))],
... )
>>> massage = Way(anna, 60, 0, 0, (Use((anna,), ((0, 60),)), Use((cabin,), ((0, 60),))))
>>> [slot.start.strftime("%H:%M") for slot in board.slots(Request(((Task((massage,)),),)))]
['10:50', '11:00']
"""

from datetime import datetime
from functools import lru_cache, partial, reduce
from heapq import heappush, heapreplace
from itertools import compress
from operator import add
from typing import NamedTuple

from . import bits
from .bits import FIVE, STEP
from .placing import Problem, Spot
from .ranking import Part, Plan, Pricing, Weights
from .refusal import Refusal, first_obstacle

__all__ = ["STEP", "Board", "Part", "Plan", "Refusal", "Request", "Slot", "Task", "Use", "Way", "Weights"]


class Use(NamedTuple):
    """One seat of any one resource of ``pool`` (ids), the same for all ``spans``: minutes (start, stop) counted from
    the start of the client's time, negative for preparation."""

    pool: tuple
    spans: tuple


class Way(NamedTuple):
    """A master (resource id) who can perform a task: ``minutes`` that the client stays, ``before`` to prepare and
    ``after`` to tidy up. ``uses[0]`` is the master's own time, with a pool of one. ``allowed`` is like the task's, for
    this way alone."""

    master: int
    minutes: int
    before: int
    after: int
    uses: tuple
    allowed: tuple | None = None


class Task(NamedTuple):
    """A service and the ways to perform it.

    It starts when the task before of the same guest ends (with the same master after his clean-up and preparation) or
    up to ``wait`` minutes later; when ``parallel`` together with it, by another master. ``allowed``: spans
    (start, stop) of datetimes in which it may start, the stop excluded; None is always.
    """

    ways: tuple
    wait: int = 0
    allowed: tuple | None = None
    parallel: bool = False


class Request(NamedTuple):
    """What is wanted: per guest the tasks in order; all guests start at the same moment.

    ``earliest`` and ``latest`` bound the start of the visit, both included. ``step`` is the grid in minutes, a multiple
    of five, counted from the start of each day. All uses whose pool is in ``same_room`` take the same resource.
    """

    guests: tuple
    earliest: datetime | None = None
    latest: datetime | None = None
    step: int = 15
    same_room: frozenset = frozenset()


class Slot(NamedTuple):
    """A start that can be booked; ``masters`` holds per task (guest by guest) the ids of those who can do it then."""

    start: datetime
    masters: tuple


class _Names(dict):
    """The ids that the bits of a byte stand for, worked out when first asked for."""

    def __init__(self, ids):
        super().__init__({0: ()})
        self.ids = ids

    def __missing__(self, code):
        last = code.bit_length() - 1
        self[code] = names = (*self[code ^ 1 << last], self.ids[last])
        return names


# The same few masters are asked for time and again.
_names = lru_cache(maxsize=256)(_Names)
_make_slot = partial(tuple.__new__, Slot)


class Board:
    """The working and busy time of a salon between two moments.

    :param begin: start of the first local day
    :param end: end of the last local day
    :param work: {resource: spans (start, stop)}: shifts of masters, opening hours of rooms; a resource that is missing
        never works
    :param busy: {resource: {seat: spans}}: what is taken; what is missing is free
    :param capacity: {resource: number of seats}; 1 when missing
    :param days: [(date, start, stop)]: the local days; slots start inside them
    """

    def __init__(self, begin, end, work, busy, capacity, days):
        self.begin, self.end = begin, end
        self.size = (end - begin) // FIVE
        self.everywhere = (1 << self.size) - 1
        self._work, self._busy, self._capacity, self._days = work, busy, capacity, days
        # What has been worked out so far; resources that nobody asks for cost nothing.
        self._free, self._worked, self._eroded, self._spots, self._problems = {}, {}, {}, {}, {}
        self._dates = self._inside = None

    def taking(self, taken):
        """Return the board on which this is taken as well.

        :param taken: list of (resource, seat, start, stop)
        """
        busy = dict(self._busy)
        for resource, seat, start, stop in taken:
            seats = busy[resource] = dict(busy.get(resource, {}))
            seats[seat] = [*seats.get(seat, ()), (start, stop)]
        return Board(self.begin, self.end, self._work, busy, self._capacity, self._days)

    # Time

    def moment(self, cell):
        return self.begin + cell * FIVE

    def _window(self, request):
        """Return the starts that the request's earliest and latest start leave."""
        first = 0 if request.earliest is None else bits.ceil_cell(request.earliest, self.begin)
        last = self.size if request.latest is None else bits.floor_cell(request.latest, self.begin) + 1
        return bits.between(first, min(last, self.size))

    def _cells_of(self, spans):
        """Return the starts that lie in ``spans``."""
        found = 0
        for start, stop in spans:
            found |= bits.between(bits.ceil_cell(start, self.begin), min(bits.ceil_cell(stop, self.begin), self.size))
        return found

    def _day_cells(self):
        """Return the days as (date, first, last) in cells, and the starts that lie in them."""
        if self._dates is None:
            self._dates, reach, first_cell, last_cell = [], 0, 0, 0
            before = None
            for day, start, stop in self._days:
                # Mostly a day begins when the one before ends.
                first = last_cell if start == before else bits.ceil_cell(start, self.begin)
                if first != last_cell:
                    reach |= bits.between(first_cell, min(last_cell, self.size))
                    first_cell = first
                before, last_cell = stop, bits.ceil_cell(stop, self.begin)
                self._dates.append((day, first, last_cell))
            self._inside = reach | bits.between(first_cell, min(last_cell, self.size))
        return self._dates, self._inside

    def _grid(self, step):
        """Return the starts on a grid of ``step`` minutes from each day's start."""
        if step % STEP or step <= 0:
            raise ValueError(f"The grid of {step} minutes is no multiple of {STEP}.")
        step //= STEP
        grid, begin, reach = 0, 0, 0
        for _day, first, last in self._day_cells()[0]:
            # Days on end make one comb when each is a whole number of steps.
            if first != reach or (first - begin) % step:
                grid |= bits.shifted(bits.comb(reach - begin, step), -begin)
                begin = first
            reach = last
        return (grid | bits.shifted(bits.comb(reach - begin, step), -begin)) & self.everywhere

    # What the search asks for

    def worked(self, resource):
        """Return the cells in which the resource works."""
        if resource not in self._worked:
            self._worked[resource] = bits.filled(self._work.get(resource, ()), self.begin, self.size)
        return self._worked[resource]

    def free(self, resource):
        """Return the free cells of each seat of the resource."""
        if resource not in self._free:
            work, busy = self.worked(resource), self._busy.get(resource, {})
            self._free[resource] = [
                work & ~bits.touched(busy[seat], self.begin, self.size) if seat in busy else work
                for seat in range(1, self._capacity.get(resource, 1) + 1)
            ]
        return self._free[resource]

    def eroded(self, resource, seat, length):
        """Return the cells from which the seat is free for ``length`` cells."""
        key = resource, seat, length
        if key not in self._eroded:
            self._eroded[key] = bits.eroded(self.free(resource)[seat - 1], length)
        return self._eroded[key]

    def spot(self, use):
        if use not in self._spots:
            self._spots[use] = Spot(self, use)
        return self._spots[use]

    def allowed(self, one):
        """Return the cells in which a task, or a way to perform it, may start."""
        return self.everywhere if one.allowed is None else self._cells_of(one.allowed)

    def run_before(self, master, cell):
        """Return how many cells in a row before ``cell`` the master is free."""
        return cell - (~self.free(master)[0] & ((1 << cell) - 1)).bit_length()

    def run_after(self, master, cell):
        """Return how many cells in a row from ``cell`` on the master is free."""
        taken = ~(self.free(master)[0] >> cell)
        return (taken & -taken).bit_length() - 1

    @property
    def days_searched(self):
        """The local days as the caller gave them."""
        return self._days

    def busy_minutes(self, resource):
        """Return how many minutes of the board are taken of the first seat of the resource."""
        spans = self._busy.get(resource, {}).get(1, ())
        taken = (min(stop, self.end) - max(start, self.begin) for start, stop in spans)
        return sum(int(span.total_seconds() // 60) for span in taken)

    def _problem(self, request, scope, key):
        """Return the solved problem; kept for as long as the board, for a request is asked about more than once."""
        if not request.guests or not all(request.guests):
            raise ValueError("Every guest of a request needs a task.")
        # The request is kept beside the answer, so that no other can get its id.
        kept = self._problems.get((id(request), key))
        if not kept:
            kept = self._problems[id(request), key] = request, Problem(self, request, scope).solve(request)
        return kept[1]

    # Answers

    def _offered(self, request, day=None):
        """Return the problem, per task {master: starts}, and the starts to offer: on the grid, and the ends of runs."""
        window = self._window(request)
        if day is not None:
            window &= self._cells_of((start, stop) for date, start, stop in self._days if date == day)
        # One cell more on each side tells whether a run ends there or is but cut by the window.
        scope = (window | window << 1 | window >> 1) & self.everywhere
        problem = self._problem(request, scope, day)
        columns = []
        offered = problem.starts & self._grid(request.step)
        for options in problem.tasks:
            column = {}
            for option in options:
                column[option.master] = column.get(option.master, 0) | problem.found[option.index]
            for found in column.values():
                offered |= bits.edges(found)
            columns.append(column)
        if day is None:
            window &= self._day_cells()[1]
        return problem, columns, offered & window

    def days(self, request):
        """Return the dates with any slot, in order."""
        _problem, _columns, offered = self._offered(request)
        return [day for day, first, last in self._day_cells()[0] if offered >> max(first, 0) & (1 << last - first) - 1]

    def slots(self, request, day=None):
        """Return the starts that can be booked, in order of time; with ``day`` (a date) those of that day only.

        A start is offered on the request's grid, and off it where the possible starts of a master begin or end: that
        is where a visit joins its neighbours without a rest.
        """
        _problem, columns, offered = self._offered(request, day)
        if not offered:
            return []
        first = (offered & -offered).bit_length() - 1
        offered >>= first
        size = offered.bit_length()
        chosen = bits.digits(offered, size)
        masters = []
        for column in columns:
            ids = tuple(column)
            lanes = bits.lanes([found >> first & offered for found in column.values()], size)
            if len(lanes) == 1:
                # Somebody can at every start offered: it has a code above 0, all others have 0.
                names = map(_names(ids).__getitem__, lanes[0].translate(None, b"\0"))
            else:
                parts = [
                    map(_names(ids[8 * number : 8 * number + 8]).__getitem__, compress(lane, chosen))
                    for number, lane in enumerate(lanes)
                ]
                names = reduce(partial(map, add), parts)
            masters.append(names)
        starts = map(self.moment(first).__add__, compress(bits.offsets(size), chosen))
        return list(map(_make_slot, zip(starts, zip(*masters, strict=True), strict=True)))

    def best(self, request, count, weights=None, prefer=(), load=None, off_peak=(), day=None):
        """Return up to ``count`` plans of different starts, the best first (see ranking.py).

        :param prefer: ids of preferred masters
        :param load: {master: minutes booked in the period over which work is to be shared fairly}
        :param off_peak: spans (start, stop); starts in them get a bonus
        :param day: a date, to look at that day only
        """
        weights = weights or Weights()
        problem, _columns, offered = self._offered(request, day)
        modes = (True, False) if weights.mode == "strict" else (False,)
        for strict in modes:
            plans = self._best(problem, offered, count, weights, prefer, load, off_peak, strict)
            if plans:
                break
        if plans and not strict and weights.mode == "strict":
            plans = [plan._replace(reasons=(*plan.reasons, "not_strict")) for plan in plans]
        return plans

    def _best(self, problem, offered, count, weights, prefer, load, off_peak, strict):
        pricing = Pricing(self, problem, weights, prefer, load, strict)
        quiet = self._cells_of(off_peak)
        bonus = round(weights.off_peak * 1000)
        kept = []
        while offered and count > 0:
            start = (offered & -offered).bit_length() - 1
            offered &= offered - 1
            is_quiet = quiet >> start & 1
            # The worst kept is the mark to beat; later starts lose a tie.
            limit = (-kept[0][0], -kept[0][1]) if len(kept) == count else None
            found = pricing.cheapest(start, limit, -bonus if is_quiet else 0)
            if found is None:
                continue
            entry = (-found[0], -found[1], -start, is_quiet, found)
            if len(kept) < count:
                heappush(kept, entry)
            else:
                heapreplace(kept, entry)
            if weights.mode == "off" and len(kept) == count:
                break
        order = (lambda entry: -entry[2]) if weights.mode == "off" else (lambda entry: [-one for one in entry[:3]])
        return [
            pricing.plan(found, -start, ("off_peak",) if is_quiet else ())
            for _price, _load, start, is_quiet, found in sorted(kept, key=order)
        ]

    def plan(self, request, start, weights=None, prefer=(), load=None, off_peak=()):
        """Return the cheapest plan that starts exactly at ``start``, on the grid or not; None when there is none."""
        cell = self._start_cell(request, start)
        if cell is None:
            return None
        weights = weights or Weights()
        problem = self._problem(request, 1 << cell, start)
        if not problem.starts:
            return None
        is_quiet = self._cells_of(off_peak) >> cell & 1
        base = -round(weights.off_peak * 1000) if is_quiet else 0
        for strict in (True, False) if weights.mode == "strict" else (False,):
            pricing = Pricing(self, problem, weights, prefer, load, strict)
            found = pricing.cheapest(cell, base=base)
            if found:
                break
        reasons = [
            *(["off_peak"] if is_quiet else []),
            *(["not_strict"] if weights.mode == "strict" and not strict else []),
        ]
        return pricing.plan(found, cell, reasons)

    def _start_cell(self, request, start):
        """Return the cell of a start that the request and the board allow, else None."""
        if (start - self.begin) % FIVE:
            return None
        cell = (start - self.begin) // FIVE
        return cell if cell >= 0 and self._window(request) >> cell & 1 else None

    # Reasons

    def why_not(self, request, start):
        """Return the Refusal of a visit at ``start``, None when it can be booked."""
        if (start - self.begin) % FIVE:
            return Refusal("off_step")
        if start < self.begin:
            return Refusal("past")
        if request.earliest is not None and start < request.earliest:
            return Refusal("too_soon", moment=request.earliest)
        if start >= self.end or (request.latest is not None and start > request.latest):
            return Refusal("too_far", moment=self.end if request.latest is None else min(request.latest, self.end))
        cell = (start - self.begin) // FIVE
        problem = self._problem(request, 1 << cell, start)
        if problem.starts:
            return None
        return first_obstacle(self, problem, cell)
