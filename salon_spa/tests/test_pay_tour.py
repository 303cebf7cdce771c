from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_visit_money import MoneyCase


@tagged("post_install", "-at_install")
class TestPayTour(HttpCase, MoneyCase):
    def test_pay_by_two_means_and_refund(self):
        visit = self.make_visit(
            fields.Datetime.now().replace(microsecond=0), (self.cut, self.anna), (self.colour, self.bella)
        )
        visit.action_arrive()
        self.desk.password = self.desk.login
        self.start_tour(f"/odoo/salon.visit/{visit.id}", "salon_pay", login=self.desk.login)
        self.env.invalidate_all()
        self.assertEqual((visit.state, visit.payment_state, visit.amount_paid), ("done", "refunded", 0))
        payments = self.env["account.payment"].search([("salon_visit_id", "=", visit.id)], order="id")
        self.assertEqual(payments.mapped("amount"), [100, 70, 170])
        self.assertEqual(payments.mapped("payment_type"), ["inbound", "inbound", "outbound"])
        self.assertEqual(payments[:2].journal_id.mapped("type"), ["cash", "bank"])

    def test_correct_a_payment(self):
        visit = self.make_visit(
            fields.Datetime.now().replace(microsecond=0), (self.cut, self.anna), (self.colour, self.bella)
        )
        visit.action_arrive()
        visit.with_user(self.desk)._pay([(self.cash, 170)])
        self.desk.password = self.desk.login
        self.start_tour(f"/odoo/salon.visit/{visit.id}", "salon_correct_payment", login=self.desk.login)
        self.env.invalidate_all()
        self.assertEqual((visit.amount_paid, visit.amount_due), (150, 20))
        self.assertEqual(visit._payments_taken().journal_id, self.bank)
