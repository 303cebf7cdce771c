"""The till with 5,000 clients and 1,000 products: loading it, the list of the day's visits, opening and paying one."""

from datetime import datetime, timedelta

from timing import quantiles_ms

from odoo import Command, fields

CLIENTS, PRODUCTS, MASTERS, VISITS, LOADS, PAYMENTS = 5000, 1000, 20, 200, 6, 30


def prepare(env):
    company = env.company
    service = env["product.product"].create(
        {
            "name": "Cut",
            "type": "service",
            "is_salon_service": True,
            "active_minutes": 45,
            "list_price": 50,
            "available_in_pos": True,
            "taxes_id": False,
        }
    )
    env["product.product"].create(
        [
            {
                "name": f"Product {index}",
                "type": "consu",
                "is_storable": True,
                "list_price": 10 + index % 40,
                "barcode": f"20000{index:08}",
                "available_in_pos": True,
            }
            for index in range(PRODUCTS)
        ]
    )
    clients = env["res.partner"].create(
        [{"name": f"Client {index}", "is_client_card": True, "phone": f"+99890{index:07}"} for index in range(CLIENTS)]
    )
    masters = env["hr.employee"].create([{"name": f"Master {index}", "is_master": True} for index in range(MASTERS)])
    env["salon.skill"].create([{"employee_id": master.id, "product_id": service.id} for master in masters])
    # Today, so that the till's list shows them.
    day = company._salon_utc(datetime.combine(company._salon_today(), datetime.min.time()))
    visits = env["salon.visit"].create(
        [
            {
                "partner_id": clients[index].id,
                "override_reason": "bench",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "employee_id": masters[index % MASTERS].id,
                            "start": day + timedelta(hours=6 + index // MASTERS),
                        }
                    )
                ],
            }
            for index in range(VISITS)
        ]
    )
    visits.action_book()
    cash = env["account.journal"].create({"name": "Drawer", "code": "DRW", "type": "cash"})
    method = env["pos.payment.method"].create({"name": "Cash", "journal_id": cash.id})
    till = env["pos.config"].create({"name": "Till", "payment_method_ids": [Command.set(method.ids)]})
    group = env.ref("salon_spa.group_salon_administrator")
    desk = env["res.users"].create(
        {"name": "Desk", "login": "bench_desk", "group_ids": [Command.set(group.ids)], "company_id": company.id}
    )
    session = env["pos.session"].with_user(desk).create({"config_id": till.id})
    session.set_opening_control(0, None)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    return desk, till, session, method, visits


def receipt(session, method, data, number):
    """Return what the till sends for a visit that is paid in cash."""
    total = sum(line["amount"] for line in data["lines"])
    now = fields.Datetime.to_string(fields.Datetime.now())
    lines = [
        Command.create(
            {
                "product_id": line["product_id"],
                "qty": line["qty"],
                "price_unit": line["price_unit"],
                "price_subtotal": line["amount"],
                "price_subtotal_incl": line["amount"],
                "tax_ids": [Command.set(line["tax_ids"])],
                "salon_line_id": line["id"],
                "salon_employee_id": line["employee_id"],
                "salon_asked": line["amount"],
            }
        )
        for line in data["lines"]
    ]
    payment = {"amount": total, "name": now, "payment_method_id": method.id}
    return {
        "uuid": f"bench-{number}",
        "access_token": f"bench-{number}",
        "name": f"Order {number}",
        "session_id": session.id,
        "company_id": session.company_id.id,
        "user_id": session.user_id.id,
        "date_order": now,
        "state": "paid",
        "to_invoice": False,
        "partner_id": data["partner_id"],
        "salon_visit_id": data["id"],
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "lines": lines,
        "payment_ids": [Command.create(payment)],
    }


def main(env):
    desk, till, session, method, visits = prepare(env)
    visits = visits.with_user(desk)

    def load():
        loaded = session.load_data([])
        assert len(loaded["product.template"]) >= PRODUCTS

    def listed():
        assert len(visits.get_till_visits(till.id)) > 50

    def found():
        assert visits.get_till_visits(till.id, "Client 17")

    todo = iter(visits)

    def pay():
        visit = next(todo)
        data = visits.get_till_visit(visit.id, till.id)
        order = receipt(session, method, data, visit.id)
        env["pos.order"].with_user(desk).with_context(salon_paying=order["uuid"]).sync_from_ui([order])
        env.flush_all()

    rows = []
    for what, job, times in (
        (f"load the till with {CLIENTS} clients and {PRODUCTS} products, in the server", load, LOADS),
        (f"list {VISITS} visits of today", listed, PAYMENTS),
        ("find a client's visits", found, PAYMENTS),
        ("open a visit, pay it and close it", pay, PAYMENTS),
    ):
        median, late = quantiles_ms(env, job, times)
        rows.append((what, f"{median:.0f} ms (p95 {late:.0f})", ""))
    return rows
