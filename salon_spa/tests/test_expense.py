import base64
import io
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from PIL import Image

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import SalonCase


class MoneyCase(SalonCase):
    """The salon's registers, a few categories, an administrator and a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        registers = cls.company._salon_registers()
        cls.cash = registers.filtered(lambda journal: journal.type == "cash")[:1]
        cls.bank = registers.filtered(lambda journal: journal.type == "bank")[:1]
        cls.rent, cls.household, cls.pay, cls.chairs, cls.sales, cls.rest = (
            cls.env.ref(f"salon_spa.category_{name}")
            for name in ("rent", "household", "pay", "chair_rent", "sales", "other")
        )
        cls.desk = cls.make_user("money_desk", "administrator")
        cls.manager = cls.make_user("money_manager", "manager")
        cls.company.salon_expense_limit = 100

    @classmethod
    def make_expense(cls, amount=50, category=None, user=None, enter=False, **values):
        model = cls.env["salon.expense"].with_user(user or cls.manager)
        category = cls.household if category is None else category
        entry = model.create({"amount": amount, "category_id": category.id, **values})
        if enter:
            entry.action_enter()
        return entry

    @classmethod
    def make_company(cls, name="Other Salon"):
        company = cls.env["res.company"].create({"name": name, "salon_tz": "Europe/Berlin"})
        cls.env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        cls.env.user.company_ids += company
        return company

    def booked(self, entry):
        """Return what the journal entry says: ``{account: balance}``."""
        move = entry.sudo().move_id
        self.assertEqual(move.state, "posted")
        return {line.account_id: line.balance for line in move.line_ids}


@tagged("post_install", "-at_install")
class TestExpense(MoneyCase):
    def test_an_expense_becomes_an_entry_in_its_register(self):
        entry = self.make_expense(50, note="Bulbs", date=self.company._salon_today() - timedelta(days=2))
        self.assertEqual((entry.journal_id, entry.state), (self.cash, "draft"))
        self.assertFalse(entry.sudo().move_id)
        entry.action_enter()
        account = self.household._get_account(self.company)
        self.assertEqual(self.booked(entry), {account: 50, self.cash.default_account_id: -50})
        move = entry.sudo().move_id
        self.assertEqual((move.journal_id, move.date, move.ref), (self.cash, entry.date, "Household: Bulbs"))
        self.assertEqual(entry.state, "entered")
        entry.action_enter()
        self.assertEqual(entry.sudo().move_id, move, "a second call changes nothing")

    def test_income_and_transfer(self):
        income = self.make_expense(300, self.chairs, kind="income", enter=True)
        account = self.chairs._get_account(self.company)
        self.assertEqual(account.account_type, "income_other")
        self.assertEqual(self.booked(income), {account: -300, self.cash.default_account_id: 300})
        transfer = self.make_expense(
            200, self.chairs.browse(), kind="transfer", destination_journal_id=self.bank.id, enter=True
        )
        self.assertEqual(self.booked(transfer), {self.bank.default_account_id: 200, self.cash.default_account_id: -200})

    def test_money_waits_where_the_accountant_wants_it(self):
        waiting = self.env["account.account"].create(
            {"name": "Payments on the Way", "code": "101777", "account_type": "asset_current", "reconcile": True}
        )
        self.bank.outbound_payment_method_line_ids.payment_account_id = waiting
        entry = self.make_expense(80, self.rent, journal_id=self.bank.id, enter=True)
        self.assertEqual(self.booked(entry), {self.rent._get_account(self.company): 80, waiting: -80})
        self.env.invalidate_all()
        self.assertEqual(self.bank.salon_balance, -80, "it has left the bank as far as the salon is concerned")

    def test_balances_are_the_managers(self):
        self.assertEqual(self.cash.with_user(self.desk).read(["name"])[0]["name"], self.cash.name)
        for name in (
            "salon_balance",
            "salon_today_in",
            "salon_month_out",
            "current_statement_balance",
            "kanban_dashboard",
            "kanban_dashboard_graph",
        ):
            with self.assertRaises(AccessError):
                self.cash.with_user(self.desk).read([name])

    def test_each_company_has_accounts_of_its_own(self):
        adopted = self.rent._get_account(self.company)
        self.assertEqual(self.rent._get_account(self.company), adopted, "made once")
        other = self.make_company()
        account = self.rent._get_account(other)
        self.assertNotEqual(account, adopted)
        self.assertEqual((account.company_ids, account.salon_category_id), (other, self.rent))
        self.assertTrue(account.with_company(other).code)

    def test_an_account_of_the_same_name_is_taken_and_of_another_kind_is_not(self):
        accounts = self.env["account.account"]
        new = {"name": "Candles", "account_type": "asset_current", "code": "101778"}
        accounts.create(new)
        same = accounts.create({**new, "account_type": "expense", "code": "600778"})
        category = self.env["salon.money.category"].create({"name": "Candles"})
        self.assertEqual(category._get_account(self.company), same)
        self.assertEqual(category.account_ids, same)

    def test_a_chosen_account_takes_the_entries(self):
        account = self.env["account.account"].create({"name": "Cleaning", "account_type": "expense", "code": "600777"})
        category = (
            self.env["salon.money.category"]
            .with_user(self.manager)
            .create({"name": "Clean", "account_ids": [Command.set(account.ids)]})
        )
        self.assertEqual(account.salon_category_id, category)
        entry = self.make_expense(20, category, enter=True)
        self.assertIn(account, self.booked(entry))
        category.account_ids = [Command.clear()]
        self.assertFalse(account.salon_category_id)

    def test_the_receipt_lies_at_the_journal_entry(self):
        image = io.BytesIO()
        Image.new("RGB", (8, 8), "white").save(image, "PNG")
        entry = self.make_expense(20, receipt=base64.b64encode(image.getvalue()), enter=True)
        self.assertTrue(entry.has_receipt)
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", entry.sudo().move_id.id)]
        )
        self.assertEqual(len(attachments), 1)
        self.assertEqual(attachments.mimetype, "image/png")

    # -- Bad input ----------------------------------------------------------------

    def refused(self, text, **values):
        """Assert that an entry can't be made or entered, that a sentence says why, and that no trace of it is left."""
        before = self.env["account.move"].search_count([]), self.env["salon.expense"].search_count([])
        with self.assertRaises(UserError) as caught:
            self.make_expense(**{"amount": 50, "enter": True, **values})
        self.assertIn(text, str(caught.exception))
        self.env.invalidate_all()
        after = self.env["account.move"].search_count([]), self.env["salon.expense"].search_count([])
        self.assertEqual(after, before)

    def test_bad_input_is_refused_in_words(self):
        today = self.company._salon_today()
        self.refused("above zero", amount=0)
        self.refused("above zero", amount=-5)
        self.refused("above zero", amount=0.001)
        self.refused("Choose the category", category=self.rent.browse())
        self.refused("no category of this kind", category=self.chairs)
        self.refused("comes from visits and the till", category=self.sales, kind="income")
        self.refused("Choose the register that the money goes to", kind="transfer")
        self.refused("still to come", date=today + timedelta(days=1))
        sale = self.env["account.journal"].search([("type", "=", "sale")], limit=1)
        self.refused("registers of cash or of a bank", journal_id=sale.id)
        foreign = self.env["account.journal"].create(
            {"name": "Euro", "type": "bank", "code": "EUR", "currency_id": self.env.ref("base.EUR").id}
        )
        self.env.ref("base.EUR").active = True
        self.refused("is kept in EUR", journal_id=foreign.id)
        self.refused("in that register already", kind="transfer", destination_journal_id=self.cash.id)

    def test_closed_books_and_closed_registers(self):
        today = self.company._salon_today()
        entry = self.make_expense(20, date=today - timedelta(days=40))
        self.company.fiscalyear_lock_date = today - timedelta(days=30)
        with self.assertRaisesRegex(UserError, "The books are closed up to"):
            entry.action_enter()
        self.assertEqual(entry.state, "draft")
        late = self.make_expense(20)
        self.cash.active = False
        with self.assertRaisesRegex(UserError, "is closed: choose another register"):
            late.action_enter()
        self.assertFalse((entry | late).sudo().move_id)

    def test_without_a_chart_of_accounts(self):
        bare = self.env["res.company"].create({"name": "Bare"})
        self.env.user.company_ids += bare
        with self.assertRaisesRegex(UserError, "no chart of accounts yet"):
            self.rent._get_account(bare)
        form = Form(self.env["salon.expense"].with_company(bare).with_context(allowed_company_ids=bare.ids))
        self.assertFalse(form.journal_id)

    def test_a_failure_while_posting_leaves_nothing(self):
        entry = self.make_expense(20)
        moves = self.env["account.move"].search_count([])
        with (
            patch.object(type(self.env["account.move"]), "_post", side_effect=UserError("No.")),
            self.assertRaises(UserError),
        ):
            entry.action_enter()
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertEqual(entry.state, "draft")
        entry.action_enter()
        self.assertEqual(entry.state, "entered")

    # -- Taking back ----------------------------------------------------------------

    def test_taking_back_reverses(self):
        day = self.company._salon_today() - timedelta(days=3)
        entry = self.make_expense(20, date=day, enter=True)
        entry.action_take_back()
        self.assertEqual(entry.state, "reversed")
        reversal = entry.sudo().move_id.reversal_move_ids
        self.assertEqual((reversal.state, reversal.date), ("posted", day))
        self.assertEqual(
            {line.account_id: line.balance for line in reversal.line_ids},
            {account: -balance for account, balance in self.booked(entry).items()},
        )
        entry.action_take_back()
        entry.action_enter()
        self.assertEqual(entry.sudo().move_id.reversal_move_ids, reversal, "a second call changes nothing")

    def test_taking_back_from_closed_books(self):
        today = self.company._salon_today()
        entry = self.make_expense(20, date=today - timedelta(days=40), enter=True)
        self.company.fiscalyear_lock_date = today - timedelta(days=30)
        entry.action_take_back()
        self.assertEqual(entry.sudo().move_id.reversal_move_ids.date, today)

    def test_the_state_follows_what_invoicing_does(self):
        entry = self.make_expense(20, enter=True)
        move = entry.sudo().move_id
        move.button_draft()
        self.assertEqual(entry.state, "reversed")
        move.action_post()
        self.assertEqual(entry.state, "entered")
        move._reverse_moves(cancel=True)
        self.assertEqual(entry.state, "reversed")

    def test_what_is_entered_stays(self):
        entry = self.make_expense(20, enter=True)
        for values in ({"amount": 30}, {"category_id": self.rent.id}, {"date": "2025-01-01"}, {"note": "x"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "take it back"):
                entry.write(values)
        for values in ({"state": "draft"}, {"move_id": False}, {"is_submitted": True}):
            with self.subTest(values=values), self.assertRaises(UserError):
                entry.write(values)
        with self.assertRaisesRegex(UserError, "is in the books"):
            entry.unlink()
        entry.receipt = False
        draft = self.make_expense(20)
        draft.amount = 25
        draft.unlink()

    # -- Who may what ----------------------------------------------------------------

    def test_the_desk_up_to_its_limit(self):
        entry = self.make_expense(100, user=self.desk, enter=True)
        self.assertEqual(entry.state, "entered")
        self.assertEqual(entry.sudo().move_id.create_uid, self.desk)
        above = self.make_expense(100.01, user=self.desk, enter=True)
        self.assertEqual(above.state, "to_approve")
        self.assertFalse(above.sudo().move_id)
        above.action_enter()
        self.assertEqual(above.state, "to_approve", "pressing again does not help")
        activity = above.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("salon_spa.group_salon_manager"))
        with self.assertRaisesRegex(UserError, "can't be changed any more"):
            above.amount = 1
        above.with_user(self.manager).action_enter()
        self.assertEqual(above.state, "entered")
        self.assertFalse(above.sudo().activity_ids)
        self.assertEqual(self.make_expense(500, self.chairs, self.desk, kind="income", enter=True).state, "entered")

    def test_the_clock_opens_what_waits_and_not_all_expenses(self):
        self.make_expense(10, user=self.desk, enter=True)
        above = self.make_expense(500, user=self.desk, enter=True)
        user = above.sudo().activity_ids.user_id
        expenses = self.env["salon.expense"].with_user(user)
        search = etree.fromstring(expenses.get_view(view_type="search")["arch"])
        opened = {node.get("name"): node.get("domain") for node in search.iter("filter")}
        mine = Domain(safe_eval(opened["filter_activities_my"], {"uid": user.id}))
        mine &= Domain("create_uid", "=", self.desk.id)
        self.assertEqual(expenses.search(mine), above)
        found = {
            name: expenses.search(mine & Domain(safe_eval(opened[f"activities_{name}"])))
            for name in ("overdue", "today", "upcoming_all")
        }
        self.assertEqual([name for name, entries in found.items() if entries], ["today"])
        # Odoo asks the other models for filters of these names, too.
        for name in ("salon.visit", "salon.pass"):
            arch = etree.fromstring(self.env[name].get_view(view_type="search")["arch"])
            self.assertLessEqual(
                {"filter_activities_my", "activities_overdue", "activities_today", "activities_upcoming_all"},
                {node.get("name") for node in arch.iter("filter")},
            )

    def test_an_entry_is_called_by_what_it_says(self):
        for kind in ("transfer", "tip"):
            self.assertEqual(self.env["salon.expense"].new({"kind": kind}).display_name, "New")
        entry = self.env["salon.expense"].new({"kind": "transfer", "destination_journal_id": self.bank.id})
        self.assertEqual(entry.display_name, f"To {self.bank.display_name}")

    def test_sending_back(self):
        above = self.make_expense(500, user=self.desk, enter=True)
        with self.assertRaises(AccessError):
            above.action_back_to_new()
        above.with_user(self.manager).action_back_to_new()
        self.assertEqual((above.state, len(above.sudo().activity_ids)), ("draft", 0))
        above.amount = 50
        above.action_enter()
        self.assertEqual(above.state, "entered")

    def test_the_desk_takes_from_cash_only(self):
        entry = self.make_expense(10, user=self.desk, journal_id=self.bank.id)
        with self.assertRaisesRegex(UserError, "choose a cash register"):
            entry.action_enter()
        entry.journal_id = self.cash
        entry.action_enter()
        with self.assertRaises(AccessError):
            entry.action_take_back()
        self.assertEqual(entry.state, "entered")
        transfer = self.make_expense(
            90, self.rent.browse(), self.desk, kind="transfer", destination_journal_id=self.bank.id, enter=True
        )
        self.assertEqual(transfer.state, "entered")

    def test_the_desk_sees_its_cash_and_nobodys_pay(self):
        shown = self.make_expense(10) | self.make_expense(10, user=self.desk, category=self.pay)
        hidden = self.make_expense(10, self.pay) | self.make_expense(10, journal_id=self.bank.id)
        transfer = self.make_expense(
            10, self.rent.browse(), kind="transfer", destination_journal_id=self.bank.id, enter=True
        )
        entries = self.env["salon.expense"].with_user(self.desk).search([])
        self.assertEqual(entries & (shown | hidden | transfer).with_user(self.desk), shown | transfer)
        self.assertEqual(entries.mapped("amount"), [10, 10, 10])
        with self.assertRaises(AccessError):
            shown.with_user(self.desk).read(["move_id"])

    def test_the_form_of_the_desk(self):
        form = Form(self.env["salon.expense"].with_user(self.desk))
        self.assertEqual(form.journal_id, self.cash)
        self.assertEqual(form.date, self.company._salon_today())
        form.amount = 30
        form.category_id = self.household
        form.kind = "transfer"
        self.assertFalse(form.category_id)
        form.destination_journal_id = self.bank
        form.kind = "expense"
        form.category_id = self.household
        entry = form.save()
        self.assertFalse(entry.destination_journal_id)
        self.assertEqual(entry.display_name, "Household")

    def test_another_company_is_out_of_sight(self):
        other = self.make_company()
        entry = (
            self.env["salon.expense"]
            .with_company(other)
            .create({"amount": 10, "category_id": self.rent.id, "company_id": other.id})
        )
        self.assertEqual(entry.journal_id.company_id, other)
        entry.action_enter()
        self.assertEqual(entry.move_id.company_id, other)
        self.assertFalse(self.env["salon.expense"].with_user(self.manager).search([("id", "=", entry.id)]))
        with self.assertRaises(UserError):
            self.make_expense(10, journal_id=entry.journal_id.id)

    def test_the_button_says_where_it_goes(self):
        form = Form(self.env["salon.expense"].with_user(self.desk))
        form.category_id = self.household
        form.amount = 100
        self.assertFalse(form.is_for_manager)
        form.amount = 101
        self.assertTrue(form.is_for_manager)
        form.kind = "income"
        self.assertFalse(form.is_for_manager)
        form = Form(self.env["salon.expense"].with_user(self.manager))
        form.amount = 5000
        self.assertFalse(form.is_for_manager)


@tagged("post_install", "-at_install")
class TestExpenseTour(MoneyCase, HttpCase):
    def test_the_desk_enters_an_expense(self):
        self.start_tour("/odoo/salon-expenses", "salon_expense", login="money_desk")
        entry = self.env["salon.expense"].search([("create_uid", "=", self.desk.id)])
        self.assertEqual((entry.state, entry.amount, entry.note), ("entered", 42.5, "Bulbs"))
        self.assertEqual(self.booked(entry)[self.cash.default_account_id], -42.5)
        self.assertEqual(entry.date, fields.Date.to_date(self.company._salon_today()))


@tagged("post_install", "-at_install")
class TestExpensePhone(MoneyCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_the_desk_enters_an_expense_on_a_phone(self):
        self.start_tour("/odoo/salon-expenses", "salon_expense_phone", login="money_desk")
        entry = self.env["salon.expense"].search([("create_uid", "=", self.desk.id)])
        self.assertEqual((entry.state, entry.amount), ("to_approve", 150))
