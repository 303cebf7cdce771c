"""The journal: a day of 20 masters and 200 visits, every third with a processing gap, as the desk opens it."""

from datetime import datetime, timedelta

from timing import quantiles_ms

from odoo import Command

MASTERS, VISITS = 20, 10
DAY = datetime(2030, 3, 4)


def prepare(env):
    company = env.company
    company.salon_tz = "Asia/Tashkent"
    products = env["product.product"].create(
        [
            {
                "name": f"Service {number}",
                "type": "service",
                "is_salon_service": True,
                "active_minutes": 60 if number % 3 else 25,
                "processing_minutes": 0 if number % 3 else 20,
                "finishing_minutes": 0 if number % 3 else 10,
                "list_price": 50,
            }
            for number in range(30)
        ]
    )
    clients = env["res.partner"].create(
        [
            {"name": f"Client {number}", "is_client_card": True, "phone": f"+99890{number:07}"}
            for number in range(MASTERS * VISITS)
        ]
    )
    masters = env["hr.employee"].create(
        [{"name": f"Master {number}", "is_master": True, "company_id": company.id} for number in range(MASTERS)]
    )
    env["salon.skill"].create(
        [{"employee_id": master.id, "product_id": product.id} for master in masters for product in products]
    )
    start = company._salon_utc(DAY + timedelta(hours=9))
    env["salon.shift"].create(
        [
            {
                "employee_id": master.id,
                "company_id": company.id,
                "start": start,
                "stop": start + timedelta(hours=11),
                "state": "published",
            }
            for master in masters
        ]
    )
    visits = env["salon.visit"].create(
        [
            {
                "partner_id": clients[number].id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": products[number % 30].id,
                            "employee_id": masters[number // VISITS].id,
                            "start": start + timedelta(minutes=65 * (number % VISITS)),
                        }
                    )
                ],
            }
            for number in range(MASTERS * VISITS)
        ]
    )
    visits.action_book()
    group = env.ref("salon_spa.group_salon_administrator")
    user = env["res.users"].create(
        {"name": "Desk", "login": "bench_desk", "group_ids": [Command.set(group.ids)], "company_id": company.id}
    )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    return user


def main(env):
    journal = env["salon.journal"].with_user(prepare(env))
    day = DAY.date().isoformat()

    def opened():
        board = journal.read_days(day, day)
        assert len(board["events"]) == MASTERS * VISITS

    median, late = quantiles_ms(env, opened, 40)
    return [("a day of 20 masters and 200 visits, in the server", f"{median:.0f} ms (p95 {late:.0f})", "60 ms")]
