"""Årskurs as a dated concept: which there are on a day, which one follows, on which days one exists.

From 1 July 2028 (lagen (2025:729)) there is no förskoleklass: its elever of 2027/28 start in årskurs 2, and
everybody else's number rises by one more than it would have.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.base import Verksamhet
from core.register.classify import arskurs_order

if TYPE_CHECKING:
    from core.parameters.arskurser import ArskursTable

JULY = 7
FORSKOLEKLASS = "F"


def arskurser_on(table: ArskursTable, verksamhet: str, day: date) -> tuple[str, ...] | None:
    """Return the årskurser of a verksamhet on a day, in order; ``None`` for one whose årskurser are not regulated."""
    return table.on(day).of(verksamhet)


def arskurs_next(table: ArskursTable, verksamhet: str, arskurs: str, day: date) -> tuple[str, str] | None:
    """Return (verksamhet, årskurs) of the school year after the one that holds ``day``.

    ``None`` when the elev has gone through the last one, or the årskurs is none that is known.
    """
    begins = date(day.year + (day.month >= JULY), JULY, 1)
    period, place = table.on(begins), arskurs_order(arskurs)
    if place is None or arskurs not in (table.on(day).of(verksamhet) or ()):
        return None
    raised = period.raised_by if period.valid_from == begins else 0
    following = Verksamhet.GRUNDSKOLA.value if verksamhet == Verksamhet.FORSKOLEKLASS else verksamhet
    named = str(place + 1 + raised)
    return (following, named) if named in (period.of(following) or ()) else None


def exists_on(table: ArskursTable, verksamhet: str, arskurs: str) -> tuple[tuple[date | None, date | None], ...] | None:
    """Return the spans [from, to) of days on which a verksamhet has an årskurs; ``None`` is an open end.

    ``None`` for a verksamhet whose årskurser are not regulated; empty where the årskurs never exists.
    """
    spans: list[tuple[date | None, date | None]] = []
    if table.periods[0].of(verksamhet) is None:
        return None
    for place, period in enumerate(table.periods):
        first = period.valid_from if place else None
        after = table.periods[place + 1].valid_from if place + 1 < len(table.periods) else None
        if arskurs in (period.of(verksamhet) or ()):
            if spans and spans[-1][1] == first:
                first = spans.pop()[0]
            spans.append((first, after))
    return tuple(spans)


def arskurs_label(arskurs: str) -> str:
    """Return an årskurs as a reader meets it."""
    return "Förskoleklass" if arskurs == FORSKOLEKLASS else f"Årskurs {arskurs}"
