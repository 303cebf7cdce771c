"""Which starts of a visit can be placed: exact sets of starts, for all starts at once.

A set of starts is an integer (see bits.py). Each guest's tasks form a chain of stages (tasks in parallel share one); a
backward pass over the chain tells from which starts the rest can follow. This is exact as long as no two tasks can want
the same seat at the same time. Where they can, a backtracking search settles who takes what; it carries sets of starts
instead of one start and stops as soon as every start of the set is settled.
"""

from itertools import combinations, product

from .bits import ceil_cells, dilated, floor_cells, shifted


class Spot:
    """One use of a way: when it is needed, counted in cells from the task's start, and the seats that can serve."""

    __slots__ = ("bits", "cells", "forced", "pool", "resources", "seats")

    def __init__(self, board, use):
        self.pool = use.pool
        self.resources = frozenset(use.pool)
        self.cells = tuple((floor_cells(start), ceil_cells(stop)) for start, stop in use.spans if start < stop)
        # Seats with the starts at which each is free for the whole use.
        self.seats = [] if self.cells else [(use.pool[0] if use.pool else None, 1, board.everywhere)]
        self.bits = 0 if self.cells else board.everywhere
        for resource in use.pool if self.cells else ():
            for seat in range(1, len(board.free(resource)) + 1):
                bits = board.everywhere
                for first, last in self.cells:
                    bits &= shifted(board.eroded(resource, seat, last - first), first)
                self.seats.append((resource, seat, bits))
                self.bits |= bits
        # There is but one seat to take, whatever else is free.
        self.forced = (self.seats[0][0], self.seats[0][1]) if self.cells and len(self.seats) == 1 else None

    def meets(self, other, delta):
        """Tell whether the two can want the same seat at one time when the other's task starts delta cells later."""
        return not self.resources.isdisjoint(other.resources) and any(
            first < other_last + delta and other_first + delta < last
            for first, last in self.cells
            for other_first, other_last in other.cells
        )


class Option:
    """A way of a task, measured in cells; ``bits`` are the task's starts at which each of its uses has a free seat."""

    def __init__(self, index, task, number, way, spots, allowed):
        self.index, self.task, self.number, self.way = index, task, number, way
        self.master = way.master
        self.length = ceil_cells(way.minutes)
        self.tail = ceil_cells(way.minutes + way.after)
        self.head = ceil_cells(way.before)
        self.spots = spots
        # From where to where the master is taken, a pause inside included; None when he is not needed.
        cells = spots[0].cells
        self.span = (min(first for first, _last in cells), max(last for _first, last in cells)) if cells else None
        # Whoever shares it needs the same places for the same time.
        self.kind = self.length, self.tail, self.head, tuple(map(id, spots[1:]))
        # Pairs of own uses, the master's apart, that could want one seat.
        self.crowded = [
            (one, two) for (one, spot), (two, other) in combinations(enumerate(spots[1:], 1), 2) if spot.meets(other, 0)
        ]
        self.allowed = self.bits = allowed
        for spot in spots:
            self.bits &= spot.bits


class Stage:
    """Tasks of one guest that begin together: one, or several in parallel by different masters."""

    def __init__(self, guest, first, wait):
        self.guest, self.first, self.wait = guest, first, wait
        # Per task its number within the guest, and its options.
        self.tasks = []
        self.options = []

    def close(self, previous):
        """Combine the tasks' options; ``gaps`` tells how soon each combination can follow each of ``previous``."""
        self.combos = [
            combo for combo in product(*self.options) if len({option.master for option in combo}) == len(combo)
        ]
        self.bits = []
        for combo in self.combos:
            bits = combo[0].bits
            for option in combo[1:]:
                bits &= option.bits
            self.bits.append(bits)
        self.shortest = min((max(option.length for option in combo) for combo in self.combos), default=0)
        self.gaps = [[gap(before, after) for after in self.combos] for before in previous.combos] if previous else []
        self.kinds = [tuple(option.kind for option in combo) for combo in self.combos]
        # How soon a kind of combination can follow a kind of the stage before; the same master may take longer.
        self.kind_gaps = {}
        for before, gaps in zip(previous.kinds, self.gaps, strict=True) if previous else ():
            for kind, cells in zip(self.kinds, gaps, strict=True):
                self.kind_gaps.setdefault((before, kind), set()).add(cells)


def gap(before, after):
    """Return the cells from the start of one stage to the earliest start of the next: when everybody is through, and
    with the same master when all is tidied up and prepared."""
    return max(
        max(one.length, one.tail + other.head) if one.master == other.master else one.length
        for one in before
        for other in after
    )


