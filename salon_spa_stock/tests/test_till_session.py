from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_till import TillCase


@tagged("post_install", "-at_install")
class TestTillSession(TillCase):
    def cash_move(self, session, kind, amount, reason="Change", user=None):
        session.with_user(user or self.desk).try_cash_in_out(
            kind, amount, reason, self.desk.partner_id.id, {"translatedType": kind, "formattedAmount": str(amount)}
        )

    def test_cash_in_and_out(self):
        """The desk moves cash without any right in accounting; what is expected in the drawer follows."""
        session = self.open_session(cash=100.0)
        self.cash_move(session, "in", 50.0)
        self.cash_move(session, "out", 30.0, "Coffee")
        lines = session.statement_line_ids
        self.assertEqual(sorted(lines.mapped("amount")), [-30.0, 50.0])
        self.assertTrue(all(lines.mapped("is_salon_cash_move")))
        self.assertEqual(session.cash_register_balance_end, 120.0)
        for amount, reason, text in ((0.0, "Change", "above zero"), (-5.0, "Change", "above zero"), (5.0, " ", "for")):
            with self.assertRaisesRegex(UserError, text):
                self.cash_move(session, "out", amount, reason)
        self.assertEqual(session.cash_register_balance_end, 120.0)

    def test_cash_category(self):
        """A category books the cash as the income or the expense that it is."""
        session = self.open_session(cash=100.0)
        category, other = self.env["salon.money.category"].create(
            [{"name": "Flowers", "section": "7_other"}, {"name": "Vending machine", "section": "2_other_income"}]
        )
        self.company.salon_expense_limit = 0.0
        offered = session.with_user(self.desk).salon_cash_categories()
        self.assertEqual({row["kind"] for row in offered}, {"income"}, "expenses are a manager's")
        self.company.salon_expense_limit = 1000.0
        known = {row["name"]: row for row in session.with_user(self.desk).salon_cash_categories()}
        self.assertEqual((known["Flowers"]["kind"], known["Vending machine"]["kind"]), ("expense", "income"))
        extras = {"translatedType": "out", "formattedAmount": "30", "salon_category_id": category.id}
        move = session.with_user(self.desk).try_cash_in_out
        move("out", 30.0, "Tulips", self.desk.partner_id.id, extras)
        line = session.statement_line_ids
        self.assertEqual(
            (line.amount, line.salon_category_id, line._salon_reason()), (-30.0, category, "Flowers: Tulips")
        )
        booked = line.move_id.line_ids.filtered(lambda entry: entry.account_id == category._get_account(self.company))
        self.assertEqual(booked.balance, 30.0)
        with self.assertRaisesRegex(UserError, "category of income"):
            move("in", 30.0, "Tulips", self.desk.partner_id.id, extras)
        self.company.salon_expense_limit = 20.0
        with self.assertRaisesRegex(UserError, "above .*20.00"):
            move("out", 30.0, "Tulips", self.desk.partner_id.id, extras)
        self.company.salon_expense_limit = 0.0
        with self.assertRaisesRegex(UserError, "a manager's"):
            move("out", 1.0, "Tulips", self.desk.partner_id.id, extras)
        session.with_user(self.manager).try_cash_in_out("out", 30.0, "Tulips", self.manager.partner_id.id, extras)
        self.assertEqual(session.cash_register_balance_end, 40.0)
        self.assertTrue(other)

    def test_cash_move_needs_an_open_till(self):
        session = self.open_session()
        self.close(session, 0.0)
        with self.assertRaisesRegex(UserError, "is not open"):
            self.cash_move(session, "in", 5.0)

    def test_masters_have_no_till(self):
        master = self.make_user("till-master", "master")
        with self.assertRaises(AccessError):
            self.company.with_user(master).action_salon_open_till()
        session = self.open_session()
        with self.assertRaises(AccessError):
            self.cash_move(session, "in", 5.0, user=master)
        with self.assertRaises(AccessError):
            session.with_user(master).salon_closing_hint()

    def test_closing_with_a_difference(self):
        session = self.open_session(cash=100.0)
        self.sell(session, (self.shampoo, 1, 20.0))
        self.sell(session, (self.mask, 1, 30.0), payments={"Card": 30.0})
        data = session.with_user(self.desk).get_closing_control_data()
        self.assertEqual(data["default_cash_details"]["amount"], 120.0)
        self.assertEqual(self.close(session, 117.5)["successful"], True)
        self.assertEqual(session.state, "closed")
        self.assertEqual((session.cash_register_balance_end_real, session.cash_register_difference), (117.5, -2.5))
        loss = session.cash_journal_id.loss_account_id
        self.assertEqual(
            self.env["account.move.line"]
            .search([("account_id", "=", loss.id), ("parent_state", "=", "posted")])
            .balance,
            2.5,
        )
        self.assertEqual(self.open_session(cash=117.5).cash_register_balance_start, 117.5)

    def test_cash_taken_beside_the_till(self):
        """Cash that a visit's own dialog put into the drawer is expected there at closing."""
        session = self.open_session(cash=100.0)
        self.sell(session, (self.shampoo, 1, 20.0))
        # All of a test happens in one transaction, that is at the moment of its beginning.
        session.start_at = session.create_date
        journal = session.cash_journal_id
        visit = self.make_visit(self.tomorrow())
        visit.action_arrive()
        visit.with_user(self.desk)._pay([(journal, 50.0)])
        session.invalidate_recordset()
        self.assertEqual(session.salon_cash_outside, 50.0)
        data = session.with_user(self.desk).get_closing_control_data()
        self.assertEqual(data["default_cash_details"]["amount"], 170.0)
        self.assertEqual(data["default_cash_details"]["moves"][-1]["amount"], 50.0)
        self.assertTrue(self.close(session, 170.0)["successful"])
        session.invalidate_recordset()
        self.assertEqual((session.cash_register_balance_end, session.cash_register_difference), (170.0, 0.0))
        loss, gain = journal.loss_account_id, journal.profit_account_id
        self.assertFalse(self.env["account.move.line"].search([("account_id", "in", (loss | gain).ids)]))

    def test_a_payment_of_another_day_is_not_in_todays_drawer(self):
        """A manager sees that it was cash and no card: that drawer was counted on its own day."""
        card = self.method("Card").journal_id
        visit = self.make_visit(self.tomorrow())
        visit.action_arrive()
        visit.with_user(self.desk)._pay([(card, 50.0)])
        payment = visit._payments_taken()
        payment.date -= timedelta(days=1)
        session = self.open_session(cash=100.0)
        session.start_at = session.create_date
        drawer = session.cash_journal_id
        before = self.env["salon.cash.report"].search([("journal_id", "=", drawer.id)])
        visit.with_user(self.manager)._correct_payments({payment: (drawer, 50.0)})
        session.invalidate_recordset()
        self.assertEqual((session.salon_cash_outside, session.cash_register_balance_end), (0.0, 100.0))
        entered = self.env["salon.cash.report"].search([("journal_id", "=", drawer.id)]) - before
        self.assertEqual((entered.amount, entered.date), (50.0, payment.date))

    def test_open_visits_keep_the_till_open(self):
        session = self.open_session()
        today = self.company._salon_utc(self.company._salon_local(session.create_date).replace(hour=0, minute=30))
        visit = self.make_visit(today, (self.cut, self.anna))
        self.assertFalse(session._salon_open_visits(), "a client who is not here yet keeps nothing open")
        visit.action_arrive()
        hint = session.with_user(self.desk).salon_closing_hint()
        self.assertFalse(hint["may_close"])
        self.assertIn("Clara", hint["text"])
        self.assertIn("(arrived)", hint["text"])
        answer = session.with_user(self.desk).post_closing_cash_details(0.0)
        self.assertEqual((answer["successful"], answer["message"]), (False, hint["text"]))
        visit.action_done()
        self.assertIn("(not paid)", session.with_user(self.desk).salon_closing_hint()["text"])
        self.assertFalse(self.close(session, 0.0)["successful"])
        self.assertTrue(session.with_user(self.manager).salon_closing_hint()["may_close"])
        self.assertTrue(self.close(session, 0.0, user=self.manager)["successful"])
        self.assertEqual(session.state, "closed")
        self.assertIn("Clara", session.message_ids[0].body + session.message_ids[1].body)

    def test_sent_twice_and_late(self):
        """A sale that was made offline comes in twice, the second time after the session was closed."""
        session = self.open_session(cash=100.0)
        data = self.sale(session, (self.shampoo, 1, 20.0))
        again = {**data, "lines": list(data["lines"]), "payment_ids": list(data["payment_ids"])}
        orders = self.env["pos.order"].with_user(self.desk)
        orders.sync_from_ui([data])
        self.close(session, 120.0)
        orders.sync_from_ui([again])
        order = self.env["pos.order"].search([("uuid", "=", data["uuid"])])
        self.assertEqual((len(order), order.amount_paid, len(order.payment_ids)), (1, 20.0, 1))
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("quantity")), 1.0)
