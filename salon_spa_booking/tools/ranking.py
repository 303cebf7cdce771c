"""Which plan is the best: what a plan costs, and the search for the cheapest one at a start.

A plan's cost is the sum of what follows, each times its weight:

gap             On both sides of a master's time in a plan, what remains of the free run up to the next booking or the
                shift's end: nothing costs 0; a rest shorter than ``useful`` minutes, which nobody can sell, costs 1; a
                longer rest of L minutes costs useful / 2L, that is a half at ``useful`` and ever less beyond. Where the
                same guest's next service is by the same master, the time between the two counts once, as one rest.
change_master   Each time a guest goes on with a master who did not serve them in the stage before.
change_room     Each use (other than the master's) for which a guest moves though the kind of place stays the same,
                that is though some way of the service before could have taken the same place as some way of this.
wait            Each minute that a guest waits between two services, beyond what tidying up takes.
preferred       Each service by a master who is not preferred, when anybody is.
off_peak        Taken off when the visit starts in an off-peak span.
load            Each hour that the chosen masters are already booked, by the caller's count, once a service.

Costs are whole thousandths inside, so that the order never hangs on the rounding of fractions. Of equal plans that of
the less loaded masters wins, then the earlier one, then the one by the order of ways and pools.
"""

from itertools import zip_longest
from operator import add
from typing import NamedTuple

from .bits import STEP
from .placing import seating


class Weights(NamedTuple):
    """What a plan's parts cost (see the module), ``useful`` in minutes; the mode rules over them.

    ``mode``: "off" offers in the order of time; "soft" by cost; "strict" offers only plans that leave on each side of
    every master's time nothing or at least ``useful`` minutes, and when there is none goes on as "soft" and says so.
    """

    gap: float = 10
    change_master: float = 6
    change_room: float = 2
    wait: float = 0.2
    preferred: float = 8
    off_peak: float = 5
    load: float = 0
    mode: str = "soft"
    useful: int = 30


class Part(NamedTuple):
    """One task of a plan: ``guest`` and ``task`` count from 0, ``task`` within the guest; ``seats`` holds for each use
    of ``way`` the (resource, seat) to take. ``start`` is when the client's time begins, naive UTC."""

    guest: int
    task: int
    start: object
    way: object
    seats: tuple


class Plan(NamedTuple):
    """Who does what, where and when. ``reasons`` says what speaks for it:

    "fits" no master is left with a rest before or after; "beside" it joins a neighbour on one side at least;
    "preferred" all by preferred masters; "one_master", "one_room" a guest of several services need not change;
    "off_peak" it starts off-peak; "not_strict" nothing satisfied the strict mode, this is the best of the rest.
    """

    start: object
    cost: float
    reasons: tuple
    parts: tuple


