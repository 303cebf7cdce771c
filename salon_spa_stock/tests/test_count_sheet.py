import io
import itertools
import zipfile

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import count_sheet

TITLES = {name: name.title() for name in count_sheet.COLUMNS}
NAMES = {title: name for name, title in TITLES.items()}


def sheet(rows, token="count-1", titles=TITLES):
    return count_sheet.write(token, "Count", titles, rows, "Fill in the last column")


def fill(content, cells):
    """Write cells, ``{(row, column title): value}``, into a sheet as a person would, and return its bytes."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    head = {page.cell(count_sheet.HEADER_ROW + 1, column).value: column for column in range(1, 12)}
    for (row, title), value in cells.items():
        page.cell(row, head[title]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestCountSheet(BaseCase):
    def refused(self, kind, content, token="count-1"):
        with self.assertRaises(count_sheet.SheetError) as caught:
            count_sheet.read(content, token, NAMES)
        self.assertEqual(caught.exception.kind, kind)

    def test_what_is_filled_in_comes_back(self):
        content = sheet([{"number": 7, "product": "=1+1", "unit": "ml"}, {"number": 8, "product": "Dye"}])
        content = fill(content, {(5, "Counted"): 12.5, (7, "Counted"): 3, (7, "Product"): "By hand"})
        rows = count_sheet.read(content, "count-1", NAMES)
        self.assertEqual([number for number, _values in rows], [5, 7])
        self.assertEqual(rows[0][1]["product"], "=1+1", "a name and no formula")
        self.assertEqual((rows[0][1]["number"], rows[0][1]["counted"]), (7, 12.5))
        self.assertEqual((rows[1][1]["number"], rows[1][1]["product"]), (None, "By hand"))

    def test_columns_may_be_moved(self):
        book = openpyxl.Workbook()
        page = book.active
        for row in (["count-1"], [], [], ["Counted", "Product", "Line"], [4, "Dye", 7]):
            page.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        names = {"Line": "number", "Product": "product", "Counted": "counted"}
        [(number, values)] = count_sheet.read(buffer.getvalue(), "count-1", names)
        self.assertEqual((number, values), (5, {"counted": 4, "product": "Dye", "number": 7}))

    def test_other_files_are_refused(self):
        content = sheet([{"number": 1, "product": "Dye"}])
        self.refused("empty", content)
        self.refused("other", fill(content, {(5, "Counted"): 1}), token="count-2")
        self.refused("format", b"no sheet at all")
        self.refused("format", b"")
        self.refused("big", b"x" * (count_sheet.MAX_BYTES + 1))
        book = openpyxl.Workbook()
        book.active.append(["count-1"])
        for _row in range(10):
            book.active.append(["something", "else"])
        buffer = io.BytesIO()
        book.save(buffer)
        self.refused("format", buffer.getvalue())

    def test_a_missing_column_is_told_from_another_file(self):
        content = sheet([{"number": 1, "product": "Dye", "counted": 3}])
        for heading, other in itertools.product(("Number", "Counted"), ("Something else", None)):
            with self.subTest(heading=heading, other=other):
                self.refused("columns", fill(content, {(count_sheet.HEADER_ROW + 1, heading): other}))

    def test_the_only_numbering_to_be_seen_is_that_of_excel(self):
        content = sheet([{"number": 812, "product": "Dye", "counted": 5}])
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        hidden = {letter for letter, column in page.column_dimensions.items() if column.hidden}
        self.assertEqual(hidden, {"A"})
        counted = page.cell(count_sheet.HEADER_ROW + 2, len(count_sheet.COLUMNS))
        self.assertEqual((counted.value, counted.number_format), (5, "General"), "no point behind whole numbers")

    def test_a_file_that_unpacks_to_a_flood_is_refused(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (count_sheet.MAX_UNPACKED + 1))
        self.assertLess(len(buffer.getvalue()), count_sheet.MAX_BYTES)
        self.refused("big", buffer.getvalue())

    def test_numbers(self):
        for value, expected in (
            (12, 12.0),
            (0, 0.0),
            (-3.5, -3.5),
            ("12", 12.0),
            (" 12,5 ", 12.5),
            ("12.50", 12.5),
            ("abc", None),
            ("1 000", None),
            ("12 ml", None),
            ("nan", None),
            ("1e5", None),
            (True, None),
            (float("inf"), None),
            ("", None),
            (None, None),
        ):
            with self.subTest(value=value):
                self.assertEqual(count_sheet.number(value), expected)

    @given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
    def test_any_cell_is_a_finite_number_or_none(self, value):
        number = count_sheet.number(value)
        self.assertTrue(number is None or abs(number) <= 1e12)
