"""Arithmetic of one visit's time: no database, datetimes are naive UTC, durations are minutes."""

from datetime import timedelta


def minutes(count):
    return timedelta(minutes=count)


def client_minutes(phases):
    """Return how long the client stays: active, processing and finishing."""
    return phases["active_minutes"] + phases["processing_minutes"] + phases["finishing_minutes"]


def master_spans(start, phases):
    """Return the spans that a service starting for the client at ``start`` takes of its master.

    Preparation lies before ``start``, clean-up after the client's end; while the treatment works by itself
    (processing) the master is free for somebody else.

    >>> from datetime import datetime
    >>> phases = dict(prep_minutes=5, active_minutes=40, processing_minutes=30, finishing_minutes=15, cleanup_minutes=5)
    >>> [(a.strftime("%H:%M"), b.strftime("%H:%M")) for a, b in master_spans(datetime(2026, 1, 5, 10), phases)]
    [('09:55', '10:40'), ('11:10', '11:30')]
    """
    begin = start - minutes(phases["prep_minutes"])
    active_end = start + minutes(phases["active_minutes"])
    resume = active_end + minutes(phases["processing_minutes"])
    end = start + minutes(client_minutes(phases) + phases["cleanup_minutes"])
    if resume == active_end:
        spans = [(begin, end)]
    else:
        spans = [(begin, active_end), (resume, end)]
    return [(first, last) for first, last in spans if first < last]


def next_start(previous_stop, previous_cleanup, preparation, same_master):
    """Return when the next service of a client starts: at once, or after the tidying up if the master stays."""
    return previous_stop + minutes(previous_cleanup + preparation if same_master else 0)


def overlaps(spans, others):
    return any(start < other_stop and other_start < stop for start, stop in spans for other_start, other_stop in others)


def inside(span, free):
    """Tell whether ``span`` lies within the union of the sorted, disjoint or touching spans ``free``."""
    reach = span[0]
    for start, stop in free:
        if start <= reach < stop:
            reach = stop
        if reach >= span[1]:
            return True
    return False


def nearest_starts(phases, wanted, work, busy, count=3, step=15):
    """Return up to ``count`` starts nearest to ``wanted`` at which the master can serve, in time order.

    Candidates are a grid of ``step`` minutes around ``wanted`` and the edges of what is busy, so that a gap that fits
    exactly is found as well.
    """
    before, after = minutes(phases["prep_minutes"]), minutes(client_minutes(phases) + phases["cleanup_minutes"])
    candidates = {stop + before for _start, stop in busy} | {start - after for start, _stop in busy}
    for start, stop in work:
        moment = wanted - (wanted - start) // minutes(step) * minutes(step)
        while moment < stop:
            candidates.add(moment)
            moment += minutes(step)
        candidates |= {start + before, stop - after}
    found = []
    for moment in sorted(candidates, key=lambda candidate: (abs(candidate - wanted), candidate)):
        spans = master_spans(moment, phases)
        if not spans or not inside((spans[0][0], spans[-1][1]), work) or overlaps(spans, busy):
            continue
        found.append(moment)
        if len(found) == count:
            break
    return sorted(found)
