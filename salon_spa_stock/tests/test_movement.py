import random
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import StockCase

FLOWS = ("received", "used", "sold", "written_off", "adjusted", "transferred")
OUT = ("used", "sold", "written_off")


@tagged("post_install", "-at_install")
class TestMovement(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.used = cls.env["stock.location"].create(
            {"name": "Used", "usage": "production", "company_id": cls.company.id}
        )
        cls.cabinet = cls.env["stock.location"].create(
            {"name": "Cabinet", "usage": "internal", "location_id": cls.place.id, "company_id": cls.company.id}
        )
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.moves = cls.env["stock.move"]

    def move(self, product, quantity, source, target, **values):
        row = {"product": product, "quantity": quantity, "source": source, "target": target, "values": values}
        return self.moves._salon_move_now([row])

    def date(self, moves, moment):
        """Put moves, and the price changes that they made, into the past."""
        self.env.flush_all()
        moves.date = moment
        moves.move_line_ids.date = moment
        self.env.flush_all()

    def report(self, first=None, last=None, product=None, **values):
        """Return the report's line of a product, as a user reads it."""
        today = self.company._salon_today()
        report = (
            self.env["salon.movement"]
            .with_user(self.manager)
            .create({"date_from": first or today, "date_to": last or today, "company_id": self.company.id, **values})
        )
        report.action_show()
        return report.line_ids.filtered(lambda line: line.product_id == (product or self.dye))

    def assert_adds_up(self, line):
        flows = sum(line[f"{kind}_qty"] * (-1 if kind in OUT else 1) for kind in FLOWS)
        self.assertAlmostEqual(line.opening_qty + flows, line.closing_qty, 2)
        values = sum(line[f"{kind}_value"] * (-1 if kind in OUT else 1) for kind in FLOWS)
        self.assertAlmostEqual(line.opening_value + values + line.revalued_value, line.closing_value, 2)

    def test_every_way_has_its_column(self):
        self.receive((self.dye, 10, {"price_unit": 12}))
        self.move(self.dye, 120, self.place, self.used)
        self.move(self.dye, 20, self.used, self.place)
        self.move(self.dye, 60, self.place, self.customers)
        self.move(self.dye, 50, self.place, self.company._salon_write_off_location())
        self.move(self.dye, 5, self.place, self.dye.property_stock_inventory, is_inventory=True)
        self.move(self.dye, 30, self.place, self.suppliers)
        self.move(self.dye, 40, self.place, self.cabinet)
        line = self.report()
        self.assertEqual(
            [line[f"{name}_qty"] for name in ("opening", *FLOWS, "closing")], [0, 570, 100, 60, 50, -5, 0, 355]
        )
        self.assertEqual((line.used_value, line.sold_value, line.written_off_value), (20, 12, 10))
        self.assertEqual((line.received_value, line.adjusted_value, line.closing_value), (114, -1, 71))
        self.assertEqual(line.revalued_value, 0)
        self.assert_adds_up(line)
        self.assertEqual(line.closing_qty, self.dye.qty_available)
        self.assertEqual(line.closing_value, self.dye.total_value)
        here, there = self.report(location_id=self.place.id), self.report(location_id=self.cabinet.id)
        self.assertEqual((there.transferred_qty, there.closing_qty, there.closing_value), (40, 40, 8))
        self.assert_adds_up(there)
        self.assertEqual(here.closing_qty, 355, "with what lies in the places inside it")

    def test_a_new_cost_is_shown_as_such(self):
        self.receive((self.dye, 2, {"price_unit": 12}))
        received = self.moves.search([("product_id", "=", self.dye.id)])
        self.date(received, fields.Datetime.now() - timedelta(seconds=5))
        self.dye.standard_price = 0.3
        line = self.report()
        self.assertEqual((line.received_value, line.revalued_value, line.closing_value), (24, 12, 36))
        self.assertEqual(line.closing_value, self.dye.total_value)

    def test_days_are_those_of_the_salon(self):
        self.company.salon_tz = "Asia/Tashkent"
        self.dye.standard_price = 0.2
        self.put(self.dye, 100)
        move = self.moves.search([("product_id", "=", self.dye.id)], limit=1)
        self.date(move, datetime(2026, 3, 1, 19, 30))  # 2 March, half past midnight
        self.assertEqual(
            self.report(fields.Date.to_date("2026-03-02"), fields.Date.to_date("2026-03-02")).adjusted_qty, 100
        )
        before = self.report(fields.Date.to_date("2026-03-01"), fields.Date.to_date("2026-03-01"))
        self.assertFalse(before, "nothing was there yet")
        after = self.report(fields.Date.to_date("2026-03-03"), fields.Date.to_date("2026-03-03"))
        self.assertEqual((after.opening_qty, after.adjusted_qty, after.closing_qty), (100, 0, 100))

    def test_periods_follow_each_other_and_the_last_one_equals_the_stock(self):
        """Random months of receipts at changing prices, use, sales, losses, transfers and stock-takings."""
        methods = ("average", "fifo", "standard")
        categories = {
            method: self.env["product.category"].create({"name": method, "property_cost_method": method})
            for method in methods
        }
        for seed in range(6):
            chance = random.Random(seed)
            method = methods[seed % 3]
            product = self.make_product(
                f"{method} {seed}", uom=self.ml, packaging=self.tube, price=6, categ_id=categories[method].id
            )
            product.standard_price = 0.1
            today = self.company._salon_today()
            first = today - timedelta(days=20)
            for day in sorted(chance.randrange(20) for _event in range(16)):
                last_id = self.moves.search([], order="id desc", limit=1).id or 0
                kind = chance.choice(("receive", "receive", "use", "use", "sell", "lose", "count", "bring", "back"))
                held = self.on_hand(product)
                amount = round(chance.uniform(1, 150), 2)
                if chance.random() < 0.9:
                    amount = min(amount, max(held, 0)) or 1.0
                if kind == "receive":
                    self.receive((product, chance.randrange(1, 6), {"price_unit": chance.randrange(2, 30)}))
                elif kind == "use":
                    self.move(product, amount, self.place, self.used)
                elif kind == "back":
                    self.move(product, amount, self.used, self.place)
                elif kind == "sell":
                    self.move(product, amount, self.place, self.customers)
                elif kind == "lose":
                    self.move(product, amount, self.place, self.company._salon_write_off_location())
                elif kind == "count":
                    self.put(product, max(round(held + chance.uniform(-20, 20), 2), 0))
                elif held > 1:
                    self.move(product, min(amount, held), self.place, self.cabinet)
                moment = datetime.combine(first + timedelta(days=day), datetime.min.time()) + timedelta(hours=10)
                self.date(self.moves.search([("id", ">", last_id), ("product_id", "=", product.id)]), moment)
            # Prices that were set by hand are older than every move.
            self.env["product.value"].search([("product_id", "=", product.id)]).date = first - timedelta(days=9)
            self.env.flush_all()
            self.env.invalidate_all()
            middle = first + timedelta(days=10)
            early = self.report(first - timedelta(days=1), middle, product)
            late = self.report(middle + timedelta(days=1), today, product)
            whole = self.report(first - timedelta(days=1), today, product)
            product.invalidate_recordset()
            with self.subTest(seed=seed, method=method):
                for line in (early, late, whole):
                    if line:
                        self.assert_adds_up(line)
                self.assertEqual(whole.opening_qty, 0)
                self.assertAlmostEqual(early.closing_qty, late.opening_qty, 2)
                self.assertAlmostEqual(early.closing_value, late.opening_value, 2)
                for kind in FLOWS:
                    self.assertAlmostEqual(
                        early[f"{kind}_qty"] + late[f"{kind}_qty"], whole[f"{kind}_qty"], 2, msg=kind
                    )
                self.assertAlmostEqual(whole.closing_qty, product.qty_available, 2)
                quants = self.env["stock.quant"].search(
                    [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
                )
                self.assertAlmostEqual(whole.closing_qty, sum(quants.mapped("quantity")), 2)
                self.assertAlmostEqual(whole.closing_value, product.total_value, 2)
                self.assertAlmostEqual(whole.closing_value, sum(quants.mapped("value")), 2)

    def test_what_cannot_be_is_refused(self):
        today = self.company._salon_today()
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.report(today, today - timedelta(days=1))
        with self.assertRaises(AccessError):
            self.env["salon.movement"].with_user(self.desk).create({})

    def test_a_second_company_has_its_own(self):
        self.put(self.dye, 100)
        other = self.env["res.company"].create({"name": "Other Salon"})
        self.manager.company_ids += other
        report = self.env["salon.movement"].with_user(self.manager).with_company(other).create({"company_id": other.id})
        report.action_show()
        self.assertFalse(report.line_ids)

    def test_last_month_and_use(self):
        shampoo = self.make_product("Shampoo", use="retail")
        self.put(shampoo, 5)
        self.put(self.dye, 5)
        self.assertFalse(self.report(salon_use="retail"))
        self.assertTrue(self.report(salon_use="retail", product=shampoo))
        report = self.env["salon.movement"].with_user(self.manager).create({})
        report.action_last_month()
        self.assertEqual((report.date_from.day, (report.date_to + timedelta(days=1)).day), (1, 1))
        self.assertLess(report.date_to, self.company._salon_today())

    def test_managers_export_and_it_is_logged(self):
        self.put(self.dye, 5)
        line = self.report()
        line.export_data(["product_id/name", "closing_qty"])
        log = self.env["salon.export.log"].search([], order="id desc", limit=1)
        self.assertEqual((log.user_id, log.record_count), (self.manager, 1))

    def test_a_manager_sees_no_other_company(self):
        other = self.env["res.company"].create({"name": "Other Salon"})
        report = self.env["salon.movement"].with_user(self.manager).create({"company_id": other.id})
        with self.assertRaisesRegex(AccessError, "You don't work in Other Salon"):
            report.action_show()
