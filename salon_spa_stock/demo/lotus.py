"""The demo salon's shelf: what is used and sold, from whom it is bought, how much is left."""

from datetime import timedelta

from odoo import Command

from odoo.addons.salon_spa.demo.lotus import PAST_DAYS

# What is written down here is for the kernel's Lotus to be built upon; prices in thousands of UZS.
SUPPLIERS = ["Color Trade Tashkent", "Nail Market", "SPA Import"]
# slug, name, unit, packaging, units in it, supplier, price of a packaging, packagings in stock, minimum, maximum,
# days until the lots expire
CONSUMABLES = [
    ("colour_6_0", "Hair colour 6.0, dark blond", "ml", "Tube 60 ml", 60, 0, 58, 18, 600, 1800, (700,)),
    ("colour_7_1", "Hair colour 7.1, ash blond", "ml", "Tube 60 ml", 60, 0, 58, 4, 480, 1200, (650,)),
    ("oxidant_3", "Oxidant 3 %", "ml", "Bottle 1 l", 1000, 0, 95, 6, 2000, 6000, (420,)),
    ("oxidant_6", "Oxidant 6 %", "ml", "Bottle 1 l", 1000, 0, 95, 5, 2000, 6000, (40, 500)),
    ("shampoo_pro", "Shampoo, professional", "ml", "Canister 5 l", 5000, 0, 320, 3, 5000, 15000, ()),
    ("mask_pro", "Hair mask, professional", "ml", "Jar 1 l", 1000, 0, 210, 1, 1500, 4000, ()),
    ("keratin", "Keratin", "ml", "Bottle 1 l", 1000, 0, 900, 2, 500, 2000, (300,)),
    ("wax", "Depilation wax", "g", "Tin 800 g", 800, 2, 140, 4, 800, 3200, ()),
    ("gel_base", "Gel polish base", "ml", "Bottle 15 ml", 15, 1, 75, 12, 60, 180, (360,)),
    ("gel_top", "Gel polish top coat", "ml", "Bottle 15 ml", 15, 1, 75, 12, 60, 180, (360,)),
    ("gel_colour", "Gel polish, colour", "ml", "Bottle 8 ml", 8, 1, 48, 30, 80, 240, (15, 400)),
    ("remover", "Gel polish remover", "ml", "Bottle 1 l", 1000, 1, 60, 3, 1000, 3000, ()),
    ("massage_oil", "Massage oil", "ml", "Bottle 1 l", 1000, 2, 180, 5, 2000, 5000, (200,)),
    ("cream_face", "Face cream", "ml", "Tube 200 ml", 200, 2, 160, 6, 400, 1200, (90,)),
    ("peeling", "Fruit acid peeling", "ml", "Bottle 100 ml", 100, 2, 260, 4, 200, 400, (20,)),
    ("gloves", "Gloves", "pcs", "Box of 100", 100, 1, 70, 6, 200, 800, ()),
    ("foil", "Foil for highlights", "pcs", "Pack of 500 sheets", 500, 0, 85, 2, 300, 1500, ()),
    ("towels", "Disposable towels", "pcs", "Pack of 50", 50, 1, 65, 2, 150, 500, ()),
]
# slug, name, price, cost, supplier, in stock, minimum, maximum, days until it expires
RETAIL = [
    ("retail_shampoo", "Shampoo for coloured hair, 250 ml", 145, 82, 0, 90, 10, 40, ()),
    ("retail_mask", "Hair mask, 200 ml", 190, 105, 0, 85, 8, 30, ()),
    ("retail_oil", "Cuticle oil", 60, 28, 1, 95, 10, 40, ()),
    ("retail_serum", "Hair ends serum, 50 ml", 230, 130, 0, 9, 4, 12, ()),
    ("retail_spray", "Thermal protection spray", 165, 90, 0, 2, 5, 15, ()),
    ("retail_cream", "Night cream, 50 ml", 320, 190, 2, 7, 3, 10, (45,)),
    ("retail_candle", "Massage candle", 120, 60, 2, 12, 4, 15, ()),
]


