"""What the demo salon's services take: recipes that were introduced some weeks ago, and bottles in use since."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command

from ..models.salon_consumption import _BY_RECIPE

RECIPE_DAYS = 45
# service: slug, norm in the product's unit, phase; after "or" what is taken when that has run out
COLOUR_CARE = [("shampoo_pro", 20, "finishing_minutes"), ("mask_pro", 12, "finishing_minutes"), ("gloves", 2, None)]
NAILS = [
    ("gel_base", 0.6, "active_minutes"),
    ("gel_colour", 0.9, "active_minutes"),
    ("gel_top", 0.6, "active_minutes"),
    ("remover", 6, "prep_minutes"),
    ("gloves", 2, None),
]
RECIPES = {
    "Root colour": [
        ("colour_6_0", 45, "active_minutes"),
        ("or", "colour_7_1", 45),
        ("oxidant_3", 70, "active_minutes"),
        *COLOUR_CARE,
    ],
    "Full colour": [("colour_6_0", 70, "active_minutes"), ("oxidant_3", 105, "active_minutes"), *COLOUR_CARE],
    "Highlights": [("oxidant_6", 110, "active_minutes"), ("foil", 35, "active_minutes"), *COLOUR_CARE],
    "Toning": [("colour_7_1", 25, "active_minutes"), ("oxidant_3", 50, "active_minutes"), *COLOUR_CARE],
    "Keratin straightening": [("keratin", 80, "active_minutes"), ("shampoo_pro", 30, "prep_minutes")],
    "Gel manicure": NAILS,
    "Gel pedicure": NAILS,
    "Back massage": [("massage_oil", 25, None), ("towels", 2, None)],
    "Full body massage": [("massage_oil", 55, None), ("towels", 3, None)],
    "Hydrating facial": [("cream_face", 8, "finishing_minutes"), ("towels", 1, None)],
}
# Long hair takes more than the recipe of all lengths says.
LONG = {"Full colour": 1.8}
# slug: size of the container that is opened, days it may be used then
CONTAINERS = {
    "oxidant_3": (1000, 90),
    "oxidant_6": (1000, 90),
    "shampoo_pro": (5000, 180),
    "mask_pro": (1000, 180),
    "keratin": (1000, 60),
    "gel_base": (15, 180),
    "gel_top": (15, 180),
    "gel_colour": (8, 180),
    "massage_oil": (1000, 120),
    "cream_face": (200, 30),
}
# Who takes more than the norm, and how much: what the report is for.
GENEROUS = {"Dilnoza Karimova": 1.18, "Kamila Saidova": 1.12}


class RecipeDemo:
    def steps(self):
        steps = super().steps()
        steps.insert(steps.index(self.make_visits) + 1, self.date_materials)
        return steps

    def book(self, plans):
        begin = datetime.combine(self.today - timedelta(days=RECIPE_DAYS), time())
        if not hasattr(self, "norms") and any(plan["lines"][0][2] >= begin for plan in plans):
            self.make_recipes()
            # Visits are closed by the hundred: those of some weeks more take materials, too.
            self.recipes_since = min(plan["lines"][0][2] for plan in plans)
            self.receive_materials(self.recipes_since)
        super().book(plans)
        done = self.env["salon.visit"].browse(plan["visit"].id for plan in plans if plan["fate"] == "done")
        self.correct_materials(done.consumption_ids)

    def make_recipes(self):
        env = self.env
        for slug, (size, days) in CONTAINERS.items():
            self.products[slug].write({"salon_container_size": size, "salon_open_days": days})
        self.norms = {}
        for service, materials in RECIPES.items():
            template = self.services[service].product_tmpl_id
            template.salon_charge_overuse = service in ("Full colour", "Highlights")
            general = self.make_recipe(template, materials)
            for variant in self.services[service]:
                self.norms[variant] = general
            if service in LONG:
                longest = self.services[service][-1]
                self.norms[longest] = self.make_recipe(template, materials, LONG[service], product_id=longest.id)
        # Anna mixes thinner, and is the only one who may.
        self.make_recipe(
            self.services["Root colour"].product_tmpl_id, RECIPES["Root colour"], 0.9, employee_id=self.masters[0].id
        )
        env.flush_all()

    def make_recipe(self, template, materials, times=1, **values):
        lines, phase = [], None
        for number, row in enumerate(materials):
            slug, norm, *rest = row[1:] if row[0] == "or" else row
            phase = rest[0] if rest else phase
            lines.append(
                Command.create(
                    {
                        "sequence": number,
                        "product_id": self.products[slug].id,
                        "quantity": norm if slug in ("gloves", "foil") else round(norm * times, 1),
                        "phase": phase,
                        "is_substitute": row[0] == "or",
                        "charge_price": 1500 if slug.startswith("colour") else 0,
                    }
                )
            )
        return self.env["salon.recipe"].create({"product_tmpl_id": template.id, "line_ids": lines, **values})

    def receive_materials(self, begin):
        """Buy what the services of these weeks took, so that what is left is what the shelf shows."""
        need = defaultdict(float)
        for plan in self.plans:
            for product, _master, start in plan["lines"] if plan["fate"] == "done" else ():
                if start >= begin and product in self.norms:
                    for line, _substitutes in self.norms[product]._groups():
                        need[line.product_id] += line.quantity
        suppliers, place = self.env.ref("stock.stock_location_suppliers"), self.company._salon_stock_location()
        rows = []
        for product, quantity in need.items():
            lots = self.env["stock.lot"].search([("product_id", "=", product.id)], order="expiration_date", limit=1)
            rows.append(
                {
                    "product": product,
                    "quantity": round(quantity),
                    "source": suppliers,
                    "target": place,
                    "lots": [(lots, round(quantity))],
                    "values": {"company_id": self.company.id, "origin": "Lotus"},
                }
            )
        self.bought = self.env["stock.move"]._salon_move_now(rows)

    def correct_materials(self, rows):
        """Masters say what it really was: mostly the norm, some always more."""
        rnd = self.random
        for row in rows.with_context(salon_by_recipe=_BY_RECIPE):
            factor = GENEROUS.get(row.line_id.employee_id.name)
            if row.uom_id == self.env.ref("uom.product_uom_unit") or rnd.random() > (0.7 if factor else 0.25):
                continue
            digits = 1 if row.norm < 10 else 0
            actual = max(round(row.norm * rnd.gauss(factor or 1.0, 0.07), digits), 0.1)
            row.write({"actual": actual, "is_corrected": True})
        rows.sudo()._settle()

    def date_materials(self):
        """Give the moves, and the bottles they came from, the moments of their visits."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            """UPDATE stock_move m SET date = COALESCE(v.done_at, m.date)
                 FROM salon_consumption c JOIN salon_visit v ON v.id = c.visit_id
                WHERE c.id = m.salon_consumption_id"""
        )
        begin = self.company._salon_utc(datetime.combine(self.recipes_since - timedelta(days=1), time(9)))
        cr.execute("UPDATE stock_move SET date = %s WHERE id = ANY(%s)", [begin, self.bought.ids])
        cr.execute("UPDATE stock_move_line l SET date = m.date FROM stock_move m WHERE m.id = l.move_id")
        self.env.invalidate_all()
        moves = self.env["stock.move"].search([("salon_container_id", "!=", False)], order="date")
        for container, drawn in moves.grouped("salon_container_id").items():
            container.opened_at = drawn[0].date
            if container.state == "closed":
                container.closed_at = drawn[-1].date
        opened = self.env["salon.container"].search(
            [("state", "=", "open"), ("product_id", "=", self.products["gel_top"].id)], limit=1
        )
        opened._close("dried")
