"""What a term stands for, for one unit and price period: elever, a figure, an earlier step, a price."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from core.allocation.kinds.conditions import VariableMissingError, every_elev_once, mean_elever, meets
from core.base import CoreError, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.allocation.inputs import OverUnits
    from core.allocation.kinds.base import SoFar
    from core.parameters import Guarantee, Measure, Predicate, Premises, Term

ORE = 100
figure = lru_cache(maxsize=4096)(read_number)
"""A figure of the model; the same few are read for every unit."""


class NotOverUnitsError(CoreError):
    """A huvudman recomputes its own amounts, and the run's figures lack one that is taken over all units."""

    def __init__(self, step: str, period: str) -> None:
        self.step, self.period = step, period
        super().__init__(
            f"Uppgifterna från körningen saknar värdet av {step} över alla enheter för {period}. Hämta dem ur "
            "körningen igen."
        )


@dataclass(slots=True)
class TermReader:
    """Reads the terms of one step; what is the same for many units is worked out once."""

    step: Measure | Guarantee | Premises
    so_far: SoFar
    size: list[int] = field(default_factory=list)
    over: dict[OverUnits, Fraction | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the categories whose elever are the unit's size."""
        data = self.so_far.data
        ids = data.category_ids
        self.size = [ids.index(name) for name in self.step.categories or ()] or every_elev_once(data)

    def meets(self, where: Sequence[Predicate], enhet: int, period: str) -> bool:
        """Say whether the unit meets the conditions of the step or of a part of it."""
        return meets(where, enhet, period, self.so_far, categories=self.size, step=self.step.step)

    def values(self, terms: Iterable[Term], enhet: int, period: str) -> list[Fraction | None]:
        """Return every term's value times its weight; None for one that does not count for the unit."""
        return [self.value(term, enhet, period) for term in terms]

    def value(self, term: Term, enhet: int, period: str) -> Fraction | None:
        """Return a term's value times its weight; raises ``VariableMissingError``."""
        if term.where and not self.meets(term.where, enhet, period):
            return None
        found = self.read(term, enhet, period)
        return None if found is None else found if term.weight == "1" else found * figure(term.weight)

    def read(self, term: Term, enhet: int, period: str) -> Fraction | None:
        """Return what a term names, without its weight."""
        data = self.so_far.data
        if term.value is not None:
            return figure(term.value)
        if term.variable is not None:
            return self._variable(term.variable, term.default, data.units[enhet].enhet)
        if term.step is not None and term.over_units is not None:
            return self._over_units((term.step, term.over_units, term.on, period))
        if term.step is not None:
            found = self.so_far.value_of(term.step, enhet, period)
            return None if found is None else found[term.on == "shown"]
        if term.price is not None:
            price = data.prices.get(term.price, term.category or "", data.units[enhet].recipient, period)
            return None if price is None else (Fraction(price.shown_ore) if term.on == "shown" else price.exact) / ORE
        return mean_elever(
            data, enhet, data.quantities.periods.index(period), [data.category_ids.index(term.category or "")]
        )

    def _variable(self, name: str, default: str | None, enhet: str) -> Fraction:
        value = self.so_far.data.index.get(name, {}).get(enhet)
        if value is not None:
            return value
        if default is None:
            raise VariableMissingError(self.step.step, name, enhet)
        return figure(default)

    def _over_units(self, key: OverUnits) -> Fraction | None:
        if key not in self.over:
            data = self.so_far.data
            if data.over_units is not None:  # the other units are not here
                if key not in data.over_units:
                    raise NotOverUnitsError(key[0], key[-1])
                self.over[key] = data.over_units[key]
            else:
                values = self.so_far.measures[key[0]].values
                here = [pair[key[2] == "shown"] for (_, period), pair in values.items() if period == key[3]]
                self.over[key] = together(key[1], here)
        return self.over[key]


def together(how: str, values: Sequence[Fraction]) -> Fraction | None:
    """Return the sum, product, mean, least or greatest of some values; None of none."""
    if not values:
        return None
    if how == "min":
        return min(values)
    if how == "max":
        return max(values)
    if how == "product":
        return Fraction(prod(values, start=Fraction(1)))
    whole = sum(values, Fraction(0))
    return whole / len(values) if how == "mean" else whole
