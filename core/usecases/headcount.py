"""How many elever a unit has, counted once each: the number that kronor per elev are computed by.

An elev may be in grundskola and fritidshem at once. A unit's elever are those of its verksamheter
other than fritidshem, or of fritidshem where it has nothing else; supplements (overlapping
categories) never count.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Verksamhet, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.parameters import FundingModel
    from core.store import RunRecord, UnitOfWork

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Headcount:
    """Elever of the units of a run. ``yearly``: elever-years by enhet; ``through_month``: counted months."""

    yearly: Mapping[str, Fraction]
    by_verksamhet: Mapping[str, Mapping[str, Fraction]]
    through_month: int

    def mean(self, enhet: str) -> Fraction | None:
        """Return the mean number of elever over the counted months; ``None`` when none are counted."""
        years = self.yearly.get(enhet)
        return None if years is None else years * MONTHS / self.through_month

    def total(self, enhet_ids: list[str] | None = None) -> Fraction | None:
        """Return the mean number of elever of some units together."""
        chosen = [years for enhet, years in self.yearly.items() if enhet_ids is None or enhet in enhet_ids]
        return sum(chosen, Fraction(0)) * MONTHS / self.through_month if chosen else None

    def per_elev(self, enhet: str, ore: int) -> int | None:
        """Return öre per elev and year."""
        years = self.yearly.get(enhet)
        return per(ore, years)


def per(ore: int, years: Fraction | None) -> int | None:
    """Return ``ore ÷ years`` in whole öre; ``None`` when there is nobody to divide by."""
    if not years:
        return None
    exact = Fraction(ore) / years
    return half_up(exact.numerator, exact.denominator)


def headcount_of(work: UnitOfWork, run: RunRecord, model: FundingModel) -> Headcount:
    """Return the headcount of every unit of a run, from its stored counts."""
    verksamhet_of = {one.category: one.verksamhet.value for one in model.categories if not one.overlapping}
    sums = work.sums.elever(run.kommun, run.number, list(verksamhet_of))
    by_verksamhet: dict[str, dict[str, Fraction]] = {}
    for enhet, categories in sums.items():
        mine = by_verksamhet.setdefault(enhet, {})
        for category, years in categories.items():
            name = verksamhet_of[category]
            mine[name] = mine.get(name, Fraction(0)) + years
    return Headcount({enhet: _once(mine) for enhet, mine in by_verksamhet.items()}, by_verksamhet, run.through_month)


def _once(by_verksamhet: Mapping[str, Fraction]) -> Fraction:
    others = {name: years for name, years in by_verksamhet.items() if name != Verksamhet.FRITIDSHEM.value}
    return sum((others or by_verksamhet).values(), Fraction(0))


def elever_by_month(work: UnitOfWork, run: RunRecord, model: FundingModel, enhet: str) -> dict[int, Fraction]:
    """Return a unit's counted elever by month (1–12), each elev once."""
    categories = {one.category: one for one in model.categories if not one.overlapping}
    by_month: dict[int, dict[str, Fraction]] = {}
    for row in work.runs.counts(run.kommun, run.number, enhet):
        category = categories.get(row.category)
        if category is not None:
            mine = by_month.setdefault(row.month, {})
            elever = Fraction(row.n * MONTHS, row.den)
            mine[category.verksamhet.value] = mine.get(category.verksamhet.value, Fraction(0)) + elever
    return {
        month: sum((n for name, n in mine.items() if name != "fritidshem"), Fraction(0))
        or mine.get("fritidshem", Fraction(0))
        for month, mine in by_month.items()
    }
