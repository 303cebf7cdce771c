from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .test_pass import PassCase
from .test_visit_documents import DocumentsCase


class PassDocumentsCase(PassCase, DocumentsCase):
    def setUp(self):
        super().setUp()
        self.before = self.owed()

    def bill(self, quantity=1, price=100.0, **values):
        """Post an invoice of passes for Dora in Odoo's own screens."""
        line = Command.create({"product_id": self.ten_cuts.id, "quantity": quantity, "price_unit": price})
        move = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.dora.id, "invoice_line_ids": [line], **values}
        )
        move.action_post()
        return move

    def assertOwed(self, passes):
        """What the passes say that the salon owes is what the books say."""
        left = sum(passes.filtered("is_sold").mapped("value_left"))
        self.assertAlmostEqual(self.owed() - self.before, left, 2)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassDocuments(PassDocumentsCase):
    def test_fewer_passes_on_the_bill(self):
        move = self.bill(3)
        move.button_draft()
        move.invoice_line_ids.quantity = 2
        move.action_post()
        sold = self.dora.salon_pass_ids.sorted("source_number")
        self.assertEqual(sold.mapped("state"), ["active", "active", "cancelled"])
        self.assertOwed(sold)

    def test_a_credit_note_of_several_passes(self):
        move = self.bill(2)
        with self.refused("refund each of them by its own button"), self.env.cr.savepoint():
            self.reverse(move)
        self.assertOwed(self.dora.salon_pass_ids)

    def test_more_passes_on_the_bill(self):
        """The first one is not all that the line has sold."""
        move = self.bill(1)
        move.button_draft()
        move.invoice_line_ids.quantity = 2
        move.action_post()
        self.assertFalse(move.invoice_line_ids.salon_pass_id)
        with self.refused("refund each of them by its own button"), self.env.cr.savepoint():
            self.reverse(move)
        self.assertEqual(self.dora.salon_pass_ids.mapped("state"), ["active", "active"])
        self.assertOwed(self.dora.salon_pass_ids)

    def test_a_credit_note_of_no_bill(self):
        """The books would owe nothing for a pass that can be used."""
        sold = self.sell()
        line = Command.create({"product_id": self.ten_cuts.id, "price_unit": 400})
        values = {"move_type": "out_refund", "partner_id": self.dora.id, "invoice_line_ids": [line]}
        with self.refused("by the button “Refund” of the pass"), self.env.cr.savepoint():
            self.env["account.move"].create(values).action_post()
        self.assertOwed(sold)

    def test_a_credit_note_of_a_pass_that_was_used(self):
        sold = self.sell()
        visit = self.other_visit()
        self.use(sold, visit.line_ids)
        visit.action_done()
        self.reverse(sold.move_line_id.move_id)
        self.assertEqual((sold.state, sold.value_left, sold.value_broken), ("refunded", 0, -40))
        self.assertOwed(sold)

    def test_entries_of_a_pass_stay(self):
        self.company.salon_pass_burn = True
        sold = self.sell()
        visit, missed = self.other_visit(), self.other_visit("20:00")
        use = self.use(sold, visit.line_ids)
        self.use(sold, missed.line_ids)
        visit.action_done()
        missed.action_no_show()
        for entry in use.move_id | sold.breakage_ids.move_id:
            entry = entry.with_user(self.manager)
            for change in (entry.button_draft, entry.button_cancel, entry._reverse_moves):
                with self.refused("change the visit or the pass"):
                    change()
        self.assertOwed(sold)

    def test_a_bill_in_another_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create({"name": "2026-01-01", "currency_id": euro.id, "rate": 0.5})
        self.bill(currency_id=euro.id)
        sold = self.dora.salon_pass_ids
        self.assertEqual((sold.price_total, sold.amount_due), (200, 200))
        sold.with_user(self.desk)._pay([(self.cash, 200)])
        self.assertEqual(sold.amount_due, 0)
        self.assertOwed(sold)

    def test_a_payment_that_is_matched_with_nothing(self):
        sold = self.sell()
        sold.move_line_id.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(sold.amount_due, 0)
        with self.refused("more than what is due"):
            sold.with_user(self.desk)._pay([(self.cash, 400)])
        sold.payment_ids.action_cancel()
        self.assertEqual(sold.amount_due, 400)

    def test_a_currency_without_cents(self):
        self.company.currency_id.rounding = 1
        self.bill(3, 100 / 3)
        sold = self.dora.salon_pass_ids
        self.assertEqual((sum(sold.mapped("price_total")), sum(sold.mapped("price_untaxed"))), (100, 100))

    def test_a_sales_receipt_sells_too(self):
        self.bill(move_type="out_receipt")
        self.assertEqual(self.dora.salon_pass_ids.price_total, 100)
        self.assertOwed(self.dora.salon_pass_ids)

    def test_a_client_with_a_fiscal_position(self):
        tax = self.make_tax("VAT", 20)
        abroad = self.env["account.fiscal.position"].create({"name": "Abroad"})
        self.make_tax(
            "none", 0, original_tax_ids=[Command.set(tax.ids)], fiscal_position_ids=[Command.set(abroad.ids)]
        )
        self.ten_cuts.taxes_id = tax
        self.dora.property_account_position_id = abroad
        form = Form(self.env["salon.pass.sell"].with_user(self.desk).with_context(default_partner_id=self.dora.id))
        form.product_id = self.ten_cuts
        self.assertEqual(form.amount_to_pay, 480)
        form.save().action_apply()
        self.assertEqual((self.dora.salon_pass_ids.price_total, self.dora.salon_pass_ids.amount_due), (480, 0))

    def correct_to_used(self, sold):
        form = Form(self.env["salon.pass.correct"].with_user(self.manager).with_context(default_pass_id=sold.id))
        form.reason = "closed"
        with form.line_ids.edit(0) as row:
            row.sessions = sold.line_ids.used
        form.save().action_apply()

    def test_a_written_off_pass_is_written_off_once(self):
        sold = self.sell()
        self.use(sold)
        with freeze_time("2026-07-10 10:00:00"):
            self.env["salon.pass"]._cron_expire()
            self.correct_to_used(sold)
        self.assertEqual((sold.value_left, sold.value_broken), (0, 360))

    def test_corrected_after_a_part_was_given_back(self):
        sold = self.sell()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=sold.move_line_id.move_id.ids
        ).create({"journal_id": sold.move_line_id.move_id.journal_id.id})
        wizard.reverse_moves()
        wizard.new_move_ids.invoice_line_ids.price_unit = 100
        wizard.new_move_ids.action_post()
        self.assertEqual((sold.state, sold.value_left), ("active", 300))
        self.correct_to_used(sold)
        self.assertEqual((sold.value_left, sold.value_broken), (0, 300))
        self.assertOwed(sold)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestPassDays(PassDocumentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls.make_pass_product(
            "Later", 400, [(cls.cut, 10)], pass_validity=30, pass_validity_unit="days", pass_valid_from="first_use"
        )

    def freeze(self, sold, start, end, user=None):
        return self.env["salon.pass.freeze"].with_user(user or self.desk).create(
            {"pass_id": sold.id, "date_from": start, "date_to": end, "reason": "journey"}
        )

    def test_frozen_before_it_counts(self):
        sold = self.sell(self.later)
        self.freeze(sold, "2026-03-03", "2026-03-12")
        visit = self.other_visit(day="2026-03-20")
        self.use(sold, visit.line_ids)
        self.assertEqual((sold.start_date, sold.expiry_date), (date(2026, 3, 20), date(2026, 4, 19)))

    def test_a_freeze_after_the_end_is_no_extension(self):
        sold = self.sell()
        with self.refused("valid until 06/02/2026 only"):
            self.freeze(sold, "2026-08-01", "2026-09-15")
        self.freeze(sold, "2026-06-02", "2026-06-10")

    def test_an_earlier_first_visit_ends_it_before_a_later_one(self):
        sold = self.sell(self.later)
        far, near = self.other_visit(day="2026-06-01"), self.other_visit(day="2026-03-10")
        self.use(sold, far.line_ids)
        self.use(sold, near.line_ids)
        self.assertEqual((sold.expiry_date, sold.sessions_left), (date(2026, 4, 9), 9))
        self.assertFalse(far.line_ids.pass_line_id)
        self.assertEqual(far.amount_due, 50)

    def test_one_company_that_can_t_write_off_stops_no_other(self):
        sold = self.sell()
        company = type(self.company)
        with freeze_time("2026-07-10 10:00:00"):
            failing = patch.object(company, "_salon_post_entry", autospec=True, side_effect=UserError("closed books"))
            with failing, self.assertLogs("odoo.addons.salon_spa.models.salon_pass", "WARNING") as logs:
                self.env["salon.pass"]._cron_expire()
            self.assertIn("closed books", logs.output[0])
            self.assertEqual((sold.state, sold.value_left), ("expired", 400))
            self.env["salon.pass"]._cron_expire()
            self.assertEqual(sold.value_left, 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestOtherCompany(PassDocumentsCase):
    def test_dialogs_tell_nothing_of_another_company(self):
        sold = self.sell()
        other = self.env["res.company"].create({"name": "Other Salon"})
        stranger = new_test_user(
            self.env,
            login="manager_other",
            groups="salon_spa.group_salon_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.flush_all()
        for model, about in (
            ("salon.visit.pay", {"visit_id": self.visit.id}),
            ("salon.visit.deposit", {"visit_id": self.visit.id, "amount": 1}),
            ("salon.visit.refund", {"visit_id": self.visit.id, "reason": "x"}),
            ("salon.visit.discount", {"visit_id": self.visit.id}),
            ("salon.visit.pass", {"visit_id": self.visit.id}),
            ("salon.pass.sell", {"pass_id": sold.id}),
            ("salon.pass.refund", {"pass_id": sold.id, "reason": "x"}),
            ("salon.visit.correct", {"visit_id": self.visit.id, "reason": "x"}),
            ("salon.pass.correct", {"pass_id": sold.id, "reason": "x"}),
            ("salon.pass.correct.line", {"line_id": sold.line_ids.id}),
        ):
            with self.subTest(model):
                self.env.invalidate_all()
                dialogs = self.env[model].with_user(stranger)
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    dialogs.create(about)
                context = {f"default_{name}": value for name, value in about.items()}
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    Form(dialogs.with_context(**context))
