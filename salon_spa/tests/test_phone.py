from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import phone

# Country: the one stored form, then how people of that country write it.
WRITTEN = {
    "RU": [
        (
            "+79099965859",
            "8 (909) 996-58-59",
            "+79099965859",
            "+7 909 996 58 59",
            "79099965859",
            "89099965859",
            "9099965859",
            "8-909-996-58-59",
            "8.909.996.58.59",
            " +7(909)9965859 ",
            "(+7) 909 996-58-59",
            "8\u00a0909\u2011996\u201158\u201159",
            "007 909 996-58-59",
            "tel:+7-909-996-58-59",
            "\u202a+7 909 996-58-59\u202c",
        )
    ],
    "UZ": [
        (
            "+998901234567",
            "90 123 45 67",
            "(90) 123-45-67",
            "998901234567",
            "+998 90 123 45 67",
            "+998(90)1234567",
            "8 90 123 45 67",
            "00 998 90 123 45 67",
            "8 10 998 90 123 45 67",
        )
    ],
    "KZ": [("+77012345678", "8 701 234 56 78", "+7 701 234 5678", "77012345678", "7012345678")],
    "UA": [("+380501234567", "050 123 45 67", "+380 50 123-45-67", "380501234567", "8 050 123 45 67", "501234567")],
    "BY": [("+375291234567", "8 029 123-45-67", "+375 29 123 45 67", "80291234567", "29 123 45 67", "375291234567")],
    "DE": [("+4915112345678", "0151 12345678", "0151/12345678", "+49 (0)151 12345678", "0049 151 12345678")],
    "GB": [("+447911123456", "07911 123456", "+44 7911 123456", "+44 (0) 7911 123456", "447911123456")],
    "FR": [("+33612345678", "06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678", "33612345678")],
    "US": [("+12015550123", "(201) 555-0123", "201.555.0123", "1-201-555-0123", "+1 201 555 0123")],
    "TR": [("+905321234567", "0532 123 45 67", "532 123 45 67", "+90 532 123 4567", "90 532 123 45 67")],
    "IN": [("+919876543210", "98765 43210", "098765 43210", "+91-98765-43210", "919876543210")],
    "AE": [("+971501234567", "050 123 4567", "+971 50 123 4567", "00971501234567", "٠٥٠ ١٢٣ ٤٥٦٧")],
}


@tagged("post_install", "-at_install")
class TestPhone(BaseCase):
    def test_every_written_form_is_stored_as_one(self):
        self.assertGreaterEqual(len(WRITTEN), 10)
        for region, numbers in WRITTEN.items():
            for stored, *forms in numbers:
                for form in [stored, *forms]:
                    with self.subTest(region=region, form=form):
                        self.assertEqual(phone.normalize(form, region), stored)

    def test_a_foreign_number_keeps_its_country(self):
        self.assertEqual(phone.normalize("+998 90 123 45 67", "RU"), "+998901234567")
        self.assertEqual(phone.normalize("375 29 123 45 67", "RU"), "+375291234567")

    def test_what_is_stored_stays(self):
        for region, numbers in WRITTEN.items():
            for stored, *_forms in numbers:
                for other in (region, "RU", "US", False):
                    with self.subTest(stored=stored, region=other):
                        self.assertEqual(phone.normalize(stored, other), stored)

    def test_nothing_is_nothing(self):
        for empty in (False, None, "", "   "):
            self.assertIs(phone.normalize(empty, "RU"), False)

    def test_what_is_no_number_says_why(self):
        for text, region, code in [
            ("8 909 996-58", "RU", "too_short"),
            ("8 909 996-58-59-11", "RU", "unknown"),
            ("201 555 0123 4567", "US", "too_long"),
            ("909996585", "RU", "too_short"),
            ("Anna 909 996 58 59", "RU", "letters"),
            ("8 909 99б 58 59", "RU", "letters"),
            ("8 909 996-58-59 доб. 12", "RU", "extension"),
            ("+1 201 555 0123 ext. 5", "US", "extension"),
            ("+1 201 555 0123 x5", "US", "extension"),
            ("8 909 996-58-59, 8 909 996-58-60", "RU", "several"),
            ("+79099965859 +79099965860", "RU", "several"),
            ("8 909 996-58-59 / 8 909 996-58-60", "RU", "several"),
            ("8 909 996*58*59", "RU", "characters"),
            ("909 +996 58 59", "RU", "characters"),
            ("90 123 45 67", False, "no_country"),
            ("+999 123 456 789", "RU", "unknown"),
            ("+", "RU", "too_short"),
            ("000 000 00 00", "US", "unknown"),
        ]:
            with self.subTest(text=text), self.assertRaises(phone.PhoneError) as caught:
                phone.normalize(text, region)
            self.assertEqual(caught.exception.code, code, text)

    @given(st.text(max_size=25), st.sampled_from([*WRITTEN, False]))
    def test_any_text_is_a_number_or_a_reason(self, text, region):
        try:
            stored = phone.normalize(text, region)
        except phone.PhoneError:
            return
        self.assertTrue(stored is False or (stored.startswith("+") and stored[1:].isdecimal()))
        if stored:
            self.assertEqual(phone.normalize(stored, region), stored)

    def test_shown_and_masked(self):
        self.assertEqual(phone.international("+79099965859"), "+7 909 996-58-59")
        self.assertEqual(phone.masked("+79099965859"), "+7 909 •••-••-59")
        self.assertEqual(phone.masked("+998901234567"), "+998 90 ••• •• 67")
        self.assertEqual(phone.masked("+447911123456"), "+44 791• ••••56")
        self.assertEqual(phone.masked("+12015550123"), "+1 201-•••-••23")
        self.assertEqual(phone.masked("old note 12345"), "old note •••45")
        self.assertEqual(phone.masked(False), "")

    def test_a_mask_hides_enough(self):
        for numbers in WRITTEN.values():
            for stored, *_forms in numbers:
                self.assertGreaterEqual(phone.masked(stored).count(phone.MASK), 4, stored)

    def test_fragments(self):
        self.assertEqual(phone.fragments("996-58", "RU"), ["99658"])
        self.assertIn("909996", phone.fragments("8 (909) 996", "RU"))
        self.assertIn("7911123", phone.fragments("07911 123", "GB"))
        self.assertIn("9012", phone.fragments("8 90 12", "UZ"))
        self.assertEqual(phone.fragments("+7 909", "RU"), ["7909"])
        self.assertEqual(phone.fragments("59", "RU"), [])
        self.assertEqual(phone.fragments("Anna 909", "RU"), [])
        self.assertEqual(phone.fragments("", "RU"), [])

    def test_any_piece_of_a_written_number_is_found(self):
        for region, numbers in WRITTEN.items():
            for stored, *forms in numbers:
                for form in forms:
                    if not form.startswith(("00", "8 10", "tel", "+49 (0)", "+44 (0)")):
                        with self.subTest(region=region, form=form):
                            self.assertTrue(any(piece in stored for piece in phone.fragments(form, region)))

    def test_split(self):
        self.assertEqual(phone.split("Anna 90 123 45 67"), ("Anna", "90 123 45 67"))
        self.assertEqual(phone.split("+7 (909) 996-58-59 Anna Petrova"), ("Anna Petrova", "+7 (909) 996-58-59"))
        self.assertEqual(phone.split("Anna: 8-909-996-58-59"), ("Anna", "8-909-996-58-59"))
        self.assertEqual(phone.split("89099965859"), ("", "89099965859"))
        self.assertEqual(phone.split("Anna 2"), ("Anna 2", ""))
        self.assertEqual(phone.split(""), ("", ""))
