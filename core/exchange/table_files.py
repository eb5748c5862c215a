"""A table as somebody saw it, as a file: CSV and XLSX, figures as figures, text that no spreadsheet runs.

For tables on a screen, whose headings and order belong to the screen. Contracts (``writing``) and statements
(``statement_csv``, ``statement_xlsx``) have shapes of their own.
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING

import xlsxwriter

from core.base import format_number
from core.exchange.cells import protected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value = Fraction | int | str | None
_NBSP, _MINUS = "\u00a0", "\u2212"
_WIDEST_PIXELS = 340


def table_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return CSV as a Swedish spreadsheet reads it: byte order mark, semicolons, decimal comma, CRLF."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=";", lineterminator="\r\n")
    writer.writerow([protected(one) for one in headings])
    writer.writerows([_text(value) for value in row] for row in rows)
    return sink.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return protected(value)
    return format_number(Fraction(value)).replace(_NBSP, "").replace(_MINUS, "-")


def table_xlsx(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a workbook of one sheet; the first row is the headings and stays in sight. Missing is an empty cell."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold, figure = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.00"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, float(value), figure)  # a spreadsheet has no other numbers
    sheet.freeze_panes(1, 0)
    sheet.autofit(_WIDEST_PIXELS)
    book.set_properties({"title": title})
    book.close()
    return sink.getvalue()
