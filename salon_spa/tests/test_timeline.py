import itertools
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.salon_spa.tools import timeline

DAY = datetime(2026, 3, 2)
PHASE_NAMES = ("prep_minutes", "active_minutes", "processing_minutes", "finishing_minutes", "cleanup_minutes")


def clock(minutes):
    return DAY + timedelta(minutes=minutes)


phases = st.tuples(*[st.integers(0, 12).map(lambda steps: steps * 5)] * 5).map(
    lambda minutes: dict(zip(PHASE_NAMES, minutes, strict=True))
)
spans = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=6).map(
    lambda pairs: sorted((clock(5 * begin), clock(5 * (begin + length))) for begin, length in pairs)
)


def minutes_of(some_spans):
    """The slow and obvious picture of spans: the set of five-minute cells they cover."""
    return {
        (start - DAY) // timedelta(minutes=5) + step
        for start, stop in some_spans
        for step in range((stop - start) // timedelta(minutes=5))
    }


class TestTimeline(BaseCase):
    def test_colour_leaves_the_master_free_while_it_works(self):
        colour = dict(zip(PHASE_NAMES, (5, 40, 30, 15, 5), strict=True))
        self.assertEqual(
            timeline.master_spans(clock(600), colour), [(clock(595), clock(640)), (clock(670), clock(690))]
        )
        self.assertEqual(timeline.client_minutes(colour), 85)

    def test_a_service_that_only_processes_takes_no_master(self):
        mask = dict(zip(PHASE_NAMES, (0, 0, 30, 0, 0), strict=True))
        self.assertEqual(timeline.master_spans(clock(600), mask), [])

    def test_next_service_waits_for_tidying_up_only_with_the_same_master(self):
        self.assertEqual(timeline.next_start(clock(600), 5, 10, True), clock(615))
        self.assertEqual(timeline.next_start(clock(600), 5, 10, False), clock(600))

    @given(start=st.integers(50, 100), phases=phases)
    def test_master_minutes_are_all_but_processing(self, start, phases):
        taken = timeline.master_spans(clock(5 * start), phases)
        busy = sum(((stop - begin) for begin, stop in taken), timedelta())
        self.assertEqual(busy, timedelta(minutes=sum(phases.values()) - phases["processing_minutes"]))
        self.assertEqual(taken, sorted(taken))
        self.assertFalse(any(first[1] > second[0] for first, second in itertools.pairwise(taken)))

    @given(span=st.tuples(st.integers(0, 100), st.integers(1, 60)), free=spans)
    def test_inside_is_subset(self, span, free):
        wanted = (clock(5 * span[0]), clock(5 * (span[0] + span[1])))
        self.assertEqual(timeline.inside(wanted, free), minutes_of([wanted]) <= minutes_of(free))

    @given(first=spans, second=spans)
    def test_overlaps_is_intersection(self, first, second):
        self.assertEqual(timeline.overlaps(first, second), bool(minutes_of(first) & minutes_of(second)))

    @given(phases=phases, wanted=st.integers(60, 200), work=spans, busy=spans)
    def test_every_start_offered_can_be_served(self, phases, wanted, work, busy):
        free = minutes_of(work) - minutes_of(busy)
        for start in timeline.nearest_starts(phases, clock(5 * wanted), work, busy):
            taken = timeline.master_spans(start, phases)
            self.assertTrue(minutes_of(taken) <= free)

    def test_a_gap_that_fits_exactly_is_found(self):
        cut = dict(zip(PHASE_NAMES, (0, 45, 0, 0, 0), strict=True))
        work, busy = [(clock(540), clock(1080))], [(clock(540), clock(610)), (clock(655), clock(1080))]
        self.assertEqual(timeline.nearest_starts(cut, clock(900), work, busy), [clock(610)])

    def test_nearest_first_then_in_time_order(self):
        cut = dict(zip(PHASE_NAMES, (0, 60, 0, 0, 0), strict=True))
        work, busy = [(clock(540), clock(1080))], [(clock(600), clock(660))]
        self.assertEqual(timeline.nearest_starts(cut, clock(600), work, busy), [clock(540), clock(660), clock(675)])
