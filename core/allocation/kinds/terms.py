"""What a term stands for, for one unit and price period: elever, a figure, an earlier step, a price."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import prod
from statistics import median
from typing import TYPE_CHECKING, cast

from core.allocation.kinds.conditions import (
    AttributeUnknownError,
    VariableMissingError,
    every_elev_once,
    mean_elever,
    meets,
    word_shared,
)
from core.base import CoreError, Sentence, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.allocation.inputs import OverUnits, UnitFacts
    from core.allocation.kinds.base import Measured, SoFar
    from core.parameters import Guarantee, Measure, Predicate, Premises, Term

ORE = 100
figure = lru_cache(maxsize=4096)(read_number)
"""A figure of the model; the same few are read for every unit."""


class NotOverUnitsError(CoreError):
    """A huvudman recomputes its own amounts, and the run's figures lack one that is taken over all units."""

    def __init__(self, step: str, period: str) -> None:
        self.step, self.period = step, period
        super().__init__(
            Sentence(
                "Uppgifterna från körningen saknar värdet av {step} över alla enheter för {period}. Hämta dem ur "
                "körningen igen.",
                step=step,
                period=period,
            )
        )


@dataclass(slots=True)
class TermReader:
    """Reads the terms of one step; what is the same for many units is worked out once."""

    step: Measure | Guarantee | Premises
    so_far: SoFar
    size: list[int] = field(default_factory=list)
    over: dict[OverUnits, Fraction] = field(default_factory=dict)
    done: set[tuple[str, ...]] = field(default_factory=set)

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
        """Return a term's value times its weight; raises ``VariableMissingError`` and ``AttributeUnknownError``."""
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
            return self._over_units(term, enhet, period)
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

    def _over_units(self, term: Term, enhet: int, period: str) -> Fraction | None:
        data, group = self.so_far.data, ""
        if term.same is not None:
            name = term.same.removeprefix("attribute.")
            if name != term.same and name not in data.attributes:
                raise AttributeUnknownError(self.step.step, name)
            shared = word_shared(term.same, data.units[enhet], data.attributes)
            if shared is None:
                return None
            group = shared
        key = (term.step or "", term.over_units or "", term.on, period, group)
        if data.over_units is not None:  # the other units are not here
            if key not in data.over_units:
                raise NotOverUnitsError(key[0], period)
            return data.over_units[key]
        if key[:4] not in self.done:
            measured = self.so_far.measures[key[0]]
            self.over |= over_units(measured, term, data.units, data.attributes)
            self.done.add(key[:4])
        return self.over.get(key)


def over_units(
    measured: Measured, term: Term, units: Sequence[UnitFacts], attributes: Mapping[str, Mapping[str, str]]
) -> dict[OverUnits, Fraction]:
    """Return a step's values put together as a term asks, by period and by the units that share its word."""
    values: dict[tuple[str, str], list[Fraction]] = {}
    for (enhet, period), pair in measured.values.items():
        group = "" if term.same is None else word_shared(term.same, units[enhet], attributes)
        if group is not None:
            values.setdefault((period, group), []).append(pair[term.on == "shown"])
    how = term.over_units or ""
    return {
        (measured.step, how, term.on, *place): cast("Fraction", together(how, held)) for place, held in values.items()
    }


def together(how: str, values: Sequence[Fraction]) -> Fraction | None:
    """Return the sum, product, mean, median, least or greatest of some values; None of none."""
    if not values:
        return None
    if how == "min":
        return min(values)
    if how == "max":
        return max(values)
    if how == "product":
        return Fraction(prod(values, start=Fraction(1)))
    if how == "median":
        return median(values)
    whole = sum(values, Fraction(0))
    return whole / len(values) if how == "mean" else whole
