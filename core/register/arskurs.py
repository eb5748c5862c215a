"""Årskurs as a dated concept: on which days one exists.

From 1 July 2028 (lagen (2025:729)) there is no förskoleklass, and grundskola has ten årskurser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from core.parameters.arskurser import ArskursTable


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
