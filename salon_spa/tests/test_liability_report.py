from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .test_pass import PassCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestLiabilityReport(PassCase):
    def owed_by_report(self, kind):
        rows = self.env["salon.liability.report"].search([("kind", "=", kind), ("company_id", "=", self.company.id)])
        return sum(rows.mapped("amount"))

    def test_report_says_what_the_books_say(self):
        deposits = self.company._salon_account("deposit")
        before = {"deposit": self.owed_by_report("deposit"), "pass": self.owed_by_report("pass")}
        books = {"deposit": -self.balance(deposits), "pass": self.owed()}
        sold, other = self.sell(), self.sell(self.sum_pass, self.dora, paid=50)
        self.use(sold)
        self.visit.action_done()
        booked = self.other_visit(day="2026-03-09")
        booked.with_user(self.desk)._take_deposit(20, self.cash)
        self.assertEqual(self.owed_by_report("pass") - before["pass"], 360 + 150)
        self.assertEqual(self.owed() - books["pass"], 360 + 150)
        self.assertEqual(self.owed_by_report("deposit") - before["deposit"], 20)
        self.assertEqual(-self.balance(deposits) - books["deposit"], 20)
        row = self.env["salon.liability.report"].search([("name", "=", sold.name)])
        self.assertEqual(
            (row.partner_id, row.date, row.expiry_date, row.quantity, row.amount, row.is_expired),
            (self.clara, date(2026, 3, 2), date(2026, 6, 2), 9, 360, False),
        )
        self.assertEqual(other.amount_due, 100)

    def test_other_company_sees_nothing(self):
        self.sell()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        manager = self.manager
        manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["salon.liability.report"].with_user(manager).search_count([]))

    def test_unknown_column(self):
        with self.assertRaisesRegex(ValueError, "weight"):
            self.env["salon.liability.report"]._part(9, None, {"weight": None}, None)
