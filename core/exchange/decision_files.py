"""A decision as an accessible PDF (PDF/UA-1 and PDF/A-2a), as JSON and as a spreadsheet: the same rows in each."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from core.base import format_kr, format_number, round_fraction
from core.exchange.pdf_text import compiled
from core.exchange.statement_rows import source_parts
from core.publication.decision_document import OTHERS, basis_content
from core.publication.texts import SOURCE_KINDS, day_text, source_text, value_text

if TYPE_CHECKING:
    from core.base import Source
    from core.publication.decision_document import AnnexGroup, AnnexRow, DecisionDocument

LAYOUT = Path(__file__).with_name("decision.typ")
ORE_PER_KRONA = 100
SCHEMA = "skolkronan.decision.v1"
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_ANNEX_LEAD = (
    "Varje rad är pris gånger antal. Priset är per helt år och antalet är räknat som hela år. Lokalkostnader, "
    "administration och mervärdesskatt står alltid för sig."
)
_WIDTHS = ((("Kostnadsslag", 30), ("Vad", 34), ("För vilka", 36), ("Så räknas antalet", 40), ("Antal", 12),
            ("Pris, kr", 14), ("Enhet", 10), ("Kronor", 16)))  # fmt: skip


def decision_pdf(document: DecisionDocument) -> bytes:
    """Return the PDF; the same document gives the same bytes."""
    return compiled(LAYOUT, "decision", _content(document), document.made_on)


def decision_json(document: DecisionDocument) -> bytes:
    """Return the decision as data: öre as whole numbers, exact figures as ``numerator/denominator``."""
    registered = document.registered
    content = {
        "schema": SCHEMA,
        "number": registered.number,
        "title": document.title,
        "status": document.status,
        "body": registered.body,
        "decided_on": _iso(registered.decided_on),
        "paragraph": registered.paragraph,
        "delegation": registered.delegation,
        "delivered_on": _iso(registered.delivered_on),
        "appeal_until": _iso(document.appeal_terms.last_day),
        "appeal": list(document.appeal),
        "changes": [
            {"enhet": enhet, "old_ore": old, "new_ore": new, "reason": reason}
            for enhet, old, new, reason in registered.changes
        ],
        "annex": [
            {"kostnadsslag": one.kostnadsslag, "label": one.label, "amount_ore": one.amount_ore}
            for one in document.annex
        ],
        **_open_content(document),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def decision_xlsx(document: DecisionDocument) -> bytes:
    """Return the workbook: the decision, its units, its annex. Every text is written as text, never as a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime.combine(document.made_on, datetime.min.time())
        book.set_properties({"title": document.title, "subject": document.status, "created": made})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "kronor": book.add_format({"num_format": "#,##0.00"}),
            "number": book.add_format({"num_format": "#,##0.####"}),
        }
        _annex_sheet(book.add_worksheet("Bilaga"), formats, document)
        _unit_sheet(book.add_worksheet("Enheter"), formats, document)
        _about_sheet(book.add_worksheet("Beslutet"), formats, document)
    return file.getvalue()


def _open_content(document: DecisionDocument) -> dict[str, object]:
    """Return the basis as data; what special reasons keep together is not opened here either."""
    content = basis_content(document.basis)
    shown = {(row.kostnadsslag) for group in document.annex for row in group.rows}
    rows = content["rows"]
    if isinstance(rows, list):
        content["rows"] = [row for row in rows if row["kostnadsslag"] in shown]
    return content


def _content(document: DecisionDocument) -> dict[str, object]:
    made, basis = document.made_on, document.basis
    names = {one.enhet: one.name for one in basis.units}
    return {
        "title": document.title,
        "author": basis.kommun,
        "status": document.status,
        "made_on": {"year": made.year, "month": made.month, "day": made.day},
        "made_text": f"Utskrivet {day_text(made)}",
        "sentences": document.sentences,
        "facts": [{"label": name, "text": said} for name, said in document.facts],
        "units": [
            {"name": f"{one.name} ({one.enhet})", "verksamheter": one.verksamheter, "amount": _kr(one.amount_ore)}
            for one in basis.units
        ],
        "total": _kr(basis.total_ore),
        "changes": [
            {"name": names.get(enhet, enhet), "old": _kr(old), "new": _kr(new), "reason": reason}
            for enhet, old, new, reason in document.registered.changes
        ],
        "sources": _sources(basis.sources),
        "appeal": document.appeal,
        "annex_lead": _ANNEX_LEAD,
        "annex": [_group(one, basis.special_reasons) for one in document.annex],
        "verification": [_line(one) for one in document.verification],
    }


