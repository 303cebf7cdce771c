from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import roster, timeline

# A busy machine is no failure.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOUR = 60
DAY_SHIFT = (10 * HOUR, 19 * HOUR)


def days_of(kind, lines, first, last, **options):
    return [day for day, _start, _stop in roster.pattern_spans(kind, lines, first, last, **options)]


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=12
)


def points(items):
    return {point for start, stop in items for point in range(start, stop)}


@tagged("post_install", "-at_install")
class TestSpans(BaseCase):
    @patient
    @given(spans)
    def test_merge_keeps_every_point_and_leaves_gaps(self, items):
        merged = roster.merge(items)
        self.assertEqual(points(merged), points(items))
        self.assertTrue(all(start < stop for start, stop in merged))
        self.assertTrue(all(left[1] < right[0] for left, right in pairwise(merged)))

    @patient
    @given(spans, spans)
    def test_subtract_is_the_difference_of_the_points(self, items, cuts):
        left = roster.subtract(items, cuts)
        self.assertEqual(points(left), points(items) - points(cuts))
        self.assertEqual(left, sorted(left))

    @patient
    @given(spans, st.integers(0, 80), st.integers(1, 80))
    def test_clip_keeps_the_points_between(self, items, low, length):
        high = low + length
        self.assertEqual(
            points(roster.clip(roster.merge(items), low, high)), points(items) & set(range(low, high))
        )


@tagged("post_install", "-at_install")
class TestPatterns(BaseCase):
    def test_day_span_crosses_midnight_when_the_end_is_not_later(self):
        day = date(2026, 11, 24)
        self.assertEqual(
            roster.day_span(day, *DAY_SHIFT), (datetime(2026, 11, 24, 10), datetime(2026, 11, 24, 19))
        )
        self.assertEqual(
            roster.day_span(day, 22 * HOUR, 6 * HOUR), (datetime(2026, 11, 24, 22), datetime(2026, 11, 25, 6))
        )
        self.assertEqual(
            roster.day_span(day, 10 * HOUR, 10 * HOUR), (datetime(2026, 11, 24, 10), datetime(2026, 11, 25, 10))
        )
        self.assertEqual(roster.day_span(day, 0, 24 * HOUR), (datetime(2026, 11, 24), datetime(2026, 11, 25)))

    @patient
    @given(
        st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, roster.DAY - 1), st.integers(0, roster.DAY)
    )
    def test_span_minutes_is_the_inverse_of_day_span(self, day, minute_from, minute_to):
        start, stop = roster.day_span(day, minute_from, minute_to)
        self.assertTrue(timedelta(0) < stop - start <= timedelta(hours=24))
        self.assertEqual(roster.day_span(day, *roster.span_minutes(day, start, stop)), (start, stop))

    def test_unusual_hours(self):
        for hours in ((540, 1080), (300, 1140), (1320, 360), (600, 0), (600, 1440)):
            self.assertFalse(roster.is_unusual(*hours), hours)
        for hours in ((299, 600), (0, 480), (540, 1381), (600, 600), (1320, 721), (600, 60)):
            self.assertTrue(roster.is_unusual(*hours), hours)

    def test_two_on_two_off_goes_on_over_the_month_boundary(self):
        lines = [(1, *DAY_SHIFT), (2, *DAY_SHIFT)]
        self.assertEqual(
            days_of("cycle", lines, date(2026, 11, 27), date(2026, 12, 4), cycle_days=4),
            [date(2026, 11, 27), date(2026, 11, 28), date(2026, 12, 1), date(2026, 12, 2)],
        )

    def test_cycle_start_after_or_long_before_the_period(self):
        lines = [(1, *DAY_SHIFT)]
        self.assertEqual(
            days_of("cycle", lines, date(2026, 11, 1), date(2026, 11, 6), cycle_days=3, cycle_start=date(2026, 11, 6)),
            [date(2026, 11, 3), date(2026, 11, 6)],
        )
        self.assertEqual(
            days_of("cycle", lines, date(2026, 11, 1), date(2026, 11, 3), cycle_days=3, cycle_start=date(2024, 11, 2)),
            [date(2026, 11, 1)],
        )

    def test_odd_and_even_days_of_the_month(self):
        first, last = date(2026, 10, 29), date(2026, 11, 4)
        self.assertEqual([day.day for day in days_of("odd", [(1, *DAY_SHIFT)], first, last)], [29, 31, 1, 3])
        self.assertEqual([day.day for day in days_of("even", [(1, *DAY_SHIFT)], first, last)], [30, 2, 4])

    def test_split_day_gives_two_spans_in_order(self):
        lines = [(1, 15 * HOUR, 20 * HOUR), (1, 9 * HOUR, 13 * HOUR)]
        day = date(2026, 11, 24)
        self.assertEqual(
            list(roster.pattern_spans("cycle", lines, day, day, cycle_days=1)),
            [
                (day, datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 13)),
                (day, datetime(2026, 11, 24, 15), datetime(2026, 11, 24, 20)),
            ],
        )

    def test_overlap_in_a_pattern_is_found_over_midnight_and_over_the_end_of_the_cycle(self):
        night, morning = (1, 22 * HOUR, 8 * HOUR), (2, 7 * HOUR, 12 * HOUR)
        self.assertEqual(roster.pattern_overlap("cycle", [morning, night]), (night, morning))
        self.assertIsNone(roster.pattern_overlap("cycle", [(1, 22 * HOUR, 7 * HOUR), morning]))
        last_night = (7, 22 * HOUR, 8 * HOUR)
        first_morning = (1, 7 * HOUR, 12 * HOUR)
        self.assertEqual(roster.pattern_overlap("cycle", [first_morning, last_night]), (last_night, first_morning))
        self.assertIsNone(roster.pattern_overlap("cycle", [(1, 10 * HOUR, 10 * HOUR)], cycle_days=1))
        self.assertTrue(roster.pattern_overlap("odd", [(1, 22 * HOUR, 8 * HOUR), (1, 7 * HOUR, 12 * HOUR)]))
        self.assertTrue(roster.pattern_overlap("cycle", [(1, *DAY_SHIFT), (1, *DAY_SHIFT)]))

    @patient
    @given(
        st.sampled_from(["cycle", "odd", "even"]),
        st.integers(1, 9),
        st.lists(st.tuples(st.integers(1, 9), st.integers(0, 23), st.integers(0, 24)), max_size=6),
        st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    )
    def test_a_pattern_that_passes_the_check_never_overlaps(self, kind, cycle_days, hours, first):
        lines = [(day, start * HOUR, stop * HOUR) for day, start, stop in hours if day <= cycle_days]
        if roster.pattern_overlap(kind, lines, cycle_days):
            return
        result = sorted(
            (start, stop)
            for _day, start, stop in roster.pattern_spans(
                kind, lines, first, first + timedelta(days=62), cycle_days, first
            )
        )
        for left, right in pairwise(result):
            self.assertLessEqual(left[1], right[0])


