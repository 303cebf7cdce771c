from odoo import Command
from odoo.tests import freeze_time, tagged

from .test_visit_money import MoneyCase


class DocumentsCase(MoneyCase):
    def make_tax(self, name, amount, included="tax_excluded", **values):
        return self.env["account.tax"].create(
            {"name": name, "amount": amount, "price_include_override": included, **values}
        )

    def reverse(self, move, method="reverse_moves"):
        """Credit a document in Odoo's own screens; return what that makes."""
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        wizard = wizard.create({"journal_id": move.journal_id.id})
        getattr(wizard, method)()
        made = wizard.new_move_ids
        made.filtered(lambda move: move.state == "draft").action_post()
        return made


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestTaxesToTheCent(DocumentsCase):
    """What the visit says is what the document says, however the company rounds taxes."""

    def test_several_services_with_tax_on_top(self):
        self.cut.taxes_id = self.make_tax("on top", 15)
        for method in ("round_globally", "round_per_line"):
            with self.subTest(method):
                self.company.tax_calculation_rounding_method = method
                visit = self.make_visit(self.at("2026-03-02", "18:00"), *[(self.cut, self.anna)] * 3)
                visit.line_ids.price_unit = 10.03
                due = visit.amount_due
                self.assertEqual(due, 34.59)
                self.desk_visit(visit)._pay([(self.cash, due)])
                self.assertEqual(visit.move_ids.amount_total, due)
                self.assertEqual(self.money(visit), ("paid", due, 0))
                amounts = {line: line.amount_billed for line in visit.line_ids}
                self.desk_visit(visit)._refund(amounts, [(self.cash, due)])
                self.assertEqual((self.money(visit), visit.sudo()._open_amount()), (("refunded", 0, 0), 0))
                visit.action_cancel(self.env.ref("salon_spa.reason_client_plans"))

    def test_any_part_with_two_taxes(self):
        federal, state = self.make_tax("federal", 5), self.make_tax("state", 9.975)
        self.colour.taxes_id = federal | state
        visit = self.make_visit(self.at("2026-03-02", "18:00"), (self.colour, self.bella))
        # As much of it goes by a pass.
        visit.line_ids._keep_pass(self.env["salon.pass.line"], 10.01, 1)
        self.assertEqual(visit.amount_due, 127.96)
        self.desk_visit(visit)._pay([(self.cash, 127.96)])
        self.assertEqual((self.money(visit), visit.move_ids.amount_total), (("paid", 127.96, 0), 127.96))
        parts = (10.01, 10.18, 20.33)
        for part in parts:
            self.desk_visit(visit)._refund({visit.line_ids: part}, [(self.cash, part)])
        self.assertEqual(visit.line_ids.amount_refunded, 40.52)
        self.assertEqual((self.money(visit), visit.sudo()._open_amount()), (("paid", 87.44, 0), 0))

    def test_a_tax_that_changed_after_booking(self):
        self.colour.taxes_id = self.make_tax("twenty", 20)
        visit = self.make_visit(self.at("2026-03-02", "18:00"), (self.colour, self.bella))
        paid = self.make_visit(self.at("2026-03-02", "13:00"), (self.colour, self.bella))
        self.desk_visit(paid)._pay([(self.cash, 144)])
        self.colour.taxes_id = self.make_tax("twenty-two", 22)
        # What is to come costs more, what has a bill stays.
        self.assertEqual((self.money(visit), self.money(paid)), (("unpaid", 0, 146.4), ("paid", 144, 0)))
        self.desk_visit(visit)._pay([(self.cash, 146.4)])
        self.assertEqual((self.money(visit), visit.move_ids.amount_tax), (("paid", 146.4, 0), 26.4))
        # A tax that was itself changed: the client pays what was agreed.
        done = self.make_done_visit(self.at("2026-03-02", "10:30"), (self.colour, self.make_master("Eva", self.colour)))
        self.colour.taxes_id.amount = 25
        self.desk_visit(done)._pay([(self.cash, 146.4)])
        self.assertEqual((self.money(done), done.move_ids.amount_total), (("paid", 146.4, 0), 146.4))

    def test_a_fixed_tax_is_paid_for_each(self):
        self.colour.taxes_id = self.make_tax("levy", 2, amount_type="fixed")
        visit = self.make_visit(self.at("2026-03-02", "18:00"), (self.colour, self.bella))
        visit.line_ids.quantity = 3
        self.assertEqual(visit.amount_due, 366)
        self.desk_visit(visit)._pay([(self.cash, 366)])
        self.assertEqual(self.money(visit), ("paid", 366, 0))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPaidAnew(DocumentsCase):
    """What was charged by mistake and given back can be charged as it should have been."""

    def setUp(self):
        super().setUp()
        self.plans = self.env.ref("salon_spa.reason_client_plans")
        self.other = self.make_visit(self.at("2026-03-02", "18:00"))
        self.desk_visit(self.other)._pay([(self.cash, 50)])
        self.desk_visit(self.other)._refund({self.other.line_ids: 50}, [(self.cash, 50)])
        self.assertEqual(self.money(self.other), ("refunded", 0, 0))

    def facts(self, visit):
        self.env.flush_all()
        return sum(self.env["salon.revenue.report"].search([("visit_id", "=", visit.id)]).mapped("amount_net"))

    def test_another_price(self):
        income = self.income()
        self.other.line_ids.price_unit = 40
        self.assertEqual(self.money(self.other), ("unpaid", 0, 40))
        self.desk_visit(self.other)._pay([(self.cash, 40)])
        self.other.action_done()
        self.assertEqual(self.money(self.other), ("paid", 40, 0))
        self.assertEqual((self.facts(self.other), self.income() - income, self.clara.total_spent), (40, 40, 40))
        with self.refused("more than what was paid for Cut: .*40.00"):
            self.desk_visit(self.other)._refund({self.other.line_ids: 50}, [(self.cash, 50)])
        self.desk_visit(self.other)._refund({self.other.line_ids: 15}, [(self.cash, 15)])
        self.assertEqual((self.facts(self.other), self.clara.total_spent), (25, 25))

    def test_a_credit_note_that_was_cancelled(self):
        """The first bill is in force again, and the service is not charged twice."""
        credit = self.other.move_ids.filtered(lambda move: move.move_type == "out_refund")
        self.other.line_ids.price_unit = 40
        self.assertEqual(self.money(self.other), ("unpaid", 0, 40))
        credit.button_cancel()
        self.assertEqual((self.other.line_ids.amount_billed, self.other.amount_due), (50, 50))
        self.desk_visit(self.other)._pay([(self.cash, 50)])
        self.assertEqual((len(self.other.move_ids), self.other.amount_due), (2, 0))
        credit.button_draft()
        credit.action_post()
        self.assertEqual((self.other.line_ids.amount_billed, self.other.line_ids.amount_refunded), (0, 0))

    def test_cancelled_and_booked_again(self):
        self.other.action_cancel(self.plans)
        self.assertEqual(self.other.payment_state, "refunded")
        self.other.override_reason = "test"
        self.other.action_reopen()
        self.other.action_done()
        self.assertEqual((self.money(self.other), self.clara.salon_debt), (("unpaid", 0, 50), 50))

    def test_a_refund_alone_is_no_debt(self):
        self.other.action_done()
        self.assertEqual((self.money(self.other), self.facts(self.other)), (("refunded", 0, 0), 0))

    def test_another_service_is_due(self):
        self.other.write(
            {
                "line_ids": [Command.create({"product_id": self.colour.id, "employee_id": self.bella.id})],
                "override_reason": "test",
            }
        )
        self.assertEqual(self.money(self.other), ("unpaid", 0, 120))

    def test_only_what_the_visit_has_is_given_back(self):
        self.desk_visit()._pay([(self.cash, 170)])
        wizard = self.env["salon.visit.refund"].with_user(self.desk).create(
            {
                "visit_id": self.other.id,
                "reason": "x",
                "journal_id": self.cash.id,
                "line_ids": [Command.create({"line_id": self.visit.line_ids[0].id, "amount": 50})],
            }
        )
        with self.refused("is on another visit"):
            wizard.action_apply()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestOdoosOwnScreens(DocumentsCase):
    def payments(self):
        return self.env["account.payment"].search([("salon_visit_id", "=", self.visit.id)])

    def test_a_credit_note_and_a_new_bill(self):
        self.desk_visit()._pay([(self.cash, 170)])
        new = self.reverse(self.visit.move_ids, "modify_moves")
        self.assertEqual(new.invoice_line_ids.salon_line_id, self.visit.line_ids)
        self.assertEqual(len(self.visit.move_ids), 3)
        self.assertEqual(sum(self.visit.line_ids.mapped("amount_billed")), 340)
        self.assertEqual(self.visit.amount_due, self.visit.sudo()._open_amount())
        copied = new.copy()
        self.assertFalse(copied.salon_visit_id or copied.invoice_line_ids.salon_line_id)

    def test_a_payment_that_is_matched_with_nothing(self):
        self.desk_visit()._pay([(self.cash, 170)])
        self.visit.move_ids.line_ids.remove_move_reconcile()
        # The money is here.
        self.assertEqual(self.money(), ("paid", 170, 0))
        with self.refused("more than what is due"):
            self.desk_visit()._pay([(self.cash, 170)])
        self.desk_visit()._pay([])
        self.assertIn(self.visit.move_ids.payment_state, ("paid", "in_payment"))

    def test_a_cancelled_payment(self):
        self.desk_visit()._pay([(self.cash, 190)], {self.anna: 20})
        self.payments().action_cancel()
        self.assertEqual(self.money(), ("unpaid", 0, 190))
        self.desk_visit()._pay([(self.cash, 190)])
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_a_deposit_whose_payment_was_cancelled(self):
        self.desk_visit()._take_deposit(40, self.cash)
        self.payments().action_cancel()
        self.assertEqual(self.money(), ("unpaid", 0, 170))

    def test_a_bill_that_is_being_changed(self):
        self.desk_visit()._pay([(self.cash, 170)])
        self.visit.move_ids.button_draft()
        with self.refused("is being changed in Invoicing"):
            self.desk_visit()._pay([(self.cash, 170)])
        self.visit.move_ids.action_post()
        self.assertEqual(self.money(), ("paid", 170, 0))

    def test_a_deposit_given_back_after_it_was_used(self):
        owed = self.balance(self.company._salon_account("deposit"))
        self.desk_visit()._take_deposit(40, self.cash)
        deposit = self.visit.move_ids
        self.desk_visit()._pay([(self.cash, 130)])
        credit = self.reverse(deposit)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=credit.ids
        ).create({"journal_id": self.cash.id})
        wizard.action_create_payments()
        self.assertEqual(self.visit.amount_due, 40)
        self.desk_visit()._pay([(self.cash, 40)])
        self.assertEqual((self.money(), self.visit.amount_deposit), (("paid", 170, 0), 0))
        self.assertEqual(self.balance(self.company._salon_account("deposit")), owed)

    def test_tips_follow_the_credit_note(self):
        owed = self.balance(self.company._salon_account("tip"))
        self.desk_visit()._pay([(self.cash, 200)], {self.anna: 20, self.bella: 10})
        with self.refused("has tips that are shared"):
            self.visit.move_ids.button_draft()
        credit = self.reverse(self.visit.move_ids)
        sums = {}
        for tip in self.visit.tip_ids:
            sums[tip.employee_id] = sums.get(tip.employee_id, 0) + tip.amount
        self.assertEqual(sums, {self.anna: 0, self.bella: 0})
        self.assertEqual((self.visit.amount_tip, self.balance(self.company._salon_account("tip"))), (0, owed))
        with self.refused("has tips that are shared"):
            credit.button_draft()

    def test_what_the_client_has_spent(self):
        self.desk_visit()._pay([(self.cash, 170)])
        self.visit.action_done()
        self.assertEqual(self.clara.total_spent, 170)
        self.reverse(self.visit.move_ids)
        self.assertEqual(self.clara.total_spent, 0)

    def test_a_payment_in_another_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({"name": "2026-01-01", "currency_id": euro.id, "rate": 0.5})
        self.desk_visit()._pay([])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.visit.move_ids.ids
        )
        wizard.create({"journal_id": self.bank.id, "currency_id": euro.id, "amount": 85}).action_create_payments()
        self.assertEqual(self.money(), ("paid", 170, 0))
        self.env.flush_all()
        rows = self.env["salon.payment.report"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual(rows.mapped("amount"), [170])
        # Registers in another currency are Invoicing's.
        register = self.env["account.journal"].create(
            {"name": "Euro", "code": "BEU", "type": "bank", "currency_id": euro.id}
        )
        self.assertNotIn(register, self.company._salon_registers())
        with self.refused("Choose a register"):
            self.company._salon_checked_register(register)

    def test_a_cash_register_that_was_closed(self):
        self.cash.active = False
        self.assertEqual(self.company._salon_registers().mapped("type"), ["cash", "bank"])


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestDepositAboveTheBill(DocumentsCase):
    def test_a_discount_after_the_deposit(self):
        self.desk_visit()._take_deposit(170, self.cash)
        self.visit._discount(70, self.reason)
        with self.refused("more than is left to pay: give .*70.00 back"):
            self.visit.action_done()
        self.desk_visit()._refund({False: 70}, [(self.cash, 70)])
        self.desk_visit()._pay([])
        self.visit.action_done()
        self.assertEqual((self.money(), self.desk_visit().can_pay), (("paid", 100, 0), False))
