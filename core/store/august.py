"""The rule of July and August on scanned rows: who starts in August is counted from 1 July.

Stated exactly in ``core.register.counting``. Only rows that start in August, or end between 1 July
and then, come here; they are paired by elev and verksamhet, and their places moved. Nearly every
starter has at most one such earlier row, so those are moved as columns and the rest one by one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

Key = TypeVar("Key")
JULY, AUGUST, LAST = 7, 8, 31
OPEN = "9999-12-31"
FROM, TO, WHO = slice(0, 10), slice(10, 20), slice(20, None)
"""Where first day, day after and elev stand in the text that the scan gives for a row that may move."""


class AugustRule:
    """The rule for one calendar year and its counting days."""

    def __init__(self, year: int, days: Sequence[date]) -> None:
        """``days``: the counting days in order."""
        self.july = date(year, JULY, 1)
        self.august = date(year, AUGUST, 1)
        self.last_of_august = date(year, AUGUST, LAST)
        self._days = np.array([day.toordinal() for day in days], np.int64)
        self._july_place = int(np.searchsorted(self._days, self.july.toordinal()))

    def move(self, spells: Spells, enhet: Ints, start: Ints, stop: Ints) -> None:
        """Move the places ``start`` and ``stop`` of the rows concerned; all columns by row of the scan."""
        place, who, first, after = spells.columns()
        starts = self._first_starts(who, first)
        ends = np.flatnonzero(after <= self.last_of_august.toordinal())
        ends = ends[np.argsort(who[ends], kind="stable")]
        low, high = (np.searchsorted(who[ends], who[starts], side) for side in ("left", "right"))
        several = high - low > 1
        for starter, begin, end in zip(starts[several], low[several], high[several], strict=True):
            earlier = ends[begin:end]
            self._move_one(starter, earlier[after[earlier] <= first[starter]], (place, after), (enhet, start, stop))
        starts, low, has_one = starts[~several], low[~several], (high - low == 1)[~several]
        earlier = np.append(ends, 0)[low]  # a starter without an earlier row gets any row, which is not looked at
        has_one &= after[earlier] <= first[starts]
        stays = has_one & (enhet[place[earlier]] == enhet[place[starts]])
        elsewhere = has_one & ~stays
        self._to_july(start, place[starts[~has_one | elsewhere]])
        self._to_july(stop, place[earlier[elsewhere]])
        start[place[starts[stays]]] = np.searchsorted(self._days, after[earlier[stays]])

    def _first_starts(self, who: Ints, first: Ints) -> Ints:
        """Return each elev's first start in August, the only one that moves; of two on a day, the lower row's."""
        starts = np.flatnonzero(first >= self.august.toordinal())
        starts = starts[np.lexsort((starts, first[starts], who[starts]))]
        return starts[np.flatnonzero(np.diff(who[starts], prepend=-1))]

    def _to_july(self, places: Ints, rows: Ints) -> None:
        places[rows] = np.minimum(places[rows], self._july_place)

    def _move_one(
        self, starter: np.int64, before: Ints, spells: tuple[Ints, Ints], scan: tuple[Ints, Ints, Ints]
    ) -> None:
        """Move one starter by all its earlier rows ``before``."""
        (place, after), (enhet, start, stop) = spells, scan
        if (enhet[place[before]] == enhet[place[starter]]).any():
            start[place[starter]] = np.searchsorted(self._days, after[before].max())
            return
        self._to_july(start, place[starter])
        self._to_july(stop, place[before])


class Numbers(dict[Key, int]):
    """Keys numbered as they come; asked of a whole column by ``map``, which is quicker than a loop."""

    def __missing__(self, key: Key) -> int:
        number = self[key] = len(self)
        return number


class _Ordinals(dict[str, int]):
    """Days as ordinals."""

    def __missing__(self, day: str) -> int:
        number = self[day] = date.fromisoformat(day).toordinal()
        return number


class Spells:
    """The rows that may move, as columns: place in the scan, elev with verksamhet, first day, day after."""

    def __init__(self) -> None:
        self._who = Numbers[str]()
        self._ordinals = _Ordinals()
        self._columns: tuple[list[int], ...] = ([], [], [], [])

    def take(self, texts: Sequence[str | None], verksamheter: Sequence[str], at: int) -> None:
        """Take in a chunk of the scan whose first row has place ``at``; no text, no move."""
        rows = zip(range(at, at + len(texts)), texts, verksamheter, strict=True)
        found = [(place, text, verksamhet) for place, text, verksamhet in rows if text is not None]
        places, who, first, after = self._columns
        places += [place for place, _, _ in found]
        who += map(self._who.__getitem__, [text[WHO] + verksamhet for _, text, verksamhet in found])
        first += map(self._ordinals.__getitem__, [text[FROM] for _, text, _ in found])
        after += map(self._ordinals.__getitem__, [text[TO] for _, text, _ in found])

    def columns(self) -> tuple[Ints, ...]:
        """Return the columns as whole numbers; days as ordinals."""
        return tuple(np.array(column, np.int64) for column in self._columns)
