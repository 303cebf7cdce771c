import doctest
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import placing

span = st.tuples(st.integers(0, 6), st.integers(1, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@st.composite
def problems(draw):
    seats = {resource: draw(st.integers(1, 2)) for resource in (1, 2, 3)}
    choices = st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3, unique=True).map(tuple)
    wants = draw(st.lists(st.tuples(choices, span), min_size=1, max_size=4))
    taken = draw(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(1, 2), span), max_size=4))
    return [(one, *times) for one, times in wants], [(one, seat, *times) for one, seat, times in taken], seats


def is_valid(wants, taken, places):
    rows = [*taken, *((*place, *want[1:]) for want, place in zip(wants, places, strict=True))]
    new = range(len(taken), len(rows))
    return not any(
        i != j and rows[i][:2] == rows[j][:2] and rows[i][2] < rows[j][3] and rows[j][2] < rows[i][3]
        for i in new
        for j in range(len(rows))
    )


@tagged("post_install", "-at_install")
class TestPlacing(BaseCase):
    """Resources and seats are found whenever there are any, tried against every combination there is."""

    def test_examples_of_the_documentation(self):
        self.assertFalse(doctest.testmod(placing).failed)

    @given(problems())
    def test_a_place_is_found_whenever_there_is_one(self, problem):
        wants, taken, seats = problem
        options = [[(one, seat) for one in want[0] for seat in range(1, seats[one] + 1)] for want in wants]
        possible = any(is_valid(wants, taken, places) for places in product(*options))
        by_resource = {}
        for one, *rest in taken:
            by_resource.setdefault(one, []).append(tuple(rest))
        places, unplaced = placing.place(wants, by_resource, seats)
        self.assertEqual(bool(places), possible)
        if places:
            self.assertIsNone(unplaced)
            self.assertTrue(is_valid(wants, taken, places))
            for (one, seat), want in zip(places, wants, strict=True):
                self.assertIn(one, want[0])
                self.assertLessEqual(seat, seats[one])

    def test_people_who_come_together_sit_together(self):
        """Guests of one visit get the room for two although the small room stands first."""
        both = ((10, 20), 10, 11)
        self.assertEqual(placing.place([both, both], {}, {10: 1, 20: 2})[0], [(20, 1), (20, 2)])

    def test_who_sits_stays(self):
        """The second service is in the room of the first, although another stands first in its choices."""
        self.assertEqual(
            placing.place([((20,), 10, 11), ((10, 20), 11, 12)], {}, {10: 1, 20: 1})[0], [(20, 1), (20, 1)]
        )

    def test_crowd_that_finds_no_room_is_refused_at_once(self):
        """Ten guests, nine seats: no need to try every order of them."""
        everybody = [((1, 2, 3), 10, 11)] * 10
        places, unplaced = placing.place(everybody, {}, {1: 3, 2: 3, 3: 3})
        self.assertEqual((places, unplaced), (None, 9))
        self.assertEqual(len(set(placing.place(everybody[:9], {}, {1: 3, 2: 3, 3: 3})[0])), 9)

    def test_what_belongs_together_is_asked_for(self):
        def only_beside(_index, resource, chosen):
            return resource != 30 or 20 in chosen.values()

        self.assertEqual(
            placing.place([((10, 20), 10, 11), ((30,), 10, 11)], {}, {10: 1, 20: 1, 30: 1}, only_beside)[0],
            [(20, 1), (30, 1)],
        )
