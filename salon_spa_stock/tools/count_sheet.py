"""The sheet that a count is printed on and read from: rows in, rows and what is wrong with them out. Knows no database.

What a row means (which product, which unit) is decided by who calls; here it is only whether the file is a sheet of
that count and each counted quantity a number.
"""

import io
import math
import re
import zipfile

import openpyxl
import xlsxwriter

# The columns in order, by the name that code knows them by; titles are the reader's.
COLUMNS = ("number", "product", "code", "barcode", "lot", "location", "unit", "expected", "counted")
HEADER_ROW = 3
MAX_ROWS = 20_000
MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 60 * 2**20
NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")


class SheetError(Exception):
    """The file as a whole can't be read; ``kind`` says why: big, format, columns, other, empty."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


def write(token, title, titles, rows, hint):
    """Return the bytes of a sheet.

    :param str token: tells the count that the sheet belongs to
    :param dict titles: what stands above each of COLUMNS; a column without a title is left out
    :param rows: dicts by COLUMNS; ``counted`` is left to be filled in
    :param str hint: stands below the title
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Count")
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1})
    fill = book.add_format({"border": 1, "bg_color": "#FFF8DC"})
    grey = book.add_format({"font_color": "#888888"})
    sheet.write_string(0, 0, token, grey)
    sheet.write_string(0, 1, title, bold)
    sheet.write_string(1, 1, hint, grey)
    columns = [name for name in COLUMNS if name in titles]
    widths = {"number": 7, "product": 38, "code": 12, "barcode": 16, "lot": 16, "location": 18, "unit": 9}
    for column, name in enumerate(columns):
        # The reader counts by the rows of Excel: a second numbering beside it leads to the wrong one.
        sheet.set_column(column, column, widths.get(name, 11), None, {"hidden": name == "number"})
        sheet.write_string(HEADER_ROW, column, titles[name], head)
    for index, row in enumerate(rows):
        for column, name in enumerate(columns):
            value = row.get(name)
            style = fill if name == "counted" else cell
            if value is None or value == "":
                sheet.write_blank(HEADER_ROW + 1 + index, column, None, style)
            elif isinstance(value, str):
                # A name that begins with = is a name and no formula.
                sheet.write_string(HEADER_ROW + 1 + index, column, value, style)
            else:
                sheet.write_number(HEADER_ROW + 1 + index, column, value, style)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    book.close()
    return buffer.getvalue()


def read(content, token, names):
    """Return [(row number as the reader sees it, {column: text or number})] of what has something in ``counted``.

    :param bytes content: the file
    :param str token: of the count that it must belong to
    :param dict names: {title: one of COLUMNS}, in every language that a sheet is written in
    :raise SheetError: no Excel file, too big, of another count, or nothing was counted
    """
    if len(content) > MAX_BYTES:
        raise SheetError("big")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise SheetError("big")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise SheetError("format") from error
    try:
        sheet = book.worksheets[0]
        # What the file says about its own size may be wrong, in both directions.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        head = next(rows, ())
        if not head or _text(head[0]) != token:
            raise SheetError("other")
        result, columns = [], None
        for number, row in enumerate(rows, start=2):
            if number > MAX_ROWS:
                raise SheetError("big")
            if columns is None:
                found = {names.get(_text(value)): index for index, value in enumerate(row) if _text(value) in names}
                if "counted" in found and "number" in found:
                    columns = found
                elif found and number > HEADER_ROW:
                    raise SheetError("columns")
                elif number > HEADER_ROW + 1:
                    raise SheetError("format")
                continue
            values = {name: row[index] if index < len(row) else None for name, index in columns.items()}
            if _text(values["counted"]):
                result.append((number, values))
    except SheetError:
        raise
    except Exception as error:
        raise SheetError("format") from error
    finally:
        book.close()
    if not result:
        raise SheetError("empty")
    return result


def number(value):
    """Return a cell as a number, or None when it is none: 12, "12", "12,5" and "12.5" are."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) and abs(value) < 1e12 else None
    if isinstance(value, str) and NUMBER.fullmatch(text := value.strip()):
        return float(text.replace(",", "."))
    return None


def _text(value):
    return "" if value is None else str(value).strip()


def text(value):
    """Return a cell as text; a whole number, as Excel keeps a barcode, without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _text(value)
