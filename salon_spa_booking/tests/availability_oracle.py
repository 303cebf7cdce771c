"""A slow and obvious answer to "when can this visit be booked", which shares nothing with the engine.

It knows minutes since the salon's begin and sets of them, and tries everything: every master, every wait, every seat.
"""

from itertools import combinations, product
from typing import NamedTuple


class Salon(NamedTuple):
    """All times are minutes since ``begin`` (a datetime in UTC); ``days`` are (date, start, stop)."""

    begin: object
    length: int
    work: dict
    busy: dict
    capacity: dict
    days: list


def minutes_of(spans):
    return {minute for start, stop in spans for minute in range(start, stop)}


def minute(salon, moment):
    return round((moment - salon.begin).total_seconds() / 60)


def up(minutes):
    """The next multiple of five."""
    while minutes % 5:
        minutes += 1
    return minutes


class Oracle:
    def __init__(self, salon, request):
        self.salon, self.request = salon, request
        self.open = {}
        for resource in salon.work:
            for seat in range(1, salon.capacity.get(resource, 1) + 1):
                left = minutes_of(salon.work[resource]) - minutes_of(salon.busy.get(resource, {}).get(seat, []))
                self.open[resource, seat] = {
                    five for five in range(0, salon.length, 5) if all(five + one in left for one in range(5))
                }
        self.kept = {}

    def fives(self, use, start):
        """The beginnings of all five minutes that the use touches."""
        return {five - five % 5 for five in minutes_of([(start + first, start + last) for first, last in use.spans])}

    def seats(self, use, start):
        key = use, start
        if key not in self.kept:
            wanted = self.fives(use, start)
            self.kept[key] = [
                (resource, seat)
                for resource in use.pool
                for seat in range(1, self.salon.capacity.get(resource, 1) + 1)
                if wanted <= self.open.get((resource, seat), set())
            ]
        return self.kept[key]

    def may_start(self, one, start):
        """Whether a task, or a way of it, may start at that minute by its own limits."""
        return one.allowed is None or any(
            minute(self.salon, first) <= start < minute(self.salon, last) for first, last in one.allowed
        )

    def timelines(self, tasks, start):
        """Yield lists of (way, start), one per task of a guest."""
        stages = []
        for task in tasks:
            if stages and task.parallel:
                stages[-1].append(task)
            else:
                stages.append([task])

        def after(done, last, stages):
            if not stages:
                yield done
                return
            for ways in product(*(task.ways for task in stages[0])):
                if len({way.master for way in ways}) < len(ways):
                    continue
                moments = [start]
                if done:
                    soonest = max(
                        since
                        + (
                            max(up(before.minutes), up(before.minutes + before.after) + up(way.before))
                            if before.master == way.master
                            else up(before.minutes)
                        )
                        for before, since in last
                        for way in ways
                    )
                    moments = [soonest + more for more in range(0, stages[0][0].wait + 1, 5)]
                for moment in moments:
                    now = [(way, moment) for way in ways]
                    if all(self.may_start(one, moment) for one in (*stages[0], *ways)) and all(
                        self.seats(use, moment) for way in ways for use in way.uses
                    ):
                        yield from after(done + now, now, stages[1:])

        yield from after([], [], stages)

    def seatings(self, parts):
        """Yield for the parts (way, start) every choice of seats, one (resource, seat) per use, in order."""
        uses = [(use, start) for way, start in parts for use in way.uses]

        def after(chosen):
            if len(chosen) == len(uses):
                yield chosen
                return
            use, start = uses[len(chosen)]
            for seat in self.seats(use, start):
                if not any(
                    (other == seat and self.fives(*uses[number]) & self.fives(use, start))
                    or (uses[number][0].pool == use.pool and use.pool in self.request.same_room and other[0] != seat[0])
                    for number, other in enumerate(chosen)
                ):
                    yield from after([*chosen, seat])

        yield from after([])

    def timings(self, start):
        """Yield per guest the timeline, for all guests, seats not looked at."""
        yield from product(*(list(self.timelines(tasks, start)) for tasks in self.request.guests))

    def masters(self, start):
        """The sets of masters, one per task, over all plans at ``start``; None when there is no plan."""
        found = [set() for tasks in self.request.guests for _task in tasks]
        for timing in self.timings(start):
            parts = [part for timeline in timing for part in timeline]
            if all(way.master in one for (way, _start), one in zip(parts, found, strict=True)):
                continue
            if next(self.seatings(parts), None) is not None:
                for (way, _start), one in zip(parts, found, strict=True):
                    one.add(way.master)
        return found if found[0] else None

    def in_window(self, start):
        request = self.request
        return (request.earliest is None or minute(self.salon, request.earliest) <= start) and (
            request.latest is None or start <= minute(self.salon, request.latest)
        )

    def slots(self):
        """Return {start: sets of masters} of all that is to be offered."""
        possible = {start: self.masters(start) for start in range(0, self.salon.length, 5)}
        possible = {start: masters for start, masters in possible.items() if masters}
        offered = {}
        for start, masters in possible.items():
            ends_a_run = any(
                master not in possible.get(start + side, {number: set() for number in range(len(masters))})[number]
                for number, own in enumerate(masters)
                for master in own
                for side in (-5, 5)
            )
            for _date, first, last in self.salon.days:
                on_grid = (start - first) % self.request.step == 0
                if first <= start < last and self.in_window(start) and (on_grid or ends_a_run):
                    offered[start] = masters
        return offered

    # Costs, as the ranking's documentation tells them

    def rest(self, minutes, weights):
        if minutes == 0:
            return 0
        return weights.gap if minutes < weights.useful else weights.gap * weights.useful / (2 * minutes)

    def free_around(self, master, first, last):
        """Free minutes in a row before ``first`` and after ``last``."""
        before = after = 0
        while first - before - 5 in self.open[master, 1]:
            before += 5
        while last + after in self.open[master, 1]:
            after += 5
        return before, after

    def cost(self, start, timing, seats, weights, prefer, load):
        total = 0
        seats = iter(seats)
        for tasks, timeline in zip(self.request.guests, timing, strict=True):
            stages = []
            for task, (way, since) in zip(tasks, timeline, strict=True):
                pools = [
                    {one for other in task.ways for use in other.uses[number : number + 1] for one in use.pool}
                    for number in range(len(way.uses))
                ]
                part = way, since, list(zip(pools, [next(seats) for _use in way.uses], strict=True))
                if stages and task.parallel:
                    stages[-1].append(part)
                else:
                    stages.append([part])
            for number, stage in enumerate(stages):
                earlier = stages[number - 1] if number else []
                later = stages[number + 1] if number + 1 < len(stages) else []
                total += (
                    weights.change_master
                    * sum(
                        way.master not in {other.master for other, _since, _seats in earlier} for way, *_rest in stage
                    )
                    if earlier
                    else 0
                )
                if earlier:
                    soonest = max(
                        since
                        + (
                            max(up(before.minutes), up(before.minutes + before.after) + up(way.before))
                            if before.master == way.master
                            else up(before.minutes)
                        )
                        for before, since, _seats in earlier
                        for way, *_rest in stage
                    )
                    total += weights.wait * (stage[0][1] - soonest)
                for way, since, own in stage:
                    total += weights.preferred if prefer and way.master not in prefer else 0
                    total += weights.load * load.get(way.master, 0) / 60
                    for pool, seat in own[1:]:
                        places = [
                            other_seat[0]
                            for _other, _since, others in earlier
                            for other_pool, other_seat in others[1:]
                            if other_pool & pool
                        ]
                        total += weights.change_room if places and seat[0] not in places else 0
                    span = self.fives(way.uses[0], since)
                    if not span:
                        continue
                    before, after = self.free_around(way.master, min(span), max(span) + 5)
                    for other, other_since, _seats in later:
                        other_span = self.fives(other.uses[0], other_since)
                        if other.master == way.master and other_span:
                            between = min(other_span) - max(span) - 5
                            after = between if 0 <= between <= after else after
                    joined = False
                    for other, other_since, _seats in earlier:
                        other_span = self.fives(other.uses[0], other_since)
                        if other.master == way.master and other_span:
                            joined = 0 <= min(span) - max(other_span) - 5 <= before
                    total += self.rest(after, weights) + (0 if joined else self.rest(before, weights))
        return total

    def cheapest(self, start, weights, prefer=(), load=None):
        """Return the least cost of all plans at ``start``, None when there is none."""
        return min(
            (
                self.cost(start, timing, seats, weights, prefer, load or {})
                for timing in self.timings(start)
                for seats in self.seatings([part for timeline in timing for part in timeline])
            ),
            default=None,
        )

    # An independent look at a plan

    def faults(self, plan):
        """Return what is wrong with a plan, as sentences."""
        salon, request = self.salon, self.request
        faults = []
        tasks = [(guest, number) for guest, own in enumerate(request.guests) for number in range(len(own))]
        if [(part.guest, part.task) for part in plan.parts] != tasks:
            return ["not every task is planned once"]
        if not self.in_window(minute(salon, plan.start)):
            faults.append("starts outside the window")
        taken = []
        for part in plan.parts:
            task, start = request.guests[part.guest][part.task], minute(salon, part.start)
            if part.way not in task.ways:
                faults.append(f"{part.task} is done in a way that is none of its own")
            if not self.may_start(task, start) or not self.may_start(part.way, start) or start % 5:
                faults.append(f"{part.task} starts when it may not")
            for use, (resource, seat) in zip(part.way.uses, part.seats, strict=True):
                wanted = minutes_of([(start + first, start + last) for first, last in use.spans])
                if resource not in use.pool or not 1 <= seat <= salon.capacity.get(resource, 1):
                    faults.append(f"{part.task} uses a seat that does not exist")
                if not wanted <= minutes_of(salon.work.get(resource, [])):
                    faults.append(f"{part.task} uses {resource} outside its working time")
                if wanted & minutes_of(salon.busy.get(resource, {}).get(seat, [])):
                    faults.append(f"{part.task} uses {resource} while it is taken")
                taken.append((resource, seat, wanted, use.pool))
        for one, other in combinations(taken, 2):
            if one[:2] == other[:2] and one[2] & other[2]:
                faults.append(f"{one[:2]} is taken twice by the plan itself")
            if one[3] == other[3] and one[3] in request.same_room and one[0] != other[0]:
                faults.append("two rooms where one was asked for")
        for guest, own in enumerate(request.guests):
            parts = [part for part in plan.parts if part.guest == guest]
            if parts[0].start != plan.start:
                faults.append(f"guest {guest} does not start with the visit")
            for number in range(1, len(own)):
                part, first = parts[number], number
                while first and own[first].parallel:
                    first -= 1
                if first != number:
                    if part.start != parts[first].start or part.way.master in {
                        other.way.master for other in parts[first:number]
                    }:
                        faults.append(f"{number} is not parallel")
                    continue
                since = first - 1
                while since and own[since].parallel:
                    since -= 1
                stage_end = number + 1
                while stage_end < len(own) and own[stage_end].parallel:
                    stage_end += 1
                ends, latest = [], []
                for before in parts[since:number]:
                    for now in parts[number:stage_end]:
                        stays = before.way.master == now.way.master
                        least = before.way.minutes + (before.way.after + now.way.before if stays else 0)
                        ends.append(minute(salon, before.start) + max(least, before.way.minutes))
                        # Each of the three lengths may be rounded up by less than five minutes.
                        latest.append(ends[-1] + (8 if stays else 4) + own[number].wait)
                if not max(ends) <= minute(salon, part.start) <= max(latest):
                    faults.append(f"{number} does not follow the one before")
        return faults
