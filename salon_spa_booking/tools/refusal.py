"""Why a visit can't start at a time: the first obstacle on the way, told by the master who comes nearest to it."""

from datetime import datetime
from typing import NamedTuple

from .bits import between, spread

# How near a master came, the nearest last.
_NEARNESS = ("not_allowed", "no_shift", "too_late", "master_busy", "no_room")


class Refusal(NamedTuple):
    """Why a visit can't start at a time.

    ``code``: "off_step" no multiple of five minutes; "past" before the board's begin; "too_soon" before the earliest
    start; "too_far" after the latest or the board's end; "not_allowed" by the service's own limits; "no_shift" no
    master works then, the next shift begins at ``moment``; "too_late" the shift ends before the service, at
    ``moment``; "master_busy" until ``moment``; "no_room" nothing of ``pool`` is free; "together" each service alone
    could be placed, all of them can not.
    ``resource`` is the master concerned, or what is missing when there is no choice; ``guest`` and ``task`` count
    from 0, ``task`` within the guest.
    """

    code: str
    resource: int | None = None
    moment: datetime | None = None
    guest: int | None = None
    task: int | None = None
    pool: tuple = ()


def first_obstacle(board, problem, start):
    """Return the Refusal of the first task that fits nowhere within reach of those before it.

    :param start: cell of the visit's start, at which ``problem`` has no plan
    """
    passed = []
    for stage in problem.stages:
        # When each combination of masters could begin.
        if stage.first:
            arrivals = [1 << start] * len(stage.combos)
        else:
            arrivals = [
                spread(union(bits << gaps[index] for bits, gaps in zip(passed, stage.gaps, strict=True)), stage.wait)
                for index in range(len(stage.combos))
            ]
        for number, options in zip(stage.tasks, stage.options, strict=True):
            reached = [
                (option, union(bits for combo, bits in zip(stage.combos, arrivals, strict=True) if option in combo))
                for option in options
            ]
            if any(option.bits & starts for option, starts in reached):
                continue
            refusals = [refused(board, option, starts) for option, starts in reached if starts]
            if refusals or not options:
                nearest = max(refusals, key=lambda refusal: _NEARNESS.index(refusal.code), default=Refusal("no_shift"))
                return nearest._replace(guest=stage.guest, task=number)
        passed = [bits & possible for bits, possible in zip(arrivals, stage.bits, strict=True)]
    return Refusal("together")


def refused(board, option, starts):
    """Return what is in the way of an option that fits at none of the cells ``starts``, looking at the first."""
    if not starts & option.allowed:
        return Refusal("not_allowed", option.master)
    starts &= option.allowed
    start = (starts & -starts).bit_length() - 1
    own = option.spots[0]
    if not own.bits >> start & 1:
        return master_missing(board, option.master, [(start + first, start + last) for first, last in own.cells])
    lacking = next(spot for spot in option.spots if not spot.bits >> start & 1)
    return Refusal("no_room", lacking.pool[0] if len(lacking.pool) == 1 else None, pool=lacking.pool)


def master_missing(board, master, cells):
    """Return why a master can't take all of ``cells`` (first, last)."""
    work = board.worked(master)
    first = min(first for first, _last in cells)
    needed = union(between(first, last) for first, last in cells)
    if first < 0 or not work >> first & 1:
        ahead = work >> max(first, 0)
        following = max(first, 0) + (ahead & -ahead).bit_length() - 1
        return Refusal("no_shift", master, board.moment(following) if ahead else None)
    missing = needed & ~work
    if missing:
        before = work & ((missing & -missing) - 1)
        return Refusal("too_late", master, board.moment(before.bit_length()))
    free = board.free(master)[0]
    last = (needed & ~free).bit_length() - 1
    released = free >> last | ~(work >> last)
    return Refusal("master_busy", master, board.moment(last + (released & -released).bit_length() - 1))


def union(parts):
    result = 0
    for part in parts:
        result |= part
    return result
