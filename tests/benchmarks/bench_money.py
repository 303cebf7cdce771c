"""The front desk at the end of the day: the payment of a visit, and a day of 200 visits closed and paid."""

import time
from datetime import datetime, timedelta

from timing import quantiles_ms

MASTERS, VISITS, PAYMENTS = 20, 200, 30


def main(env):
    service = env["product.product"].create(
        {
            "name": "Cut",
            "type": "service",
            "is_salon_service": True,
            "active_minutes": 45,
            "list_price": 50,
            "taxes_id": False,
        }
    )
    masters = env["hr.employee"].create([{"name": f"Master {index}", "is_master": True} for index in range(MASTERS)])
    env["salon.skill"].create([{"employee_id": master.id, "product_id": service.id} for master in masters])
    clients = env["res.partner"].create(
        [{"name": f"Client {index}", "is_client_card": True} for index in range(VISITS)]
    )
    day = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    visits = env["salon.visit"].create(
        [
            {
                "partner_id": client.id,
                "override_reason": "bench",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": service.id,
                            "employee_id": masters[index % MASTERS].id,
                            "start": day + timedelta(hours=6 + index // MASTERS),
                        },
                    )
                ],
            }
            for index, client in enumerate(clients)
        ]
    )
    visits.action_book()
    cash = env.company._salon_registers()[:1]
    env.cr.commit()
    todo = iter(visits)

    def pay():
        next(todo)._pay([(cash, 50)])
        env.flush_all()

    median, high = quantiles_ms(env, pay, PAYMENTS)
    what = "pay a visit in cash, bill and payment"
    rows = [(f"{what}: median", f"{median:.0f} ms", ""), (f"{what}: 95 %", f"{high:.0f} ms", "")]
    env.invalidate_all()
    begin = time.perf_counter()
    visits.action_done()
    env.flush_all()
    rows.append((f"mark {VISITS} visits done at once", f"{time.perf_counter() - begin:.1f} s", ""))
    env.invalidate_all()
    begin = time.perf_counter()
    for visit in todo:
        visit._pay([(cash, 50)])
        env.flush_all()
    rows.append((f"pay the other {VISITS - PAYMENTS - 1} of the day", f"{time.perf_counter() - begin:.1f} s", ""))
    return rows
