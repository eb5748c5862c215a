"""The units of Lindvik and its neighbours, read from data/demo/lindvik_enheter.csv.

Names, places and huvudmän are invented. Beside what the import contract holds, the table says
which årskurser a unit has, how large its intake is (``vikt``: a share, drifting from 2016 to
2026), where its elever go on, and its index by year.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.base import Verksamhet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LINDVIK, STRANDMARK, HOGLIDA = "9901", "9902", "9903"
TABLE = "lindvik_enheter.csv"
_FIRST, _LAST = 2016, 2026
_TENTHS = 10
MEAN_INDEX = 100


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit: ``row`` holds the delivered columns, the rest steers the demo."""

    enhet: str
    row: dict[str, str]
    verksamheter: tuple[Verksamhet, ...]
    lageskommun: str
    omrade: str
    is_kommunal: bool
    is_landsbygd: bool
    arskurser: tuple[int, ...]
    weights: tuple[int, int]
    goes_on: str
    index: dict[int, int]
    opens: date
    closes: date | None

    @property
    def is_in_lindvik(self) -> bool:
        """Say whether the unit lies in the municipality."""
        return self.lageskommun == LINDVIK

    def weight(self, year: int) -> int:
        """Return the unit's share of those who start in ``year``, in tenths; 0 while it is not there."""
        if self.opens > date(year, 8, 31) or (self.closes and self.closes < date(year, 8, 1)):
            return 0
        low, high = self.weights
        passed = min(max(year, _FIRST), _LAST) - _FIRST
        return low + (high - low) * passed // (_LAST - _FIRST)

    def index_in(self, year: int) -> int:
        """Return the index a draw leans on; a unit without value is an average one."""
        return self.index.get(year, MEAN_INDEX)


class DemoUnits(tuple[DemoUnit, ...]):
    """All units, in the order of the table."""

    __slots__ = ()

    def of(self, verksamhet: Verksamhet) -> tuple[DemoUnit, ...]:
        """Return the units that have a verksamhet."""
        return tuple(one for one in self if verksamhet in one.verksamheter)

    def get(self, enhet: str) -> DemoUnit:
        """Return the unit with an id."""
        return next(one for one in self if one.enhet == enhet)

    def weights(self, candidates: Iterable[DemoUnit], year: int) -> dict[str, int]:
        """Return the intake weights of the units open in August of ``year``."""
        found = {one.enhet: one.weight(year) for one in candidates}
        return {enhet: weight for enhet, weight in found.items() if weight}


def read_units(folder: Path) -> DemoUnits:
    """Return the units of the table in ``folder`` (data/demo)."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        return DemoUnits(_unit(row) for row in csv.DictReader(file, delimiter=";"))


def _unit(row: dict[str, str]) -> DemoUnit:
    first, last = row["arskurser"].replace("F", "0").split("-")
    weights = tuple(round(float(row[name] or "0") * _TENTHS) for name in ("vikt_2016", "vikt_2026"))
    return DemoUnit(
        enhet=row["enhet"],
        row=row,
        verksamheter=tuple(Verksamhet(code) for code in row["verksamheter"].split(",")),
        lageskommun=row["lageskommun"],
        omrade=row["omrade"],
        is_kommunal=row["huvudmannatyp"] == "kommunal",
        is_landsbygd=row["landsbygd"] == "ja",
        arskurser=tuple(range(int(first), int(last) + 1)),
        weights=(weights[0], weights[1]),
        goes_on=row["vidare_till"],
        index={year: int(row[f"index_{year}"]) for year in (2024, 2025, 2026) if row[f"index_{year}"]},
        opens=date.fromisoformat(row["fran_och_med"]),
        closes=date.fromisoformat(row["till_och_med"]) if row["till_och_med"] else None,
    )
