"""A shown table as a file: XLSX and CSV, made when asked for, safe to open in a spreadsheet.

Figures go as figures (decimal comma in CSV, as Swedish spreadsheets read them); text that a
spreadsheet could take for a formula gets an apostrophe in CSV and is written as text in XLSX.
"""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import streamlit as st
import xlsxwriter

from core.base import format_number
from pages.components import text
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.base import Derivation
    from pages.components.tables import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48


def neutral(value: str) -> str:
    """Return text that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def decimal_text(value: Fraction | int) -> str:
    """Return a figure as a Swedish spreadsheet reads it: decimal comma, no grouping, at most four decimals."""
    return format_number(Fraction(value)).replace(text.NBSP, "").replace(text.MINUS, "-")


def csv_bytes(table: Table) -> bytes:
    """Return the table as CSV with semicolons and a byte order mark, which spreadsheets recognise."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(column.title) for column in table.columns])
    for row in table.all_rows:
        writer.writerow([_csv_cell(cell.raw, cell.shown) for cell in row.cells])
    return sink.getvalue().encode("utf-8-sig")


def _csv_cell(raw: Fraction | int | str | None, shown: str) -> str:
    if isinstance(raw, (Fraction, int)):
        return decimal_text(raw)
    return neutral(shown if raw is None else raw)


def xlsx_bytes(table: Table) -> bytes:
    """Return the table as a workbook with one sheet; its first row is the header and stays in sight."""
    sink = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(sink, options)
    sheet = book.add_worksheet()
    head, figure = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.00"})
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, head)
    for line, row in enumerate(table.all_rows, start=1):
        for place, cell in enumerate(row.cells):
            if isinstance(cell.raw, (Fraction, int)):
                sheet.write_number(line, place, float(cell.raw), figure)  # a spreadsheet has floats only
            else:
                sheet.write_string(line, place, cell.shown if cell.raw is None else cell.raw)
    sheet.freeze_panes(1, 0)
    sheet.autofit(_WIDEST * 7)
    book.set_properties({"title": table.caption})
    book.close()
    return sink.getvalue()


def buttons(table: Table, key: str) -> None:
    """Offer the table as XLSX and CSV; the file is made when the reader clicks."""
    with st.container(horizontal=True, key=f"files_{key}"):
        for suffix, mime, make in (("xlsx", XLSX, xlsx_bytes), ("csv", CSV, csv_bytes)):
            button(
                _("Ladda ner som {format}").format(format=suffix.upper()),
                lambda make=make: make(table),  # type: ignore[misc]  # bound now, called later
                f"{table.name}.{suffix}",
                mime,
                key=f"{suffix}_{key}",
            )


def button(label: str, make: Callable[[], bytes], file_name: str, mime: str, *, key: str) -> None:
    """Show one download button; ``make`` runs on click, in the language of the page."""
    st.download_button(
        label, text.in_language(make), file_name, mime, key=key, on_click="ignore", type="tertiary",
        icon=":material/download:",
    )  # fmt: skip


def derivation_json(tree: Derivation) -> bytes:
    """Return a derivation as JSON, values exact as ``numerator/denominator``."""
    return json.dumps(tree.to_json(), ensure_ascii=False, indent=2).encode()


def safe_name(parts: Sequence[str]) -> str:
    """Return a file name of ``parts``: letters, digits and hyphens."""
    joined = "-".join(parts).lower().translate(str.maketrans("åäöé ", "aaoe-"))
    return "".join(sign for sign in joined if sign.isascii() and (sign.isalnum() or sign in "-_"))
