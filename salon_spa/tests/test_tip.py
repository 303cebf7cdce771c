from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .test_visit_money import MoneyCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestTipPayout(MoneyCase):
    """Anna was given 5 and Bella 15; the salon owes it to them until the desk pays it out of the drawer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.salon_expense_limit = 0
        cls.manager = cls.make_user("manager_tips", "manager")
        cls.owed = cls.company._salon_account("tip")
        cls.visit.with_user(cls.desk)._pay([(cls.cash, 190)], {cls.anna: 5, cls.bella: 15})

    def report(self):
        rows = self.env["salon.liability.report"].search([("kind", "=", "tip"), ("company_id", "=", self.company.id)])
        return {row.name: row.amount for row in rows}

    def payout(self, master=None):
        tips = self.visit.tip_ids.filtered(lambda tip: tip.employee_id == master)
        action = tips.with_user(self.desk).action_pay_out()
        with Form(self.env["salon.expense"].with_user(self.desk).with_context(**action["context"])) as form:
            self.assertEqual(form.journal_id, self.cash)
        return form.record

    def test_paid_out_of_the_drawer(self):
        before, drawer = self.balance(self.owed), self.balance(self.cash.default_account_id)
        self.assertEqual(self.report(), {self.anna.name: 5, self.bella.name: 15})
        entry = self.payout(self.bella)
        self.assertEqual((entry.amount, entry.state), (15, "draft"))
        self.assertEqual(entry.display_name, f"Tips of {self.bella.name}")
        entry.action_enter()
        self.assertEqual(entry.state, "entered", "tips are the masters': no limit of the desk stops them")
        self.assertEqual(self.balance(self.owed) - before, 15)
        self.assertEqual(self.balance(self.cash.default_account_id) - drawer, -15)
        self.assertEqual(self.report(), {self.anna.name: 5})
        self.assertEqual(entry.tip_ids, self.visit.tip_ids.filtered("is_paid_out"))
        entry.with_user(self.manager).action_take_back()
        self.assertEqual(self.report(), {self.anna.name: 5, self.bella.name: 15})
        self.assertEqual(self.balance(self.owed), before)

    def test_the_only_one_who_waits_is_there_already(self):
        self.payout(self.anna).action_enter()
        self.assertEqual(self.payout().employee_id, self.bella)

    def test_never_twice(self):
        first, second = self.payout(self.bella), self.payout(self.bella)
        first.action_enter()
        with self.refused(r"Bella is owed .*0\.00 in tips now"):
            second.action_enter()
        self.assertEqual(second.state, "draft")
        with self.refused("has no tips to be paid out"):
            self.env["salon.expense"].with_user(self.desk).create(
                {"kind": "tip", "employee_id": self.bella.id, "amount": 0}
            )

    def test_what_came_meanwhile(self):
        entry = self.payout(self.anna)
        self.visit.with_user(self.desk)._pay([(self.cash, 3)], {self.anna: 3})
        with self.assertRaisesRegex(UserError, r"Anna is owed .*8\.00 in tips now"):
            entry.action_enter()

    def test_nobody_is_chosen(self):
        with self.refused("Choose the master"):
            self.env["salon.expense"].with_user(self.desk).create({"kind": "tip", "amount": 5})
