"""The counting rule once more, row by row in plain Python: the oracle of the SQL, and the drill-down's reader.

Slow and obvious on purpose. ``counted_days`` answers for all rows of one elev in one verksamhet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

JULY, AUGUST, SEPTEMBER = 7, 8, 9


@dataclass(frozen=True, slots=True)
class PlainSpell:
    """A row of an elev in a verksamhet: where, from which day, to (not including) which day."""

    enhet: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Say whether the row holds ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def counted_days(spells: Sequence[PlainSpell], days: Sequence[date], august_year: int | None) -> list[set[date]]:
    """Return, for each row, the days among ``days`` on which it counts."""
    counted = [{day for day in days if spell.holds(day)} for spell in spells]
    if august_year is None:
        return counted
    july, august = date(august_year, JULY, 1), date(august_year, AUGUST, 1)
    starting = [place for place, one in enumerate(spells) if august <= one.valid_from < date(august_year, SEPTEMBER, 1)]
    if not starting:
        return counted
    first = min(starting, key=lambda place: spells[place].valid_from)
    starter = spells[first]
    before = [
        place
        for place, one in enumerate(spells)
        if place != first and one.valid_to is not None and july < one.valid_to <= starter.valid_from
    ]
    stayed = any(spells[place].enhet == starter.enhet for place in before)
    counts_from = max(spells[place].valid_to or july for place in before) if stayed else july
    counted[first] |= {day for day in days if counts_from <= day < starter.valid_from}
    if not stayed:
        for place in before:
            counted[place] -= {day for day in days if july <= day}
    return counted
