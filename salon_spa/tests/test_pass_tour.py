from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_pass import PassCase


@tagged("post_install", "-at_install")
class TestPassTour(HttpCase, PassCase):
    def test_pay_by_pass_and_sell_another(self):
        self.sell()
        visit = self.make_visit(
            fields.Datetime.now().replace(microsecond=0), (self.cut, self.anna), (self.colour, self.bella)
        )
        before = self.make_visit(self.at("2026-03-02", "06:00"))
        sold = self.clara.salon_pass_ids
        self.use(sold, before.line_ids)
        self.desk.password = self.desk.login
        self.start_tour(f"/odoo/salon.visit/{visit.id}", "salon_pass", login=self.desk.login)
        self.env.invalidate_all()
        self.assertEqual((visit.state, visit.payment_state, visit.amount_pass), ("done", "paid", 50))
        self.assertEqual((sold.sessions_left, len(self.clara.salon_pass_ids)), (8, 2))
