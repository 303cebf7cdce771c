"""Due clients: 100,000 clients with 1,000,000 visits, made by SQL; the rebuild and the list's first page."""

import random
import statistics
import time

CLIENTS = 100_000
VISITS = 1_000_000
SERVICES = 30
MASTERS = 20
PAGE = 80


def prepare(env):
    """Clients who come every 20 to 90 days, each for one to three services; every seventh has booked again."""
    groups = env["salon.service.group"].create([{"name": f"Group {index}"} for index in range(5)])
    products = env["product.product"].create(
        [
            {
                "name": f"Service {index}",
                "type": "service",
                "is_salon_service": True,
                "active_minutes": 60,
                # A third has no periodicity of its own, a half belongs to a group.
                "periodicity_days": 0 if index % 3 == 0 else 21 + index,
                "salon_group_id": groups[index % 5].id if index % 2 else False,
            }
            for index in range(SERVICES)
        ]
    )
    masters = env["hr.employee"].create([{"name": f"Master {index}", "is_master": True} for index in range(MASTERS)])
    env["salon.skill"].create(
        [{"employee_id": master.id, "product_id": product.id} for master in masters for product in products]
    )
    env.flush_all()
    arguments = {
        "clients": CLIENTS,
        "visits": VISITS,
        "each": VISITS // CLIENTS,
        "company": env.company.id,
        "products": products.ids,
        "masters": masters.ids,
    }
    run = env.cr.execute
    run("SELECT setseed(0.42)")
    # The rows refer to what exists by their making; checking each reference would take most of the time.
    run("SET session_replication_role = replica")
    run("SELECT COALESCE(MAX(id), 0) FROM res_partner")
    arguments["first"] = env.cr.fetchone()[0] + 1
    run(
        """INSERT INTO res_partner (id, name, complete_name, active, is_client_card, phone, phone_sanitized, type,
                                    average_ticket)
           SELECT %(first)s + number, 'Client ' || number, 'Client ' || number, TRUE, TRUE,
                  '+49301' || lpad(number::text, 6, '0'), '+49301' || lpad(number::text, 6, '0'), 'contact',
                  round((20 + 180 * random())::numeric, 2)
             FROM generate_series(0, %(clients)s - 1) AS number""",
        arguments,
    )
    run("SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner))")
    run(
        """CREATE TEMP TABLE coming AS
           SELECT number, client, rhythm, (ARRAY[0, 11, 17])[1 + turn %% (1 + client %% 3)] AS taste,
                  (now() AT TIME ZONE 'UTC')::date + interval '9 hours'
                  - make_interval(days => (rhythm * turn + (client * 7919) %% 120 + random() * 6)::int,
                                  mins => (15 * (client %% 36))::int) AS start
             FROM (SELECT number, number / %(each)s AS client, number %% %(each)s AS turn,
                          20 + (number / %(each)s * 31) %% 70 AS rhythm
                     FROM generate_series(0, %(visits)s - 1) AS number) AS numbered""",
        arguments,
    )
    # Every seventh client's latest visit lies ahead.
    run(
        """UPDATE coming SET start = start + interval '200 days'
            WHERE number %% %(each)s = 0 AND client %% 7 = 0""",
        arguments,
    )
    run("SELECT COALESCE(MAX(id), 0) + 1 FROM salon_visit")
    arguments["visit"] = env.cr.fetchone()[0]
    run(
        """INSERT INTO salon_visit (id, name, company_id, partner_id, state, payment_state, booking_source, start, stop,
                                    date)
           SELECT %(visit)s + number, 'B' || number, %(company)s, %(first)s + client,
                  CASE WHEN start > now() AT TIME ZONE 'UTC' THEN 'booked' ELSE 'done' END, 'paid', 'desk',
                  start, start + interval '1 hour', start::date
             FROM coming""",
        arguments,
    )
    run("SELECT setval('salon_visit_id_seq', (SELECT MAX(id) FROM salon_visit))")
    run(
        """INSERT INTO salon_visit_line (visit_id, company_id, client_id, product_id, employee_id, kind, state, start,
                                         stop, date, quantity, price_unit, discount, discount_amount, price_total,
                                         amount_list, prep_minutes, active_minutes, processing_minutes,
                                         finishing_minutes, cleanup_minutes, price_untaxed, amount_revenue)
           SELECT %(visit)s + number, %(company)s, %(first)s + client,
                  (%(products)s)[1 + (client + taste) %% array_length(%(products)s, 1)],
                  (%(masters)s)[1 + (client + (random() * 1.3)::int) %% array_length(%(masters)s, 1)],
                  'service', CASE WHEN start > now() AT TIME ZONE 'UTC' THEN 'booked' ELSE 'done' END,
                  start, start + interval '1 hour', start::date, 1, 50, 0, 0, 50, 50, 0, 60, 0, 0, 0, 50, 50
             FROM coming""",
        arguments,
    )
    run("RESET session_replication_role")
    env.cr.commit()
    for table in ("res_partner", "salon_visit", "salon_visit_line"):
        run(f"ANALYZE {table}")
    env.cr.commit()
    env.invalidate_all()
    return arguments


