"""Files out: stored rows, empty templates and filled samples, as CSV or XLSX, read back the same.

CSV: UTF-8 with BOM, ``;``, decimal comma, CRLF — what a Swedish spreadsheet opens with a double
click. XLSX: every column formatted as text, so that codes keep their zeros; a second sheet
explains each column. Text that a spreadsheet would run as a formula is protected on the way out
(see ``cells``).
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import xlsxwriter

from core.base import CoreError, Sentence
from core.exchange.cells import expected_by
from core.exchange.contracts import CellKind
from core.exchange.register_contracts import contract_of
from core.exchange.samples import SAMPLES
from core.exchange.written import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from core.exchange.contracts import Contract

FileFormat = Literal["csv", "xlsx"]
SPREADSHEET_ROWS = 1_048_576
GUIDE = "Så fyller du i"
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes each time
_LIST_CHARACTERS = 255  # a spreadsheet's own limit on a list of choices
_WIDTH = 20


class TooManyRowsError(CoreError):
    """A spreadsheet cannot hold that many rows."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Ett kalkylblad rymmer högst {spreadsheet_rows} rader. Välj CSV i stället.",
                spreadsheet_rows=SPREADSHEET_ROWS,
            )
        )


def write(
    kind: str,
    rows: Iterable[Sequence[Any]],
    file_format: FileFormat,
    meta: Mapping[str, Mapping[str, Any]] | None = None,
) -> bytes:
    """Return a file of stored rows, in the order of ``contract.stored``, that imports to the same rows.

    ``meta``: the facts of each index by name, as ``Import.meta`` gives them; only for ``index``.
    """
    contract = contract_of(kind)
    return _file(contract, _texts(contract, rows, meta or {}), file_format)


def template(kind: str, file_format: FileFormat) -> bytes:
    """Return an empty file of a kind, ready to fill in."""
    return _file(contract_of(kind), (), file_format)


def sample(kind: str, file_format: FileFormat) -> bytes:
    """Return a small filled file of a kind, with invented data that passes its own import."""
    return _file(contract_of(kind), SAMPLES[kind], file_format)


def _texts(
    contract: Contract, rows: Iterable[Sequence[Any]], meta: Mapping[str, Mapping[str, Any]]
) -> Iterator[list[str]]:
    """Yield the cells of each row, in the contract's order."""
    for row in rows:
        stored = dict(zip(contract.stored, row, strict=True))
        facts = meta.get(stored.get("index_name", ""), {})
        cells = []
        for column in contract.columns:
            if column.per_index:
                value = facts[column.field]
            elif column.cell is CellKind.RATIO:
                value = Fraction(*(stored[field] for field in column.stored))
            else:
                value = stored[column.field]
            cells.append(written(column.cell, value))
        yield cells


def _file(contract: Contract, rows: Iterable[Sequence[str]], file_format: FileFormat) -> bytes:
    return _csv(contract, rows) if file_format == "csv" else _xlsx(contract, rows)


def _csv(contract: Contract, rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.header for column in contract.columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(contract: Contract, rows: Iterable[Sequence[str]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": contract.title, "created": _MADE})
        as_text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        sheet = book.add_worksheet(contract.title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(contract.columns) - 1, _WIDTH, as_text)
        _head(sheet, contract, bold)
        for number, cells in enumerate(rows, 1):
            if number >= SPREADSHEET_ROWS:
                raise TooManyRowsError
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, place, cell, as_text)
        _guide(book.add_worksheet(GUIDE), contract, bold)
    return target.getvalue()


def _head(sheet: Worksheet, contract: Contract, bold: Format) -> None:
    """Write the header with a comment on each column, and lists to choose from where there are codes."""
    for place, column in enumerate(contract.columns):
        sheet.write_string(0, place, column.header, bold)
        needed = "Måste fyllas i." if column.required else "Får vara tom."
        sheet.write_comment(0, place, f"{column.help} {needed} Exempel: {column.example}", {"x_scale": 2})
        choices = ["ja", "nej"] if column.cell is CellKind.YES_NO else list(column.codes)
        if column.cell in {CellKind.CHOICE, CellKind.YES_NO} and len(",".join(choices)) <= _LIST_CHARACTERS:
            sheet.data_validation(1, place, SPREADSHEET_ROWS - 1, place, {"validate": "list", "source": choices})


def _guide(sheet: Worksheet, contract: Contract, bold: Format) -> None:
    """Write the sheet that explains each column."""
    sheet.set_column(0, 1, _WIDTH)
    sheet.set_column(2, 4, 4 * _WIDTH)
    for place, title in enumerate(("Kolumn", "Måste fyllas i", "Betydelse", "Skrivs som", "Exempel")):
        sheet.write_string(0, place, title, bold)
    for number, column in enumerate(contract.columns, 1):
        cells = (column.header, "ja" if column.required else "nej", column.help, expected_by(column), column.example)
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell)
