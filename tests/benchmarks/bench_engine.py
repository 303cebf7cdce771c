"""Availability, the engine alone: 20 masters, 10 rooms and 2,569 visits over 90 days, in memory; no database is asked.

A service has 8 masters who can perform it and 4 rooms that suit. Each question is put to a board that has just been
built, as in a request of its own; what is kept between questions would flatter it.
"""

import random
import statistics
import time
from datetime import date, datetime, timedelta

from odoo.addons.salon_spa_booking.tools.availability import Board, Request, Task, Use, Way

TODAY = datetime(2026, 3, 2)
VISITS_A_DAY_AND_MASTER = 2569 / 90 / 20
TIMES = 41


def clock(day, minutes):
    return TODAY + timedelta(days=day, minutes=minutes)


def salon(masters, days, seed=1):
    """Return the arguments of a board: every master works five days a week, every room takes one; the first for two."""
    chance = random.Random(seed)
    rooms = masters // 2
    room_ids = range(1000, 1000 + rooms)
    work = {
        master: [(clock(day, 540), clock(day, 1140)) for day in range(days) if (day + master) % 7 < 5]
        for master in range(masters)
    }
    work |= {room: [(clock(day, 480), clock(day, 1260)) for day in range(days)] for room in room_ids}
    busy = {resource: {1: []} for resource in work}
    taken = {resource: set() for resource in work}
    visits = 0
    while visits < round(VISITS_A_DAY_AND_MASTER * masters * days):
        master, day = chance.randrange(masters), chance.randrange(days)
        start, length = 540 + 15 * chance.randrange(38), chance.choice((30, 45, 50, 60, 60, 75, 90, 120))
        cells = {(day, minute) for minute in range(start, start + length, 15)}
        room = chance.choice([room for room in room_ids if not taken[room] & cells] or [None])
        if room is None or (day + master) % 7 >= 5 or start + length > 1140 or taken[master] & cells:
            continue
        for resource in (master, room):
            taken[resource] |= cells
            busy[resource][1].append((clock(day, start), clock(day, start + length)))
        visits += 1
    for seats in busy.values():
        seats[1].sort()
    spans = [(date(2026, 3, 2) + timedelta(days=day), clock(day, 0), clock(day + 1, 0)) for day in range(days)]
    return {
        "begin": TODAY,
        "end": clock(days, 0),
        "work": work,
        "busy": busy,
        "capacity": {1000: 2},
        "days": spans,
    }


def horizon(arguments, days):
    """Return the arguments cut to the first days, as the queries would do."""
    end = clock(days, 0)
    return {
        **arguments,
        "end": end,
        "work": {key: [span for span in spans if span[0] < end] for key, spans in arguments["work"].items()},
        "busy": {
            key: {seat: [span for span in spans if span[0] < end] for seat, spans in seats.items()}
            for key, seats in arguments["busy"].items()
        },
        "days": arguments["days"][:days],
    }


def service(first, masters, minutes=60, cleanup=0, eligible=8, eligible_rooms=4, **options):
    """A task that ``eligible`` masters and ``eligible_rooms`` rooms can serve, both counted from ``first``."""
    rooms = tuple(1000 + (first + number) % (masters // 2) for number in range(min(eligible_rooms, masters // 2)))
    room = Use(rooms, ((0, minutes + cleanup),))
    return Task(
        tuple(
            Way(master, minutes, 0, cleanup, (Use((master,), ((0, minutes + cleanup),)), room))
            for master in sorted((first + number) % masters for number in range(min(eligible, masters)))
        ),
        **options,
    )


def measured(arguments, request, job):
    """Return the median milliseconds of the job on a new board, reading the spans included; and what it answered."""
    taken = []
    for _time in range(TIMES):
        begin = time.perf_counter()
        answer = job(Board(**arguments), request)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), answer


def reading(arguments):
    """Return the median milliseconds from spans to free cells, for all resources."""
    taken = []
    for _time in range(TIMES):
        board = Board(**arguments)
        begin = time.perf_counter()
        for resource in arguments["work"]:
            board.free(resource)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def slots_on_read(arguments, request):
    """Return the median milliseconds of the slots on a board whose spans are read, and how many there are."""
    taken = []
    for _time in range(TIMES):
        board = Board(**arguments)
        for resource in arguments["work"]:
            board.free(resource)
        begin = time.perf_counter()
        slots = board.slots(request)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), len(slots)


