"""Arithmetic of shifts without a database: patterns into spans, spans with spans.

A span is a pair ``(start, stop)`` with ``start < stop``, half open: it holds its start and not its stop. The functions
on spans take anything that compares (datetimes here). Hours of a day are minutes since its midnight; a shift whose end
is not later than its start ends on the next day, so that 22:00-06:00 is a night shift and 10:00-10:00 lasts 24 hours.
"""

from collections import namedtuple
from datetime import datetime, time, timedelta
from itertools import pairwise

from .timeline import inside, overlaps

DAY = 24 * 60
#: A shift that begins earlier or lasts longer (minutes) is more often a slip of the hand than meant.
USUAL_START, USUAL_LENGTH = 5 * 60, 14 * 60

#: What ``plan`` decides: spans to create, shifts to keep, shifts to remove, wanted spans that a kept shift is in the
#: way of, wanted spans left out for a leave, wanted spans that a leave cuts in part.
Plan = namedtuple("Plan", "create keep remove blocked on_leave cut")


def minutes(hour):
    """Turn hours as Odoo's float (9.5) into minutes (570)."""
    return round(hour * 60)


def day_span(date, minute_from, minute_to):
    """Return the local span ``(start, stop)`` of a shift that starts on ``date``; naive datetimes."""
    midnight = datetime.combine(date, time.min)
    if minute_to <= minute_from:
        minute_to += DAY
    return midnight + timedelta(minutes=minute_from), midnight + timedelta(minutes=minute_to)


def span_minutes(date, start, stop):
    """The inverse of ``day_span``: minutes from and to of a local span that starts on ``date``, both in 0..1440."""
    midnight = datetime.combine(date, time.min)
    minute_from = int((start - midnight).total_seconds() // 60)
    minute_to = int((stop - midnight).total_seconds() // 60)
    return minute_from, minute_to - DAY if minute_to > DAY else minute_to


def is_unusual(minute_from, minute_to):
    """Tell whether the hours of a shift had better be looked at again: before 5:00, or more than 14 hours."""
    return minute_from < USUAL_START or ((minute_to - minute_from) % DAY or DAY) > USUAL_LENGTH


def dates(first, last):
    """Yield the dates from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def week_start(date):
    """Return the Monday of the date's week."""
    return date - timedelta(days=date.weekday())


def pattern_spans(kind, lines, first, last, cycle_days=7, cycle_start=None):
    """Yield ``(date, start, stop)`` in local naive time for each shift that a pattern gives from ``first`` to ``last``.

    :param kind: ``cycle``, ``odd`` or ``even`` (days of the month)
    :param lines: iterable of ``(day, minute_from, minute_to)``; ``day`` is 1 to ``cycle_days`` and is not looked at
        for odd and even days
    :param cycle_start: a date that is day 1 of a cycle; ``first`` when not given
    """
    by_day = {}
    for day, minute_from, minute_to in lines:
        by_day.setdefault(day if kind == "cycle" else 1, []).append((minute_from, minute_to))
    for hours in by_day.values():
        hours.sort()
    cycle_start = cycle_start or first
    for date in dates(first, last):
        if kind == "cycle":
            day = (date - cycle_start).days % cycle_days + 1
        else:
            day = 1 if date.day % 2 == (kind == "odd") else 0
        for minute_from, minute_to in by_day.get(day, ()):
            yield date, *day_span(date, minute_from, minute_to)


def pattern_overlap(kind, lines, cycle_days=7):
    """Return the first two overlapping lines of a pattern, or None.

    The cycle is closed: a night shift of its last day runs into day 1. Two odd days follow each other (31 and 1).
    """
    lines = sorted(lines)
    length = (cycle_days if kind == "cycle" else 1) * DAY
    spans = []
    for line in lines:
        day, minute_from, minute_to = line
        start = ((day - 1) if kind == "cycle" else 0) * DAY + minute_from
        stop = start - minute_from + minute_to + (DAY if minute_to <= minute_from else 0)
        spans += [(start, stop, line), (start + length, stop + length, line)]
    spans.sort()
    for (_start, stop, line), (start, _stop, other) in pairwise(spans):
        if start < stop:
            return line, other
    return None


def merge(spans):
    """Return the spans sorted, with those that overlap or touch made one; empty ones vanish."""
    result = []
    for start, stop in sorted(spans):
        if start >= stop:
            continue
        if result and start <= result[-1][1]:
            if stop > result[-1][1]:
                result[-1] = (result[-1][0], stop)
        else:
            result.append((start, stop))
    return result


def subtract(spans, cuts):
    """Return what is left of ``spans`` outside ``cuts``, merged."""
    result = []
    cuts = merge(cuts)
    for start, stop in merge(spans):
        for cut_start, cut_stop in cuts:
            if cut_stop <= start:
                continue
            if cut_start >= stop:
                break
            if cut_start > start:
                result.append((start, cut_start))
            start = max(start, cut_stop)
            if start >= stop:
                break
        if start < stop:
            result.append((start, stop))
    return result


def clip(spans, low, high):
    """Return the parts of ``spans`` between ``low`` and ``high``, in the same order."""
    return [(max(start, low), min(stop, high)) for start, stop in spans if start < high and stop > low]


def plan(wanted, existing, mode, leaves=(), skip_leaves=True):
    """Decide what filling one master's days would do.

    :param wanted: list of ``(date, start, stop)``
    :param existing: list of ``(key, date, start, stop, published, in_period)``; ``in_period`` tells whether the
        shift's day is one of the period's (those just outside are only there to be in the way)
    :param mode: ``empty`` fills days that have no shift; ``drafts`` makes the days that have no published shift as
        wanted; ``all`` makes every day as wanted. Shifts that already are as wanted stay.
    :param leaves: spans of leave
    :param skip_leaves: leave out wanted shifts that lie wholly in a leave
    :return: a ``Plan``; ``keep`` and ``remove`` hold keys, the others hold items of ``wanted``
    """
    leaves = merge(leaves)
    kept_days = {
        date
        for _key, date, _start, _stop, published, in_period in existing
        if in_period and (mode == "empty" or (mode == "drafts" and published))
    }
    on_leave, cut, rest = [], [], []
    for item in sorted(wanted):
        if item[0] in kept_days:
            continue
        if skip_leaves and inside(item[1:], leaves):
            on_leave.append(item)
            continue
        if overlaps([item[1:]], leaves):
            cut.append(item)
        rest.append(item)
    same = {item[1:] for item in rest}
    keep, remove = [], []
    for key, date, start, stop, _published, in_period in existing:
        if not in_period or date in kept_days or (start, stop) in same:
            keep.append((key, start, stop))
        else:
            remove.append(key)
    there = {(start, stop) for _key, start, stop in keep}
    create, blocked = [], []
    for item in rest:
        if item[1:] in there:
            continue
        (blocked if overlaps([item[1:]], there) else create).append(item)
    inside_keys = {row[0] for row in existing if row[5]}
    return Plan(create, [key for key, *_span in keep if key in inside_keys], remove, blocked, on_leave, cut)
