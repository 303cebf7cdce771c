from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import birthday

TODAY = date(2026, 11, 22)


@tagged("post_install", "-at_install")
class TestBirthday(BaseCase):
    def test_written_forms(self):
        for text, day_first, expected in [
            ("12.03", True, (12, 3, 0)),
            ("12.03.1990", True, (12, 3, 1990)),
            ("12/3/90", True, (12, 3, 1990)),
            ("12 3 26", True, (12, 3, 2026)),
            ("12-03-27", True, (12, 3, 1927)),
            ("1990-03-12", True, (12, 3, 1990)),
            ("03/12/1990", False, (12, 3, 1990)),
            ("29.02", True, (29, 2, 0)),
            ("29.02.2000", True, (29, 2, 2000)),
        ]:
            with self.subTest(text=text):
                self.assertEqual(birthday.parse(text, day_first, TODAY), expected)

    def test_no_such_day(self):
        for text in ("31.04", "29.02.1990", "0.1", "12", "12.13", "tomorrow", "12.03.199", "1.2.3.4", ""):
            with self.subTest(text=text), self.assertRaises(ValueError):
                birthday.parse(text, True, TODAY)

    @given(st.dates(min_value=date(1, 1, 1)), st.booleans(), st.booleans())
    def test_what_is_written_is_read_back(self, day, day_first, with_year):
        parts = (day.day, day.month, day.year if with_year else 0)
        self.assertEqual(birthday.parse(birthday.write(*parts, day_first), day_first, TODAY), parts)

    def test_age(self):
        self.assertEqual(birthday.age(22, 11, 1990, TODAY), 36)
        self.assertEqual(birthday.age(23, 11, 1990, TODAY), 35)
        self.assertEqual(birthday.age(29, 2, 2000, date(2026, 2, 27)), 25)
        self.assertEqual(birthday.age(29, 2, 2000, date(2026, 2, 28)), 26)
        self.assertIsNone(birthday.age(22, 11, 0, TODAY))
