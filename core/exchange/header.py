"""The header row against the contract: which column is where, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.exchange.faults import ColumnMissing, ColumnsTooMany, ColumnTwice, ColumnUnknown, shown, shown_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.exchange.contracts import Column, Contract
    from core.exchange.faults import FaultLog

HEADER_ROW = 1
MOST_COLUMNS = 500  # more is no table of ours; each unknown one costs a search for what was meant
_GAPS = re.compile(r"[\s\-]+")


def folded(header: str) -> str:
    """Return a header as contracts write it: ``Från och med`` is ``fran_och_med``."""
    letters = unicodedata.normalize("NFD", header.strip().lower())
    return _GAPS.sub("_", "".join(sign for sign in letters if not unicodedata.combining(sign)))


def columns_of(contract: Contract, header: Sequence[str], log: FaultLog) -> list[Column | None]:
    """Return the column each header stands for (``None``: no column of ours), and log what is wrong."""
    if not header:
        return []  # an empty file is told of as such
    if len(header) > MOST_COLUMNS:
        log.add(ColumnsTooMany(str(len(header)), f"högst {MOST_COLUMNS} kolumner, en för varje uppgift"), HEADER_ROW)
        return []
    names = {folded(raw) for raw in header}
    by_name = {column.header: column for column in contract.columns}
    found: list[Column | None] = []
    missing = [column for column in contract.columns if column.header not in names]
    for raw in header:
        column = by_name.get(folded(raw))
        if column is not None and column in found:
            log.add(ColumnTwice(shown(raw), "varje kolumn en gång"), HEADER_ROW, column.header)
            column = None
        elif column is None and raw.strip():
            log.add(ColumnUnknown(shown(raw), _suggestion(raw, missing, contract)), HEADER_ROW, shown_header(raw))
        found.append(column)
    for column in missing:
        if column.required:
            log.add(ColumnMissing(column.header, f"en kolumn med rubriken {column.header}"), HEADER_ROW, column.header)
    return found


def _suggestion(raw: str, missing: Sequence[Column], contract: Contract) -> str:
    near = get_close_matches(folded(raw), [column.header for column in missing], n=1)
    if near:
        return f"rubriken {near[0]} (är det den som menas?)"
    return f"någon av rubrikerna {', '.join(column.header for column in contract.columns)}"
