"""Booking by an administrator: a visit with one service and one with processing, in the server, with 100,000 past
visits behind it."""

from datetime import datetime, timedelta

from timing import quantiles_ms

MASTERS = 20
PAST = 100_000
BOOKINGS = 60
MOVES = 30


def prepare(env):
    """A salon with many past visits, made by SQL, and masters with published shifts on the days to be booked."""
    services = env["product.product"].create(
        [
            {"name": "Cut", "type": "service", "is_salon_service": True, "active_minutes": 30, "periodicity_days": 35},
            {
                "name": "Colour",
                "type": "service",
                "is_salon_service": True,
                "prep_minutes": 5,
                "active_minutes": 20,
                "processing_minutes": 15,
                "finishing_minutes": 10,
                "cleanup_minutes": 5,
                "periodicity_days": 60,
            },
        ]
    )
    masters = env["hr.employee"].create([{"name": f"Master {index}", "is_master": True} for index in range(MASTERS)])
    env["salon.skill"].create(
        [{"employee_id": master.id, "product_id": service.id} for master in masters for service in services]
    )
    day = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7)
    env["salon.shift"].create(
        [
            {
                "employee_id": master.id,
                "start": day + timedelta(days=ahead, hours=6),
                "stop": day + timedelta(days=ahead, hours=18),
                "state": "published",
            }
            for master in masters
            for ahead in range(3)
        ]
    )
    clients = env["res.partner"].create([{"name": f"Client {index}", "is_client_card": True} for index in range(1000)])
    env.flush_all()
    env.cr.execute(
        """WITH visits AS (
               INSERT INTO salon_visit (name, company_id, partner_id, state, payment_state, booking_source, start, stop,
                                        date, amount_list, amount_discount, amount_total)
               SELECT 'P' || number, %(company)s, (%(clients)s)[1 + number %% 1000], 'done', 'unpaid', 'desk',
                      moment, moment + interval '30 minutes', moment::date, 50, 0, 50
                 FROM (SELECT number, CURRENT_DATE - 30 - number / 20 %% 365 + interval '6 hours'
                                      + number / 7300 * interval '45 minutes' AS moment
                         FROM generate_series(0, %(past)s - 1) AS number) AS made
             RETURNING id, partner_id, start, stop, date),
           lines AS (
               INSERT INTO salon_visit_line (visit_id, company_id, client_id, product_id, employee_id, kind, state,
                                             start, stop, date, quantity, price_unit, price_source, discount,
                                             discount_amount, amount_list, price_total, prep_minutes, active_minutes,
                                             processing_minutes, finishing_minutes, cleanup_minutes, is_chained,
                                             price_untaxed, amount_revenue)
               SELECT id, %(company)s, partner_id, %(product)s, (%(masters)s)[1 + id %% %(count)s], 'service', 'done',
                      start, stop, date, 1, 50, 'variant', 0, 0, 50, 50, 0, 30, 0, 0, 0, TRUE, 50, 50
                 FROM visits
             RETURNING id, visit_id, company_id, employee_id, start, stop)
           INSERT INTO salon_allocation (resource_id, seat, start, stop, kind, blocking, line_id, visit_id, company_id)
           SELECT employee.resource_id, line.id, line.start, line.stop, 'visit', TRUE, line.id, line.visit_id,
                  line.company_id
             FROM lines line JOIN hr_employee employee ON employee.id = line.employee_id""",
        {
            "company": env.company.id,
            "clients": clients.ids,
            "product": services[0].id,
            "masters": masters.ids,
            "count": MASTERS,
            "past": PAST,
        },
    )
    env.cr.commit()
    for table in ("salon_visit", "salon_visit_line", "salon_allocation"):
        env.cr.execute(f"ANALYZE {table}")  # pylint: disable=sql-injection
    env.invalidate_all()
    groups = env.ref("base.group_user") | env.ref("salon_spa.group_salon_administrator")
    desk = env["res.users"].create({"name": "Desk", "login": "bench_desk", "group_ids": [(6, 0, groups.ids)]})
    return env(user=desk), services, masters, clients, day


def main(env):
    env, services, masters, clients, day = prepare(env)
    rows = []
    for number, service in enumerate(services):
        values = iter([job(number, service, index, masters, clients, day) for index in range(BOOKINGS)])

        def book(values=values):
            env["salon.visit"].create(next(values)).action_book()
            env.flush_all()

        name = "a service with processing" if number else "one service"
        rows += measured(env, f"book {name}", book, BOOKINGS)
    visit = env["salon.visit"].search([("state", "=", "booked")], limit=1)
    moments = iter([day + timedelta(days=2, hours=7, minutes=5 * step) for step in range(MOVES)])

    def move():
        visit.line_ids.start = next(moments)
        env.flush_all()

    return rows + measured(env, "move a booked visit", move, MOVES, budget="")


def job(number, service, index, masters, clients, day):
    """Return the values of a visit; each has a time of its own."""
    line = {
        "product_id": service.id,
        "employee_id": masters[index % MASTERS].id,
        "start": day + timedelta(days=number, hours=7 + index // MASTERS),
    }
    return {"partner_id": clients[number * BOOKINGS + index].id, "line_ids": [(0, 0, line)]}


def measured(env, what, work, times, budget="15 ms"):
    median, high = quantiles_ms(env, work, times)
    return [(f"{what}: median", f"{median:.0f} ms", budget), (f"{what}: 95 %", f"{high:.0f} ms", "")]