def seconds(job):
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def median_ms(job, times=25):
    """Return the median time of ``job`` and, which a busy machine leaves alone, its processor time in Odoo."""
    job()
    walls, processor = [], []
    for _turn in range(times):
        begin = time.process_time()
        walls.append(seconds(job))
        processor.append(time.process_time() - begin)
    return f"{1000 * statistics.median(walls):.1f} ms ({1000 * statistics.median(processor):.1f} in Odoo)"


def main(env):
    cadence = env["salon.cadence"]
    rows = []
    rows.append((f"(making {VISITS:,} visits of {CLIENTS:,} clients)", f"{seconds(lambda: prepare(env)):.0f} s", ""))
    rows.append(("rebuild of everything, from nothing", f"{seconds(cadence._rebuild):.1f} s", ""))
    env.cr.commit()
    env.cr.execute("ANALYZE salon_cadence")
    env.cr.commit()
    rows.append(("rebuild of everything, nothing changed", f"{seconds(cadence._rebuild):.1f} s", ""))
    rows.append(("nightly job in batches, nothing changed", f"{seconds(cadence._cron_rebuild):.1f} s", ""))
    env.cr.execute("SELECT DISTINCT client_id FROM salon_cadence")
    clients = [row[0] for row in env.cr.fetchall()]
    chance = random.Random(42)
    one = median_ms(lambda: cadence._rebuild([chance.choice(clients)]), 100)
    rows.append(("rebuild of one client, as after each booking", one, ""))
    rows += first_pages(env)
    env.cr.rollback()
    return rows


def first_pages(env):
    desk = env["res.users"].create(
        {
            "name": "Desk",
            "login": "bench_desk",
            "group_ids": [(6, 0, [env.ref("salon_spa.group_salon_administrator").id])],
        }
    )
    cadence = env["salon.cadence"].with_user(desk)
    view = cadence.get_view(env.ref("salon_spa.salon_cadence_view_list").id, "list")
    names = view["models"]["salon.cadence"]
    specification = {
        name: {"fields": {"display_name": {}}} if cadence._fields[name].type == "many2one" else {}
        for name in names
        if name in cadence._fields and cadence._fields[name].type not in ("one2many", "many2many")
    }
    due = list(cadence._expected_domain())
    count, total = cadence.search_count(due), cadence.search_count([])
    rows = [("rows, due rows", f"{total:,}, {count:,}", "")]

    def page(domain, order="value desc, due_date, id", offset=0):
        def job():
            env.invalidate_all()
            found = cadence.web_search_read(domain, specification, offset, PAGE, order, count_limit=10001)
            assert found["records"], domain

        return job

    weeks = [("days_overdue", ">=", 8), ("days_overdue", "<=", 30)]
    master = env["hr.employee"].search([("is_master", "=", True)], limit=1)
    group = env["salon.service.group"].search([], limit=1)
    for what, job, budget in (
        ("due list, first page in its own order", page(due), "100 ms"),
        ("due list, tenth page", page(due, offset=9 * PAGE), ""),
        ("due list by due date", page(due, order="due_date, id"), "100 ms"),
        ("due list of one master", page([*due, ("employee_id", "=", master.id)]), "100 ms"),
        ("due list of one service group", page([*due, ("group_id", "=", group.id)]), "100 ms"),
        ("due list, 8 to 30 days overdue", page([*due, *weeks]), "100 ms"),
        ("lost clients of the list", page([*due, ("status", "=", "lost")]), ""),
        ("due list, the search alone", lambda: cadence.search(due, limit=PAGE), ""),
        (
            "side panel: services and masters",
            lambda: [
                cadence.search_panel_select_multi_range(name, search_domain=due, comodel_domain=comodel, expand=True)
                for name, comodel in (
                    ("group_id", []),
                    ("product_tmpl_id", [("is_salon_service", "=", True), ("salon_group_id", "=", False)]),
                    ("employee_id", [("is_master", "=", True)]),
                )
            ],
            "",
        ),
    ):
        rows.append((what, median_ms(job), budget))
    rows.append(("index of the first page", explained(cadence, due), "salon_cadence_due_list"))
    return rows


def explained(cadence, domain):
    """Return the indexes that PostgreSQL reads for the first page, and say when it reads the whole table."""
    query = cadence._search(domain, limit=PAGE, order=cadence._order)
    cadence.env.cr.execute("EXPLAIN (FORMAT JSON) " + query.select().code, query.select().params)
    nodes, found = [cadence.env.cr.fetchone()[0][0]["Plan"]], []
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan":
            found.append(f"whole table {node['Relation Name']}")
        if "Index Name" in node:
            found.append(node["Index Name"])
    return ", ".join(found)
