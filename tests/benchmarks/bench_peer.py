"""Free times and booking side by side: Salon & SPA, OCA's resource_booking 19.0 (the other free addon for Odoo that
knows rooms), and plain SQL with integers as the limit. 20 masters, 10 rooms, 8 masters and 4 rooms that can, 100,000
past and 2,569 future appointments, the same ones on every side.

The sides take turns, question by question, so that a busy machine slows all of them. The peer is fetched when the
benchmark runs, into the folder of the configuration file, and works in a database without our addons; nothing of it is
part of this repository. Without a network only our own figures come.
"""

import importlib.metadata
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

import psycopg2
from bench_availability import ELIGIBLE_MASTERS, ELIGIBLE_ROOMS, PAST, ROOMS, appointments, prepare
from run import environment
from timing import quantiles, taken_ms

import odoo
from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

COLUMNS = ("what", "Salon & SPA", "resource_booking", "plain SQL", "peer : us", "us : SQL")
PEER = ("odoo-addon-resource-booking>=19,<20", "odoo-addon-web_calendar_slot_duration>=19,<20", "cssselect")
DAYS, TIMES, SAMPLE, CLIENTS = 30, 31, 151, 1000
# The others have been here and have nothing booked, so that no visit of their own is in the way of a new one.
BOOKED_CLIENTS = 800
SERVICE = 2  # of bench_availability: one hour, without tidying up, which the peer does not know
TIME_ZONE = "Europe/Berlin"
CELL = 5  # minutes, of the limit's integers


class Side(NamedTuple):
    """Who answers: ``slots()`` returns the starts on offer, ``book(slot, number)`` books one of them."""

    env: object
    slots: object
    book: object


def main(env):
    salon = salon_data(env)
    ours, limit = our_side(salon), plain_side(env, salon)
    try:
        fetch_peer()
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["pip said nothing"])[-1].removeprefix("ERROR: ")
        print(f"resource_booking could not be fetched ({reason}): only our own side is measured.", flush=True)
        return table([ours, None, limit])
    with environment(os.environ["SALON_TEMPLATE"], f"{env.cr.dbname}_rb", ["resource_booking"]) as peer_env:
        rows = table([ours, peer_side(peer_env, salon), limit])
    version = importlib.metadata.version("odoo-addon-resource-booking")
    return [(f"(version {version} of the peer)", "", "", "", "", ""), *rows]


# --- Measuring ---------------------------------------------------------------------------------------------------


def table(sides):
    """Ask and book in turns; return the rows for each question, with empty cells for a side that is None."""
    taken = [[] for _side in sides]
    for _turn in range(TIMES):
        for own, side in zip(taken, sides, strict=True):
            if side:
                own += taken_ms(side.env, side.slots, 1)
    # The first answer warms what a server keeps warm.
    rows = compared("free times of an hour's service, 30 days", [own[1:] for own in taken])
    offered = [side.slots() if side else [] for side in sides]
    rows.append(("free times offered", *(f"{len(slots):,}" if slots else "" for slots in offered), "", ""))
    dice = random.Random(11)
    samples = [dice.sample(slots, min(SAMPLE, len(slots))) for slots in offered]
    taken, refused = [[] for _side in sides], [0 for _side in sides]
    for turn in range(SAMPLE):
        for index, (side, sample) in enumerate(zip(sides, samples, strict=True)):
            if turn < len(sample):
                spent = booked_ms(side, sample[turn], turn)
                refused[index] += spent is None
                taken[index] += [] if spent is None else [spent]
    rows += compared("booking one of them", [own[1:] for own in taken])
    shares = [
        f"{bad} of {len(sample)} ({bad / len(sample):.1%})" if sample else ""
        for bad, sample in zip(refused, samples, strict=True)
    ]
    return [*rows, ("offered, and refused when booked", *shares, "", "")]


def booked_ms(side, slot, number):
    """Return the milliseconds of a booking, which is undone again, or None when it is refused."""
    side.env.invalidate_all()
    with closing(side.env.cr.savepoint()):
        begin = time.perf_counter()
        try:
            with mute_logger("odoo.sql_db"):
                side.book(slot, number)
                # With what waits for the end of the transaction: changed values are told in the chatter there.
                side.env.cr.flush()
        except (UserError, psycopg2.Error):
            return None
        return (time.perf_counter() - begin) * 1000


