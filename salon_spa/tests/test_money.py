from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import money

AMOUNTS = st.integers(0, 1_000_000)


class TestShare(BaseCase):
    def test_the_last_takes_the_rest(self):
        self.assertEqual(money.share(10, [1, 1, 1], 0.01), [3.33, 3.33, 3.34])
        self.assertEqual(money.share(10, [30, 60, 10], 0.01), [3, 6, 1])
        self.assertEqual(money.share(10, [0, 0], 0.01), [5, 5])
        self.assertEqual(money.share(1, [5, 0], 0.01), [1, 0])
        self.assertEqual(money.share(7, [1, 1], 0.05), [3.5, 3.5])
        self.assertEqual(money.share(5, [], 0.01), [])

    def test_a_share_never_exceeds_its_line(self):
        self.assertEqual(money.share(0.03, [0.01, 0.01, 0.01, 0.01], 0.01), [0, 0.01, 0.01, 0.01])

    @given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12))
    def test_all_of_it_is_shared(self, amount, weights):
        shares = money.share(amount / 100, [weight / 100 for weight in weights], 0.01)
        self.assertEqual(round(sum(shares) * 100), amount)
        self.assertTrue(all(share >= 0 for share in shares))
        if amount <= sum(weights):
            for share, weight in zip(shares, weights, strict=True):
                self.assertLessEqual(round(share * 100), weight)
