"""A statement as an accessible PDF: PDF/UA-1 and PDF/A-2a, in Swedish, with headings, table heads and bookmarks.

Typst refuses to write PDF/UA-1 when a title, an alternative text or a heading level is missing.
The layout is ``statement.typ`` beside this file; text goes in as data and is never read as
markup. Only the fonts inside the typst package are used: no font of the machine, no network.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from core.base import format_kr, half_up
from core.exchange.pdf_text import compiled
from core.exchange.statement_rows import count_and_price, node_rows, source_parts
from core.publication import HOW_IT_WAS_COMPUTED
from core.publication.texts import SOURCE_KINDS, day_text, source_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.base import Source
    from core.exchange.statement_rows import NodeRow
    from core.publication import Part, Statement

LAYOUT = Path(__file__).with_name("statement.typ")
MISSING = "uppgift saknas"
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_STEP_DEPTH = 2
_LEAD = (
    "Varje post är numrerad efter sin plats: post 1.2 består av 1.2.1, 1.2.2 och så vidare. Leden räknas om var för "
    "sig och ger tillsammans exakt det belopp som är beslutat, öret inräknat."
)


def statement_pdf(statement: Statement) -> bytes:
    """Return the PDF; the same statement gives the same bytes."""
    return compiled(LAYOUT, "statement", _content(statement), statement.made_on)


def _content(statement: Statement) -> dict[str, object]:
    made = statement.made_on
    cited = {part.key: part.source for part in statement.parts}
    return {
        "title": statement.title,
        "author": statement.unit.kommun,
        "made_on": {"year": made.year, "month": made.month, "day": made.day},
        "made_text": f"Utskriven {day_text(made)}",
        "unit_name": statement.unit.name,
        "run_name": f"{statement.run.kind_label} {statement.run.year}, körning {statement.run.number}",
        "status": statement.status,
        "sentences": statement.sentences,
        "facts": [{"label": fact.label, "text": fact.text} for fact in statement.facts],
        "bar": _bar(statement),
        "parts": [_part(part, cited.get(part.parent or "")) for part in statement.parts],
        "how_heading": HOW_IT_WAS_COMPUTED,
        "how_lead": f"Summan är {format_kr(statement.total_ore)}. {_LEAD}",
        "sections": list(_sections(statement)),
        "sources": _sources(statement),
        "verification": [_line(line) for line in statement.verification],
    }


def _bar(statement: Statement) -> dict[str, object]:
    """Return the shares of the outermost parts, or none when one is negative or missing."""
    outer = [part for part in statement.parts if part.rank in {"dim", "merged"}]
    amounts = [part.amount_ore for part in outer]
    if statement.total_ore <= 0 or any(amount is None or amount < 0 for amount in amounts):
        return {"alt": "", "caption": "", "segments": []}
    shares = [Fraction(amount or 0, statement.total_ore) for amount in amounts]
    said = ", ".join(f"{part.label} {_percent(share)}" for part, share in zip(outer, shares, strict=True))
    segments = [
        {"share": max(half_up((share * 1000).numerator, (share * 1000).denominator), 1)} for share in shares if share
    ]
    return {
        "alt": f"Stapel som visar delarnas andel av summan: {said}. Beloppen står i tabellen.",
        "caption": f"Andel av summan, från vänster: {said}.",
        "segments": segments,
    }


def _percent(share: Fraction) -> str:
    whole = share * 100
    return f"{half_up(whole.numerator, whole.denominator)} procent"


def _part(part: Part, source_above: Source | None) -> dict[str, object]:
    """Return a row of the table; a source that already stands on the row above it is not said again."""
    source = "" if part.source == source_above else source_text(part.source)
    said = (count_and_price(part), part.sealed or part.expectation or "", source)
    return {
        "level": part.level,
        "label": part.label,
        "detail": ". ".join(text.rstrip(".") for text in said if text),
        "amount": MISSING if part.amount_ore is None else format_kr(part.amount_ore),
        "per_elev": "" if part.per_elev_ore is None else format_kr(part.per_elev_ore, decimals=False),
    }


def _sections(statement: Statement) -> Iterator[dict[str, object]]:
    """Yield a heading for each dimension and step, with the nodes below a step as its table."""
    names = {part.key: part.label for part in statement.parts}  # these say which verksamhet a step is of
    section: dict[str, object] | None = None
    rows: list[dict[str, object]] = []
    for row in node_rows(statement.derivation):
        if row.depth == 0:
            continue
        if row.depth <= _STEP_DEPTH:
            if section is not None:
                yield {**section, "rows": rows}
            section, rows = _section(row, names.get(row.node.key, row.node.label)), []
        else:
            rows.append(_row(row))
    if section is not None:
        yield {**section, "rows": rows}


def _section(row: NodeRow, name: str) -> dict[str, object]:
    said = (row.how, source_text(row.node.source))
    return {
        "level": row.depth + 1,
        "heading": f"{row.number} {name}: {row.text}",
        "lead": "" if row.node.children else ". ".join(text for text in said if text),
    }


def _row(row: NodeRow) -> dict[str, object]:
    return {
        "number": row.number,
        "depth": row.depth - _STEP_DEPTH - 1,
        "label": row.node.label,
        "value": row.text,
        "how": row.how + (f"; exakt {row.exact}" if row.exact else ""),
        "source": _cited(row.node.source),
    }


def _sources(statement: Statement) -> list[dict[str, object]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for source in statement.sources:
        groups.setdefault(SOURCE_KINDS[source.kind], []).append(_cited(source))
    return [{"label": label, "rows": rows} for label, rows in groups.items()]


def _cited(source: Source | None) -> dict[str, str]:
    """Return text and address; only web addresses become links."""
    url = source_parts(source)[2]
    return {"text": source_text(source), "url": url if url.startswith(("https://", "http://")) else ""}


def _line(text: str) -> dict[str, str]:
    """Part a long hash from its sentence, so that it can stand on a line of its own."""
    found = _HASH.search(text)
    return {"text": _HASH.sub("", text).rstrip(), "hash": found[0] if found else ""}
