import doctest
from itertools import combinations
from unittest import skipUnless

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import assignment
from ..tools.assignment import Option, assign, expected_value

try:
    import scipy
except ImportError:
    scipy = None

UNITS = [("Anna", hour) for hour in range(4)] + [("Bella", hour) for hour in range(3)] + [("cabinets", 0)]
CAPACITY = {("cabinets", 0): 2}


@st.composite
def problems(draw):
    """A few options of five clients on two masters' hours, some of which need one of two cabinets."""
    options = draw(
        st.lists(
            st.builds(
                Option,
                client=st.integers(0, 4),
                value=st.integers(-5, 60).map(float),
                units=st.sets(st.sampled_from(UNITS), min_size=1, max_size=3).map(tuple),
            ),
            max_size=9,
        )
    )
    return options, draw(st.one_of(st.none(), st.integers(0, 4)))


def is_allowed(options, chosen, limit):
    clients = [options[index].client for index in chosen]
    taken = [unit for index in chosen for unit in options[index].units]
    return (
        len(set(clients)) == len(clients)
        and all(taken.count(unit) <= CAPACITY.get(unit, 1) for unit in taken)
        and (limit is None or len(chosen) <= limit)
    )


def worth(options, chosen):
    return sum(options[index].value for index in chosen)


def most(options, limit):
    """The worth of the best choice, by trying all of them."""
    return max(
        worth(options, chosen)
        for count in range(len(options) + 1)
        for chosen in combinations(range(len(options)), count)
        if is_allowed(options, chosen, limit)
    )


@tagged("post_install", "-at_install")
class TestAssignment(BaseCase):
    def test_examples_in_the_docstrings(self):
        failed, tried = doctest.testmod(assignment)
        self.assertTrue(tried)
        self.assertFalse(failed)

    @skipUnless(scipy, "needs SciPy, which the addon can do without")
    @settings(max_examples=150, deadline=None)
    @given(problems())
    def test_nothing_is_worth_more(self, problem):
        options, limit = problem
        chosen = assign(options, CAPACITY, limit)
        self.assertTrue(is_allowed(options, chosen, limit), chosen)
        self.assertAlmostEqual(worth(options, chosen), most(options, limit), places=6)

    @settings(max_examples=300, deadline=None)
    @given(problems())
    def test_without_scipy_nothing_is_taken_twice(self, problem):
        options, limit = problem
        chosen = assign(options, CAPACITY, limit, exact=False)
        self.assertTrue(is_allowed(options, chosen, limit), chosen)
        if chosen:
            self.assertGreaterEqual(worth(options, chosen), max(option.value for option in options))

    def test_several_short_services_share_a_long_window(self):
        hours = [("Anna", hour) for hour in range(4)]
        options = [Option("long", 50.0, tuple(hours))]
        options += [Option(f"short {hour}", 20.0, (hours[hour],)) for hour in range(3)]
        self.assertEqual(assign(options), [1, 2, 3] if scipy else [0])
        self.assertEqual(assign(options, limit=2), [0])

    def test_the_usual_offer_is_worth_most(self):
        usual = expected_value(100, 0.2, True, 0, True)
        self.assertAlmostEqual(usual, 100 * assignment.CHANCE_DUE)
        others = [
            expected_value(100, 0.2, False, 0, True),
            expected_value(100, 0.2, True, 3, True),
            expected_value(100, 0.2, True, 0, False),
            expected_value(100, 1.5, True, 0, True),
            expected_value(100, 0.2, None, None, None),
            expected_value(90, 0.2, True, 0, True),
        ]
        self.assertTrue(all(0 < other < usual for other in others), others)
        self.assertAlmostEqual(others[3], usual / 2, msg="an interval more halves it")
        self.assertGreater(expected_value(100, 50, False, 12, False), 0)
