"""Free times in the server: 20 masters, 10 rooms, 30 services, 8 masters and 4 rooms that can, 100,000 past and 2,569
future appointments. Every question loads what it needs from the database, on an empty cache."""

import random
from datetime import datetime, timedelta

from timing import quantiles_ms

from odoo import Command, fields

MASTERS, ROOMS, SERVICES, ELIGIBLE_MASTERS, ELIGIBLE_ROOMS = 20, 10, 30, 8, 4
PAST, FUTURE, AHEAD = 100_000, 2_569, 90
TIMES = 40


def prepare(env, masters_count=MASTERS, eligible=ELIGIBLE_MASTERS):
    """Make a salon; return its services, masters and first day."""
    env.company.salon_tz = "Europe/Berlin"
    types = env["salon.room.type"].create(
        [{"name": f"Type {masters_count} {number}"} for number in range(ROOMS // ELIGIBLE_ROOMS + 1)]
    )
    rooms = env["salon.room"].create(
        [
            {"name": f"Room {number}", "type_ids": [Command.set(types[number // ELIGIBLE_ROOMS].ids)]}
            for number in range(ROOMS)
        ]
    )
    services = env["product.product"].create(
        [
            {
                "name": f"Service {number}",
                "type": "service",
                "is_salon_service": True,
                "active_minutes": 30 + 15 * (number % 4),
                "cleanup_minutes": 5 * (number % 2),
            }
            for number in range(SERVICES)
        ]
    )
    env["salon.requirement"].create(
        [
            {"product_tmpl_id": service.product_tmpl_id.id, "room_type_id": types[number % 2].id}
            for number, service in enumerate(services)
        ]
    )
    masters = env["hr.employee"].create([{"name": f"M {number}", "is_master": True} for number in range(masters_count)])
    env["salon.skill"].create(
        [
            {"employee_id": masters[(number + step) % masters_count].id, "product_id": service.id}
            for number, service in enumerate(services)
            for step in range(min(eligible, masters_count))
        ]
    )
    today = env.company._salon_today()
    env["salon.shift"].create(
        [
            {
                "employee_id": master.id,
                "start": env.company._salon_utc(datetime.combine(today + timedelta(days=ahead), datetime.min.time()))
                + timedelta(hours=9),
                "stop": env.company._salon_utc(datetime.combine(today + timedelta(days=ahead), datetime.min.time()))
                + timedelta(hours=19),
                "state": "published",
            }
            for master in masters
            for ahead in range(-7, AHEAD + 7)
            if (ahead + master.id) % 7 < 5
        ]
    )
    env.flush_all()
    fill(env, masters.resource_id.ids, rooms.resource_id.ids, today)
    return services, masters, today


def fill(env, master_ids, room_ids, today):
    """Fill the book: the past by SQL, the future with visits of 30 to 60 minutes, each with a room."""
    env.cr.execute(
        """INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, blocking, company_id)
           SELECT (%(ids)s::int[])[1 + number %% %(count)s], 1, moment, moment + interval '45 minutes', 'visit', TRUE,
                  %(company)s
             FROM (SELECT number, %(today)s::date - 10 - number / %(count)s / 8 + interval '7 hours'
                                  + number / %(count)s %% 8 * interval '1 hour' AS moment
                     FROM generate_series(0, %(past)s - 1) AS number) AS made""",
        {
            "ids": [*master_ids, *room_ids],
            "count": len(master_ids) + len(room_ids),
            "company": env.company.id,
            "today": today,
            "past": PAST,
        },
    )
    rows = [
        (one, start, stop, env.company.id)
        for master, room, start, stop in appointments(master_ids, room_ids, today)
        for one in (master, room)
    ]
    env.cr.execute_values(
        """INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, blocking, company_id)
           SELECT resource_id, 1, start, stop, 'visit', TRUE, company_id
             FROM (VALUES %s) AS new (resource_id, start, stop, company_id)""",
        rows,
    )
    env.cr.commit()
    env.cr.execute("ANALYZE salon_allocation")
    env.cr.execute("ANALYZE salon_shift")


def appointments(masters, rooms, today):
    """Return the future appointments as (master, room, start, stop), the same ones for lists of the same lengths."""
    dice, taken, found = random.Random(7), set(), []
    while len(found) < FUTURE:
        master, room = dice.choice(masters), dice.choice(rooms)
        day, quarter = dice.randrange(AHEAD), dice.randrange(36)
        cells = [(day, quarter + step) for step in range(dice.choice((2, 3, 4)))]
        wanted = {(one, cell) for one in (("master", master), ("room", room)) for cell in cells}
        if wanted & taken:
            continue
        taken |= wanted
        start = datetime.combine(today, datetime.min.time()) + timedelta(days=day, hours=8, minutes=15 * quarter)
        found.append((master, room, start, start + timedelta(minutes=15 * len(cells))))
    return found


def main(env):
    from odoo.addons.salon_spa_booking.models.salon_availability import Wish

    services, _masters, today = prepare(env)
    service = env["salon.availability"]
    company = env.company

    def look(*products, days=30, employees=None):
        wishes = [[Wish(product, employees) for product in products]]
        return service._search_times(company, wishes, today, today + timedelta(days=days - 1))

    def slots(*products, **values):
        search = look(*products, **values)
        return search.board.slots(search.request)

    one, three = services[0], services[0] | services[10] | services[20]
    rows = []

    def add(what, job, budget=""):
        median, high = quantiles_ms(env, job, TIMES)
        rows.append((f"{what}: median", f"{median:.1f} ms", budget))
        rows.append((f"{what}: 95 %", f"{high:.1f} ms", ""))

    rows.append(("(free times found, one service, 30 days)", str(len(slots(one))), ""))
    add("one service, 8 masters, 4 rooms, 30 days, with its queries", lambda: slots(one), "5 ms")
    search = look(one)
    add("the same, engine and list alone", lambda: search.board.slots(search.request._replace()), "0.5 ms")
    add("the three queries alone, as plain SQL", lambda: plain_sql(env, search, today))
    add("three services, 30 days, with its queries", lambda: slots(*three), "20 ms")
    best = look(one)
    add("best five of 30 days", lambda: service._best(best, 5, company))
    for days in (7, 30, 90):
        add(f"one service, {days} days", lambda days=days: slots(one, days=days))
    for count in (5, 200):
        more, masters, _today = prepare(env, count)
        add(f"one service, salon of {count} masters", lambda more=more: slots(more[0]))
    add("one service, 200 masters who all can", lambda: slots(more[0], employees=masters))
    return rows


def plain_sql(env, search, today):
    """Read what the question needs and do nothing with it: the limit of any answer."""
    ids = [one for one in search.board._work if one > 0]
    env.cr.execute(
        """SELECT resource_id, seat, start, stop FROM salon_allocation
            WHERE resource_id = ANY(%s) AND start < %s AND start > %s AND blocking""",
        [ids, fields.Datetime.to_datetime(today) + timedelta(days=30), fields.Datetime.to_datetime(today)],
    )
    env.cr.fetchall()
    env.cr.execute("SELECT employee_id, start, stop FROM salon_shift WHERE resource_id = ANY(%s)", [ids])
    env.cr.fetchall()
    env.cr.execute("SELECT date_from, date_to FROM resource_calendar_leaves WHERE resource_id = ANY(%s)", [ids])
    env.cr.fetchall()