def compared(what, taken):
    rows = []
    measured = [own and quantiles(own) for own in taken]
    for index, name in enumerate(("median", "95 %")):
        ours, peer, limit = (one[index] if one else None for one in measured)
        cells = [f"{one:,.1f} ms" if one is not None else "" for one in (ours, peer, limit)]
        rows.append((f"{what}: {name}", *cells, f"{peer / ours:,.0f}" if peer else "", f"{ours / limit:,.1f}"))
    return rows


def copying(env, table, source, changes, made):
    """Return the SQL that inserts a copy of the row with the id ``source`` for each row of the relation ``made``.

    ``changes`` are the columns that differ, with an expression in SQL over ``made``; the id too, or it is a new one.
    """
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s", [table]
    )
    columns = [name for (name,) in env.cr.fetchall() if name != "id" or name in changes]
    values = ", ".join(str(changes.get(name, f'source."{name}"')) for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS source, {made} WHERE source.id = {source}"


def run(env, *statements):
    for statement in statements:
        env.cr.execute(statement)  # pylint: disable=sql-injection


# --- Our side ----------------------------------------------------------------------------------------------------


class Salon(NamedTuple):
    """What is sold, and the days asked for: all their starts lie ahead, whenever the benchmark is run."""

    env: object  # of the desk
    product: object
    masters: object
    eligible: object  # the masters who can
    clients: list
    example: object  # a visit to make copies of
    first: date
    today: date


def salon_data(env):
    """The salon of bench_availability, in which every appointment gets its visit."""
    services, masters, today = prepare(env)
    clients = env["res.partner"].create([{"name": f"Client {one}", "is_client_card": True} for one in range(CLIENTS)])
    groups = env.ref("base.group_user") | env.ref("salon_spa.group_salon_administrator")
    desk = env["res.users"].create({"name": "Desk", "login": "bench_desk", "group_ids": [Command.set(groups.ids)]})
    salon = Salon(
        env(user=desk, context={"tz": TIME_ZONE}),
        services[SERVICE],
        masters,
        masters[SERVICE : SERVICE + ELIGIBLE_MASTERS],
        clients.ids,
        env["salon.visit"],
        today + timedelta(days=1),
        today,
    )
    side = our_side(salon)
    salon = salon._replace(example=side.book(side.slots()[0], 0))
    visit, line = salon.example, salon.example.line_ids
    env.flush_all()
    # The allocations in the order in which they were made: the past one by one, the future in pairs.
    run(
        env,
        f"""CREATE TEMP TABLE made AS
            SELECT {visit.id} + 1 + number AS visit, {line.id} + 1 + number AS line, *
              FROM (SELECT CASE WHEN place < {PAST} THEN place ELSE {PAST} + (place - {PAST}) / 2 END AS number,
                           MIN(start) AS start, MIN(stop) AS stop,
                           COALESCE(MIN(employee.id), {masters[0].id}) AS employee, array_agg(allocation.id) AS ids
                      FROM (SELECT id, resource_id, start, stop, row_number() OVER (ORDER BY id) - 1 AS place
                              FROM salon_allocation WHERE line_id IS NULL) AS allocation
                      LEFT JOIN hr_employee employee ON employee.resource_id = allocation.resource_id
                     GROUP BY 1) AS appointments
              JOIN (SELECT id AS client, row_number() OVER (ORDER BY id) - 1 AS place FROM res_partner
                     WHERE is_client_card) AS clients
                ON place = number % CASE WHEN number < {PAST} THEN {CLIENTS} ELSE {BOOKED_CLIENTS} END""",
    )
    state = {"state": f"CASE WHEN number < {PAST} THEN 'done' ELSE 'booked' END"}
    spans = {"start": "made.start", "stop": "made.stop", "date": "made.start::date", **state}
    visits = {"id": "made.visit", "name": "'P' || made.visit", "partner_id": "made.client", **spans}
    lines = {"id": "made.line", "visit_id": "made.visit", "client_id": "made.client", "employee_id": "made.employee"}
    run(
        env,
        copying(env, "salon_visit", visit.id, visits, "made"),
        copying(env, "salon_visit_line", line.id, {**lines, **spans}, "made"),
        """UPDATE salon_allocation allocation SET line_id = made.line, visit_id = made.visit
             FROM made WHERE allocation.id = ANY(made.ids)""",
        "SELECT setval('salon_visit_id_seq', (SELECT MAX(id) FROM salon_visit))",
        "SELECT setval('salon_visit_line_id_seq', (SELECT MAX(id) FROM salon_visit_line))",
    )
    env.invalidate_all()
    visit.action_cancel()
    settle(env, "salon_visit", "salon_visit_line", "salon_allocation", "res_partner")
    return salon


def our_side(salon):
    from odoo.addons.salon_spa_booking.models.salon_availability import Wish

    env = salon.env
    product = salon.product.with_env(env)

    def slots():
        search = env["salon.availability"]._search_times(
            env.company, [[Wish(product)]], salon.first, salon.first + timedelta(days=DAYS - 1)
        )
        return [(slot.start, search.employees[slot.masters[0][0]]) for slot in search.board.slots(search.request)]

    def book(slot, number):
        start, employee_id = slot
        line = {"product_id": product.id, "employee_id": employee_id, "start": start}
        client_id = salon.clients[BOOKED_CLIENTS + number]
        visit = env["salon.visit"].create({"partner_id": client_id, "line_ids": [Command.create(line)]})
        visit.action_book()
        return visit

    return Side(env, slots, book)


# --- The limit ---------------------------------------------------------------------------------------------------


def plain_side(env, salon):
    """The same answers and rows without Odoo: two queries and integers; one statement for a booking."""
    company = env.company
    masters = salon.eligible.resource_id.ids
    rooms = env["salon.room"].search([], order="id", limit=ELIGIBLE_ROOMS).resource_id.ids
    begin, end = (
        company._salon_utc(datetime.combine(salon.first + timedelta(days=days), datetime.min.time()))
        for days in (0, DAYS)
    )
    cell = timedelta(minutes=CELL)
    cells, length = (end - begin) // cell, salon.product.active_minutes // CELL
    step = int(company.salon_slot_step) // CELL
    asked = {"masters": masters, "both": masters + rooms, "begin": begin, "end": end}

    def slots():
        free = {**dict.fromkeys(masters, 0), **dict.fromkeys(rooms, (1 << cells) - 1)}
        env.cr.execute(
            """SELECT resource_id, start, stop FROM salon_shift WHERE resource_id = ANY(%(masters)s)
                  AND start < %(end)s AND stop > %(begin)s AND state = 'published'""",
            asked,
        )
        for one, start, stop in env.cr.fetchall():
            free[one] |= span(start, stop)
        env.cr.execute(
            """SELECT resource_id, start, stop FROM salon_allocation WHERE resource_id = ANY(%(both)s)
                  AND start < %(end)s AND start > %(begin)s - interval '2 days' AND stop > %(begin)s AND blocking""",
            asked,
        )
        for one, start, stop in env.cr.fetchall():
            free[one] &= ~span(start, stop)
        starts = {one: fitting(own) for one, own in free.items()}
        any_room = 0
        for one in rooms:
            any_room |= starts[one]
        found = []
        for number in range(0, cells, step):
            if any_room >> number & 1:
                master = next((one for one in masters if starts[one] >> number & 1), None)
                if master:
                    found.append((begin + number * cell, master))
        return found

    def span(start, stop):
        first, last = max((start - begin) // cell, 0), min(-((begin - stop) // cell), cells)
        return (1 << last) - (1 << first)

    def fitting(own):
        starts = own
        for number in range(1, length):
            starts &= own >> number
        return starts

    statement = plain_booking(env, salon)

    def book(slot, number):
        start, master = slot
        env.cr.execute(  # pylint: disable=sql-injection
            statement,
            {
                "start": start,
                "stop": start + length * cell,
                "master": master,
                "rooms": rooms,
                "client": salon.clients[BOOKED_CLIENTS + number],
            },
        )

    return Side(env, slots, book)


def plain_booking(env, salon):
    """Return the SQL of a booking: the visit, its line, two entries in its history, a seat of master and room."""
    visit, line = salon.example, salon.example.line_ids
    created, booked = sorted(visit.sudo().log_ids.ids)[:2]
    spans = {"start": "%(start)s", "stop": "%(stop)s", "date": "%(start)s::date", "state": "'booked'"}
    visits = {"partner_id": "%(client)s", **spans}
    lines = {"visit_id": "visit.id", "client_id": "%(client)s", **spans}
    return f"""
        WITH visit AS ({copying(env, "salon_visit", visit.id, visits, "(SELECT) AS made")} RETURNING id),
             line AS ({copying(env, "salon_visit_line", line.id, lines, "visit")} RETURNING id, visit_id),
             created AS ({copying(env, "salon_visit_log", created, {"visit_id": "visit.id"}, "visit")}),
             booked AS ({copying(env, "salon_visit_log", booked, {"visit_id": "visit.id"}, "visit")}),
             room AS (
                 SELECT one FROM unnest(%(rooms)s) AS one
                  WHERE NOT EXISTS (
                      SELECT FROM salon_allocation WHERE resource_id = one AND blocking AND start < %(stop)s
                         AND start > %(start)s::timestamp - interval '2 days' AND stop > %(start)s)
                  LIMIT 1)
        INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, blocking, line_id, visit_id, company_id)
        SELECT one, 1, %(start)s, %(stop)s, 'visit', TRUE, line.id, line.visit_id, {env.company.id}
          FROM line, (SELECT one FROM room UNION ALL SELECT %(master)s) AS places"""


# --- The peer ----------------------------------------------------------------------------------------------------


def fetch_peer():
    """Bring the peer's addons, once, into a folder beside Odoo's configuration, and let this process find them."""
    folder = Path(os.environ["SALON_CONF"]).parent / "peer"
    if not folder.exists():
        temporary = folder.with_name(f"peer.{os.getpid()}.tmp")
        options = ["--no-deps", "--no-input", "--disable-pip-version-check", "--quiet", "--retries=1", "--timeout=20"]
        try:
            subprocess.run(
                [sys.executable, "-m", "pip", "install", *options, "--target", temporary, *PEER],
                check=True,
                capture_output=True,
                text=True,
            )
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    sys.path.append(str(folder))
    odoo.addons.__path__.append(str(folder / "odoo/addons"))


def peer_side(env, salon):
    """The same salon for the peer: a combination for each pair of master and room, 32 of them for the service."""
    env["ir.config_parameter"].set_param("calendar.block_mail", True)
    env.company.partner_id.tz = TIME_ZONE
    people = env["res.users"].with_context(no_reset_password=True)
    groups = env.ref("base.group_user") | env.ref("resource_booking.group_manager")
    desk = people.create({"name": "Desk", "login": "bench_desk", "group_ids": [Command.set(groups.ids)]})
    users = people.create(
        [
            {"name": f"M {number}", "login": f"bench_{number}", "notification_type": "inbox", "tz": TIME_ZONE}
            for number in range(len(salon.masters))
        ]
    )
    always = working_time(env, "Always", range(7))
    works = {
        shift: working_time(env, f"Shift {shift}", [
            (salon.today.weekday() + ahead) % 7 for ahead in range(7) if (ahead + shift) % 7 < 5
        ])
        for shift in range(7)
    }  # fmt: skip
    masters = env["resource.resource"].create(
        [
            {"name": user.name, "user_id": user.id, "calendar_id": works[master.id % 7].id, "tz": TIME_ZONE}
            for user, master in zip(users, salon.masters, strict=True)
        ]
    )
    rooms = env["resource.resource"].create(
        [
            {"name": f"Room {number}", "resource_type": "material", "calendar_id": always.id, "tz": TIME_ZONE}
            for number in range(ROOMS)
        ]
    )
    pairs = [(master, room) for master in range(len(masters)) for room in range(ROOMS)]
    combinations = env["resource.booking.combination"].create(
        [{"resource_ids": [Command.set([masters[master].id, rooms[room].id])]} for master, room in pairs]
    )
    by_pair = dict(zip(pairs, combinations.ids, strict=True))
    suits = {pair: salon.masters[pair[0]] in salon.eligible and pair[1] < ELIGIBLE_ROOMS for pair in pairs}
    service, _other = env["resource.booking.type"].create(
        [
            {
                "name": name,
                "duration": salon.product.active_minutes / 60,
                "slot_duration": int(salon.env.company.salon_slot_step) / 60,
                "modifications_deadline": 0,
                "resource_calendar_id": always.id,
                "combination_rel_ids": [
                    Command.create({"combination_id": by_pair[pair]}) for pair in pairs if suits[pair] == chosen
                ],
            }
            for name, chosen in (("Service", True), ("Others", False))
        ]
    )
    clients = env["res.partner"].create([{"name": f"Client {number}"} for number in range(CLIENTS)]).ids
    desk_env = env(user=desk, context={"tz": TIME_ZONE})
    asked = desk_env["resource.booking"].create({"partner_ids": [Command.set(clients[:1])], "type_id": service.id})
    # As the portal asks for a month: in the time zone, of the kind that the peer works with.
    days = (salon.first, salon.first + timedelta(days=DAYS))
    midnights = [salon.env.company._salon_utc(datetime.combine(day, datetime.min.time())) for day in days]
    span = [fields.Datetime.context_timestamp(asked, midnight) for midnight in midnights]

    def slots():
        days = asked._get_available_slots(*span)
        return [moment.astimezone(timezone.utc).replace(tzinfo=None) for starts in days.values() for moment in starts]

    def book(start, number):
        return desk_env["resource.booking"].create(
            {"partner_ids": [Command.set([clients[BOOKED_CLIENTS + number]])], "type_id": service.id, "start": start}
        )

    side = Side(desk_env, slots, book)
    example = book(slots()[0], 0)
    env.cr.flush()
    peer_past_and_future(env, example, salon.today, by_pair, users.partner_id.ids, clients)
    env.invalidate_all()
    example.action_cancel()
    settle(env, "resource_booking", "calendar_event", "calendar_attendee", "calendar_event_res_partner_rel",
           "res_partner_resource_booking_rel")  # fmt: skip
    return side


def working_time(env, name, weekdays):
    hours = {"hour_from": 9, "hour_to": 19, "day_period": "morning"}
    attendances = [Command.create({"name": name, "dayofweek": str(weekday), **hours}) for weekday in weekdays]
    return env["resource.calendar"].create({"name": name, "tz": TIME_ZONE, "attendance_ids": attendances})


def peer_past_and_future(env, example, today, by_pair, people, clients):
    """Copy the example, which the peer made itself, to every appointment: its booking, meeting and attendees."""
    event = example.meeting_id
    number_of_places = len(people) + ROOMS
    rows = []
    for number in range(PAST):
        round_, place = divmod(number, number_of_places)
        start = datetime.combine(today - timedelta(days=10 + round_ // 8), datetime.min.time())
        start += timedelta(hours=7 + round_ % 8)
        rows.append((place % len(people), place % ROOMS, start, start + timedelta(minutes=45)))
    rows += appointments(range(len(people)), range(ROOMS), today)
    run(env, """CREATE TEMP TABLE made (booking int, event int, combination int, client int, master int,
                                        start timestamp, stop timestamp)""")  # fmt: skip
    env.cr.execute_values(
        "INSERT INTO made VALUES %s",
        [
            (
                *(example.id + 1 + number, event.id + 1 + number),
                *(by_pair[master, room], clients[number % (CLIENTS if number < PAST else BOOKED_CLIENTS)]),
                people[master],
                start,
                stop,
            )
            for number, (master, room, start, stop) in enumerate(rows)
        ],
    )
    hours = "EXTRACT(EPOCH FROM made.stop - made.start) / 3600"
    spans = {"start": "made.start", "stop": "made.stop", "duration": hours}
    days = {"start_date": "made.start::date", "stop_date": "made.stop::date"} if event.start_date else {}
    # The id last given to each is the example's own.
    run(
        env,
        copying(env, "calendar_event", event.id, {"id": "made.event", "access_token": "NULL", **spans, **days}, "made"),
        copying(
            env,
            "resource_booking",
            example.id,
            {
                "id": "made.booking",
                "meeting_id": "made.event",
                "combination_id": "made.combination",
                "access_token": "NULL",
                **spans,
            },
            "made",
        ),
        *(
            copying(
                env,
                "calendar_attendee",
                attendee.id,
                {
                    "event_id": "made.event",
                    "partner_id": "made.master" if attendee.partner_id.id in people else "made.client",
                    "access_token": "md5(random()::text)",
                },
                "made",
            )
            for attendee in event.attendee_ids
        ),
        """INSERT INTO res_partner_resource_booking_rel (resource_booking_id, res_partner_id)
           SELECT booking, client FROM made""",
        """INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
           SELECT event, unnest(ARRAY[client, master]) FROM made""",
        "SELECT setval('calendar_event_id_seq', (SELECT MAX(id) FROM calendar_event))",
        "SELECT setval('resource_booking_id_seq', (SELECT MAX(id) FROM resource_booking))",
    )


def settle(env, *tables):
    """Commit what was prepared and let PostgreSQL know how much there is."""
    env.cr.commit()
    run(env, *(f"ANALYZE {table}" for table in tables))
    env.cr.commit()
    env.invalidate_all()
