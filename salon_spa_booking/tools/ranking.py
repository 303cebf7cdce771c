"""Which plan is the best: what a plan costs, and the search for the cheapest one at a start.

A plan's cost is the sum of what follows, each times its weight:

gap             On both sides of a master's time in a plan, what remains of the free run up to the next booking or the
                shift's end: nothing costs 0; a rest shorter than ``useful`` minutes, which nobody can sell, costs 1; a
                longer rest of L minutes costs useful / 2L, that is a half at ``useful`` and ever less beyond. Where the
                same guest's next service is by the same master, the time between the two counts once, as one rest.
change_master   Each time a guest goes on with a master who did not serve them in the stage before.
change_room     Each use (other than the master's) for which a guest moves though the kind of place stays the same.
wait            Each minute that a guest waits between two services, beyond what tidying up takes.
preferred       Each service by a master who is not preferred, when anybody is.
off_peak        Taken off when the visit starts in an off-peak span.
load            Each hour that the chosen masters are already booked, by the caller's count, once a service.

Costs are whole thousandths inside, so that the order never hangs on the rounding of fractions. Of equal plans that of
the less loaded masters wins, then the earlier one, then the one by the order of ways and pools.
"""

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
        self._rests = {}
        # What an option costs by its master alone: (thousandths, minutes of load).
        self.standing = []
        for option in problem.options:
            minutes = (load or {}).get(option.master, 0)
            price = round(weights.load * 1000 * minutes / 60)
            if self.prefer and option.master not in self.prefer:
                price += round(weights.preferred * 1000)
            self.standing.append((price, minutes))

    def rest_price(self, cells):
        """Return what a rest of so many cells costs; None when the strict mode forbids it."""
        minutes = cells * STEP
        if not minutes:
            return 0
        if minutes < self.useful:
            return None if self.strict else round(self.weights.gap * 1000)
        return round(self.weights.gap * 500 * self.useful / minutes)

    def rests(self, option, at):
        """Return the free cells before and after the master's time when the option starts at cell ``at``."""
        key = option.index, at
        if key not in self._rests:
            cells = option.spots[0].cells
            if cells:
                first = at + min(first for first, _last in cells)
                last = at + max(last for _first, last in cells)
                self._rests[key] = (
                    self.board.run_before(option.master, first),
                    self.board.run_after(option.master, last),
                )
            else:
                self._rests[key] = None
        return self._rests[key]

    def cheapest(self, start, limit=None, base=0):
        """Return the cheapest plan at cell ``start``, as (price, load, chosen, seats), or None.

        :param limit: (price, load) that it must stay below
        :param base: thousandths that the start itself costs
        """
        self.start, self.best, self.limit = start, None, limit
        self._choose(0, [], [], None, 0, base, 0)
        return self.best

    def _is_worse(self, price, load):
        return self.limit is not None and (price, load) >= self.limit

    def _choose(self, depth, chosen, pairs, previous, offset, price, load):
        problem = self.problem
        stage = problem.stages[depth] if depth < len(problem.stages) else None
        before = problem.stages[depth - 1] if previous is not None else None
        if before and (stage is None or stage.first):
            # The guest is through: what remains after the last masters' time.
            price = self._add_rests(price, before.combos[previous], offset, (), 0)
            if price is None or self._is_worse(price, load):
                return
        if stage is None:
            self._seat(chosen, pairs, price, load)
            return
        steps = []
        for index, combo in enumerate(stage.combos):
            if not all(problem.found[option.index] >> self.start & 1 for option in combo):
                continue
            first = 0 if stage.first else offset + stage.gaps[previous][index]
            for wait in range(1 if stage.first else stage.wait + 1):
                at = first + wait
                if not stage.rest[index] >> (self.start + at) & 1:
                    continue
                step = price + wait * self.wait
                masters = {option.master for option in combo}
                if stage.first:
                    step = self._add_before(step, combo, at, ())
                else:
                    earlier = before.combos[previous]
                    masters_before = {option.master for option in earlier}
                    step += self.change_master * len(masters - masters_before)
                    step = self._add_rests(step, earlier, offset, combo, at)
                    if step is not None:
                        step = self._add_before(step, combo, at, earlier, offset)
                if step is None:
                    continue
                weight = load
                for option in combo:
                    step += self.standing[option.index][0]
                    weight += self.standing[option.index][1]
                if not self._is_worse(step, weight):
                    steps.append((step, weight, index, at))
        # The cheapest first: it sets the mark that the others have to beat.
        for step, weight, index, at in sorted(steps):
            if self._is_worse(step, weight):
                break
            combo = stage.combos[index]
            more = problem.clashes(chosen, combo, at)
            if more is not None:
                now = chosen + [(option, at) for option in combo]
                self._choose(depth + 1, now, pairs + more, index, at, step, weight)

    def _joined(self, option, offset, other, at):
        """Return the free cells between two services of one master in the plan; None when somebody is between."""
        rests, others = self.rests(option, self.start + offset), self.rests(other, self.start + at)
        if rests is None or others is None:
            return None
        end = offset + max(last for _first, last in option.spots[0].cells)
        begin = at + min(first for first, _last in other.spots[0].cells)
        return begin - end if 0 <= begin - end <= rests[1] else None

    def _add_rests(self, price, combo, offset, following, at):
        """Add what remains after the masters' time of ``combo``, up to what they do next for the same guest."""
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

    def _add_before(self, price, combo, at, earlier, offset=0):
        """Add what remains before the masters' time of ``combo``, unless it was counted after ``earlier``."""
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
                    and not option.spots[use].resources.isdisjoint(chosen[other_place][0].spots[other_use].resources)
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
            if earlier
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