class Problem:
    """A request on a board. ``found[option.index]`` is, after ``solve``, the set of the visit's starts at which a whole
    plan exists that uses this option; ``starts`` all starts with a plan; both within ``scope``."""

    def __init__(self, board, request, scope):
        self.scope = scope
        self.same_room = request.same_room
        # Per task its options, in the order of the guests and their tasks.
        self.tasks = []
        self.stages = []
        # Per task its guest and the number of its stage.
        self.stage_of = []
        self.options = []
        self.found = []
        self.starts = 0
        self._pairs = {}
        self._moved, self._twin = {}, []
        self._seated = {}
        for guest, tasks in enumerate(request.guests):
            for number, task in enumerate(tasks):
                allowed = board.allowed(task)
                options = []
                for way in task.ways:
                    spots = [board.spot(use) for use in way.uses]
                    own = allowed if way.allowed is None else allowed & board.allowed(way)
                    options.append(Option(len(self.options), len(self.tasks), number, way, spots, own))
                    self.options.append(options[-1])
                self.tasks.append(options)
                if not number or not task.parallel:
                    self.stages.append(Stage(guest, not number, floor_cells(task.wait)))
                self.stages[-1].tasks.append(number)
                self.stages[-1].options.append(options)
                self.stage_of.append((guest, len(self.stages) - 1))
        previous = None
        for stage in self.stages:
            stage.close(None if stage.first else previous)
            previous = stage

    def solve(self, request):
        """Find ``found`` and ``starts``."""
        self._look_ahead()
        loose, everybody = self._without_clashes()
        everybody &= self.scope
        loose = [bits & everybody for bits in loose]
        if not everybody or not self._may_clash():
            self.found, self.starts = loose, everybody
            return self
        self.found = [0] * len(self.options)
        # All guests' first stages come first: what is in each other's way meets early.
        turns = [sum(other.guest == stage.guest for other in self.stages[:at]) for at, stage in enumerate(self.stages)]
        self._order = [self.stages[at] for at in sorted(range(len(turns)), key=lambda at: (turns[at], at))]
        for stage in self.stages:
            # Whoever is free at most starts settles most starts at once.
            stage.order = sorted(range(len(stage.combos)), key=lambda index: -stage.rest[index].bit_count())
        self._twins(request)
        for stage in self.stages:
            order = stage.order
            for option in (option for options in stage.options for option in options):
                unsettled = loose[option.index] & ~self.found[option.index]
                if unsettled and self._twin[option.index] == option.index:
                    stage.order = [index for index in order if option in stage.combos[index]]
                    self._search(0, unsettled, [], [], {}, [])
            stage.order = order
        self.found = [self.found[twin] for twin in self._twin]
        for option in self.tasks[0]:
            self.starts |= self.found[option.index]
        return self

    def _twins(self, request):
        """Find guests who want the same: what one of them can have, the others can have as well."""
        self._twin = list(range(len(self.options)))
        firsts = {}
        number = 0
        for guest in request.guests:
            options = [option.index for task in self.tasks[number : number + len(guest)] for option in task]
            number += len(guest)
            for own, first in zip(options, firsts.setdefault(guest, options), strict=True):
                self._twin[own] = first

    def _look_ahead(self):
        """Set each stage's ``rest``: starts of the stage from which the guest's chain can be gone through."""
        following = None
        for stage in reversed(self.stages):
            stage.rest = stage.bits
            if following:
                stage.rest = self._followed(stage, following, list(enumerate(following.rest)))
            following = None if stage.first else stage

    def _followed(self, stage, following, ahead):
        """Return per combination the starts of ``stage`` after which one of ``ahead`` (index, bits) can come."""
        wait = following.wait
        result = []
        for bits, gaps in zip(stage.bits, following.gaps, strict=True):
            by_gap = {}
            for index, later in ahead:
                by_gap[gaps[index]] = by_gap.get(gaps[index], 0) | later
            reached = 0
            for cells, later in by_gap.items():
                reached |= dilated(later, wait) >> cells
            result.append(bits & reached)
        return result

    def _without_clashes(self):
        """Return the starts of the visit per option, and all, as if nobody could be in anybody's way."""
        loose = [0] * len(self.options)
        everybody = -1
        for number, stage in enumerate(self.stages):
            total = 0
            for option in (option for options in stage.options for option in options):
                ahead = [
                    (index, bits)
                    for index, (combo, bits) in enumerate(zip(stage.combos, stage.rest, strict=True))
                    if bits and option in combo
                ]
                at = number
                while ahead and not self.stages[at].first:
                    ahead = list(enumerate(self._followed(self.stages[at - 1], self.stages[at], ahead)))
                    at -= 1
                for _index, bits in ahead:
                    loose[option.index] |= bits
                total |= loose[option.index]
            everybody &= total
        return loose, everybody

    def _may_clash(self):
        """Tell whether any two uses of a plan could want one seat at one time; when in doubt, yes."""
        if self.same_room or any(option.crowded for option in self.options):
            return True
        places = [(number, options) for number, stage in enumerate(self.stages) for options in stage.options]
        for (one, options), (other, others) in combinations(places, 2):
            masters, rooms = _resources(options)
            other_masters, other_rooms = _resources(others)
            shared = not rooms.isdisjoint(other_rooms | other_masters) or not masters.isdisjoint(other_rooms)
            if self.stages[one].guest != self.stages[other].guest:
                if shared or not masters.isdisjoint(other_masters):
                    return True
            elif one == other:
                # Masters in parallel are different ones by the way stages are combined.
                if shared:
                    return True
            else:
                least = sum(stage.shortest for stage in self.stages[one:other])
                # Stages next to each other leave the same master the time, if that is all the time taken.
                shared = shared or (
                    not masters.isdisjoint(other_masters)
                    and not (other == one + 1 and all(map(_is_tidy, options)) and all(map(_is_tidy, others)))
                )
                if shared and _last(options) > least + _first(others):
                    return True
        return False

    def clashes(self, chosen, combo, offset):
        """Return the pairs of uses that could want one seat when ``combo`` starts at ``offset`` beside ``chosen``.

        Masters are left to ``busy``.

        :param chosen: list of (option, offset)
        :return: list of ((place in chosen, use), (place in chosen, use)), or None when there is no way out
        """
        pairs = []
        count = len(chosen)
        known = self._pairs
        for own, option in enumerate(combo, count):
            index = option.index
            if own > count:
                chosen = [*chosen, (combo[own - count - 1], offset)]
            for place, (other, other_offset) in enumerate(chosen):
                key = other.index, index, offset - other_offset
                found = known[key] if key in known else self._meetings(other, option, key)
                if found is None:
                    return None
                if found:
                    pairs += [((place, one), (own, two)) for one, two in found]
            if option.crowded:
                pairs += [((own, one), (own, two)) for one, two in option.crowded]
        return pairs

    def _meetings(self, option, other, key):
        """Return the uses (of the one, of the other) that can want one seat; None when they must."""
        found = []
        for one, spot in enumerate(option.spots[1:], 1):
            for two, other_spot in enumerate(other.spots[1:], 1):
                if spot.meets(other_spot, key[2]):
                    if spot.forced and spot.forced == other_spot.forced:
                        self._pairs[key] = None
                        return None
                    found.append((one, two))
        self._pairs[key] = found
        return found

    def busy(self, chosen, combo, offset):
        """Tell whether ``chosen`` have a master of ``combo`` at work at the same time."""
        return any(
            other.master == option.master and other.spots[0].meets(option.spots[0], offset - other_offset)
            for option in combo
            for other, other_offset in chosen
        )

    def _search(self, depth, starts, chosen, pairs, at_last, plan):
        """Return those of ``starts`` at which the stages from ``depth`` on can be placed beside ``chosen``.

        First come the times and the places, which are much the same whoever the masters are; then the masters.

        :param chosen: list of (option, offset), one option for all of its kind; ``pairs`` are their uses that could
            want one seat
        :param at_last: {guest: (kind chosen last, its offset)}
        :param plan: list of (indexes of the combinations of the kind chosen, offset), one per stage
        """
        if depth == len(self._order):
            return self._staff(0, starts, [], {}, plan)
        stage = self._order[depth]
        previous, offset = at_last.get(stage.guest, (None, 0))
        kinds = {}
        for index in stage.order:
            kinds.setdefault(stage.kinds[index], []).append(index)
        left = starts
        for kind, indexes in kinds.items():
            possible = 0
            for index in indexes:
                possible |= stage.rest[index]
            waits = range(stage.wait + 1)
            gaps = [0] if stage.first else sorted({c + wait for c in stage.kind_gaps[previous, kind] for wait in waits})
            for at in (offset + cells for cells in gaps):
                some = left & (possible >> at)
                if not some:
                    continue
                combo = stage.combos[indexes[0]]
                more = self.clashes(chosen, combo, at)
                if more is None:
                    continue
                now = chosen + [(option, at) for option in combo]
                if more or self.same_room:
                    some &= self._seatable(now, pairs + more)
                    if not some:
                        continue
                step = {**at_last, stage.guest: (kind, at)}
                left ^= self._search(depth + 1, some, now, pairs + more, step, [*plan, (indexes, at)])
                if not left:
                    return starts
        return starts ^ left

    def _staff(self, depth, starts, chosen, at_last, plan):
        """Return those of ``starts`` at which masters can be found for the times and kinds of ``plan``."""
        if depth == len(plan):
            for option, _offset in chosen:
                self.found[self._twin[option.index]] |= starts
            return starts
        stage = self._order[depth]
        indexes, at = plan[depth]
        previous, offset = at_last.get(stage.guest, (None, 0))
        left = starts
        for index in indexes:
            some = left & (stage.rest[index] >> at)
            if (
                some
                and (stage.first or 0 <= at - offset - stage.gaps[previous][index] <= stage.wait)
                and not self.busy(chosen, stage.combos[index], at)
            ):
                now = chosen + [(option, at) for option in stage.combos[index]]
                left ^= self._staff(depth + 1, some, now, {**at_last, stage.guest: (index, at)}, plan)
                if not left:
                    return starts
        return starts ^ left

    def _seatable(self, chosen, pairs):
        """Return the starts at which all of ``chosen`` whose uses could want one seat find seats of their own."""
        nodes, links = seating(chosen, pairs, self.same_room)
        spots = [(chosen[place][0].spots[use], chosen[place][1]) for place, use in nodes]
        # Whoever the masters are, the rooms are mostly the same question.
        key = tuple((id(spot), offset) for spot, offset in spots), tuple((*apart, -1, *same) for apart, same in links)
        if key not in self._seated:
            self._seated[key] = self._seat([self._seats_at(*spot) for spot in spots], links, [], self.scope)
        return self._seated[key]

    def _seat(self, seats, links, taken, starts):
        """Return those of ``starts`` at which the nodes that follow those ``taken`` find a seat."""
        if len(taken) == len(links):
            return starts
        left = starts
        apart, same = links[len(taken)]
        for resource, seat, bits in seats[len(taken)]:
            some = left & bits
            if (
                some
                and all(taken[other] != (resource, seat) for other in apart)
                and all(taken[other][0] == resource for other in same)
            ):
                left ^= self._seat(seats, links, [*taken, (resource, seat)], some)
                if not left:
                    break
        return starts ^ left

    def _seats_at(self, spot, offset):
        key = id(spot), offset
        if key not in self._moved:
            self._moved[key] = [(resource, seat, bits >> offset) for resource, seat, bits in spot.seats]
        return self._moved[key]


