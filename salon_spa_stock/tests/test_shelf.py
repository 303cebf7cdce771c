from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.shelf import Lot, Opened, Shelf

NOW = datetime(2026, 3, 2, 12)
amounts = st.integers(0, 50_000).map(lambda number: number / 100)
days = st.one_of(st.none(), st.integers(-5, 60))
lots = st.lists(st.tuples(st.integers(-200, 20_000), days), max_size=4).map(
    lambda rows: [
        Lot(number + 1, quantity / 100, NOW + timedelta(days=day) if day is not None else None)
        for number, (quantity, day) in enumerate(rows)
    ]
)


@tagged("post_install", "-at_install")
class TestShelf(BaseCase):
    """Whatever lies there: what is asked for is taken, of the right lots, and what is missing is told."""

    @given(lots, amounts.filter(lambda quantity: quantity > 0))
    def test_lots(self, stock, quantity):
        fresh = {lot.key: lot.quantity for lot in stock if not lot.expires or lot.expires > NOW}
        there = sum(fresh.values())
        shelf = Shelf(stock, [], NOW)
        parts, short = shelf.take(quantity)
        self.assertAlmostEqual(sum(part.quantity for part in parts), quantity, 6)
        self.assertTrue(all(part.quantity > 0 for part in parts))
        self.assertEqual(len({part.lot for part in parts}), len(parts))
        self.assertAlmostEqual(short, min(quantity, max(0, quantity - max(0, there))), 2)
        if not short and all(lot.quantity >= 0 for lot in stock):
            self.assertTrue(all(part.quantity <= fresh[part.lot] + 1e-6 for part in parts))
        order = [lot.key for lot in sorted(stock, key=lambda lot: lot.expires or datetime.max)]
        whole = [part.lot for part in parts[:-1]]
        self.assertEqual(whole, sorted(whole, key=order.index), "first expiry first")

    @given(lots, st.lists(amounts, max_size=3), amounts.filter(lambda quantity: quantity > 0), st.integers(1, 300))
    def test_containers(self, stock, open_ones, quantity, size):
        opened = [Opened(number + 1, False, left) for number, left in enumerate(open_ones)]
        before = {container.key: container.left for container in opened}
        shelf = Shelf(stock, opened, NOW, size)
        parts, _short = shelf.take(quantity)
        self.assertAlmostEqual(sum(part.quantity for part in parts), quantity, 6)
        for part in parts:
            self.assertTrue(part.opened)
        for container in shelf.opened:
            drawn = sum(part.quantity for part in parts if part.opened is container)
            full = before[container.key] if container.key else size
            self.assertAlmostEqual(container.left, full - drawn, 6)
        new = [container for container in shelf.opened if container.key is None]
        if new:
            self.assertTrue(all(container.left <= 0.005 for container in opened), "the opened ones come first")

    def test_first_expiry_first_and_the_last_goes_below_zero(self):
        stock = [Lot("late", 10, NOW + timedelta(9)), Lot("soon", 5, NOW + timedelta(1)), Lot("gone", 9, NOW)]
        shelf = Shelf(stock, [], NOW)
        self.assertEqual(shelf.expired(), ["gone"])
        parts, short = shelf.take(20)
        self.assertEqual([(part.lot, part.quantity) for part in parts], [("soon", 5), ("late", 15)])
        self.assertEqual(short, 5)
        parts, short = shelf.take(1)
        self.assertEqual(([(part.lot, part.quantity) for part in parts], short), ([("late", 1)], 1))

    def test_a_wanted_lot_and_a_wanted_container_come_first(self):
        stock = [Lot("a", 10, NOW + timedelta(1)), Lot("b", 10, NOW + timedelta(2))]
        parts, _short = Shelf(stock, [], NOW).take(12, lot="b")
        self.assertEqual([(part.lot, part.quantity) for part in parts], [("b", 10), ("a", 2)])
        opened = [Opened(1, "a", 30), Opened(2, "b", 30)]
        parts, _short = Shelf([], opened, NOW, 60).take(40, opened=2)
        self.assertEqual([(part.opened.key, part.quantity) for part in parts], [(2, 30), (1, 10)])

    def test_the_next_container_is_of_the_lot_that_expires_first(self):
        stock = [Lot("a", 30, NOW + timedelta(1)), Lot("b", 60, NOW + timedelta(2))]
        shelf = Shelf(stock, [Opened(1, "a", 30)], NOW, 60)
        self.assertEqual(shelf.next_lot(), "b", "all of the first one is open")
        parts, short = shelf.take(40)
        self.assertEqual([(part.lot, part.quantity) for part in parts], [("a", 30), ("b", 10)])
        self.assertEqual(short, 0)

    def test_an_expired_container_is_left_alone(self):
        shelf = Shelf([], [Opened(1, "a", 30, expired=True), Opened(2, "b", 30)], NOW, 60)
        parts, _short = shelf.take(10)
        self.assertEqual([part.opened.key for part in parts], [2])

    def test_a_mistyped_amount_opens_no_hundred_containers(self):
        parts, short = Shelf([], [], NOW, 1).take(5000)
        self.assertEqual(len(parts), 20)
        self.assertEqual((sum(part.quantity for part in parts), short), (5000, 5000))
