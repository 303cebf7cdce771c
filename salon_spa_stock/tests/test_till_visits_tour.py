from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common_visits import VisitTillCase


@tagged("post_install", "-at_install")
class TestTillVisitsTour(VisitTillCase, HttpCase):
    """The front desk, which has no rights in accounting, takes money for visits in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.to_string(cls.company._salon_today())
        cls.visit = cls.make_visit(cls.at(today, "10:00"), (cls.cut, cls.anna), (cls.colour, cls.bella))

    def run_tour(self, name):
        self.till.with_user(self.desk).open_ui()
        self.start_tour(f"/pos/ui/{self.till.id}", name, login=self.desk.login)

    def test_visit(self):
        self.run_tour("salon_till_visit")
        self.assertEqual((self.money(), self.visit.state, self.visit.amount_tip), (("paid", 170, 0), "done", 20))
        self.assertEqual(self.visit.tip_ids.mapped("amount"), [10, 10])
        order = self.visit.pos_order_ids
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [100, 110])
        self.assertEqual(sorted(order.lines.mapped("price_subtotal_incl")), [20, 20, 50, 120], "no tip of nothing")
        sold = order.lines.filtered(lambda line: line.product_id == self.shampoo)
        self.assertEqual((sold.salon_employee_id, sold.salon_entry), (self.anna, "sale"))

    def test_masters(self):
        self.run_tour("salon_till_masters")
        self.assertEqual(self.visit.line_ids.employee_id, self.bella)
        self.assertEqual((self.visit.tip_ids.employee_id, self.visit.amount_tip), (self.bella, 20))
        tips = self.env["salon.tip"].search([("company_id", "=", self.company.id), ("visit_id", "=", False)])
        self.assertEqual((tips.employee_id, tips.amount), (self.anna, 5))

    def test_deposit(self):
        self.run_tour("salon_till_deposit")
        self.assertEqual((self.money(), self.visit.state, self.visit.amount_deposit), (("paid", 170, 0), "done", 0))
        self.assertEqual(sorted(self.visit.pos_order_ids.mapped("amount_total")), [40, 130])

    def test_debt(self):
        self.run_tour("salon_till_debt")
        self.assertEqual((self.money(), self.visit.state), (("paid", 170, 0), "done"))

    def test_refund(self):
        self.company.write({"salon_fiscal_provider": "http", "salon_fiscal_url": "http://127.0.0.1:9"})
        self.company._salon_setup_loyalty()
        self.run_tour("salon_till_refund")
        receipts = self.env["salon.fiscal.receipt"].search([("pos_order_id", "in", self.visit.pos_order_ids.ids)])
        self.assertEqual([(row.kind, row.amount) for row in receipts.sorted("id")], [("sale", 170), ("refund", 120)])
        self.assertEqual(self.visit.line_ids.sorted("sequence").mapped("amount_refunded"), [0, 120])
        self.assertEqual(self.points().mapped("points"), [50])
        self.assertEqual(self.money(), ("paid", 50, 0))

    def test_refund_of_discount(self):
        rewards = [Command.create({"reward_type": "discount", "discount": 10, "discount_applicability": "order"})]
        self.env["loyalty.program"].create(
            {"name": "Spring", "trigger": "auto", "rule_ids": [Command.create({})], "reward_ids": rewards}
        )
        self.run_tour("salon_till_refund_of_discount")
        self.assertEqual(self.till.current_session_id.order_ids.mapped("amount_total"), [-18, 18])

    def test_archived_and_points(self):
        self.company._salon_setup_loyalty()
        self.make_pass().available_in_pos = True
        self.cut.available_in_pos = False
        self.cut.product_tmpl_id.action_archive()
        self.run_tour("salon_till_archived")
        self.assertEqual((self.money(), self.visit.state), (("paid", 170, 0), "done"))
        self.assertEqual(self.points().points, 570)

    def points(self):
        return self.env["loyalty.card"].search([("partner_id", "=", self.clara.id), ("program_type", "=", "loyalty")])

    def test_pass_sold(self):
        self.make_pass().available_in_pos = True
        self.run_tour("salon_till_pass_sold")
        sold = self.env["salon.pass"].search([("partner_id", "=", self.clara.id)])
        self.assertEqual(len(sold), 1)
        refunds = self.till.current_session_id.order_ids.filtered("is_refund")
        self.assertFalse(refunds.filtered(lambda order: order.state != "cancel"))

    def test_stale(self):
        self.run_tour("salon_till_stale")
        self.assertEqual(self.money(), ("unpaid", 0, 165))

    def test_offline(self):
        self.run_tour("salon_till_offline")
        self.assertEqual((self.money(), self.visit.state), (("paid", 170, 0), "done"))
        self.assertEqual(len(self.visit.pos_order_ids), 1)

    def test_pass(self):
        sold = self.sell_pass()
        self.run_tour("salon_till_pass")
        self.assertEqual((self.money(), self.visit.state, sold.sessions_left), (("paid", 120, 0), "done", 9))
