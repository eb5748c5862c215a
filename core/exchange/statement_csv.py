"""A statement as CSV for a Swedish spreadsheet: BOM, semicolon, decimal comma, no cell a formula."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base.exact import round_fraction
from core.exchange.cells import decimal_text, shielded
from core.exchange.statement_rows import SHOWN_PLACES, count_and_price, node_rows, source_parts
from core.publication import HOW_IT_WAS_COMPUTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.publication import Statement

HEADER = (
    "avsnitt",
    "nummer",
    "niva",
    "post",
    "raknesatt",
    "varde",
    "enhet",
    "exakt",
    "kalla",
    "detalj",
    "adress",
    "nyckel",
)
KRONOR = "kr"


def statement_csv(statement: Statement) -> bytes:
    """Return the facts, the rows and the whole derivation as one rectangular table."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for section, *cells in _rows(statement):
        writer.writerow([shielded(cell) for cell in (section, *cells)])
    return file.getvalue().encode("utf-8-sig")


def _rows(statement: Statement) -> Iterator[list[str]]:
    yield _said("Om redovisningen", "title", "Rubrik", statement.title)
    yield _said("Om redovisningen", "status", "Läge", statement.status)
    for fact in statement.facts:
        yield _said("Om redovisningen", fact.key, fact.label, fact.text)
    for sentence in statement.sentences:
        yield _said("Om redovisningen", "sentence", "Sammanfattning", sentence)
    for part in statement.parts:
        amount = "" if part.amount_ore is None else _number(Fraction(part.amount_ore, 100))
        how = count_and_price(part) or part.sealed or part.expectation or ""
        cited = source_parts(part.source)
        yield [
            "Delar",
            "",
            str(part.level),
            part.label,
            how,
            amount,
            KRONOR,
            "",
            *cited,
            part.key,
        ]
    for row in node_rows(statement.derivation):
        node = row.node
        shown = _number(round_fraction(node.value, Fraction(1, 10**SHOWN_PLACES)))
        cited = source_parts(node.source)
        start = [HOW_IT_WAS_COMPUTED, row.number, str(row.depth), node.label, row.how, shown]
        yield [*start, node.unit, row.exact, *cited, node.key]
    for line in statement.verification:
        yield _said("Kontroll", "verification", "Kontroll", line)


def _said(section: str, key: str, label: str, text: str) -> list[str]:
    return [section, "", "", label, text, "", "", "", "", "", "", key]


def _number(value: Fraction) -> str:
    return decimal_text(value).replace(".", ",")