class StockDemo:
    """What the demo salon is built with beside its kernel: see ``res.company._salon_demo_class``."""

    def steps(self):
        steps = super().steps()
        steps.insert(steps.index(self.make_services) + 1, self.make_products)
        return [*steps, self.lose_and_count, self.expect_a_delivery]

    def set_up_company(self):
        super().set_up_company()
        self.company.cost_method = "average"

    def stock_xmlid(self, record, name):
        self.env["ir.model.data"].create(
            {
                "module": "salon_spa_stock",
                "name": f"demo_{name}",
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )

    def make_products(self):
        env = self.env
        categories = {
            use: env["product.category"].create({"name": name, "property_cost_method": "average"})
            for use, name in (("consumable", "Consumables"), ("retail", "Retail"))
        }
        self.suppliers = env["res.partner"].create(
            [{"name": name, "is_company": True, "supplier_rank": 1} for name in SUPPLIERS]
        )
        units = {
            "ml": env.ref("uom.product_uom_milliliter"),
            "g": env.ref("uom.product_uom_gram"),
            "pcs": env.ref("uom.product_uom_unit"),
        }
        packagings = {}
        for _slug, _name, unit, packaging, size, *_rest in CONSUMABLES:
            if packaging not in packagings:
                packagings[packaging] = env["uom.uom"].create(
                    {"name": packaging, "relative_uom_id": units[unit].id, "relative_factor": size}
                )
        self.products, first_stock = {}, []
        for slug, name, unit, packaging, _size, supplier, price, stock, low, high, expiries in CONSUMABLES:
            self.products[slug] = self.make_product(
                slug,
                {
                    "name": name,
                    "salon_use": "consumable",
                    "categ_id": categories["consumable"].id,
                    "uom_id": units[unit].id,
                    "uom_ids": [Command.set(packagings[packaging].ids)],
                },
                (supplier, price * 1000, packagings[packaging]),
                (low, high),
                expiries,
            )
            first_stock.append((self.products[slug], stock, expiries))
        known = {product.name: product for product in self.retail}
        for slug, name, price, cost, supplier, stock, low, high, expiries in RETAIL:
            self.products[slug] = self.make_product(
                slug,
                {
                    "name": name,
                    "salon_use": "retail",
                    "categ_id": categories["retail"].id,
                    "list_price": price * 1000,
                },
                (supplier, cost * 1000, units["pcs"]),
                (low, high),
                expiries,
                known.get(name),
            )
            first_stock.append((self.products[slug], stock, expiries))
        self.receive_first_stock(first_stock)

    def make_product(self, slug, values, supplier, limits, expiries, product=None):
        index, price, unit = supplier
        values = {
            **values,
            "seller_ids": [
                Command.create(
                    {
                        "partner_id": self.suppliers[index].id,
                        "price": price,
                        "product_uom_id": unit.id,
                        "company_id": self.company.id,
                        "currency_id": self.company.currency_id.id,
                        "delay": 3,
                    }
                )
            ],
        }
        if product:
            product.write({**values, "is_storable": True})
        else:
            product = self.env["product.product"].create(values)
        template = product.product_tmpl_id
        template.write({"salon_min_qty": limits[0], "salon_max_qty": limits[1]})
        template.salon_has_expiry = bool(expiries)
        self.stock_xmlid(product, f"product_{slug}")
        return product

    def receive_first_stock(self, stock):
        """Everything was bought before the salon's year begins: one delivery per supplier, and it is paid for."""
        long_ago = self.now - timedelta(days=PAST_DAYS + 20)
        for supplier in self.suppliers:
            lines = []
            for product, packagings, expiries in stock:
                if product.seller_ids.partner_id != supplier:
                    continue
                lines += [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": packagings / max(len(expiries), 1),
                            "expiry_date": days and self.today + timedelta(days=days),
                        }
                    )
                    for days in expiries or (False,)
                ]
            self.receive(supplier, lines, long_ago)
        # The cost of nothing that a new product begins with is not the last word on it.
        prices = self.env["product.value"].search([("product_id.salon_use", "!=", False), ("move_id", "=", False)])
        prices.date = long_ago - timedelta(days=1)

    def receive(self, supplier, lines, moment):
        receive = self.env["salon.receive"].create(
            {"partner_id": supplier.id, "company_id": self.company.id, "line_ids": lines}
        )
        picking = self.env["stock.picking"].browse(receive.action_receive()["res_id"])
        self.date_moves(picking.move_ids, moment)
        order = picking.purchase_id
        order.write({"date_order": moment, "date_approve": moment, "date_planned": moment})
        return order

    def date_moves(self, moves, moment):
        """Put moves into the past, which Odoo writes down with the present only."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET date = %s WHERE id IN %s", [moment, tuple(moves.ids)])
        self.env.cr.execute("UPDATE stock_move_line SET date = %s WHERE move_id IN %s", [moment, tuple(moves.ids)])
        if moves.picking_id:
            self.env.cr.execute(
                "UPDATE stock_picking SET date_done = %s, scheduled_date = %s WHERE id IN %s",
                [moment, moment, tuple(moves.picking_id.ids)],
            )
        self.env.invalidate_all()

    def write_down_the_past(self):
        super().write_down_the_past()
        # What was sold in visits left the shelf when they were closed.
        self.env.cr.execute(
            """UPDATE stock_move move SET date = visit.done_at
                 FROM salon_visit_line line JOIN salon_visit visit ON visit.id = line.visit_id
                WHERE move.salon_sold_line_id = line.id AND visit.done_at IS NOT NULL"""
        )
        self.env.cr.execute(
            """UPDATE stock_move_line row SET date = move.date
                 FROM stock_move move WHERE row.move_id = move.id AND move.salon_sold_line_id IS NOT NULL"""
        )
        self.env.invalidate_all()

    def lose_and_count(self):
        """Some things went bad; the retail shelf was counted last month, and a bottle of oil is missing."""
        env = self.env
        for slug, quantity, reason, days in (
            ("cream_face", 200, "spoiled", 40),
            ("retail_spray", 1, "tester", 25),
            ("gel_colour", 8, "expired", 12),
        ):
            product = self.products[slug]
            lots = product._salon_pick_lots(self.company._salon_stock_location(), quantity)
            scrap = (
                env["stock.scrap"]
                .with_context(salon_write_off=True)
                .create(
                    {
                        "product_id": product.id,
                        "scrap_qty": quantity,
                        "lot_id": lots[0][0].id,
                        "salon_reason_id": env.ref(f"salon_spa_stock.reason_{reason}").id,
                    }
                )
            )
            scrap.action_validate()
            self.date_moves(scrap.move_ids, self.now - timedelta(days=days))
            scrap.date_done = self.now - timedelta(days=days)
        moment = self.now - timedelta(days=30)
        count = env["salon.count"].create(
            {
                "name": f"Retail shelf, {moment:%d.%m.%Y}",
                "salon_use": "retail",
                "company_id": self.company.id,
                "user_id": env.ref("salon_spa.demo_user_desk").id,
            }
        )
        for line in count.line_ids:
            line.write({"counted_qty": line.expected_qty, "is_counted": True})
        missing = count.line_ids.filtered(lambda line: line.product_id == self.products["retail_oil"])
        missing.write(
            {
                "counted_qty": missing.expected_qty - 3,
                "explained_qty": 1,
                "reason_id": env.ref("salon_spa_stock.reason_tester").id,
            }
        )
        count.action_apply()
        count.write({"started_at": moment, "applied_at": moment})
        count.line_ids.move_ids.scrap_id.date_done = moment
        self.date_moves(count.line_ids.move_ids, moment)

    def expect_a_delivery(self):
        """An order is on its way, for the day after tomorrow."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.suppliers[1].id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[slug].id,
                            "product_qty": quantity,
                            "product_uom_id": self.products[slug].seller_ids.product_uom_id.id,
                            "date_planned": self.now + timedelta(days=2),
                        }
                    )
                    for slug, quantity in (("towels", 8), ("gloves", 2))
                ],
            }
        )
        order.button_confirm()
