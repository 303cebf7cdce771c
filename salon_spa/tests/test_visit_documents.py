
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
