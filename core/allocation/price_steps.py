"""What each kind of price step computes, in exact fractions of an öre.

Every step comes down to one of three: a figure that is given (by category and price list), a sum
of earlier prices times a multiplier, or the step's own price in an earlier list times a factor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from core.allocation.price_table import MissingPlannedCountError, On, PriceKey
from core.base import Recipient, read_number
from core.parameters import DeductionPrice, MarkupPrice
from core.parameters.riksprislista import load_riksprislista, table_years

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.allocation.price_table import Price
    from core.parameters import AnyPrice, FromTable, FundingModel, PerElevPrice

ORE = 100
ONE = Fraction(1)
F = TypeVar("F")
ByCategory = dict[str, dict[str, Fraction]]


@dataclass(frozen=True, slots=True)
class UpratedFrom:
    """An earlier price list, the factor on its price, and on which of its values."""

    price_list: str
    factor: Fraction
    on: On


@dataclass(frozen=True, slots=True)
class PriceFigures:
    """A price step with its figures read: what it takes to compute any of its prices.

    ``given``: öre by category and price list. Otherwise ``of`` earlier steps × ``common`` ×
    ``weights`` of the category (1 where none). ``uprating`` by the later list's name.
    """

    step: AnyPrice
    given: Mapping[str, Mapping[str, Fraction]] | None = None
    of: tuple[str, ...] = ()
    on: On = "hidden"
    common: Fraction = ONE
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    take_from: Mapping[str, str] = field(default_factory=dict)
    uprating: Mapping[str, UpratedFrom] = field(default_factory=dict)

    def value(self, key: PriceKey, earlier: Mapping[PriceKey, Price]) -> Fraction | None:
        """Return the price before rounding, in öre, or ``None`` where the step gives no price."""
        uprated = self.uprating.get(key.price_list)
        if uprated is not None:
            start = earlier.get(key._replace(price_list=uprated.price_list))
            return None if start is None else start.on(uprated.on) * uprated.factor
        if self.given is not None:
            return self.given[key.category].get(key.price_list)
        bases = [earlier[base].on(self.on) for base in self.bases(key) if base in earlier]
        if not bases:
            return None
        return sum(bases[1:], bases[0]) * self.common * self.weights.get(key.category, ONE)

    def bases(self, key: PriceKey) -> Iterator[PriceKey]:
        """Yield the keys of the earlier prices that a price of this step builds on, present or not."""
        category = self.take_from.get(key.category, key.category)
        return (PriceKey(step, category, key.recipient, key.price_list) for step in self.of)


def read_figures(
    step: AnyPrice, model: FundingModel, planned: Mapping[str, Fraction], only: str | None = None
) -> PriceFigures:
    """Return ``step`` with its figures read, those of one category if ``only``; raises ``MissingPlannedCountError``."""
    if isinstance(step, MarkupPrice):
        return PriceFigures(step, of=tuple(step.of), on=step.on, common=read_number(step.rate))
    lists = [one.list for one in model.price_lists]
    uprating = {up.list: UpratedFrom(up.start, read_number(up.factor), up.on) for up in step.uprating}
    if isinstance(step, DeductionPrice):
        if step.rate is not None and step.of is not None:
            common = -read_number(step.rate)
            return PriceFigures(step, of=tuple(step.of), on=step.on, common=common, uprating=uprating)
        return PriceFigures(step, given=_given(_only(step.values, only), lists, sign=-1), uprating=uprating)
    if step.of is not None:
        return PriceFigures(
            step,
            of=tuple(step.of),
            on=step.on,
            common=read_number(step.factor) / read_number(step.divisor),
            weights={category: read_number(weight) for category, weight in step.weights.items()},
            take_from=step.take_from,
            uprating=uprating,
        )
    if step.from_budget is not None:
        given = _solved(step.step, _only(step.from_budget, only), lists, planned)
    elif step.from_table is not None:
        given = _of_table(step, step.from_table, model, only)
    else:
        given = _given(_only(step.values, only), lists)
    return PriceFigures(step, given=given, uprating=uprating)


def _only(figures: Mapping[str, F] | None, category: str | None) -> dict[str, F]:
    return {name: figure for name, figure in (figures or {}).items() if category is None or name == category}


def _given(
    values: Mapping[str, str | dict[str, str]], lists: list[str], *, sign: int = 1
) -> dict[str, dict[str, Fraction]]:
    return {
        category: {
            name: sign * ORE * read_number(figure)
            for name, figure in (value if isinstance(value, dict) else dict.fromkeys(lists, value)).items()
        }
        for category, value in values.items()
    }


def _of_table(step: PerElevPrice, table: FromTable, model: FundingModel, only: str | None) -> ByCategory:
    years = table_years(step, model)
    return {
        category: {
            name: ORE * read_number(load_riksprislista().of(year).amount(programme, table.meals))
            for name, year in years.items()
        }
        for category, programme in _only(table.programmes, only).items()
    }


def recipients_of(step: AnyPrice) -> list[Recipient]:
    """Return whom a price step is for, in order; a fee that the kommun collects is taken off nobody's price."""
    collected = (step.collected_by or {}) if isinstance(step, DeductionPrice) else {}
    return [one for one in Recipient if one in step.recipients and collected.get(one) != "kommun"]


def _solved(
    step: str, budgets: Mapping[str, str], lists: list[str], planned: Mapping[str, Fraction]
) -> dict[str, dict[str, Fraction]]:
    return {
        category: dict.fromkeys(lists, ORE * read_number(budget) / planned_count(step, category, planned))
        for category, budget in budgets.items()
    }


def planned_count(step: str, category: str, planned: Mapping[str, Fraction]) -> Fraction:
    """Return the planned elever of a category over the year; raises ``MissingPlannedCountError`` unless positive."""
    count = planned.get(category)
    if count is None or count <= 0:
        raise MissingPlannedCountError(step, category, count)
    return Fraction(count)
