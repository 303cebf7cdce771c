import random
from collections import defaultdict
from datetime import date, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_expense import MoneyCase

INCOME = ("income", "income_other")
EXPENSE = ("expense", "expense_other", "expense_depreciation", "expense_direct_cost")


@tagged("post_install", "-at_install")
class TestFinanceReport(MoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report, cls.money = cls.env["salon.finance.report"], cls.env["salon.cash.report"]
        cls.env["salon.money.plan"].search([]).unlink()
        cls.other = cls.make_company()
        cls.supplier = cls.env["res.partner"].create({"name": "Supplier"})

    def post(self, *lines, company=None, journal=None, day="2025-03-10"):
        """Post an entry; each line is ``(account, balance)``."""
        company = company or self.company
        journal = journal or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "journal_id": journal.id,
                    "date": day,
                    "line_ids": [
                        Command.create({"account_id": account.id, "debit": max(balance, 0), "credit": max(-balance, 0)})
                        for account, balance in lines
                    ],
                }
            )
        )
        move.action_post()
        return move

    def account(self, account_type, company=None, **values):
        company = company or self.company
        accounts = self.env["account.account"].with_company(company)
        code = accounts._search_new_account_code("777001")
        return accounts.create({"name": code, "code": code, "account_type": account_type, **values})

    def random_books(self, rng, company):
        """Write a few months of everything: expenses, transfers, invoices, payments, bills, entries by hand."""
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        registers = company._salon_registers()
        categories = [self.rent, self.household, self.pay, self.rest]
        entries, moves = env["salon.expense"], env["account.move"]
        today = company._salon_today()
        for _number in range(25):
            values = {
                "amount": rng.randint(1, 99_999) / 100,
                "date": today - timedelta(days=rng.randrange(120)),
                "journal_id": rng.choice(registers).id,
                "company_id": company.id,
            }
            kind = rng.choice(["expense"] * 4 + ["income", "transfer"])
            if kind == "expense":
                values["category_id"] = rng.choice(categories).id
            elif kind == "income":
                values["category_id"] = self.chairs.id
            else:
                values["destination_journal_id"] = rng.choice(
                    registers.filtered(lambda journal, values=values: journal.id != values["journal_id"])
                ).id
            entry = entries.create({**values, "kind": kind})
            fate = rng.random()
            if fate > 0.15:
                entry.action_enter()
            if fate > 0.75:
                entry.action_take_back()
            elif fate > 0.65:
                entry.move_id.button_draft()
                if fate > 0.7:
                    entry.move_id.button_cancel()
        expense = self.account("expense", company)
        for number in range(8):
            invoice = moves.create(
                {
                    "move_type": rng.choice(["out_invoice", "out_refund", "in_invoice"]),
                    "partner_id": self.clara.id,
                    "invoice_date": today - timedelta(days=rng.randrange(100)),
                    "invoice_line_ids": [
                        Command.create(
                            {"product_id": self.cut.id, "price_unit": rng.randint(1, 20_000) / 100, "tax_ids": []}
                        )
                    ],
                }
            )
            if number == 7:
                continue
            invoice.action_post()
            if rng.random() < 0.7:
                env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create({"journal_id": rng.choice(registers).id}).action_create_payments()
        cash = registers[0].default_account_id
        # By hand, in another journal, with more than two lines.
        self.post((expense, 30), (self.account("asset_current", company), 12.5), (cash, -42.5), company=company)
        self.post(
            (cash, -50), (registers[1].default_account_id, 48), (expense, 2), company=company, journal=registers[1]
        )
        self.env.flush_all()

    def posted(self, company, account_types):
        lines = self.env["account.move.line"].search(
            [("company_id", "=", company.id), ("account_id.account_type", "in", account_types)]
        )
        return lines.filtered(lambda line: line.move_id.state == "posted")

    def test_sums_are_those_of_the_posted_entries(self):
        rng = random.Random(20261122)
        for company in (self.company, self.other):
            self.random_books(rng, company)
        for company in (self.company, self.other):
            lines = self.posted(company, INCOME + EXPENSE)
            self.assertGreater(len(lines), 15)
            rows = self.report.search([("company_id", "=", company.id)])
            self.assertEqual(set(rows.ids), set(lines.ids))
            for kind, types in (("income", INCOME), ("expense", EXPENSE)):
                expected = -sum(
                    lines.filtered(lambda line, types=types: line.account_id.account_type in types).mapped("balance")
                )
                [(amount, income, expense)] = self.report._read_group(
                    [("company_id", "=", company.id), ("kind", "=", kind)],
                    [],
                    ["amount:sum", "amount_income:sum", "amount_expense:sum"],
                )
                self.assertAlmostEqual(amount, expected, 2)
                self.assertAlmostEqual(income - expense, expected, 2)
            by_month = defaultdict(float)
            for line in lines:
                by_month[line.date.replace(day=1), line.account_id] -= line.balance
            groups = self.report._read_group(
                [("company_id", "=", company.id)], ["date:month", "account_id"], ["amount:sum"]
            )
            self.assertEqual(len(groups), len(by_month))
            for month, account, amount in groups:
                self.assertAlmostEqual(amount, by_month[month, account], 2)

    def test_money_adds_up_to_the_balance_of_each_register(self):
        rng = random.Random(711)
        self.random_books(rng, self.company)
        registers = self.company._salon_registers()
        registers.invalidate_recordset()
        today, month = self.company._salon_today(), self.company._salon_today().replace(day=1)
        for register in registers:
            lines = self.env["account.move.line"].search(
                [("account_id", "=", register.default_account_id.id), ("parent_state", "=", "posted")]
            )
            self.assertTrue(lines)
            self.assertAlmostEqual(register.salon_balance, sum(lines.mapped("balance")), 2)
            of_month = lines.filtered(lambda line: line.date >= month)
            self.assertAlmostEqual(
                register.salon_month_in - register.salon_month_out, sum(of_month.mapped("balance")), 2
            )
            of_today = of_month.filtered(lambda line: line.date == today)
            self.assertAlmostEqual(register.salon_today_in, sum(of_today.mapped("debit")), 2)
            self.assertAlmostEqual(register.salon_today_out, sum(of_today.mapped("credit")), 2)
            [(change, came, went)] = self.money._read_group(
                [("journal_id", "=", register.id)], [], ["amount:sum", "amount_in:sum", "amount_out:sum"]
            )
            self.assertAlmostEqual(change, register.salon_balance, 2)
            self.assertAlmostEqual(came - went, change, 2)
        self.assertFalse(self.money.search([("journal_id", "=", False)]))

    def test_every_account_is_in_one_category(self):
        direct = self.account("expense_direct_cost")
        mapped = self.account("expense_direct_cost", salon_category_id=self.env.ref("salon_spa.category_materials").id)
        wages, unknown = self.account("expense", salon_category_id=self.pay.id), self.account("expense")
        self.post((direct, 1), (mapped, 2), (wages, 4), (unknown, 8), (self.cash.default_account_id, -15))
        rows = self.report.search([("account_id", "in", (direct | mapped | wages | unknown).ids)])
        self.assertEqual(
            {row.account_id: (row.section, row.category_id.name, row.amount_expense) for row in rows},
            {
                direct: ("4_retail", "Products for Sale", 1),
                mapped: ("3_materials", "Materials", 2),
                wages: ("5_pay", "Salaries", 4),
                unknown: ("7_other", "Other Expenses", 8),
            },
        )
        self.assertEqual(rows.journal_id, self.cash)
        self.rest.account_type = False
        self.env.flush_all()
        self.env.invalidate_all()
        row = rows.filtered(lambda row: row.account_id == unknown)
        self.assertEqual((row.section, row.category_id.id), ("7_other", False))

    def test_categories_keep_income_and_expenses_apart(self):
        account = self.account("income")
        with self.assertRaisesRegex(ValidationError, "one is about income"):
            account.salon_category_id = self.rent
        with self.assertRaisesRegex(ValidationError, "accounts of the other kind"):
            self.rest.section = "2_other_income"
        self.rent._get_account(self.company)
        with self.assertRaisesRegex(ValidationError, "accounts of the other kind"):
            self.rent.section = "2_other_income"
        with self.assertRaisesRegex(UserError, "takes what has no category"):
            self.rest.unlink()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.rent.copy({"account_type": "expense"})

    def test_profit_and_loss_by_its_lines(self):
        day = "2024-05-06"
        for account_type, balance, category in (
            ("income", -1000, None),
            ("income_other", -50, None),
            ("expense_direct_cost", 100, "materials"),
            ("expense_direct_cost", 80, "retail"),
            ("expense", 400, "pay"),
            ("expense", 20, "bank_fees"),
            ("expense", 150, "rent"),
            ("expense_depreciation", 30, None),
        ):
            account = self.account(
                account_type, salon_category_id=category and self.env.ref(f"salon_spa.category_{category}").id
            )
            self.post((account, balance), (self.bank.default_account_id, -balance), day=day)
        self.env.flush_all()
        groups = self.report._read_group(
            [("company_id", "=", self.company.id), ("date", "=", day)], ["section"], ["amount:sum"]
        )
        self.assertEqual(
            groups,
            [
                ("1_revenue", 1000),
                ("2_other_income", 50),
                ("3_materials", -100),
                ("4_retail", -80),
                ("5_pay", -400),
                ("6_fees", -20),
                ("7_other", -180),
            ],
        )
        [(profit, operating)] = self.report._read_group(
            [("company_id", "=", self.company.id), ("date", "=", day)], [], ["amount:sum", "amount_operating:sum"]
        )
        self.assertEqual((profit, operating), (270, 220))

    def test_break_even(self):
        for clock in ("09:00", "11:00"):
            self.make_done_visit(self.at("2024-04-02", clock))
        self.make_done_visit(self.at("2024-04-03", "09:00"))
        self.make_done_visit(self.at("2024-05-03", "09:00"))
        bank = self.bank.default_account_id
        for account, balance, day in (
            (self.account("income"), -900, "2024-04-30"),
            (self.account("income"), -200, "2024-05-01"),
            (self.account("expense", salon_category_id=self.pay.id), 300, "2024-04-30"),
            (self.account("expense"), 600, "2024-04-01"),
            (self.account("income_other"), -77, "2024-04-01"),
            (self.account("expense"), 310, "2024-05-01"),
        ):
            self.post((account, balance), (bank, -balance), day=day)
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id), ("date", ">=", "2024-04-01"), ("date", "<=", "2024-05-31")]
        figures = ["visit_count:sum", "contribution_per_visit:avg", "fixed_per_day:avg", "break_even:avg"]
        report = self.env["salon.break.even.report"]
        months = [tuple(map(float, row[1:])) for row in report._read_group(domain, ["date:month"], figures)]
        # Two visits of one client on one day are one: 600 a month are 20 a day, and a visit brings 300.
        self.assertEqual(months[0], (2, 300, 20, 20 / 300))
        self.assertEqual(months[1], (1, 200, 10, 10 / 200))
        [total] = report._read_group(domain, [], figures)
        expected = (3, 800 / 3, 910 / 61, 910 / 61 / (800 / 3))
        for figure, value in zip(total, expected, strict=True):
            self.assertAlmostEqual(float(figure), value, 6)

    def test_where_money_comes_from_and_goes_to(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.clara.id,
                "invoice_date": "2024-06-03",
                "invoice_line_ids": [Command.create({"product_id": self.cut.id, "price_unit": 70, "tax_ids": []})],
            }
        )
        invoice.action_post()
        self.bank.inbound_payment_method_line_ids.payment_account_id = self.bank.default_account_id
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create(
            {"journal_id": self.bank.id, "payment_date": "2024-06-04"}
        ).action_create_payments()
        self.make_expense(20, self.rent, date="2024-06-05", enter=True)
        self.make_expense(5, self.chairs, kind="income", date="2024-06-05", enter=True)
        self.make_expense(
            9, self.rent.browse(), kind="transfer", destination_journal_id=self.bank.id, date="2024-06-05", enter=True
        )
        self.env.flush_all()
        rows = self.money.search(
            [("company_id", "=", self.company.id), ("date", ">=", "2024-06-01"), ("date", "<=", "2024-06-30")]
        )
        self.assertEqual(
            sorted((row.flow, row.journal_id.type, row.category_id.name or "", row.amount) for row in rows),
            [
                ("1_clients", "bank", "", 70),
                ("2_income", "cash", "Rent of Chairs and Rooms", 5),
                ("4_expense", "cash", "Rent", -20),
                ("5_transfer", "bank", "", 9),
                ("5_transfer", "cash", "", -9),
            ],
        )
        action = rows[0].action_open_entry()
        self.assertEqual(action["res_model"], "account.move")

    def test_what_a_visit_pays_is_in_the_books(self):
        visit = self.make_done_visit(self.at("2024-08-05", "10:00"))
        visit._pay([(self.cash, 30), (self.bank, 20)])
        self.env.flush_all()
        entries = visit.move_ids | self.env["account.payment"].search([("salon_visit_id", "=", visit.id)]).move_id
        rows = self.money.search([("move_id", "in", entries.ids)])
        self.assertEqual(
            {(row.flow, row.journal_id, row.partner_id, row.amount) for row in rows},
            {("1_clients", self.cash, self.clara, 30), ("1_clients", self.bank, self.clara, 20)},
        )
        [row] = self.report.search([("move_id", "in", entries.ids)])
        self.assertEqual((row.section, row.amount), ("1_revenue", 50))

    # -- Plan ----------------------------------------------------------------------

    def test_plan_against_fact(self):
        plans = self.env["salon.money.plan"].with_user(self.manager)
        plans.create(
            [
                {"month": "2024-07-15", "category_id": self.rent.id, "amount": 200},
                {"month": "2024-07-01", "category_id": self.chairs.id, "amount": 50},
            ]
        )
        self.make_expense(150, self.rent, date="2024-07-20", enter=True)
        self.make_expense(60, self.chairs, kind="income", date="2024-07-21", enter=True)
        self.env.flush_all()
        groups = self.report.with_user(self.manager)._read_group(
            [("date", ">=", "2024-07-01"), ("date", "<=", "2024-07-31"), ("company_id", "=", self.company.id)],
            ["category_id"],
            ["amount_plan:sum", "amount:sum", "amount_difference:sum", "plan_percent:avg"],
        )
        self.assertEqual(
            [(category.name, *map(float, figures)) for category, *figures in groups],
            [("Rent of Chairs and Rooms", 50, 60, 10, 120), ("Rent", -200, -150, 50, 75)],
        )

    @freeze_time("2025-02-10 10:00:00")
    def test_copying_the_plan(self):
        plans = self.env["salon.money.plan"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "nothing to copy yet"):
            plans.action_copy_last_month()
        plans.create([{"month": "2024-11-01", "category_id": self.rent.id, "amount": 200}])
        self.env["salon.money.plan"].create(
            {"month": "2025-09-01", "category_id": self.pay.id, "amount": 7, "company_id": self.other.id}
        )
        for month in (date(2025, 2, 1), date(2025, 3, 1)):
            call_kw(plans, "action_copy_last_month", [[]], {})  # as the button does
            row = plans.search([("company_id", "=", self.company.id)], limit=1)
            self.assertEqual((row.month, row.category_id, row.amount), (month, self.rent, 200))

    def test_bad_plans(self):
        plans = self.env["salon.money.plan"]
        row = plans.create({"month": "2024-07-15", "category_id": self.rent.id, "amount": 200})
        self.assertEqual(row.month, date(2024, 7, 1))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            plans.create({"month": "2024-07-01", "category_id": self.rent.id, "amount": 1})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            row.amount = -1
            row.flush_recordset()
        row.month = "2024-08-31"
        self.assertEqual(row.month, date(2024, 8, 1))
