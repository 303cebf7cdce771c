from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SalonCase

TODAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestPrice(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top, cls.junior = cls.env["salon.grade"].create([{"name": "Top"}, {"name": "Junior"}])
        cls.anna.salon_grade_id = cls.top
        cls.bella.salon_grade_id = cls.junior
        cls.prices = cls.env["salon.price"]
        # The transaction began on the machine's real day.
        cls.env.cr.execute("UPDATE product_product SET create_date = '2025-01-01'")
        cls.env.invalidate_all()
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("product.group_product_pricelist")

    def give(self, price, grade=None, employee=None, product=None, day=TODAY):
        self.prices._salon_set([(product or self.cut, grade, employee, price)], day)

    def make_pricelist(self, **item):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "currency_id": self.company.currency_id.id,
                "item_ids": [Command.create({"applied_on": "3_global", **item})] if item else [],
            }
        )
        self.clara.property_product_pricelist = pricelist
        return pricelist

    def test_the_most_specific_wins(self):
        """Each step adds a level; what was found before is still found where the level doesn't reach."""
        steps = [
            (lambda: None, (50.0, "variant"), (50.0, "variant")),
            (lambda: self.give(55), (55.0, "variant"), (55.0, "variant")),
            (
                lambda: self.make_pricelist(compute_price="percentage", percent_price=10),
                (49.5, "pricelist"),
                (49.5, "pricelist"),
            ),
            (lambda: self.give(60, grade=self.top), (60.0, "grade"), (49.5, "pricelist")),
            (lambda: self.give(75, employee=self.anna), (75.0, "master"), (49.5, "pricelist")),
            (lambda: self.give(None, employee=self.anna), (60.0, "grade"), (49.5, "pricelist")),
            (lambda: self.give(None, grade=self.top), (49.5, "pricelist"), (49.5, "pricelist")),
        ]
        for number, (step, for_anna, for_bella) in enumerate(steps):
            step()
            with self.subTest(step=number):
                self.assertEqual(self.cut._salon_price(self.anna, self.clara, TODAY), for_anna)
                self.assertEqual(self.cut._salon_price(self.bella, self.clara, TODAY), for_bella)

    def test_price_on_a_date(self):
        self.give(60, day=TODAY)
        self.give(70, day=TODAY + timedelta(days=10))
        for day, price in (
            (date(2024, 1, 1), 60.0),
            (date(2025, 6, 1), 50.0),
            (TODAY - timedelta(days=1), 50.0),
            (TODAY, 60.0),
            (TODAY + timedelta(days=9), 60.0),
            (TODAY + timedelta(days=10), 70.0),
        ):
            with self.subTest(day=day):
                self.assertEqual(self.cut._salon_price(date=day), (price, "variant"))

    def test_the_day_is_the_salons(self):
        self.give(60, day=date(2026, 3, 5))
        self.assertEqual(self.cut._salon_price(date=datetime(2026, 3, 4, 22, 59))[0], 50.0)
        self.assertEqual(self.cut._salon_price(date=datetime(2026, 3, 4, 23, 0))[0], 60.0)

    def test_grade_at_the_date(self):
        self.give(60, grade=self.junior)
        self.give(90, grade=self.top)
        self.bella._salon_set_grade(self.top, date(2026, 4, 1))
        self.assertEqual(self.cut._salon_price(self.bella, date=date(2026, 3, 31)), (60.0, "grade"))
        self.assertEqual(self.cut._salon_price(self.bella, date=date(2026, 4, 1)), (90.0, "grade"))

    def test_pricelist_counts_only_where_a_rule_does(self):
        self.make_pricelist()
        self.assertEqual(self.cut._salon_price(None, self.clara), (50.0, "variant"))
        pricelist = self.make_pricelist(
            applied_on="1_product",
            product_tmpl_id=self.colour.product_tmpl_id.id,
            compute_price="fixed",
            fixed_price=99,
        )
        self.assertEqual(self.cut._salon_price(None, self.clara), (50.0, "variant"))
        self.assertEqual(self.colour._salon_price(None, self.clara), (99.0, "pricelist"))
        self.assertEqual(self.colour._salon_price(None, None), (120.0, "variant"))
        pricelist.item_ids.write({"date_start": "2026-03-10 00:00:00", "date_end": "2026-03-20 00:00:00"})
        for day, price in ((9, 120.0), (10, 99.0), (19, 99.0), (20, 120.0)):
            with self.subTest(day=day):
                self.assertEqual(self.colour._salon_price(None, self.clara, date(2026, 3, day))[0], price)

    def test_pricelist_starts_from_the_price_of_the_day(self):
        self.make_pricelist(compute_price="percentage", percent_price=10)
        self.give(100, day=date(2026, 4, 1))
        self.assertEqual(self.cut._salon_price(None, self.clara, date(2026, 3, 31)), (45.0, "pricelist"))
        self.assertEqual(self.cut._salon_price(None, self.clara, date(2026, 4, 1)), (90.0, "pricelist"))

    def test_other_currencies(self):
        own = self.company.currency_id
        other = self.env["res.currency"].create({"name": "XTS", "symbol": "¤", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "name": "2026-01-01", "rate": 2.0, "company_id": self.company.id}
        )
        pricelist = self.make_pricelist(compute_price="fixed", fixed_price=80)
        pricelist.currency_id = other
        self.assertEqual(self.cut._salon_price(None, self.clara, TODAY), (40.0, "pricelist"))
        pricelist.item_ids.write({"compute_price": "percentage", "percent_price": 10})
        self.assertEqual(self.cut._salon_price(None, self.clara, TODAY), (45.0, "pricelist"))
        branch = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": other.id, "salon_tz": "Europe/Berlin"}
        )
        self.env["res.currency.rate"].create(
            {"currency_id": own.id, "name": "2026-01-01", "rate": 0.5, "company_id": branch.id}
        )
        self.assertEqual(self.cut._salon_price(date=TODAY, company=branch), (100.0, "variant"))
        self.prices._salon_set([(self.cut, None, None, 130)], TODAY, branch)
        self.assertEqual(self.cut._salon_price(date=TODAY, company=branch), (130.0, "variant"))
        self.assertEqual(self.cut._salon_price(date=TODAY), (50.0, "variant"))
        self.assertEqual(self.cut.lst_price, 50.0, "another company's price is not Odoo's sales price")

    def test_many_at_once_with_constant_queries(self):
        self.make_pricelist(compute_price="percentage", percent_price=10)
        self.give(60, grade=self.top)
        self.give(75, employee=self.bella, product=self.colour)
        products = self.cut | self.colour | self.make_service("Manicure", list_price=30)
        clients = self.clara | self.make_client("Dora", phone="+49 30 901821")
        requests = [
            (product, master, client, TODAY + timedelta(days=days))
            for product in products
            for master in (self.anna, self.bella, None)
            for client in (*clients, None)
            for days in range(5)
        ]
        batch = self.env["product.product"]

        def measure(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            result = batch._salon_prices(some)
            return self.env.cr.sql_log_count - before, result

        measure(requests)
        few, _result = measure([request for request in requests if request[0] == self.cut and request[3] == TODAY])
        many, result = measure(requests)
        self.assertEqual(many, few)
        self.assertEqual(result, [product._salon_price(*rest) for product, *rest in requests])
        self.assertEqual({source for _price, source in result}, {"master", "grade", "pricelist", "variant"})

    @mute_logger("odoo.sql_db")
    def test_one_row_a_level_and_day(self):
        base = {"product_id": self.cut.id, "date_from": TODAY, "price": 10}
        for extra in ({}, {"grade_id": self.top.id}, {"employee_id": self.anna.id}):
            self.prices.create({**base, **extra})
            with self.subTest(extra), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                self.prices.create({**base, **extra})
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.prices.create({**base, "grade_id": self.top.id, "employee_id": self.anna.id})
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.prices.create({**base, "grade_id": self.junior.id, "price": -1})
        with self.assertRaisesRegex(ValidationError, "can't be left out"):
            self.prices.create({**base, "date_from": date(2026, 5, 1), "is_inherited": True})

    # ------------------------------------------------------------ Odoo's sales price

    def test_sales_price_follows_when_the_day_comes(self):
        self.give(80, day=date(2026, 3, 10))
        self.assertEqual(self.cut.lst_price, 50)
        with freeze_time("2026-03-09 22:00:00"):
            self.prices._cron_sync_list_price()
            self.assertEqual(self.cut.lst_price, 50)
        with freeze_time("2026-03-09 23:30:00"):
            self.prices._cron_sync_list_price()
            self.assertEqual(self.cut.lst_price, 80)
            self.assertEqual(self.cut._salon_price(), (80.0, "variant"))
            self.assertEqual(self.cut._salon_price(date=TODAY), (50.0, "variant"))

    def test_sales_price_written_elsewhere_counts_from_today(self):
        self.cut.lst_price = 52
        self.assertEqual(self.cut._salon_price(), (52.0, "variant"))
        self.assertFalse(self.prices.search([("product_id", "=", self.cut.id)]))
        self.give(60)
        self.cut.product_tmpl_id.list_price = 65
        self.assertEqual(self.cut._salon_price(), (65.0, "variant"))
        keeper = new_test_user(self.env, "keeper", groups="product.group_product_manager")
        self.cut.product_tmpl_id.with_user(keeper).list_price = 66
        self.assertEqual(self.cut._salon_price(), (66.0, "variant"))

    def test_variants_have_prices_of_their_own(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Hair", "value_ids": [Command.create({"name": "Short"}), Command.create({"name": "Long"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Balayage",
                "is_salon_service": True,
                "active_minutes": 90,
                "list_price": 100,
                "attribute_line_ids": [
                    Command.create({"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]})
                ],
            }
        )
        short, long = template.product_variant_ids
        long.product_template_attribute_value_ids.price_extra = 40
        self.assertEqual([short._salon_price()[0], long._salon_price()[0]], [100, 140])
        self.prices._salon_set([(short, None, None, 110), (long, None, None, 170)], TODAY)
        self.assertEqual([short._salon_price()[0], long._salon_price()[0]], [110, 170])
        self.assertEqual([short.lst_price, long.lst_price], [110, 170])
        long.product_template_attribute_value_ids.price_extra = 50
        self.assertEqual([short._salon_price()[0], long._salon_price()[0]], [110, 160])
        self.assertEqual(template.salon_price_text.replace("\N{NO-BREAK SPACE}", " ").count("–"), 1)

    # ------------------------------------------------------------ changing prices

    def test_percent_with_rounding(self):
        self.give(63, grade=self.top)
        with Form(self.env["salon.price.change"].with_context(default_product_ids=self.cut.ids)) as form:
            form.scope = "all"
            form.percent = 10
            form.rounding = "10"
        wizard = form.record
        self.assertEqual(
            [(line.level_text, line.old_price, line.new_price) for line in wizard.line_ids],
            [("List price", 50.0, 60.0), ("Top", 63.0, 70.0)],
        )
        wizard.action_apply()
        self.assertEqual(self.cut._salon_price(), (60.0, "variant"))
        self.assertEqual(self.cut._salon_price(self.anna), (70.0, "grade"))
        self.assertEqual(self.cut.lst_price, 60.0)

    def test_levels_of_the_change(self):
        self.give(75, employee=self.anna)
        change = self.env["salon.price.change"]

        def preview(**values):
            wizard = change.create({"product_ids": (self.cut | self.colour).ids, "percent": 100, **values})
            return [
                (line.product_id.name, line.level_text, line.old_price, line.new_price) for line in wizard.line_ids
            ]

        self.assertEqual(
            preview(), [("Cut", "List price", 50.0, 100.0), ("Colour", "List price", 120.0, 240.0)]
        )
        self.assertEqual(
            preview(scope="grade", grade_ids=self.top.ids),
            [("Cut", "Top", 50.0, 100.0), ("Colour", "Top", 120.0, 240.0)],
        )
        self.assertEqual(
            preview(scope="master", method="fixed", fixed_price=99),
            [
                ("Cut", "Anna", 75.0, 99.0),
                ("Cut", "Bella", 50.0, 99.0),
                ("Colour", "Anna", 120.0, 99.0),
                ("Colour", "Bella", 120.0, 99.0),
            ],
        )
        self.assertEqual(
            preview(scope="all"),
            [
                ("Cut", "List price", 50.0, 100.0),
                ("Cut", "Anna", 75.0, 150.0),
                ("Colour", "List price", 120.0, 240.0),
            ],
        )

    def book_four(self):
        """One visit a week from tomorrow: Anna, Bella, one by hand, and one before the change."""
        day = [self.at(f"2026-03-{number:02}", "10:00") for number in (3, 10, 11, 12)]
        before = self.make_visit(day[0], (self.cut, self.anna))
        with_anna = self.make_visit(day[1], (self.cut, self.anna))
        with_bella = self.make_visit(day[2], (self.cut, self.bella))
        by_hand = self.make_visit(day[3], (self.cut, self.anna))
        by_hand.line_ids.price_unit = 44
        return before, with_anna, with_bella, by_hand

    def change(self, future_visits, **values):
        wizard = self.env["salon.price.change"].create(
            {
                "product_ids": self.cut.ids,
                "method": "fixed",
                "fixed_price": 80,
                "date_from": date(2026, 3, 9),
                "future_visits": future_visits,
                **values,
            }
        )
        wizard.action_apply()
        return wizard

    def test_future_visits_keep_their_price(self):
        visits = self.book_four()
        self.assertEqual(self.change("keep").visit_count, 2)
        self.assertEqual([visit.line_ids.price_unit for visit in visits], [50, 50, 50, 44])
        self.assertEqual(self.cut._salon_price(date=date(2026, 3, 9)), (80.0, "variant"))

    def test_future_visits_are_priced_anew(self):
        visits = self.book_four()
        self.change("reprice")
        self.assertEqual([visit.line_ids.price_unit for visit in visits], [50, 80, 80, 44])
        self.assertEqual([visit.amount_total for visit in visits], [50, 80, 80, 44])

    def test_only_visits_of_the_level_are_touched(self):
        visits = self.book_four()
        wizard = self.change("reprice", scope="grade", grade_ids=self.top.ids)
        self.assertEqual(wizard.visit_count, 1)
        self.assertEqual([visit.line_ids.price_unit for visit in visits], [50, 80, 50, 44])
        self.change("reprice", scope="master", employee_ids=self.bella.ids, fixed_price=90)
        self.assertEqual([visit.line_ids.price_unit for visit in visits], [50, 80, 90, 44])
        self.change("reprice", fixed_price=10)
        self.assertEqual([visit.line_ids.price_unit for visit in visits], [50, 80, 90, 44])

    def test_closed_visits_never_change(self):
        done = self.make_visit(self.at("2026-03-02", "08:00"), (self.cut, self.anna))
        done.action_done()
        cancelled = self.make_visit(self.at("2026-03-10", "08:00"), (self.cut, self.anna))
        cancelled.action_cancel(self.env.ref("salon_spa.reason_client_ill"))
        self.change("reprice", date_from=TODAY)
        self.assertEqual((done.line_ids.price_unit, cancelled.line_ids.price_unit), (50, 50))

    def test_no_price_begins_in_the_past(self):
        with self.assertRaisesRegex(UserError, "can't begin in the past"):
            self.change("keep", date_from=date(2026, 3, 1))
        with self.assertRaisesRegex(UserError, "at least one service"):
            self.env["salon.price.change"].create({}).action_apply()

    def test_four_services_for_twelve_masters(self):
        services = self.cut | self.colour | self.make_service("Manicure") | self.make_service("Pedicure")
        for number in range(10):
            self.make_master(f"Master {number}", services)
        for master in self.anna | self.bella:
            for service in services - self.cut - self.colour:
                self.env["salon.skill"].create({"employee_id": master.id, "product_id": service.id})
        wizard = self.env["salon.price.change"].create(
            {"product_ids": services.ids, "scope": "master", "percent": 7, "rounding": "1"}
        )
        self.assertEqual(len(wizard.line_ids), 48)
        wizard.action_apply()
        masters = self.env["hr.employee"].search([("is_master", "=", True), ("salon_skill_ids", "!=", False)])
        for master in masters:
            self.assertEqual(self.colour._salon_price(master), (128.0, "master"))

    def test_only_managers_change_prices(self):
        desk = self.make_user("price_desk", "administrator")
        with self.assertRaises(AccessError):
            self.env["salon.price.change"].with_user(desk).create({"product_ids": self.cut.ids})
        with self.assertRaises(AccessError):
            self.prices.with_user(desk).create({"product_id": self.cut.id, "date_from": TODAY, "price": 1})
        self.give(60, grade=self.top)
        self.assertEqual(self.cut.with_user(desk)._salon_price(self.anna.with_user(desk)), (60.0, "grade"))
        manager = self.make_user("price_manager", "manager")
        wizard = self.env["salon.price.change"].with_user(manager).create({"product_ids": self.cut.ids, "percent": 10})
        wizard.action_apply()
        self.assertEqual(self.cut._salon_price(), (55.0, "variant"))
