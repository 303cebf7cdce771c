from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import SalonCase


class MoneyCase(SalonCase):
    """A visit of today for 170: a cut for 50 by Anna, a colour for 120 by Bella; a desk that takes the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.make_user("desk_money", "administrator")
        cls.cash, cls.bank = cls.company._salon_registers()[:2]
        cls.visit = cls.make_visit(cls.at("2026-03-02", "10:00"), (cls.cut, cls.anna), (cls.colour, cls.bella))
        cls.reason = cls.env.ref("salon_spa.reason_discount_loyal")

    @contextmanager
    def refused(self, message):
        """What is done is refused with such a sentence, and leaves nothing behind."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def desk_visit(self, visit=None):
        return (visit or self.visit).with_user(self.desk)

    def balance(self, account, company=None):
        """Return debit less credit of posted entries on an account."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def income(self):
        """Return what posted entries have on accounts of income."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id.account_type", "in", ("income", "income_other")),
                ("parent_state", "=", "posted"),
                ("tax_line_id", "=", False),
                ("company_id", "=", self.company.id),
            ]
        )
        return round(-sum(lines.mapped("balance")), 2)

    def money(self, visit=None):
        visit = visit or self.visit
        return visit.payment_state, visit.amount_paid, visit.amount_due


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPay(MoneyCase):
    def test_cash(self):
        income, drawer = self.income(), self.balance(self.cash.default_account_id)
        self.assertEqual(self.money(), ("unpaid", 0, 170))
        self.desk_visit()._pay([(self.cash, 170)])
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.income() - income, 170)
        self.assertEqual(self.balance(self.cash.default_account_id) - drawer, 170)
        self.assertEqual(self.visit.move_ids.payment_state, "paid")
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("amount_billed"), [50, 120])

    def test_mixed_and_partial(self):
        self.desk_visit()._pay([(self.cash, 100), (self.bank, 20)])
        self.assertEqual(self.money(), ("partial", 120, 50))
        self.desk_visit()._pay([(self.bank, 50)])
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(len(self.visit.move_ids), 1)

    def test_deposit_is_the_first_payment(self):
        liability = self.company._salon_account("deposit")
        before = self.balance(liability)
        self.desk_visit()._take_deposit(40, self.bank)
        self.assertEqual(self.money(), ("deposit", 40, 130))
        self.assertEqual(self.balance(liability) - before, -40)
        with self.refused("deposit of .*40.00.* is not used yet"):
            self.visit.action_done()
        self.desk_visit()._pay([(self.cash, 130)])
        self.visit.action_done()
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.visit.amount_deposit, 0)
        self.assertEqual(self.balance(liability), before)

    def test_deposit_that_covers_all(self):
        self.desk_visit()._take_deposit(170, self.bank)
        self.assertEqual(self.money(), ("deposit", 170, 0))
        self.assertTrue(self.desk_visit().can_pay)
        self.desk_visit()._pay([])
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_deposit_of_a_cancelled_visit(self):
        self.desk_visit()._take_deposit(40, self.cash)
        self.visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        self.assertEqual(self.visit.amount_deposit, 40)
        other = self.make_visit(self.at("2026-03-02", "18:00"))
        self.desk_visit(other)._take_deposit(10, self.cash)
        other.action_cancel(self.env.ref("salon_spa.reason_client_plans"))
        income = self.income()
        self.desk_visit().action_keep_deposit()
        self.assertEqual((self.visit.amount_deposit, self.income() - income), (0, 40))
        self.desk_visit(other)._refund({False: 10}, [(self.cash, 10)])
        self.assertEqual((other.amount_deposit, other.amount_paid, self.income() - income), (0, 0, 40))

    def test_tips_are_the_masters(self):
        income, owed = self.income(), self.balance(self.company._salon_account("tip"))
        self.desk_visit()._pay([(self.cash, 190)], {self.anna: 5, self.bella: 15})
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.visit.amount_tip, 20)
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 5, self.bella: 15})
        self.assertEqual(self.income() - income, 170)
        self.assertEqual(self.balance(self.company._salon_account("tip")) - owed, -20)
        # A tip alone, after all.
        self.desk_visit()._pay([(self.cash, 3)], {self.anna: 3})
        self.assertEqual((self.visit.amount_tip, self.visit.amount_due), (23, 0))

    def test_refused(self):
        cases = [
            ([(self.cash, 171)], {}, "more than what is due"),
            ([(self.cash, -1)], {}, "below zero"),
            ([(self.cash, 100)], {self.anna: 5}, "paid in full"),
        ]
        for payments, tips, message in cases:
            with self.subTest(message), self.refused(message):
                self.desk_visit()._pay(payments, tips)
        draft = self.make_visit(self.at("2026-03-02", "18:00"), book=False)
        with self.refused("Book .* before taking money"):
            self.desk_visit(draft)._pay([(self.cash, 50)])
        with self.refused("more than the visit still costs"):
            self.desk_visit()._take_deposit(171, self.cash)
        with self.assertRaises(AccessError):
            self.visit.with_user(self.make_user("master_money", "master")).action_pay()
        self.assertFalse(self.visit.move_ids)

    def test_refund_in_full_and_by_line(self):
        self.desk_visit()._pay([(self.cash, 170)])
        cut, colour = self.visit.line_ids.sorted("sequence")
        income = self.income()
        self.desk_visit()._refund({cut: 20}, [(self.cash, 20)], "too short")
        self.assertEqual((cut.amount_refunded, self.money()), (20, ("paid", 150, 0)))
        with self.refused("more than what was paid for Cut"):
            self.desk_visit()._refund({cut: 31}, [(self.cash, 31)])
        with self.refused("is to be given back"):
            self.desk_visit()._refund({cut: 30}, [(self.cash, 20)])
        self.desk_visit()._refund({cut: 30, colour: 120}, [(self.cash, 150)])
        self.assertEqual(self.money(), ("refunded", 0, 0))
        self.assertEqual(self.income() - income, -170)

    def test_refund_takes_the_debt_off_first(self):
        self.desk_visit()._pay([(self.cash, 100)])
        colour = self.visit.line_ids.filtered(lambda line: line.product_id == self.colour)
        self.desk_visit()._refund({colour: 120}, [(self.cash, 50)])
        self.assertEqual(self.money(), ("paid", 50, 0))

    def test_correct_the_register_and_the_amount(self):
        self.desk_visit()._pay([(self.cash, 170)])
        drawer, account = self.balance(self.cash.default_account_id), self.balance(self.bank.default_account_id)
        dialog = self.desk_visit().env["salon.visit.correct"].with_context(default_visit_id=self.visit.id)
        form = Form(dialog)
        form.reason = "by card"
        with self.refused("Choose the right register"):
            form.save().action_apply()
        form = Form(dialog)
        form.reason = "by card"
        with form.line_ids.edit(0) as line:
            line.journal_id = self.bank
        form.save().action_apply()
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.assertEqual(self.balance(self.cash.default_account_id) - drawer, -170)
        self.assertEqual(self.balance(self.bank.default_account_id) - account, 170)
        self.assertEqual(self.visit.log_ids.filtered("old").mapped("reason"), ["by card"])
        payment = self.visit._payments_taken()
        self.assertEqual((payment.journal_id, payment.amount), (self.bank, 170), "what was wrong is cancelled")
        self.desk_visit()._correct_payments({payment: (self.bank, 150)})
        self.assertEqual(self.money(), ("partial", 150, 20))
        with self.refused("corrected meanwhile"):
            self.desk_visit()._correct_payments({payment: (self.bank, 100)})
        self.desk_visit()._pay([(self.cash, 20)])
        with self.refused("corrected down to 0"):
            self.desk_visit()._correct_payments({self.visit._payments_taken()[0]: (self.bank, 151)})
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_payments_of_other_days_are_a_managers(self):
        self.desk_visit()._pay([(self.cash, 170)])
        payment = self.visit._payments_taken()
        with freeze_time("2026-03-04 15:00:00"):
            with self.refused("manager"):
                self.desk_visit()._correct_payments({payment: (self.bank, 170)})
            manager = self.make_user("manager_correct", "manager")
            self.visit.with_user(manager)._correct_payments({payment: (self.bank, 170)})
        self.assertEqual(self.visit._payments_taken().date, payment.date, "it was paid on its own day")

    def test_correct_what_others_came_after(self):
        """The next client has paid before somebody sees it: the entry stays, cancelled, and no number is missing."""
        self.company.restrictive_audit_trail = True
        self.desk_visit()._pay([(self.cash, 170)])
        other = self.make_visit(self.at("2026-03-02", "13:00"), client=self.make_client("Dora"))
        self.desk_visit(other)._pay([(self.cash, 50)])
        payment = self.desk_visit()._payments_taken()
        entry, name = payment.move_id, payment.move_id.name
        self.desk_visit()._correct_payments({payment: (self.bank, 170)})
        self.assertEqual((entry.exists().state, entry.name, payment.state), ("cancel", name, "canceled"))
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_what_the_bank_has_confirmed_stays(self):
        account = self.env["account.account"].create(
            {"name": "Terminal", "code": "101987", "account_type": "asset_current", "reconcile": True}
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = account
        self.desk_visit()._pay([(self.bank, 170)])
        payment = self.desk_visit()._payments_taken()
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": payment.date,
                "payment_ref": "Terminal",
                "amount": 170,
                "counterpart_account_id": account.id,
            }
        )
        entries = (payment.move_id | statement.move_id).line_ids.filtered(lambda line: line.account_id == account)
        entries.reconcile()
        with self.refused("matched with the bank's statement"):
            self.desk_visit()._correct_payments({payment: (self.cash, 170)})
        self.assertTrue(all(entries.mapped("reconciled")))

    def test_nothing_to_correct(self):
        with self.refused("Nothing was paid in this visit"):
            self.desk_visit().action_correct_payments()

    def test_what_is_billed_stays(self):
        self.desk_visit()._pay([(self.cash, 170)])
        cut = self.visit.line_ids[0]
        for change in ({"price_unit": 10}, {"quantity": 2}, {"cancelled": True}, {"product_id": self.colour.id}):
            with self.subTest(change), self.refused("refund it first"):
                cut.write(change)
        with self.refused("refund it first"):
            cut.unlink()
        with self.refused("refund it first"):
            self.visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_a_service_added_after_paying_is_due(self):
        self.desk_visit()._pay([(self.cash, 170)])
        self.visit.write({"line_ids": [Command.create({"product_id": self.cut.id, "employee_id": self.anna.id})],
                          "override_reason": "test"})  # fmt: skip
        self.assertEqual(self.money(), ("partial", 170, 50))
        self.desk_visit()._pay([(self.cash, 50)])
        self.assertEqual(self.money(), ("paid", 220, 0))

    def test_documents_of_odoos_own_screens(self):
        self.desk_visit()._pay([])
        self.assertEqual(self.money(), ("unpaid", 0, 170))
        move = self.visit.move_ids
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"journal_id": self.bank.id})
        wizard.action_create_payments()
        self.assertEqual(self.money(), ("paid", 170, 0))
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        reversal.create({"journal_id": move.journal_id.id}).reverse_moves()
        self.visit.move_ids.filtered(lambda move: move.state == "draft").action_post()
        self.assertEqual(self.visit.payment_state, "refunded")

    def test_walk_in_without_card(self):
        visit = self.make_visit(self.at("2026-03-02", "18:00"), partner_id=False, is_anonymous=True)
        self.desk_visit(visit)._pay([(self.cash, 50)])
        self.assertEqual(visit.payment_state, "paid")
        self.assertEqual(visit.move_ids.partner_id, self.company.salon_walk_in_partner_id)
        self.assertFalse(visit.move_ids.partner_id.is_client_card)

    def test_taxes_included_and_on_top(self):
        for included, total, untaxed in (("tax_included", 120.0, 100.0), ("tax_excluded", 144.0, 120.0)):
            with self.subTest(included):
                tax = self.env["account.tax"].create(
                    {"name": included, "amount": 20, "price_include_override": included}
                )
                self.colour.taxes_id = tax
                visit = self.make_visit(self.at("2026-03-02", "18:00"), (self.colour, self.bella))
                self.assertEqual((visit.amount_list, visit.amount_total), (120, total))
                self.assertEqual(visit.line_ids.price_untaxed, untaxed)
                income = self.income()
                self.desk_visit(visit)._pay([(self.cash, total)])
                self.assertEqual(self.money(visit), ("paid", total, 0))
                self.assertEqual(self.income() - income, untaxed)
                visit.action_done()
                self.env.flush_all()
                fact = self.env["salon.revenue.report"].search([("visit_id", "=", visit.id)])
                self.assertEqual(fact.amount_net, untaxed)
                visit.action_reopen()
                self.desk_visit(visit)._refund({visit.line_ids: total}, [(self.cash, total)])
                visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_odd_prices_to_the_cent(self):
        lines = self.visit.line_ids.sorted("sequence")
        lines[0].write({"price_unit": 33.33, "quantity": 3})
        self.visit._discount(10.01, self.reason)
        self.assertEqual(lines.mapped("discount_amount"), [4.54, 5.47])
        self.desk_visit()._pay([(self.cash, self.visit.amount_due)])
        self.assertEqual(self.money(), ("paid", 209.98, 0))
        self.assertEqual(self.visit.move_ids.amount_total, 209.98)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPayDialog(MoneyCase):
    def dialog(self, model="salon.visit.pay", visit=None):
        return Form(self.env[model].with_user(self.desk).with_context(default_visit_id=(visit or self.visit).id))

    def test_pay_with_tips_and_change(self):
        form = self.dialog()
        self.assertEqual((form.amount_to_pay, form.close_visit), (170, True))
        form.tip_amount = 17
        self.assertEqual(form.amount_to_pay, 187)
        with form.payment_ids.edit(0) as payment:
            self.assertEqual((payment.journal_id, payment.amount), (self.cash, 187))
            payment.amount = 200
        self.assertEqual((form.amount_change, form.amount_left), (13, 0))
        form.save().action_apply()
        self.assertEqual((self.visit.state, *self.money()), ("done", "paid", 170, 0))
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 5, self.bella: 12})

    def test_tip_shared_otherwise(self):
        form = self.dialog()
        form.tip_amount = 10
        form.tip_split = "equal"
        with form.tip_ids.edit(0) as tip:
            tip.is_included = False
        form.save().action_apply()
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.bella: 10})

    def test_tip_shared_as_the_salon_does(self):
        self.company.salon_tip_split = "equal"
        form = self.dialog()
        form.tip_amount = 10
        form.save().action_apply()
        self.assertEqual({tip.employee_id: tip.amount for tip in self.visit.tip_ids}, {self.anna: 5, self.bella: 5})

    def test_change_from_a_card_is_refused(self):
        form = self.dialog()
        with form.payment_ids.edit(0) as payment:
            payment.journal_id = self.bank
            payment.amount = 180
        with self.refused("from cash only"):
            form.save().action_apply()
        self.assertFalse(self.visit.move_ids)

    def test_deposit_refund_and_discount(self):
        form = self.dialog("salon.visit.deposit")
        form.amount = 20
        form.save().action_apply()
        self.assertEqual(self.visit.amount_deposit, 20)
        form = self.dialog("salon.visit.discount")
        form.percent = 10
        self.assertEqual(form.amount, 17)
        form.reason_id = self.reason
        form.save().action_apply()
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("discount_amount"), [5, 12])
        form = self.dialog()
        self.assertEqual(form.amount_to_pay, 133)
        form.save().action_apply()
        form = self.dialog("salon.visit.refund")
        form.reason = "unhappy"
        with form.line_ids.edit(0) as line:
            line.amount = 45
        self.assertEqual(form.amount, 45)
        form.save().action_apply()
        self.assertEqual(self.visit.amount_paid, 108)

    def test_discount_of_a_campaign_and_a_managers_limit(self):
        campaign = self.env["utm.campaign"].create({"title": "Spring"})
        manager = self.visit.with_user(self.make_user("manager_money", "manager"))
        manager._discount(85, campaign=campaign)
        self.assertEqual(self.visit.line_ids.discount_campaign_id, campaign)
        self.company.salon_discount_limit_manager = 40
        with self.refused("above 40% needs the owner"):
            manager._discount(85, campaign=campaign)
        self.visit.with_user(self.owner)._discount(85, campaign=campaign)
        self.visit.action_done()
        self.env.flush_all()
        facts = self.env["salon.revenue.report"].search([("discount_campaign_id", "=", campaign.id)])
        self.assertEqual(sum(facts.mapped("amount_discount")), 85)

    def test_discount_above_the_limit(self):
        form = self.dialog("salon.visit.discount")
        form.percent = 50
        form.reason_id = self.reason
        with self.refused("needs a manager"):
            form.save().action_apply()
        form = self.dialog("salon.visit.discount")
        form.by = "amount"
        form.amount = 171
        form.reason_id = self.reason
        with self.refused("The services cost"):
            form.save().action_apply()
        self.assertEqual(self.visit.amount_discount, 0)
        # Half a service is half the price.
        with self.refused("needs a manager"):
            self.desk_visit().line_ids[0].quantity = 0.5
        self.desk_visit().line_ids[0].quantity = 2
        self.desk_visit().line_ids[0].quantity = 1


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestMoneyLists(MoneyCase):
    def test_payments_and_debts(self):
        desk_visit = self.desk_visit()
        desk_visit._pay([(self.cash, 100), (self.bank, 20)])
        self.visit.action_done()
        colour = self.visit.line_ids.filtered(lambda line: line.product_id == self.colour)
        self.assertEqual(self.clara.with_user(self.desk).salon_debt, 50)
        desk_visit._refund({colour: 60}, [(self.cash, 10)])
        self.assertEqual(self.clara.with_user(self.desk).salon_debt, 0)
        self.env.flush_all()
        rows = self.env["salon.payment.report"].with_user(self.desk).search([("visit_id", "=", self.visit.id)])
        self.assertEqual(
            {(row.journal_id, row.direction, row.amount) for row in rows},
            {(self.cash, "in", 100), (self.bank, "in", 20), (self.cash, "out", -10)},
        )
        self.assertEqual(self.clara.total_spent, 110)
        facts = self.env["salon.revenue.report"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(sum(facts.mapped("amount_net")), 110)
        self.assertEqual(sum(facts.mapped("service_count")), 2)
        self.assertEqual(self.env["salon.revenue.report"]._read_group(
            [("visit_id", "=", self.visit.id)], aggregates=["visit_count:count_distinct", "average_ticket:avg"]
        ), [(1, 110)])  # fmt: skip

    def test_what_came_from_elsewhere_is_paid(self):
        self.visit.action_done()
        self.visit.sudo().is_paid_elsewhere = True
        self.assertEqual(self.money(), ("paid", 0, 0))
        self.assertFalse(self.desk_visit().can_pay)

    def test_a_kept_deposit_is_other_income(self):
        self.desk_visit()._take_deposit(40, self.cash)
        self.visit.action_no_show()
        self.desk_visit().action_keep_deposit()
        self.env.flush_all()
        fact = self.env["salon.revenue.report"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual((fact.entry, fact.amount_other, fact.amount_net, fact.date), ("fee", 40, 0, self.visit.date))
        self.assertEqual(self.env["salon.revenue.report"]._read_group(
            [("visit_id", "=", self.visit.id)], aggregates=["visit_count:count_distinct", "amount_other:sum"]
        ), [(0, 40)])  # fmt: skip

    def test_nothing_is_half_written(self):
        """A failure between the steps leaves neither a bill without a payment nor a payment without a bill."""
        payment = type(self.env["account.payment"])
        failing = patch.object(payment, "action_post", autospec=True, side_effect=ZeroDivisionError)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint(), failing:
            self.desk_visit()._pay([(self.cash, 170)])
        self.env.invalidate_all()
        self.assertEqual(self.money(), ("unpaid", 0, 170))
        self.assertFalse(self.env["account.move"].search([("salon_visit_id", "=", self.visit.id)]))

    def test_a_company_without_a_chart(self):
        branch = self.env["res.company"].create({"name": "New Salon"})
        with self.refused("no chart of accounts"):
            branch._salon_registers()
