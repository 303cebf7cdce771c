"""Reports: 1,000,000 visit lines of four years, made by SQL; the questions that the reports' pivots ask."""

import statistics
import time

LINES = 1_000_000
VISITS = 700_000
CLIENTS = 100_000
SERVICES = 30
MASTERS = 20
DAYS = 4 * 365


def prepare(env):
    """Visits spread over four years up to today, of one or two lines; 8 % cancelled or missed, 5 % walk-ins."""
    category = env["product.category"].create([{"name": f"Category {index}"} for index in range(5)])
    services = env["product.product"].create(
        [
            {
                "name": f"Service {index}",
                "type": "service",
                "is_salon_service": True,
                "active_minutes": 60,
                "categ_id": category[index % 5].id,
            }
            for index in range(SERVICES)
        ]
    )
    retail = env["product.product"].create([{"name": f"Product {index}", "type": "consu"} for index in range(SERVICES)])
    masters = env["hr.employee"].create([{"name": f"Master {index}", "is_master": True} for index in range(MASTERS)])
    reasons = env["salon.reason"].search([("kind", "in", ("client", "salon", "no_show"))])
    env.flush_all()
    run = env.cr.execute
    run("SELECT setseed(0.42)")
    first = {}
    for table in ("res_partner", "salon_visit"):
        run(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")
        first[table] = env.cr.fetchone()[0]
    arguments = {
        "lines": LINES,
        "visits": VISITS,
        "clients": CLIENTS,
        "days": DAYS,
        "company": env.company.id,
        "client": first["res_partner"],
        "visit": first["salon_visit"],
        "services": services.ids,
        "retail": retail.ids,
        "masters": masters.ids,
        "reasons": reasons.ids,
    }
    run(
        """INSERT INTO res_partner (id, name, complete_name, active, is_client_card, phone, phone_sanitized, type)
           SELECT %(client)s + number, 'Client ' || number, 'Client ' || number, TRUE, TRUE,
                  '+49301' || lpad(number::text, 6, '0'), '+49301' || lpad(number::text, 6, '0'), 'contact'
             FROM generate_series(0, %(clients)s - 1) AS number""",
        arguments,
    )
    run(
        """INSERT INTO salon_visit (id, name, company_id, partner_id, is_anonymous, state, is_late_cancel,
                                    cancel_reason_id, payment_state, booking_source, start, stop, date, create_date,
                                    amount_total)
           SELECT %(visit)s + number, 'B' || number, %(company)s,
                  CASE WHEN luck < 0.95 THEN %(client)s + floor(random() * %(clients)s)::int END, luck >= 0.95,
                  CASE WHEN luck < 0.05 THEN 'cancelled' WHEN luck < 0.08 THEN 'no_show' ELSE 'done' END, luck < 0.02,
                  CASE WHEN luck < 0.08 THEN (%(reasons)s)[1 + number %% array_length(%(reasons)s, 1)] END,
                  'paid', (ARRAY['desk', 'phone', 'online'])[1 + number %% 3], start, start + interval '1 hour',
                  start::date, start - make_interval(hours => (random() * 500)::int), 80
             FROM (SELECT number, random() AS luck,
                          (now() AT TIME ZONE 'UTC')::date - (number %% %(days)s)
                          + make_interval(hours => 9 + number / %(days)s %% 11) AS start
                     FROM generate_series(0, %(visits)s - 1) AS number) AS numbered""",
        arguments,
    )
    run(
        """INSERT INTO salon_visit_line (visit_id, company_id, client_id, product_id, employee_id, kind, state, start,
                                         stop, date, quantity, price_unit, discount, discount_amount, price_total,
                                         amount_list, prep_minutes, active_minutes, processing_minutes,
                                         finishing_minutes, cleanup_minutes, price_untaxed, amount_revenue)
           SELECT visit.id, company_id, partner_id,
                  CASE WHEN turn = 0 THEN (%(services)s)[1 + floor(random() * array_length(%(services)s, 1))::int]
                       ELSE (%(retail)s)[1 + floor(random() * array_length(%(retail)s, 1))::int] END,
                  (%(masters)s)[1 + floor(random() * array_length(%(masters)s, 1))::int],
                  CASE WHEN turn = 0 THEN 'service' ELSE 'product' END, state,
                  CASE WHEN turn = 0 THEN start END, CASE WHEN turn = 0 THEN stop END, date,
                  1, 50, 0, CASE WHEN visit.id %% 6 = 0 THEN 5 ELSE 0 END,
                  CASE WHEN visit.id %% 6 = 0 THEN 45 ELSE 50 END, 50, 0, 60, 0, 0, 0,
                  CASE WHEN visit.id %% 6 = 0 THEN 45 ELSE 50 END, CASE WHEN visit.id %% 6 = 0 THEN 45 ELSE 50 END
             FROM salon_visit visit
             JOIN generate_series(0, 1) AS turn ON turn = 0 OR visit.id - %(visit)s < %(lines)s - %(visits)s
            WHERE visit.id >= %(visit)s""",
        arguments,
    )
    run(
        """UPDATE res_partner partner SET first_visit_date = come.first, last_visit_date = come.last
             FROM (SELECT client_id, MIN(date) AS first, MAX(date) AS last FROM salon_visit_line
                    WHERE state = 'done' GROUP BY client_id) come
            WHERE partner.id = come.client_id"""
    )
    run(
        """INSERT INTO hr_employee_salon_visit_rel (salon_visit_id, hr_employee_id)
           SELECT DISTINCT visit_id, employee_id FROM salon_visit_line WHERE visit_id >= %(visit)s""",
        arguments,
    )
    for table in ("res_partner", "salon_visit"):
        run(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    env.cr.commit()
    for table in ("res_partner", "salon_visit", "salon_visit_line", "hr_employee_salon_visit_rel"):
        run(f"ANALYZE {table}")
    env.cr.commit()
    env.invalidate_all()


def median_ms(job, times=5):
    spent = []
    for _turn in range(times):
        begin = time.perf_counter()
        job()
        spent.append(time.perf_counter() - begin)
    return f"{1000 * statistics.median(spent):.0f} ms"


def questions(env):
    """Every report of the menu as its first view asks it, over the last month and over all the time there is."""
    context = {"lang": "en_US", "tz": env.company.salon_tz}
    for name, model, groupby, measures in (
        ("revenue by day", "salon.revenue.report", ["date:day"], ["amount_net"]),
        ("revenue, visits and ticket by master", "salon.revenue.report", ["employee_id"],
         ["amount_net", "visit_count", "average_ticket"]),
        ("masters' efficiency", "salon.revenue.report", ["employee_id"],
         ["client_count", "visit_count", "service_count", "hours", "amount_net", "average_ticket", "amount_discount",
          "discount_rate"]),
        ("revenue by category and month", "salon.revenue.report", ["categ_id", "date:month"], ["amount_net"]),
        ("revenue by weekday and hour", "salon.revenue.report", ["hour", "weekday"], ["amount_net"]),
        ("visits and ticket by month", "salon.visit.report", ["date:month"],
         ["visit_count", "client_count", "amount_net", "average_ticket", "service_ticket", "services_per_visit"]),
        ("new and returning by month", "salon.visit.report", ["date:month"],
         ["visit_count", "client_count", "new_client_count", "returning_client_count", "unidentified_share"]),
        ("cancellations and no-shows by month", "salon.visit.outcome.report", ["date:month"],
         ["created_count", "cancelled_count", "cancellation_rate", "no_show_count", "no_show_rate", "amount_lost"]),
        ("the same by master", "salon.visit.outcome.report", ["employee_ids"],
         ["created_count", "cancelled_count", "cancellation_rate", "no_show_count", "no_show_rate", "amount_lost"]),
        ("lead time by source", "salon.visit.outcome.report", ["booking_source"], ["lead_hours"]),
    ):  # fmt: skip
        report = env[model].with_context(**context)
        aggregates = []
        for measure in measures:
            field = report._fields[measure]
            aggregates.append(f"{measure}:{field.aggregator}")
            if field.type == "monetary":
                # What the pivot asks beside each amount, to know whether the currencies differ.
                aggregates += ["currency_id:array_agg_distinct", f"{measure}:sum_currency"]
        yield name, report, groupby, list(dict.fromkeys(aggregates))


def main(env):
    begin = time.perf_counter()
    prepare(env)
    rows = [(f"(making {LINES:,} lines of {VISITS:,} visits)", f"{time.perf_counter() - begin:.0f} s", "")]
    manager = env["res.users"].create(
        {
            "name": "Manager",
            "login": "bench_manager",
            "group_ids": [(6, 0, [env.ref("salon_spa.group_salon_manager").id])],
        }
    )
    env = env(user=manager)
    today = env.company._salon_today()
    for period, domain in (
        ("last 30 days", [("date", ">", "today -30d"), ("date", "<=", today)]),
        ("last 12 months", [("date", ">", "today -12m"), ("date", "<=", today)]),
        ("four years", []),
    ):
        for name, report, groupby, aggregates in questions(env):

            def ask(report=report, groupby=groupby, aggregates=aggregates, domain=domain):
                sets = [groupby[:size] for size in range(len(groupby) + 1)]
                report.formatted_read_grouping_sets(domain, sets, aggregates)

            rows.append((f"{name}, {period}", median_ms(ask), ""))
    revenue = env["salon.revenue.report"]
    columns = ("date", "partner_id", "employee_id", "product_id", "amount_net")
    rows.append(("first page of the facts", median_ms(lambda: revenue.search_fetch([], columns, limit=80)), ""))
    row = revenue.search([], limit=1)
    rows.append(("opening the visit of a fact", median_ms(lambda: (env.invalidate_all(), row.action_open_visit())), ""))
    row = env["salon.visit.report"].search([("date", ">", "today -30d")], limit=1)
    rows.append(("opening a visit", median_ms(lambda: (env.invalidate_all(), row.action_open_visit())), ""))
    env.cr.rollback()
    return rows
