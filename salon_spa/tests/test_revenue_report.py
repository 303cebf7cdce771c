import random
from ast import literal_eval
from collections import defaultdict
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SalonCase

REPORTS = ("salon.revenue.report", "salon.visit.report", "salon.visit.outcome.report")


@tagged("post_install", "-at_install")
class TestRevenueReport(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shampoo = cls.env["product.product"].create({"name": "Shampoo", "type": "consu", "list_price": 20.0})
        cls.discount_reason = cls.env["salon.reason"].create({"name": "Birthday", "kind": "discount"})
        cls.no_show_reason = cls.env["salon.reason"].create({"name": "Forgot", "kind": "no_show"})
        cls.dora = cls.make_client("Dora", phone="+49 30 901821")
        cls.report = cls.env["salon.revenue.report"]

    @classmethod
    def make_visit(cls, start, *lines, products=(), **values):
        """Make a visit that has products beside its services."""
        visit = super().make_visit(start, *lines, book=False, **values)
        visit.write({"line_ids": [Command.create({"product_id": product.id, "sequence": 90}) for product in products]})
        visit.action_book()
        return visit

    def figures(self, groupby, *aggregates, domain=()):
        """Return ``{group: aggregates}`` of the rows of this case's company."""
        rows = self.report._read_group(
            Domain("company_id", "=", self.company.id) & Domain(domain), groupby, aggregates
        )
        return {row[: len(groupby)] if len(groupby) > 1 else row[0]: row[len(groupby) :] for row in rows}

    def total(self, *aggregates, domain=()):
        return self.report._read_group(Domain("company_id", "=", self.company.id) & Domain(domain), [], aggregates)[0]

    # -- Honest sums --------------------------------------------------------------

    def test_sums_are_those_of_the_done_lines_to_the_cent(self):
        rng = random.Random(20260301)
        visits = self.env["salon.visit"]
        clients = self.clara | self.dora | self.make_client("Emma") | self.make_client("Fred")
        for number in range(40):
            day = date(2025, 1, 1) + timedelta(days=number * 2)
            lines = [
                (rng.choice([self.cut, self.colour]), rng.choice([self.anna, self.bella]))
                for _index in range(rng.randint(1, 2))
            ]
            visit = self.make_visit(
                self.at(day, "09:00"),
                *lines,
                client=rng.choice(clients),
                products=[self.shampoo] * rng.randint(0, 2),
            )
            for line in visit.line_ids:
                line.write({"quantity": rng.randint(1, 3), "price_unit": rng.randint(1, 9999) / 100})
                line.write({"discount": rng.randint(0, 10000) / 100, "discount_reason_id": self.discount_reason.id})
            if number % 5 == 1:
                visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
            elif number % 5 == 2:
                visit.action_no_show(self.no_show_reason)
            elif number % 5 == 3 and len(visit.line_ids) > 1:
                visit.line_ids[-1].cancelled = True
                visit.action_done()
            else:
                visit.action_done()
            if number % 10 == 4:
                visit.action_reopen("mistake")
            visits += visit
        lines = visits.line_ids.filtered(lambda line: line.visit_id.state == "done" and not line.cancelled)
        self.assertGreater(len(lines), 20)
        currency = self.company.currency_id
        net, discount, count = self.total("amount_net:sum", "amount_discount:sum", "__count")
        self.assertEqual(count, len(lines))
        self.assertFalse(currency.compare_amounts(net, sum(lines.mapped("price_total"))))
        self.assertFalse(currency.compare_amounts(discount, sum(lines.mapped("discount_amount"))))
        done = visits.filtered(lambda visit: visit.state == "done")
        self.assertFalse(currency.compare_amounts(net, sum(done.mapped("amount_total"))))

        for groupby, key in [
            ("employee_id", lambda line: line.employee_id),
            ("product_id", lambda line: line.product_id),
            ("categ_id", lambda line: line.product_id.categ_id),
            ("partner_id", lambda line: line.client_id),
            ("date:month", lambda line: line.date.replace(day=1)),
            ("kind", lambda line: line.kind),
        ]:
            with self.subTest(groupby):
                expected = defaultdict(float)
                for line in lines:
                    expected[key(line)] += line.price_total
                found = {group: round(row[0], 2) for group, row in self.figures([groupby], "amount_net:sum").items()}
                self.assertEqual(found, {group: round(amount, 2) for group, amount in expected.items()})

        figures = self.figures(["employee_id"], "visit_count:count_distinct", "average_ticket:avg", "discount_rate:avg")
        for master in self.anna | self.bella:
            own = lines.filtered(lambda line, master=master: line.employee_id == master)
            count, ticket, rate = figures[master]
            keys = {(line.client_id, line.date) for line in own}
            self.assertEqual(count, len(keys))
            self.assertAlmostEqual(ticket, sum(own.mapped("price_total")) / len(keys))
            self.assertAlmostEqual(rate, 100 * sum(own.mapped("discount_amount")) / sum(own.mapped("amount_list")))

    def test_cancelled_and_reopened_visits_leave_nothing(self):
        visit = self.make_done_visit(self.at("2025-03-04", "10:00"), products=[self.shampoo])
        self.assertEqual(self.total("amount_net:sum", "amount_retail:sum"), (70.0, 20.0))
        visit.action_reopen("mistake")
        self.assertEqual(self.total("__count"), (0,))
        visit.line_ids.filtered(lambda line: line.kind == "product").cancelled = True
        visit.action_done()
        self.assertEqual(self.total("amount_net:sum", "amount_retail:sum"), (50.0, 0.0))
        visit.action_reopen("mistake")
        visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        self.assertEqual(self.total("__count"), (0,))

    def test_amounts_that_are_not_flushed_yet_count(self):
        visit = self.make_visit(self.at("2025-03-04", "10:00"))
        visit.line_ids.price_unit = 33.33
        visit.action_done()
        self.assertEqual(self.total("amount_net:sum"), (33.33,))

    # -- Days, hours, companies -----------------------------------------------------

    def test_a_late_visit_counts_on_the_salons_own_day(self):
        self.env.user.tz = "Asia/Tokyo"
        self.make_done_visit(self.at("2025-03-04", "23:30"), products=[self.shampoo])
        row = self.report.search([("kind", "=", "service"), ("company_id", "=", self.company.id)])
        self.assertEqual((row.date, row.weekday, row.hour), (date(2025, 3, 4), "1", "23:00"))
        product = self.report.search([("kind", "=", "product"), ("company_id", "=", self.company.id)])
        self.assertEqual((product.date, product.hour), (date(2025, 3, 4), "23:00"), "a product has its visit's day")
        self.assertEqual(self.total("amount_net:sum", domain=[("date", "=", "2025-03-04")]), (70.0,))

    def test_summer_time_keeps_the_wall_clock(self):
        for day in ("2025-03-29", "2025-03-31"):
            self.make_done_visit(self.at(day, "10:30"))
        self.assertEqual(set(self.figures(["hour"], "__count")), {"10:00"})

    def test_companies_are_apart_for_those_who_have_one(self):
        manager = self.make_user("report_manager", "manager")
        other = self.env["res.company"].create({"name": "Lotus New York", "salon_tz": "America/New_York"})
        self.make_done_visit(self.at("2025-03-04", "10:00"))
        home = self.company
        self.env.user.company_ids += other
        type(self).company = other
        self.addCleanup(setattr, type(self), "company", home)
        master = self.make_master("Nancy", self.cut)
        visit = self.make_visit(
            self.at("2025-03-04", "23:30", "America/New_York"), (self.cut.with_company(other), master)
        )
        visit.action_done()
        type(self).company = home

        row = self.report.search([("company_id", "=", other.id)])
        self.assertEqual((row.date, row.hour, row.currency_id), (date(2025, 3, 4), "23:00", other.currency_id))
        groups = self.report._read_group(
            [("company_id", "in", (home | other).ids)], ["company_id"], ["visit_count:count_distinct"]
        )
        self.assertEqual(dict(groups), {home: 1, other: 1})
        for model in REPORTS:
            companies = self.env[model].with_user(manager).search([]).company_id
            self.assertEqual(companies, home, model)

    # -- Who came -------------------------------------------------------------------

    def test_a_visit_is_a_client_and_a_day_and_a_walk_in_each_time(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"), (self.cut, self.anna), (self.colour, self.bella))
        self.make_done_visit(self.at("2025-03-04", "18:00"))
        self.make_done_visit(self.at("2025-03-05", "10:00"))
        for clock in ("12:00", "14:00"):
            self.make_done_visit(self.at("2025-03-04", clock), partner_id=False, is_anonymous=True)
        self.assertEqual(
            self.total("visit_count:count_distinct", "client_count:count_distinct", "__count"), (4, 1, 6)
        )
        self.assertEqual(
            self.figures(["visitor"], "visit_count:count_distinct"),
            {"new": (1,), "returning": (1,), "unidentified": (2,)},
        )
        self.assertEqual(
            self.figures(["employee_id"], "visit_count:count_distinct"), {self.anna: (4,), self.bella: (1,)}
        )

    def test_a_guest_is_a_client_of_the_own(self):
        visit = self.make_visit(self.at("2025-03-04", "10:00"), (self.cut, self.anna), (self.cut, self.bella))
        visit.line_ids.filtered(lambda line: line.employee_id == self.bella).client_id = self.dora
        visit.action_done()
        self.assertEqual(self.figures(["partner_id"], "amount_net:sum"), {self.clara: (50.0,), self.dora: (50.0,)})
        self.assertEqual(self.total("visit_count:count_distinct"), (2,))

    def test_new_is_the_first_day_even_when_it_is_entered_later(self):
        new = [("is_new", "=", True)]
        self.make_done_visit(self.at("2025-03-10", "10:00"))
        self.assertEqual(self.figures(["date:day"], "__count", domain=new), {date(2025, 3, 10): (1,)})
        self.make_done_visit(self.at("2025-03-03", "10:00"))
        self.assertEqual(self.figures(["date:day"], "__count", domain=new), {date(2025, 3, 3): (1,)})

    # -- Ratios -----------------------------------------------------------------------

    def test_ratios_are_those_of_the_sums(self):
        visit = self.make_visit(
            self.at("2025-03-04", "10:00"), (self.cut, self.anna), (self.colour, self.anna), products=[self.shampoo]
        )
        cut = visit.line_ids.filtered(lambda line: line.product_id == self.cut)
        cut.write({"discount": 50, "discount_reason_id": self.discount_reason.id})
        visit.action_done()
        self.make_done_visit(self.at("2025-03-05", "10:00"), client=self.dora)
        # 25 + 120 + 20 and 50; list prices 50 + 120 + 20 and 50
        names = [
            "average_ticket", "treatment_rate", "services_per_visit",
            "discount_rate", "price_realisation", "retail_ratio",
        ]
        found = self.total(*[f"{name}:avg" for name in names])
        expected = [215 / 2, 195 / 3, 3 / 2, 100 * 25 / 240, 100 * 195 / 220, 100 * 20 / 195]
        for name, value, want in zip(names, found, expected, strict=True):
            self.assertAlmostEqual(value, want, msg=name)
        self.assertEqual(self.figures(["date:day"], "average_ticket:avg")[date(2025, 3, 5)], (50.0,))
        self.assertEqual(self.total("hours:sum"), (1 + 85 / 60 + 1,))
        web = self.report.formatted_read_group(
            [("company_id", "=", self.company.id)], [], ["average_ticket:avg", "average_ticket:sum_currency"]
        )
        self.assertEqual(web[0]["average_ticket:avg"], 107.5)
        self.assertEqual(web[0]["average_ticket:sum_currency"], 107.5)

    def test_a_ratio_of_nothing_is_empty(self):
        self.assertEqual(self.total("average_ticket:avg", "discount_rate:avg"), (False, False))

    # -- Everything that the screens may ask -------------------------------------------

    def test_every_field_groups_every_measure(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"), products=[self.shampoo])
        manager = self.make_user("pivot_manager", "manager")
        for name in REPORTS:
            model = self.env[name].with_user(manager)
            described = model.fields_get()
            measures = [
                f"{field}:{values['aggregator']}"
                for field, values in described.items()
                if values.get("aggregator") and values["type"] in ("integer", "float", "monetary") and field != "id"
            ]
            self.assertGreater(len(measures), 5)
            for field, values in described.items():
                if not values.get("groupable") or field == "id":
                    continue
                spec = f"{field}:month" if values["type"] in ("date", "datetime") else field
                with self.subTest(f"{name} by {spec}"):
                    groups = model.formatted_read_group([("company_id", "=", self.company.id)], [spec], measures)
                    self.assertTrue(groups)

    def test_every_measure_and_ratio_says_what_it_is(self):
        plain = {"amount_discount", "amount_service_list", "amount_list", "quantity", "online_count"}
        for name in REPORTS:
            for field, values in self.env[name].fields_get().items():
                if values.get("aggregator") and values["type"] in ("integer", "float", "monetary") and field != "id":
                    self.assertTrue(values.get("help") or field in plain, f"{name}.{field}")

    def test_shipped_reports_open(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"))
        manager = self.make_user("saved_manager", "manager")
        actions = self.env["ir.actions.act_window"]
        for data in self.env["ir.model.data"].search(
            [("module", "=", "salon_spa"), ("model", "=", actions._name), ("name", "=like", "action\\_report\\_%")]
        ):
            actions += actions.browse(data.res_id)
        self.assertGreaterEqual(len(actions), 20)
        self.assertEqual(len(set(actions.mapped("name"))), len(actions), "each report has a name of its own")
        for action in actions.with_user(manager):
            with self.subTest(action.name):
                model = self.env[action.res_model].with_user(manager)
                context = literal_eval(action.context.strip())
                described = model.fields_get()
                measures = [name for name in context.get("pivot_measures", []) if name != "__count"]
                measures += [context["graph_measure"]] if context.get("graph_measure") else []
                groupings = [
                    [*context.get("pivot_row_groupby", []), *context.get("pivot_column_groupby", [])],
                    context.get("graph_groupbys", []),
                ]
                for groupby in groupings:
                    aggregates = [f"{name}:{described[name]['aggregator']}" for name in measures]
                    model.formatted_read_group([], groupby, [*aggregates, "__count"])

    def test_search_defaults_of_the_reports_exist(self):
        for name in REPORTS:
            arch = self.env[name].get_view(view_type="search")["arch"]
            for action in self.env["ir.actions.act_window"].search([("res_model", "=", name)]):
                for key, value in literal_eval(action.context.strip()).items():
                    if key.startswith("search_default_"):
                        self.assertIn(f'name="{key.removeprefix("search_default_")}"', arch, (action.name, value))

    def test_a_row_opens_its_visit(self):
        visit = self.make_done_visit(self.at("2025-03-04", "10:00"), products=[self.shampoo])
        for name in REPORTS:
            row = self.env[name].search([("company_id", "=", self.company.id)], limit=1)
            action = row.action_open_visit()
            self.assertEqual((action["res_model"], action["res_id"]), ("salon.visit", visit.id), name)

    # -- Rights -----------------------------------------------------------------------

    def test_reports_are_the_managers(self):
        for group in ("master", "administrator"):
            user = self.make_user(f"report_{group}", group)
            for name in REPORTS:
                with self.assertRaises(AccessError):
                    self.env[name].with_user(user).search_count([])
        manager = self.make_user("exporting_manager", "manager")
        self.make_done_visit(self.at("2025-03-04", "10:00"))
        rows = self.report.with_user(manager).search([])
        rows.export_data(["date", "amount_net"])
        log = self.env["salon.export.log"].search([("user_id", "=", manager.id)])
        self.assertEqual((log.record_count, log.field_names), (len(rows), "date, amount_net"))

    # -- Parts of other addons -----------------------------------------------------------

    def test_a_part_of_an_addon_has_ids_of_its_own_and_may_leave_columns_out(self):
        self.make_done_visit(self.at("2025-03-04", "10:00"))
        part = self.report._part(
            5,
            SQL("company.id"),
            {"date": SQL("DATE '2025-03-04'"), "company_id": SQL("company.id"), "amount_net": SQL("7")},
            SQL("res_company company WHERE company.id = %s", self.company.id),
        )
        union = SQL(" UNION ALL ").join([*self.report._parts().values(), part])
        rows = self.env.execute_query(SQL("SELECT id, amount_net, kind FROM (%s) f WHERE date = '2025-03-04'", union))
        self.assertIn(((5 << 40) + self.company.id, 7, None), rows)
        self.assertEqual(len({row[0] for row in rows}), 2)
        with self.assertRaisesRegex(ValueError, "tip"):
            self.report._part(5, SQL("1"), {"tip": SQL("1")}, SQL("res_company"))
