"""One row of every table for a kommun, made from the tables themselves, so that no table is ever forgotten.

Every number is 1 and every text the same, so that rows refer to each other within the kommun.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, DateTime, Integer, TypeDecorator

from core.store.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
FIRST, AFTER = date(2026, 1, 1), date(2027, 1, 1)
PARTICULARS: dict[str, dict[str, Any]] = {"succession": {"enhet": "x"}, "allocation_line": {"amount_ore": 2}}
"""What checks of several columns ask for."""
LISTED = re.compile(r"^(\w+) = '([^']*)'")


def row_of(table: Table, kommun: str) -> dict[str, Any]:
    """Return a row that every constraint takes."""
    codes: dict[str, str] = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and (found := LISTED.match(str(check.sqltext))):
            codes[found[1]] = found[2]
    row: dict[str, Any] = {column.name: codes.get(column.name, _value(column, kommun)) for column in table.columns}
    return row | PARTICULARS.get(table.name, {}) | ({"kommun": kommun} if "kommun" in row else {})


def tables_of_a_kommun() -> list[Table]:
    """Return the tables with a kommun, those referred to first."""
    return [table for table in Base.metadata.sorted_tables if "kommun" in table.columns]


def _value(column: Column[Any], kommun: str) -> Any:  # noqa: ANN401 - a value of the column's type
    if column.nullable:
        return None
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, BigInteger | Integer):
        return 1
    if isinstance(kind, DateTime):
        return NOW
    if isinstance(kind, Date):
        return AFTER if column.name.endswith("_to") else FIRST
    return f"{kommun}-text"
