"""Which client suits which free window, at what time, and how well.

Pure arithmetic without a database; what can be booked when is asked of the availability engine beforehand.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

from . import bits
from .assignment import CHANCE_WAITING, expected_value


class Window(NamedTuple):
    """An idle span of a master inside the working time; naive UTC."""

    employee_id: int
    start: datetime
    stop: datetime

    @property
    def minutes(self):
        return int((self.stop - self.start).total_seconds() // 60)


class Candidate(NamedTuple):
    """A client who could come for one or several services in a row with one master.

    ``source`` and ``source_id`` name where the wish comes from, the due list or the waitlist. ``ticket`` is what a
    visit brings. The habit (usual master, weekday from 0 for Monday, hour) may be unknown. ``employee_ids``, ``times``
    (spans in naive UTC that hold the whole visit) and ``declined`` starts bind who asked for certain ones; None is any.
    """

    source: str
    source_id: int
    client_id: int
    product_ids: tuple
    ticket: float
    employee_id: int | None = None
    weekday: int | None = None
    hour: int | None = None
    days_overdue: int = 0
    intervals: float = 0.0
    employee_ids: frozenset | None = None
    times: tuple | None = None
    declined: frozenset = frozenset()


class Treatment(NamedTuple):
    """Services of one master: the sorted starts that can be booked, and the minutes that the master needs before a
    start (``lead``) and from it on (``tail``), and the client from it on (``stay``)."""

    starts: list
    lead: timedelta
    tail: timedelta
    stay: timedelta
    guest: tuple


class Fit(NamedTuple):
    """A candidate in a window: when, how well by the habit, and what asking is worth."""

    candidate: Candidate
    window: Window
    start: datetime
    stop: datetime
    value: float
    weekday_fits: bool | None
    hours_off: float | None
    master_fits: bool | None


class Matcher:
    """Finds the starts of candidates in windows.

    :param treatments: {(product ids, employee id): Treatment}
    :param local: function that turns naive UTC into the salon's wall clock
    :param shortest: {employee id: minutes of the shortest service}; what is left beside a visit and shorter is lost
    :param busy: {client id: spans for which the client is booked already}
    """

    def __init__(self, treatments, local, shortest, busy):
        self.treatments, self.local, self.shortest, self.busy = treatments, local, shortest, busy
        # Many clients of the same hour ask for the same service in the same window.
        self._known = {}

    def fits(self, candidate, window, count=1):
        """Return up to ``count`` :class:`Fit`, the best first: half of them the best ones, the others spread over the
        window, so that several services find places beside one another."""
        treatment = self.treatments.get((candidate.product_ids, window.employee_id))
        if not treatment or (candidate.employee_ids and window.employee_id not in candidate.employee_ids):
            return []
        if candidate.times is None and not candidate.declined and candidate.client_id not in self.busy:
            key = candidate.product_ids, candidate.hour, window
            if key not in self._known:
                self._known[key] = self._sorted(treatment, window, candidate.hour, self._starts(treatment, window))
            rated = self._known[key]
        else:
            starts = [one for one in self._starts(treatment, window) if self._suits(candidate, treatment, one)]
            rated = self._sorted(treatment, window, candidate.hour, starts)
        if len(rated) > count > 1:
            best, rest = rated[: count // 2], sorted(rated[count // 2 :], key=lambda one: one[1])
            wanted = count - len(best)
            rated = [*best, *(rest[round(n * (len(rest) - 1) / max(wanted - 1, 1))] for n in range(wanted))]
        return [self._fit(candidate, window, treatment, *one) for one in rated[:count]]

    def _starts(self, treatment, window):
        """Return the starts at which the master's time for the services lies within the window."""
        first = bisect_left(treatment.starts, window.start + treatment.lead)
        return treatment.starts[first : bisect_right(treatment.starts, window.stop - treatment.tail)]

    def _suits(self, candidate, treatment, start):
        stop = start + treatment.stay
        return (
            start not in candidate.declined
            and (candidate.times is None or any(low <= start and stop <= high for low, high in candidate.times))
            and all(stop <= low or high <= start for low, high in self.busy.get(candidate.client_id, ()))
        )

    def _sorted(self, treatment, window, hour, starts):
        """Return ``[(hours off, start, weekday)]``: near the usual hour, then without useless rests, then early."""
        shortest = timedelta(minutes=self.shortest.get(window.employee_id, 0))
        rated = []
        for start in starts:
            clock = self.local(start)
            off = None
            if hour is not None:
                off = max(0.0, abs(clock.hour + clock.minute / 60 - hour - 0.5) - 0.5)
            rests = (start - treatment.lead - window.start, window.stop - start - treatment.tail)
            lost = sum((rest for rest in rests if rest < shortest), timedelta())
            rated.append((-expected_value(1, 0, None, off, None), lost, start, off, clock.weekday()))
        return [(off, start, weekday) for _worth, _lost, start, off, weekday in sorted(rated, key=lambda one: one[:3])]

    def _fit(self, candidate, window, treatment, off, start, weekday):
        weekday_fits = None if candidate.weekday is None else weekday == candidate.weekday
        master_fits = None if candidate.employee_id is None else window.employee_id == candidate.employee_id
        if candidate.source == "due":
            value = expected_value(candidate.ticket, candidate.intervals, weekday_fits, off, master_fits)
        else:
            value = candidate.ticket * CHANCE_WAITING
        return Fit(candidate, window, start, start + treatment.stay, value, weekday_fits, off, master_fits)


def needs(board, guest, start):
    """Yield ``(pool, cell)`` of all that a guest's tasks take of a board, one after the other from ``start`` on.

    The pool is that of all ways of a task together, so that this may promise too much where devices stand in rooms;
    the engine has the last word.
    """
    before = None
    for task in guest:
        way = task.ways[0]
        if before:
            start += timedelta(minutes=before.minutes + before.after + way.before)
        before = way
        for number, use in enumerate(way.uses):
            pool = frozenset(one for own in task.ways for one in own.uses[number].pool)
            for first, last in use.spans:
                low = bits.floor_cell(start + timedelta(minutes=first), board.begin)
                high = bits.ceil_cell(start + timedelta(minutes=last), board.begin)
                for cell in range(low, high):
                    yield pool, cell


def seats(board, pool, cell):
    """Return how many seats of a pool are free in a cell."""
    return sum(free >> cell & 1 for resource in pool for free in board.free(resource))
