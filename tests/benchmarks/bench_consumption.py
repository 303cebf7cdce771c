"""Closing a visit whose service uses five consumables: recipe, lots, containers and stock moves in one step."""

from datetime import datetime, timedelta

from timing import quantiles_ms

MASTERS, VISITS, MATERIALS = 10, 60, 5


def main(env):
    unit = env.ref("uom.product_uom_millilitre", raise_if_not_found=False) or env.ref("uom.product_uom_unit")
    materials = env["product.product"].create(
        [
            {"name": f"Material {number}", "type": "consu", "is_storable": True, "uom_id": unit.id}
            for number in range(MATERIALS)
        ]
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for material in materials:
        env["stock.quant"]._update_available_quantity(material, warehouse.lot_stock_id, 100_000)
    service = env["product.product"].create(
        {"name": "Colour", "type": "service", "is_salon_service": True, "active_minutes": 60, "list_price": 50}
    )
    env["salon.recipe"].create(
        {
            "product_tmpl_id": service.product_tmpl_id.id,
            "line_ids": [(0, 0, {"product_id": material.id, "quantity": 30}) for material in materials],
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
    env.cr.commit()
    todo = iter(visits)

    def close():
        next(todo).action_done()
        env.flush_all()

    median, high = quantiles_ms(env, close, VISITS // 2)
    what = f"close a visit with {MATERIALS} consumables"
    return [(f"{what}: median", f"{median:.0f} ms", "100 ms"), (f"{what}: 95 %", f"{high:.0f} ms", "")]