def seating(chosen, pairs, same_room, every=False):
    """Return who has to be seated with regard to others.

    :param every: all uses, not those alone that others have to do with
    :return: nodes (place in chosen, use) in order; per node two lists of earlier nodes: those whose seat it may not
        take, and those whose resource it must take
    """
    linked = (
        [
            (place, use)
            for place, (option, _offset) in enumerate(chosen)
            for use, spot in enumerate(option.spots)
            if spot.pool in same_room
        ]
        if same_room
        else []
    )
    if every:
        nodes = [(place, use) for place, (option, _offset) in enumerate(chosen) for use in range(len(option.spots))]
    else:
        nodes = sorted({node for pair in pairs for node in pair} | set(linked))
    links = [([], []) for _node in nodes]
    number = {node: index for index, node in enumerate(nodes)}
    for one, other in pairs:
        one, other = sorted((number[one], number[other]))
        links[other][0].append(one)
    for one, other in combinations(linked, 2):
        if chosen[one[0]][0].spots[one[1]].pool == chosen[other[0]][0].spots[other[1]].pool:
            links[number[other]][1].append(number[one])
    return nodes, links


def _resources(options):
    """Return the masters of the options, and everything else that they may use."""
    masters = {resource for option in options for spot in option.spots[:1] for resource in spot.resources}
    return masters, {resource for option in options for spot in option.spots[1:] for resource in spot.resources}


def _first(options):
    return min((first for option in options for spot in option.spots for first, _last in spot.cells), default=0)


def _last(options):
    return max((last for option in options for spot in option.spots for _first, last in spot.cells), default=0)


def _is_tidy(option):
    """Tell whether the master is taken from the preparation to the clean-up and no longer."""
    return all(-option.head <= first and last <= option.tail for first, last in option.spots[0].cells)
