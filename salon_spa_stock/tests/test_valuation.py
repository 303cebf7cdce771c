from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.valuation import Move, average, first_in_first_out, standard

# Days, quantities in or out and the price of a unit.
EVENTS = st.lists(
    st.tuples(st.integers(1, 40), st.booleans(), st.integers(1, 50), st.integers(1, 20)), min_size=1, max_size=25
)


def build(events):
    """Turn events into moves in which nothing that is not there goes out; return them with what is left."""
    moves, held, value = [], 0, 0.0
    for day, goes_in, quantity, price in sorted(events, key=lambda event: event[0]):
        if goes_in:
            moves.append(Move(day, quantity, 0, quantity * price))
            held, value = held + quantity, value + quantity * price
        elif held:
            out = min(quantity, held)
            cost = value / held
            moves.append(Move(day, 0, out, out * cost))
            held, value = held - out, value - out * cost
    return moves, held


@tagged("post_install", "-at_install")
class TestValuation(BaseCase):
    @given(EVENTS)
    def test_average_is_the_sum_of_what_came_and_went(self, events):
        moves, held = build(events)
        for until in range(42):
            past = [move for move in moves if move.date <= until]
            ledger = sum(move.value if move.in_qty else -move.value for move in past)
            quantity = sum(move.in_qty - move.out_qty for move in past)
            self.assertAlmostEqual(average(moves, [], quantity, until), ledger, 6)
        self.assertGreaterEqual(held, 0)

    @given(EVENTS)
    def test_first_in_first_out_is_worth_its_last_receipts(self, events):
        moves, held = build(events)
        # Piece by piece: the shelf as a queue of prices.
        queue = []
        for move in moves:
            queue += [move.value / move.in_qty] * int(move.in_qty) if move.in_qty else []
            queue = queue[int(move.out_qty) :]
        self.assertAlmostEqual(first_in_first_out(moves, held, 0, 99), sum(queue), 6)

    def test_a_new_cost_counts_from_its_moment(self):
        moves = [Move(1, 10, 0, 20.0), Move(5, 0, 4, 8.0)]
        self.assertEqual(average(moves, [(3, 5.0)], 10, 2), 20)
        self.assertEqual(average(moves, [(3, 5.0)], 10, 4), 50)
        self.assertEqual(average(moves, [(3, 5.0)], 6, 5), 30)
        self.assertEqual(average([*moves, Move(7, 6, 0, 12.0)], [(3, 5.0)], 12, 9), 42)
        self.assertEqual(average([], [(3, 5.0)], -2, 9), -10)

    def test_below_zero_the_next_receipt_sets_the_cost(self):
        moves = [Move(1, 10, 0, 20.0), Move(2, 0, 15, 30.0), Move(3, 10, 0, 40.0)]
        self.assertEqual(average(moves, [], -5, 2), -10)
        self.assertEqual(average(moves, [], 5, 3), 20)

    def test_standard_knows_the_costs_of_before(self):
        prices = [(1, 2.0), (5, 3.0)]
        self.assertEqual([standard(prices, 10, 9.0, day) for day in (0, 1, 4, 5)], [20, 20, 20, 30])
        self.assertEqual(standard([], 10, 9.0, 3), 90)

    def test_first_in_first_out_of_what_never_came(self):
        self.assertEqual(first_in_first_out([], 5, 2.0, 9), 10)
        self.assertEqual(first_in_first_out([], -5, 2.0, 9), -10)
        self.assertEqual(first_in_first_out([Move(1, 2, 0, 6.0)], 5, 2.0, 9), 15)
