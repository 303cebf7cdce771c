"""Arithmetic of the due list in plain Python; the intervals themselves are computed in SQL (salon.cadence)."""

from datetime import timedelta

# A client is only called due when a quarter more than the usual interval has passed.
DUE_RATIO = 1.25
LOST_INTERVALS = 3


def status(days_since, interval, lost_days, booked=False):
    """Return how far a client has drifted from a service: 'fresh', 'at_risk', 'due' or 'lost'.

    :param days_since: whole days since the service was last done
    :param interval: the client's usual interval in days; 0 or None when it is not known
    :param lost_days: the salon's own limit in days; it gives way to three intervals when those are longer
    :param booked: the next time is booked already, so that nothing is at risk
    """
    interval = interval or 0
    if booked:
        return "fresh"
    if days_since > max(LOST_INTERVALS * interval, lost_days):
        return "lost"
    if not interval:
        return "fresh"
    if days_since >= DUE_RATIO * interval:
        return "due"
    return "at_risk" if days_since > interval else "fresh"


def next_usual_day(today, weekday):
    """Return the first day after ``today`` that is the ``weekday`` (0 is Monday), or tomorrow without one."""
    if weekday is None:
        return today + timedelta(days=1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
