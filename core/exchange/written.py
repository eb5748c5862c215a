"""Stored values back to the text of a file, Swedish style: the inverse of ``cells``."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from core.exchange.cells import HUNDREDTHS, decimal_text, protected
from core.exchange.contracts import CellKind
from core.exchange.pseudonym import PSEUDONYM_MARK

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = str | int | bool | date | Fraction


def _comma(value: Fraction) -> str:
    return decimal_text(value).replace(".", ",")


def _day_before(value: Value) -> str:
    return (date.fromisoformat(str(value)) - timedelta(days=1)).isoformat()


def _month(value: Value) -> str:
    return f"{str(value)[:4]}-{str(value)[4:]}"


def _exact(value: Value) -> str:
    return _comma(value if isinstance(value, Fraction) else Fraction(str(value)))


def _hundredths(value: Value) -> str:
    return _comma(Fraction(int(str(value)), HUNDREDTHS))


_WRITERS: dict[CellKind, Callable[[Value], str]] = {
    CellKind.PERSON: lambda value: f"{PSEUDONYM_MARK}{value}",
    CellKind.YES_NO: lambda value: "ja" if value else "nej",
    CellKind.MONTH: _month,
    CellKind.LAST_DAY: _day_before,
    CellKind.HUNDREDTHS: _hundredths,
    CellKind.KRONOR: _hundredths,
    CellKind.DECIMAL: _exact,
    CellKind.RATIO: _exact,
}
_FREE = frozenset({CellKind.CODE, CellKind.UNIT, CellKind.TEXT})


def written(kind: CellKind, value: Value | None) -> str:
    """Return the text of a stored value in a file; absent is an empty cell."""
    if value is None:
        return ""
    if kind in _FREE:
        return protected(str(value))
    return _WRITERS.get(kind, str)(value)
