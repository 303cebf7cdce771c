"""Whom to call for which free time: how likely a client comes, and the choice of calls that is worth the most.

Pure arithmetic without a database.

>>> options = [
...     Option("Clara", 30, (("Anna", 10), ("Anna", 11))),
...     Option("Clara", 25, (("Anna", 12), ("Anna", 13))),
...     Option("Dana", 40, (("Anna", 10), ("Anna", 11))),
... ]
>>> assign(options)
[1, 2]
"""

from collections import defaultdict
from typing import NamedTuple

# The chance that a client says yes who is just due and is offered the usual master, weekday and hour.
CHANCE_DUE = 0.4
# The same of who asked for such a time and waits for it.
CHANCE_WAITING = 0.9
# What is left of the chance when the offer is not as usual, or when nothing is known of a habit.
OTHER_WEEKDAY, OTHER_MASTER, UNKNOWN = 0.6, 0.5, 0.8
# Offers so near to the usual hour are as good; each hour further off leaves so much of the chance, down to a floor.
NEAR_HOURS, HOUR_OFF, HOUR_FLOOR = 1, 0.85, 0.4
# Overdue by so many intervals is as good as just due; each interval more halves the chance, down to a floor.
FRESH_INTERVALS, OVERDUE_FLOOR = 0.5, 0.05

# The solver stops when nothing can be better by more than this share, or after so many seconds with what it has.
PRECISION, TIME_LIMIT = 1e-4, 5.0


class Option(NamedTuple):
    """A call that could be made: to whom, worth how much, and the units of time that it takes.

    A unit is anything hashable, such as (master, cell of five minutes) or (cabinets, cell).
    """

    client: object
    value: float
    units: tuple


def habit(weekday_fits, hours_off, master_fits):
    """Return how well an offer suits a client's habit, from 0 to 1; for each part None is "not known".

    :param weekday_fits: it is the usual weekday
    :param hours_off: hours between the offer and the usual hour
    :param master_fits: it is the usual master
    """
    if hours_off is None:
        hour = UNKNOWN
    else:
        hour = max(HOUR_OFF ** max(0, hours_off - NEAR_HOURS), HOUR_FLOOR)
    return _fits(weekday_fits, OTHER_WEEKDAY) * hour * _fits(master_fits, OTHER_MASTER)


def overdue(intervals):
    """Return what is left of the chance of a client who is overdue by so many usual intervals: who has been away for
    long may have found another salon."""
    return max(0.5 ** max(0.0, intervals - FRESH_INTERVALS), OVERDUE_FLOOR)


def expected_value(ticket, intervals, weekday_fits, hours_off, master_fits):
    """Return what a call to a due client is worth: the chance of a yes, times the average ticket.

    The chance is ``CHANCE_DUE`` x weekday x hour x master x overdue, each factor at most 1: ``OTHER_WEEKDAY`` and
    ``OTHER_MASTER`` when it is not the usual one, ``HOUR_OFF`` for each hour beyond ``NEAR_HOURS`` from the usual
    hour, ``UNKNOWN`` for a habit that is not known, and half for each usual interval beyond ``FRESH_INTERVALS`` that
    the client is overdue.
    """
    return ticket * CHANCE_DUE * overdue(intervals) * habit(weekday_fits, hours_off, master_fits)


def _fits(fits, otherwise):
    return UNKNOWN if fits is None else 1.0 if fits else otherwise


def assign(options, capacity=None, limit=None, exact=True):
    """Return the indexes of the options to take, in order, so that together they are worth as much as possible.

    Each client is asked once at most, each unit is taken no more often than its capacity allows, and no more than
    ``limit`` options are taken. With SciPy installed it is the best choice there is (see ``PRECISION`` and
    ``TIME_LIMIT``); without it the most valuable option that still fits is taken again and again.

    :param options: list of :class:`Option`
    :param capacity: {unit: how often it can be taken}; once when missing
    :param exact: False does without SciPy
    """
    capacity = capacity or {}
    useful = [index for index, option in enumerate(options) if option.value > 0]
    if not useful or limit == 0:
        return []
    found = _greedy(options, useful, capacity, limit)
    # The most valuable of all is the best single choice.
    better = _best(options, useful, capacity, limit) if exact and limit != 1 else None
    if better and _worth(options, better) >= _worth(options, found):
        found = better
    return sorted(found)


def _worth(options, chosen):
    return sum(options[index].value for index in chosen)


def _greedy(options, useful, capacity, limit):
    chosen, clients, taken = [], set(), defaultdict(int)
    for index in sorted(useful, key=lambda one: (-options[one].value, one)):
        option = options[index]
        if option.client in clients or any(taken[unit] >= capacity.get(unit, 1) for unit in set(option.units)):
            continue
        chosen.append(index)
        clients.add(option.client)
        for unit in set(option.units):
            taken[unit] += 1
        if len(chosen) == limit:
            break
    return chosen


def _best(options, useful, capacity, limit):
    """Return the optimum as an integer programme, None without SciPy or when it finds nothing in time."""
    try:
        # Big, and needed by those alone who ask for a proposal.
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix
    except ImportError:
        return None
    sharing = defaultdict(list)
    for column, index in enumerate(useful):
        option = options[index]
        sharing["client", option.client].append(column)
        for unit in set(option.units):
            sharing["unit", unit].append(column)
    # Neighbouring units are mostly wanted by the same options: one row says it for all of them.
    rows = {}
    for (kind, one), columns in sharing.items():
        most = capacity.get(one, 1) if kind == "unit" else 1
        if len(columns) > most:
            key = tuple(columns)
            rows[key] = min(most, rows.get(key, most))
    if limit is not None:
        rows[tuple(range(len(useful)))] = min(limit, rows.get(tuple(range(len(useful))), limit))
    constraints = None
    if rows:
        indices = [column for columns in rows for column in columns]
        pointers = np.cumsum([0, *map(len, rows)])
        matrix = csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(rows), len(useful)))
        constraints = LinearConstraint(matrix, ub=np.array(list(rows.values()), dtype=float))
    result = milp(
        -np.array([options[index].value for index in useful], dtype=float),
        integrality=np.ones(len(useful)),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"time_limit": TIME_LIMIT, "mip_rel_gap": PRECISION},
    )
    if result.x is None:
        return None
    return [index for index, share in zip(useful, result.x, strict=True) if share > 0.5]
