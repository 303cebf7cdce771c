from odoo import Command
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestRetail(StockCase):
    """A product sold in a visit leaves the stock with the visit, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shampoo = cls.make_product("Shampoo", use="retail", price=3, list_price=9)
        cls.shampoo.standard_price = 3
        cls.put(cls.shampoo, 10)

    def sell(self, quantity=2, product=None):
        visit = self.make_visit(self.at("2026-03-02", "10:00"))
        visit.line_ids = [Command.create({"product_id": (product or self.shampoo).id, "quantity": quantity})]
        visit.action_done()
        return visit, visit.line_ids.filtered(lambda line: line.kind == "product")

    def test_leaves_with_the_visit_and_once(self):
        visit, line = self.sell()
        self.assertEqual(self.on_hand(self.shampoo), 8)
        move = line.salon_sold_move_ids
        self.assertEqual((move.state, move.quantity, move.location_dest_id.usage), ("done", 2, "customer"))
        visit._on_done()
        self.assertEqual(self.on_hand(self.shampoo), 8, "a second call moves nothing")

    def test_comes_back_when_the_visit_is_reopened(self):
        visit, line = self.sell()
        visit.action_reopen()
        self.assertEqual(self.on_hand(self.shampoo), 10)
        visit._on_reopened()
        self.assertEqual(self.on_hand(self.shampoo), 10)
        line.quantity = 3
        visit.action_done()
        self.assertEqual(self.on_hand(self.shampoo), 7)
        visit.action_reopen()
        self.assertEqual(self.on_hand(self.shampoo), 10)

    def test_is_sold_below_zero_and_never_blocks_the_client(self):
        self.sell(quantity=12)
        self.assertEqual(self.on_hand(self.shampoo), -2)

    def test_the_batch_that_was_sold_comes_back(self):
        cream = self.make_product("Night Cream", use="retail", expiry=True)
        late, early = self.make_lot(cream, "late", 90), self.make_lot(cream, "early", 10)
        self.put(cream, 5, lot=late)
        self.put(cream, 1, lot=early)
        visit, _line = self.sell(quantity=2, product=cream)
        self.assertEqual((self.on_hand(cream, lot=early), self.on_hand(cream, lot=late)), (0, 4))
        visit.action_reopen()
        self.assertEqual((self.on_hand(cream, lot=early), self.on_hand(cream, lot=late)), (1, 5))

    def test_a_cancelled_line_and_what_keeps_no_stock_move_nothing(self):
        tea = self.env["product.product"].create({"name": "Tea", "type": "consu"})
        visit = self.make_visit(self.at("2026-03-02", "10:00"))
        visit.line_ids = [
            Command.create({"product_id": self.shampoo.id}),
            Command.create({"product_id": tea.id}),
        ]
        visit.line_ids.filtered(lambda line: line.product_id == self.shampoo).action_cancel_line()
        visit.action_done()
        self.assertEqual(self.on_hand(self.shampoo), 10)

    def test_a_master_closes_the_visit(self):
        self.anna.user_id = self.master_user
        visit = self.make_visit(self.at("2026-03-02", "10:00"))
        visit.line_ids = [Command.create({"product_id": self.shampoo.id})]
        visit.with_user(self.master_user).action_done()
        self.assertEqual(self.on_hand(self.shampoo), 9)

    def test_many_visits_are_closed_with_one_batch_of_moves(self):
        visits = self.env["salon.visit"]
        for hour in range(8):
            visit = self.make_visit(self.at("2026-03-03", f"{8 + hour:02}:00"))
            visit.line_ids = [Command.create({"product_id": self.shampoo.id})]
            visits += visit
        lines = visits.line_ids.filtered(lambda line: line.kind == "product")
        visits.action_done()
        self.assertEqual(len(lines.salon_sold_move_ids), 8)
        self.assertEqual(self.on_hand(self.shampoo), 2)