def main(_env):
    whole = salon(20, 90)
    month = horizon(whole, 30)
    spans = sum(len(seats[1]) for seats in whole["busy"].values()) + sum(map(len, whole["work"].values()))
    month_spans = sum(len(seats[1]) for seats in month["busy"].values()) + sum(map(len, month["work"].values()))
    one = Request(((service(0, 20),),))
    chosen = Request(((service(3, 20, eligible=1),),))
    three = Request(((service(0, 20), service(6, 20), service(12, 20)),))
    tidied = Request(((service(0, 20, cleanup=10), service(6, 20, cleanup=10), service(4, 20, cleanup=10, wait=15)),))
    waiting = Request(((service(0, 20), service(6, 20, wait=30), service(12, 20, wait=30)),))
    couple = Request(((service(0, 20),), (service(0, 20),)))
    together = couple._replace(same_room=frozenset({couple.guests[0][0].ways[0].uses[1].pool}))
    couple_two = Request(((service(0, 20), service(6, 20)), (service(0, 20), service(6, 20))))
    parallel = Request(((service(0, 20), service(6, 20, parallel=True)),))
    rows = [
        (f"reading all {month_spans:,} spans of 30 days", f"{reading(month):.2f} ms", "3 ms"),
        (f"reading all {spans:,} spans of 90 days", f"{reading(whole):.2f} ms", ""),
    ]
    taken, count = slots_on_read(month, one)
    rows.append((f"one service, any master, rooms, 30 days: {count:,} slots", f"{taken:.2f} ms", "0.5 ms"))

    def put(what, request, job, budget="", arguments=month):
        taken, answer = measured(arguments, request, job)
        count = f": {len(answer):,}" if isinstance(answer, list) else ""
        rows.append((f"{what}{count}", f"{taken:.2f} ms", budget))

    # From here on the spans of the masters and rooms concerned are read as well.
    put("the same with reading the spans", one, Board.slots)
    put("one service, days with any slot", one, Board.days)
    put("one service, slots of one day", one, lambda board, request: board.slots(request, date(2026, 3, 12)))
    put("one service, chosen master, slots", chosen, Board.slots)
    put("one service, the best 5", one, lambda board, request: board.best(request, 5))
    put("one service, plan at a time", one, lambda board, request: board.plan(request, clock(9, 720)))
    put("one service, why not at a time", one, lambda board, request: board.why_not(request, clock(9, 1110)))
    put("three services, slots", three, Board.slots, "20 ms")
    put("three services, waits of up to 30 minutes, slots", waiting, Board.slots, "20 ms")
    put("three services, rooms tidied, shared rooms, slots", tidied, Board.slots, "20 ms")
    put("three services, slots of one day", three, lambda board, request: board.slots(request, date(2026, 3, 12)))
    put("three services, the best 5", three, lambda board, request: board.best(request, 5))
    put("three services, waits, the best 5", waiting, lambda board, request: board.best(request, 5))
    put("three services, tidied, the best 5", tidied, lambda board, request: board.best(request, 5))
    put("two services in parallel, slots", parallel, Board.slots)
    put("couple, slots", couple, Board.slots)
    put("couple in one room for two, slots", together, Board.slots)
    put("couple in one room for two, the best 5", together, lambda board, request: board.best(request, 5))
    put("couple, two services each, slots", couple_two, Board.slots)
    for masters in (5, 20, 50, 200):
        arguments = salon(masters, 30)
        anybody = Request(((service(0, masters),),))
        put(f"{masters} masters, 30 days, one service, slots", anybody, Board.slots, "", arguments)
    for masters in (50, 200):
        everybody = Request(((service(0, masters, eligible=masters, eligible_rooms=masters),),))
        put(f"{masters} masters who all can, slots", everybody, Board.slots, "", salon(masters, 30))
    for days in (7, 30, 90):
        arguments = horizon(whole, days)
        put(f"20 masters, {days} days, one service, slots", one, Board.slots, "", arguments)
        put(f"20 masters, {days} days, three services, slots", three, Board.slots, "", arguments)
    return rows