def _group(group: AnnexGroup, special_reasons: str | None) -> dict[str, object]:
    if group.kostnadsslag == OTHERS:
        empty = f"Kostnadsslagen står tillsammans av särskilda skäl: {special_reasons}."
    else:
        empty = "Ingår inte i bidraget."
    return {
        "heading": f"{group.label}: {_kr(group.amount_ore)}",
        "empty": empty,
        "rows": [
            {"label": row.label, "category": row.category, "rule": row.rule, "quantity": _quantity(row),
             "price": _price(row), "amount": _kr(row.amount_ore)}
            for row in group.rows
        ],
    }  # fmt: skip


def _quantity(row: AnnexRow) -> str:
    return "" if row.quantity is None else format_number(row.quantity)


def _price(row: AnnexRow) -> str:
    return "" if row.price_ore is None else value_text(row.price_ore / ORE_PER_KRONA, "kr")


def _kr(ore: int) -> str:
    return format_kr(ore, decimals=True)


def _sources(sources: tuple[Source, ...]) -> list[dict[str, object]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for source in sources:
        url = source_parts(source)[2]
        safe = url if url.startswith(("https://", "http://")) else ""
        groups.setdefault(SOURCE_KINDS[source.kind], []).append({"text": source_text(source), "url": safe})
    return [{"label": label, "rows": rows} for label, rows in groups.items()]


def _line(text: str) -> dict[str, str]:
    """Part a long hash from its sentence, so that it can stand on a line of its own."""
    found = _HASH.search(text)
    return {"text": _HASH.sub("", text).rstrip(), "hash": found[0] if found else ""}


def _iso(day: Any) -> str | None:  # noqa: ANN401 - a day or nothing
    return None if day is None else str(day.isoformat())


def _annex_sheet(sheet: Any, formats: dict[str, Any], document: DecisionDocument) -> None:  # noqa: ANN401 - XlsxWriter has no types
    for column, (title, width) in enumerate(_WIDTHS):
        sheet.write_string(0, column, title, formats["head"])
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    line = 0
    for group in document.annex:
        for row in group.rows:
            line += 1
            for column, text in enumerate((group.label, row.label, row.category, row.rule)):
                sheet.write_string(line, column, text)
            _write(sheet, line, 4, row.quantity, formats["number"])
            _write(sheet, line, 5, None if row.price_ore is None else row.price_ore / ORE_PER_KRONA, formats["kronor"])
            sheet.write_string(line, 6, row.unit)
            _write(sheet, line, 7, Fraction(row.amount_ore, ORE_PER_KRONA), formats["kronor"])
        if not group.rows:
            line += 1
            sheet.write_string(line, 0, group.label)
            _write(sheet, line, 7, Fraction(group.amount_ore, ORE_PER_KRONA), formats["kronor"])
    sheet.autofilter(0, 0, max(line, 1), len(_WIDTHS) - 1)


def _unit_sheet(sheet: Any, formats: dict[str, Any], document: DecisionDocument) -> None:  # noqa: ANN401 - XlsxWriter has no types
    for column, (title, width) in enumerate((("Enhet", 12), ("Namn", 36), ("Verksamheter", 40), ("Kronor", 18))):
        sheet.write_string(0, column, title, formats["head"])
        sheet.set_column(column, column, width)
    for line, one in enumerate(document.basis.units, start=1):
        for column, text in enumerate((one.enhet, one.name, one.verksamheter)):
            sheet.write_string(line, column, text)
        _write(sheet, line, 3, Fraction(one.amount_ore, ORE_PER_KRONA), formats["kronor"])


def _about_sheet(sheet: Any, formats: dict[str, Any], document: DecisionDocument) -> None:  # noqa: ANN401 - XlsxWriter has no types
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    rows = [
        ("Rubrik", document.title),
        ("Läge", document.status),
        *document.facts,
        *(("Beslut", sentence) for sentence in document.sentences),
        *(("Överklagande", sentence) for sentence in document.appeal),
        *(("Stöd", source_text(one)) for one in document.basis.sources),
        *(("Kontroll", line) for line in document.verification),
    ]
    for line, (name, said) in enumerate(rows):
        sheet.write_string(line, 0, name, formats["head"])
        sheet.write_string(line, 1, said)


def _write(sheet: Any, line: int, column: int, value: Fraction | None, look: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
    """Write a number: the only float here, which a spreadsheet knows; it holds every öre below 2^53."""
    if value is not None:
        sheet.write_number(line, column, float(round_fraction(value, Fraction(1, 10_000))), look)
