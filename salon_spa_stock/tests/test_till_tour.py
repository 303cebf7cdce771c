from odoo import Command
from odoo.tests import HttpCase, tagged

from .common_till import TillCase


@tagged("post_install", "-at_install")
class TestTillTour(TillCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.lang = "en_US"

    def run_tour(self, name, user="till-desk"):
        action = self.company.with_user(self.env["res.users"].search([("login", "=", user)])).action_salon_open_till()
        self.start_tour(action["url"], name, login=user)

    def test_retail(self):
        self.run_tour("salon_till_retail")
        order = self.till.current_session_id.order_ids
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.partner_id, self.clara)
        self.assertEqual(
            sorted((p.payment_method_id.name, p.amount) for p in order.payment_ids), [("Card", 30.0), ("Cash", 20.0)]
        )
        card = self.env["loyalty.card"].search([("partner_id", "=", self.clara.id), ("program_type", "=", "loyalty")])
        self.assertEqual(card.points, 50)

    def owed(self, kind):
        """Return what the salon owes by its report and by its books."""
        rows = self.env["salon.liability.report"].search([("kind", "=", kind)])
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.company._salon_owed_account(kind).id), ("parent_state", "=", "posted")]
        )
        return sum(rows.mapped("amount")), -sum(lines.mapped("balance"))

    def test_cards(self):
        self.run_tour("salon_till_cards")
        session = self.till.current_session_id
        self.assertEqual(session.order_ids.sorted("id").mapped("amount_total"), [50.0, 0.0, 80.0, 0.0])
        card = self.env["loyalty.card"].search([("code", "=", "GIFT-1")])
        self.assertEqual(card.points, 30)
        self.env.invalidate_all()
        client = self.clara.with_user(self.desk)
        self.assertEqual((client.salon_points, client.salon_wallet_amount, client.salon_gift_amount), (30, 50, 0))
        self.assertTrue(self.close(session, 50.0)["successful"])
        # What is owed by the cards is what is owed by the books.
        self.assertEqual(self.owed("gift_card"), (30.0, 30.0))
        self.assertEqual(self.owed("ewallet"), (50.0, 50.0))
        points = self.env["salon.liability.report"].search([("kind", "=", "points")])
        self.assertEqual((points.partner_id, points.quantity, points.amount), (self.clara, 30, 1.5))

    def test_prices_are_fixed(self):
        self.run_tour("salon_till_prices_are_fixed")

    def test_best_offer(self):
        def program(name, discount, how, **values):
            return self.env["loyalty.program"].create(
                {
                    "name": name,
                    "program_type": "promotion",
                    "applies_on": "current",
                    "trigger": "auto",
                    "salon_exclusive": True,
                    "rule_ids": [Command.create({"minimum_amount": 0, "minimum_qty": 0, **values})],
                    "reward_ids": [Command.create({"discount": discount, "discount_mode": how})],
                }
            )

        program("Three off", 3, "per_order")
        program("Ten percent", 10, "percent")
        half = program("Half", 50, "percent", mode="with_code", code="HALF")
        half.trigger = "with_code"
        self.run_tour("salon_till_best_offer")
        self.assertEqual(self.till.current_session_id.order_ids.amount_total, 50.0)

    def test_closing(self):
        today = self.company._salon_utc(self.company._salon_local(self.env.cr.now()).replace(hour=0, minute=30))
        self.make_visit(today).action_arrive()
        self.run_tour("salon_till_closing")
        session = self.till.current_session_id
        self.assertEqual(session.order_ids.mapped("amount_total"), [-20.0, 20.0])
        self.assertEqual(session.statement_line_ids.mapped("amount"), [-30.0])
        self.assertEqual(session.statement_line_ids.salon_category_id.name, "Household")
        self.assertEqual(session.state, "opened")
        self.run_tour("salon_till_closing_manager", user="till-manager")
        self.assertEqual((session.state, session.cash_register_difference), ("closed", -2.0))
