"""A statement as a spreadsheet: the sum and its rows, the whole derivation, and what the file is.

Numbers are numbers with a format that Excel shows with Swedish marks; text is always written as
text, so nothing in it can become a formula. Values are those of the frozen run, not formulas: a
sum that could be changed in the sheet would no longer be what was decided.
"""

from __future__ import annotations

import io
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import xlsxwriter

from core.base import round_fraction
from core.exchange.statement_rows import SHOWN_PLACES, count_and_price, node_rows, price_in_kronor, source_parts
from core.publication import HOW_IT_WAS_COMPUTED

if TYPE_CHECKING:
    from core.publication import Statement

SUMMARY, DERIVATION, ABOUT = "Summa och delar", HOW_IT_WAS_COMPUTED, "Om redovisningen"
_LEVELS = 7  # a spreadsheet folds at most seven levels
_PART_HEADER = (
    ("Del", 46), ("Antal", 12), ("Enhet", 14), ("Pris, kr", 16), ("Kronor", 18), ("Kronor per elev", 16),
    ("Så räknat", 34), ("Källa", 40), ("Detalj", 24), ("Förklaring", 50),
)  # fmt: skip
_NODE_HEADER = (
    ("Nummer", 14), ("Nivå", 6), ("Post", 60), ("Värde", 18), ("Enhet", 12), ("Räknesätt", 24), ("Exakt värde", 24),
    ("Källa", 40), ("Detalj", 24), ("Adress", 30), ("Nyckel", 40),
)  # fmt: skip
_ON_VALUES = (
    "Värdena är frysta i körningen och är därför tal, inte formler. Fyra decimaler visas; där de inte räcker står det "
    "exakta bråket i kolumnen Exakt värde."
)


class _Sheet:
    """A worksheet with the formats of the book; every text goes through ``text``."""

    def __init__(self, book: Any, name: str) -> None:  # noqa: ANN401  # xlsxwriter has no types
        self.sheet = book.add_worksheet(name)
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.kronor = book.add_format({"num_format": "#,##0.00"})
        self.number = book.add_format({"num_format": "#,##0.####"})
        self.indents = [book.add_format({"indent": level}) for level in range(16)]

    def header(self, row: int, columns: tuple[tuple[str, int], ...]) -> None:
        """Write the column headings and widths, and keep them in sight."""
        for column, (title, width) in enumerate(columns):
            self.sheet.write_string(row, column, title, self.head)
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(row + 1, 1)

    def text(self, row: int, column: int, text: str, level: int = 0) -> None:
        """Write text as text, whatever it begins with."""
        if text:
            self.sheet.write_string(row, column, text, self.indents[min(level, 15)])

    def figure(self, row: int, column: int, value: Fraction | None, *, as_kronor: bool = False) -> None:
        """Write a number rounded half up to what is shown: two decimals for kronor, else four."""
        if value is not None:
            places = 2 if as_kronor else SHOWN_PLACES
            rounded = round_fraction(value, Fraction(1, 10**places))
            # the only float: a spreadsheet knows no other number; it holds every öre below 2^53
            self.sheet.write_number(row, column, float(rounded), self.kronor if as_kronor else self.number)


def statement_xlsx(statement: Statement) -> bytes:
    """Return the workbook; the same statement gives the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime.combine(statement.made_on, datetime.min.time())
        book.set_properties({"title": statement.title, "subject": statement.status, "created": made})
        _summary(_Sheet(book, SUMMARY), statement)
        _derivation(_Sheet(book, DERIVATION), statement)
        _about(_Sheet(book, ABOUT), statement)
    return file.getvalue()


def _summary(out: _Sheet, statement: Statement) -> None:
    out.header(0, _PART_HEADER)
    for row, part in enumerate(statement.parts, start=1):
        title, detail, _ = source_parts(part.source)
        out.text(row, 0, part.label, part.level)
        out.figure(row, 1, part.quantity if part.cases is None else Fraction(part.cases))
        out.text(row, 2, (part.quantity_unit if part.cases is None else part.case_unit) or "")
        out.figure(row, 3, price_in_kronor(part))
        out.figure(row, 4, _kronor(part.amount_ore), as_kronor=True)
        out.figure(row, 5, _kronor(part.per_elev_ore), as_kronor=True)
        out.text(row, 6, count_and_price(part))
        out.text(row, 7, title)
        out.text(row, 8, detail)
        out.text(row, 9, part.sealed or part.expectation or "")
    out.sheet.autofilter(0, 0, len(statement.parts), len(_PART_HEADER) - 1)


def _derivation(out: _Sheet, statement: Statement) -> None:
    out.header(0, _NODE_HEADER)
    last = 0
    for last, row in enumerate(node_rows(statement.derivation), start=1):
        node = row.node
        out.text(last, 0, row.number)
        out.figure(last, 1, Fraction(row.depth))
        out.text(last, 2, node.label, row.depth)
        in_ore = node.unit == "kr" and (node.value * 100).denominator == 1
        out.figure(last, 3, node.value, as_kronor=in_ore)
        for column, text in enumerate((node.unit, row.how, row.exact, *source_parts(node.source), node.key), start=4):
            out.text(last, column, text)
        out.sheet.set_row(last, None, None, {"level": min(row.depth, _LEVELS)})
    out.sheet.autofilter(0, 0, last, len(_NODE_HEADER) - 1)


def _about(out: _Sheet, statement: Statement) -> None:
    out.sheet.set_column(0, 0, 22)
    out.sheet.set_column(1, 1, 110)
    rows = [
        ("Rubrik", statement.title),
        ("Läge", statement.status),
        *((fact.label, fact.text) for fact in statement.facts),
        *(("Sammanfattning", sentence) for sentence in statement.sentences),
        *(("Kontroll", line) for line in statement.verification),
        *(("Källa", ", ".join(text for text in source_parts(source) if text)) for source in statement.sources),
        ("Värden", _ON_VALUES),
    ]  # fmt: skip
    for row, (label, text) in enumerate(rows):
        out.sheet.write_string(row, 0, label, out.bold)
        out.text(row, 1, text)


def _kronor(ore: int | None) -> Fraction | None:
    return None if ore is None else Fraction(ore, 100)