def span(day, start, stop):
    return (date(2026, 11, day), *roster.day_span(date(2026, 11, day), start * HOUR, stop * HOUR))


def shift(key, item, published=False, inside=True):
    return (key, *item, published, inside)


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    def test_empty_fills_only_days_without_any_shift(self):
        done = roster.plan([span(1, 10, 19), span(2, 10, 19)], [shift("a", span(1, 12, 14))], "empty")
        self.assertEqual(done.create, [span(2, 10, 19)])
        self.assertEqual((done.keep, done.remove), (["a"], []))

    def test_drafts_are_replaced_and_published_days_stay(self):
        existing = [
            shift("draft", span(1, 12, 14)),
            shift("published", span(2, 12, 14), published=True),
            shift("draft off", span(3, 10, 19)),
            shift("same", span(4, 10, 19)),
        ]
        done = roster.plan([span(1, 10, 19), span(2, 10, 19), span(4, 10, 19)], existing, "drafts")
        self.assertEqual(done.create, [span(1, 10, 19)])
        self.assertEqual(done.remove, ["draft", "draft off"])
        self.assertEqual(done.keep, ["published", "same"])

    def test_all_makes_the_period_as_wanted(self):
        existing = [shift("p", span(1, 12, 14), published=True), shift("off", span(3, 10, 19), published=True)]
        done = roster.plan([span(1, 10, 19)], existing, "all")
        self.assertEqual((done.create, done.remove, done.keep), ([span(1, 10, 19)], ["p", "off"], []))

    def test_a_night_shift_just_before_the_period_is_in_the_way_and_not_counted(self):
        existing = [shift("night", span(1, 22, 8), published=True, inside=False)]
        done = roster.plan([span(2, 7, 12), span(2, 13, 15)], existing, "all")
        self.assertEqual((done.blocked, done.create), ([span(2, 7, 12)], [span(2, 13, 15)]))
        self.assertEqual((done.keep, done.remove), ([], []))

    def test_leaves_leave_out_whole_shifts_and_name_those_cut(self):
        leaves = [(datetime(2026, 11, 1), datetime(2026, 11, 2)), (datetime(2026, 11, 2, 9), datetime(2026, 11, 2, 12))]
        wanted = [span(1, 10, 19), span(2, 10, 19), span(3, 10, 19)]
        done = roster.plan(wanted, [], "empty", leaves)
        self.assertEqual((done.on_leave, done.cut, done.create), (wanted[:1], wanted[1:2], wanted[1:]))
        self.assertEqual(roster.plan(wanted, [], "empty", leaves, skip_leaves=False).create, wanted)

    @patient
    @given(st.data())
    def test_what_is_kept_and_created_never_overlaps(self, data):
        def separate(items):
            result, busy = [], []
            for item in items:
                if not timeline.overlaps([item[1:]], busy):
                    busy.append(item[1:])
                    result.append(item)
            return result

        some = st.lists(
            st.tuples(st.integers(1, 6), st.integers(0, 23), st.integers(0, 24)).map(lambda row: span(*row)), max_size=8
        )
        wanted = separate(data.draw(some))
        existing = [
            shift(number, item, data.draw(st.booleans()), 2 <= item[0].day <= 5)
            for number, item in enumerate(separate(data.draw(some)))
        ]
        mode = data.draw(st.sampled_from(["empty", "drafts", "all"]))
        wanted = [item for item in wanted if 2 <= item[0].day <= 5]
        done = roster.plan(wanted, existing, mode)
        left = [row[2:4] for row in existing if row[0] not in done.remove] + [item[1:] for item in done.create]
        left.sort()
        for before, after in pairwise(left):
            self.assertLessEqual(before[1], after[0])
        self.assertEqual(
            sorted(done.keep + done.remove), [row[0] for row in existing if row[5]], "every shift is kept or removed"
        )
        if mode != "all":
            published = {row[0] for row in existing if row[4]}
            self.assertFalse(published & set(done.remove))