class Pricing:
    """Prices and finds the cheapest plan of a solved problem at a start."""

    def __init__(self, board, problem, weights, prefer, load, strict):
        self.board, self.problem, self.weights = board, problem, weights
        self.prefer = frozenset(prefer)
        self.strict = strict
        self.useful = weights.useful
        self.change_master = round(weights.change_master * 1000)
        self.change_room = round(weights.change_room * 1000)
        self.wait = round(weights.wait * 1000 * STEP)
        self._rests, self._prices, self._sides = {}, {}, {}
        # What an option costs by its master alone: (thousandths, minutes of load).
        self.standing = []
        for option in problem.options:
            minutes = (load or {}).get(option.master, 0)
            price = round(weights.load * 1000 * minutes / 60)
            if self.prefer and option.master not in self.prefer:
                price += round(weights.preferred * 1000)
            self.standing.append((price, minutes))
        # Per task and use all places that any of its ways could take.
        self.places = [
            [
                frozenset().union(*(spot.resources for spot in spots if spot))
                for spots in zip_longest(*(option.spots for option in options))
            ]
            for options in problem.tasks
        ]
        self._look_ahead()

    def _look_ahead(self):
        """Work out what every step costs at any time, and the least that the steps after it will cost."""
        # Per stage and combination its (price, load); per stage the changes of master after each of the one before.
        self.fixed, self.changes = [], []
        stages = self.problem.stages
        for number, stage in enumerate(stages):
            standing = [[self.standing[option.index] for option in combo] for combo in stage.combos]
            self.fixed.append(
                [(sum(price for price, _load in own), sum(load for _price, load in own)) for own in standing]
            )
            masters = [{option.master for option in combo} for combo in stage.combos]
            self.changes.append(
                [
                    [
                        0 if stage.first else self.change_master * len(own - {option.master for option in combo})
                        for own in masters
                    ]
                    for combo in (stages[number - 1].combos if number else [()])
                ]
            )
        # least[depth][index]: of the stages from ``depth`` on, when the stage before has combination ``index``.
        self.least = [[0] * len(stages[-1].combos)]
        for fixed, changes in zip(reversed(self.fixed), reversed(self.changes), strict=True):
            ahead = [price + after for (price, _load), after in zip(fixed, self.least[0], strict=True)]
            self.least.insert(0, [min(map(add, ahead, row), default=0) for row in changes])

    def rest_price(self, cells):
        """Return what a rest of so many cells costs; None when the strict mode forbids it."""
        if cells not in self._prices:
            minutes = cells * STEP
            if not minutes:
                price = 0
            elif minutes < self.useful:
                price = None if self.strict else round(self.weights.gap * 1000)
            else:
                price = round(self.weights.gap * 500 * self.useful / minutes)
            self._prices[cells] = price
        return self._prices[cells]

    def rests(self, option, at):
        """Return the free cells before and after the master's time when the option starts at cell ``at``."""
        key = option.index, at
        if key not in self._rests:
            rests = None
            if option.span:
                first, last = option.span
                rests = self.board.run_before(option.master, at + first), self.board.run_after(option.master, at + last)
            self._rests[key] = rests
        return self._rests[key]

    def cheapest(self, start, limit=None, base=0):
        """Return the cheapest plan at cell ``start``, as (price, load, chosen, seats), or None.

        :param limit: (price, load) that it must stay below
        :param base: thousandths that the start itself costs
        """
        self.start, self.best, self.limit = start, None, limit
        self.can = [found >> start & 1 for found in self.problem.found]
        self._choose(0, [], [], 0, 0, base, 0)
        return self.best

    def _is_worse(self, price, load):
        return self.limit is not None and (price, load) >= self.limit

    def _choose(self, depth, chosen, pairs, previous, offset, price, load):
        """Try what the stages from ``depth`` on can be, in the order of what it costs.

        :param chosen: list of (option, offset); ``pairs`` are their uses that could want one seat
        :param previous: index of the combination chosen for the stage before, ``offset`` its start
        """
        problem = self.problem
        stage = problem.stages[depth] if depth < len(problem.stages) else None
        earlier = problem.stages[depth - 1].combos[previous] if depth else ()
        follows = stage is not None and not stage.first
        # What remains after the last masters' time, if nobody of them goes on.
        parting = self._after(earlier, offset, (), 0)
        if not follows:
            if parting is None:
                return
            price += parting
        if stage is None:
            if not self._is_worse(price, load):
                self._seat(chosen, pairs, price, load)
            return
        masters = {option.master for option in earlier} if follows else ()
        least, changes = self.least[depth + 1], self.changes[depth][previous]
        steps = []
        for index, combo in enumerate(stage.combos):
            if not all(self.can[option.index] for option in combo):
                continue
            fixed, weight = self.fixed[depth][index]
            fixed += price + changes[index]
            weight += load
            bound = least[index]
            first = offset + stage.gaps[previous][index] if follows else 0
            goes_on = masters and any(option.master in masters for option in combo)
            for wait in range(stage.wait + 1 if follows else 1):
                step = fixed + wait * self.wait
                if self._is_worse(step + bound, weight):
                    break
                at = first + wait
                if not stage.rest[index] >> (self.start + at) & 1:
                    continue
                if goes_on:
                    sides = self._after(earlier, offset, combo, at), self._before(combo, at, earlier, offset)
                else:
                    key = depth, index, self.start + at
                    if key not in self._sides:
                        self._sides[key] = self._before(combo, at, (), 0)
                    sides = parting if follows else 0, self._sides[key]
                if None in sides:
                    continue
                step += sum(sides)
                if not self._is_worse(step + bound, weight):
                    steps.append((step + bound, weight, index, at, step))
        # The cheapest first: it sets the mark that the others have to beat.
        for bound, weight, index, at, step in sorted(steps):
            if self._is_worse(bound, weight):
                break
            combo = stage.combos[index]
            more = None if problem.busy(chosen, combo, at) else problem.clashes(chosen, combo, at)
            if more is not None:
                now = chosen + [(option, at) for option in combo]
                self._choose(depth + 1, now, pairs + more, index, at, step, weight)

    def _joined(self, option, offset, other, at):
        """Return the free cells between two services of one master in the plan; None when somebody is between."""
        rests, others = self.rests(option, self.start + offset), self.rests(other, self.start + at)
        if rests is None or others is None:
            return None
        between = at + other.span[0] - offset - option.span[1]
        return between if 0 <= between <= rests[1] else None

    def _after(self, combo, offset, following, at):
        """Return what remains after the masters' time of ``combo`` costs, up to what they do next for the guest."""
        price = 0
        for option in combo:
            rests = self.rests(option, self.start + offset)
            if rests is None:
                continue
            rest = rests[1]
            for other in following:
                if other.master == option.master:
                    between = self._joined(option, offset, other, at)
                    rest = rest if between is None else between
            cost = self.rest_price(rest)
            if cost is None:
                return None
            price += cost
        return price

    def _before(self, combo, at, earlier, offset):
        """Return what remains before the masters' time of ``combo`` costs, unless it counts as after ``earlier``."""
        price = 0
        for option in combo:
            rests = self.rests(option, self.start + at)
            if rests is None or any(
                other.master == option.master and self._joined(other, offset, option, at) is not None
                for other in earlier
            ):
                continue
            cost = self.rest_price(rests[0])
            if cost is None:
                return None
            price += cost
        return price

    def _seat(self, chosen, pairs, price, load):
        """Seat everybody as cheaply as can be, and keep the plan when it is the best so far."""
        nodes, links = seating(chosen, pairs, self.problem.same_room, every=True)
        free = [
            [
                (resource, seat)
                for resource, seat, bits in chosen[place][0].spots[use].seats
                if bits >> (self.start + chosen[place][1]) & 1
            ]
            for place, use in nodes
        ]
        before = self._stay(chosen, nodes)
        taken = [None] * len(nodes)

        def place(node, price):
            if self._is_worse(price, load):
                return
            if node == len(nodes):
                self.limit = (price, load)
                self.best = (price, load, list(chosen), dict(zip(nodes, taken, strict=True)))
                return
            apart, together = links[node]
            steps = []
            for seat in free[node]:
                if any(taken[other] == seat for other in apart) or any(
                    taken[other][0] != seat[0] for other in together
                ):
                    continue
                moves = before[node] and all(taken[other][0] != seat[0] for other in before[node])
                steps.append((price + self.change_room if moves else price, seat))
            for step, seat in sorted(steps, key=lambda step: step[0]):
                taken[node] = seat
                place(node + 1, step)

        place(0, price)

    def _stay(self, chosen, nodes):
        """Return per node the earlier nodes in whose place the same guest might have stayed."""
        stage_of = self.problem.stage_of
        result = []
        for place, use in nodes:
            option = chosen[place][0]
            guest, stage = stage_of[option.task]
            result.append(
                [
                    number
                    for number, (other_place, other_use) in enumerate(nodes)
                    if use
                    and other_use
                    and stage_of[chosen[other_place][0].task] == (guest, stage - 1)
                    and not self.places[option.task][use].isdisjoint(
                        self.places[chosen[other_place][0].task][other_use]
                    )
                ]
            )
        return result

    def plan(self, found, start, reasons=()):
        """Turn what ``cheapest`` returned for ``start`` into a Plan; ``reasons`` are those of the start itself."""
        self.start = start
        price, _load, chosen, seats = found
        parts = tuple(
            Part(
                self.problem.stage_of[option.task][0],
                option.number,
                self.board.moment(self.start + offset),
                option.way,
                tuple(seats[place, use] for use in range(len(option.spots))),
            )
            for place, (option, offset) in enumerate(chosen)
        )
        reasons = (*self._reasons(chosen, seats), *reasons)
        return Plan(self.board.moment(self.start), price / 1000, reasons, parts)

    def _reasons(self, chosen, seats):
        spans, masters = {}, {}
        for option, offset in chosen:
            masters.setdefault(self.problem.stage_of[option.task][0], []).append(option.master)
            for first, last in option.spots[0].cells:
                spans.setdefault(option.master, []).append((self.start + offset + first, self.start + offset + last))
        rests = []
        for master, taken in spans.items():
            rests.append(self.board.run_before(master, min(taken)[0]))
            rests.append(self.board.run_after(master, max(last for _first, last in taken)))
        nodes = list(seats)
        stays = [
            seats[node][0] in {seats[nodes[other]][0] for other in earlier}
            for node, earlier in zip(nodes, self._stay(chosen, nodes), strict=True)
            # Where there is nothing to choose, staying is no merit.
            if earlier and len(self.places[chosen[node[0]][0].task][node[1]]) > 1
        ]
        several = [own for own in masters.values() if len(own) > 1]
        facts = {
            "fits": rests and not any(rests),
            "beside": 0 in rests and any(rests),
            "preferred": self.prefer and all(option.master in self.prefer for option, _offset in chosen),
            "one_master": several and all(len(set(own)) == 1 for own in several),
            "one_room": stays and all(stays),
        }
        return tuple(reason for reason, holds in facts.items() if holds)
