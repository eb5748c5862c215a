"""A statement as JSON: facts of the run, the rows, and the canonical tree (docs/redovisning_json.md)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.publication import Part, Statement

SCHEMA = "skolkronan.statement.v1"


def statement_content(statement: Statement) -> dict[str, object]:
    """Return the statement as plain data; öre are whole numbers, exact figures text, absent figures null."""
    return {
        "schema": SCHEMA,
        "title": statement.title,
        "status": statement.status,
        "made_on": statement.made_on.isoformat(),
        "unit": asdict(statement.unit),
        "run": asdict(statement.run),
        "sentences": list(statement.sentences),
        "total_ore": statement.total_ore,
        "parts": [_part(part) for part in statement.parts],
        "derivation": statement.derivation.to_json(),
        "sources": [source.to_json() for source in statement.sources],
        "verification": list(statement.verification),
        "sealed": statement.sealed,
    }


def statement_json(statement: Statement) -> bytes:
    """Return the statement as UTF-8 JSON, indented for a human eye; no number in it is a float."""
    return (json.dumps(statement_content(statement), ensure_ascii=False, indent=2) + "\n").encode()


def _part(part: Part) -> dict[str, object]:
    return {
        "key": part.key,
        "parent": part.parent,
        "label": part.label,
        "amount_ore": part.amount_ore,
        "per_elev_ore": part.per_elev_ore,
        "quantity": None if part.quantity is None else str(part.quantity),
        "quantity_unit": part.quantity_unit,
        "price_ore": None if part.price_ore is None else str(part.price_ore),
        "price_unit": part.price_unit,
        "cases": part.cases,
        "case_unit": part.case_unit,
        "source": None if part.source is None else part.source.to_json(),
        "expectation": part.expectation,
        "sealed": part.sealed,
    }
