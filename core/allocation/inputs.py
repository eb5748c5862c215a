"""What an allocation is computed from: units, counted quantities, indexes, decided amounts, prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from core.allocation.prices import PriceTable
    from core.parameters import FundingModel

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
MONTHS = 12
OverUnits = tuple[str, str, str, str, str]
"""A figure over units: step, ``sum`` … ``max``, ``hidden`` or ``shown``, period, and which units (empty: all)."""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as the rules see it; ``recipient`` is one of ``Recipient``."""

    enhet: str
    name: str
    recipient: str
    verksamheter: tuple[str, ...] = ()
    landsbygd: bool = False
    omrade: str | None = None
    huvudman: str = ""
    huvudman_name: str = ""


@dataclass(frozen=True, slots=True)
class GivenAmount:
    """An amount decided elsewhere: step, enhet, verksamhet, month (1–12), number of decisions, öre."""

    step: str
    enhet: str
    verksamhet: str
    month: int
    decisions: int
    amount_ore: int


@dataclass(frozen=True, slots=True)
class CaseAmount:
    """One decided tilläggsbelopp in one month (1–12), as decided: step, decision, enhet, verksamhet, öre.

    ``elev`` is a pseudonym: how many elever a sum rests on decides who may see it.
    """

    step: str
    decision: str
    enhet: str
    verksamhet: str
    month: int
    amount_ore: int
    elev: str = ""


@dataclass(frozen=True, slots=True)
class OwnShare:
    """A pool as somebody else solved it: a huvudman recomputes its own share without the others' counts.

    ``means``: means taken over other units, by name, where one stands in for a unit's own value.
    """

    pool_ore: int
    weight: Fraction
    remainders: Mapping[str, int]
    means: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(slots=True)
class Quantities:
    """Yearly elever by enhet, category and price period, as ``num / den`` of the category.

    ``active``: the months of the period in which the unit has a counted elev of the category, one bit each,
    so that categories can be put together without counting a month twice.
    ``months``: months of each period that are counted. ``by_month``: what was counted in each of the year's months,
    over the same ``den``; needed only by steps that share by the elever of some months.
    """

    periods: tuple[str, ...]
    months: tuple[int, ...]
    num: Ints
    den: tuple[int, ...]
    active: Ints
    by_month: Ints | None = None


def quantities_of(model: FundingModel, n: Ints, divisor: Sequence[int], through_month: int) -> Quantities:
    """Return the quantities of month counts ``n`` (enheter, categories, 12) for the model's price periods."""
    names, months, sums, active = [], [], [], []
    for name, numbers in model.periods().items():
        places = [number - 1 for number in numbers if number <= through_month]
        names.append(name)
        months.append(len(places))
        sums.append(n[:, :, places].sum(axis=2))
        active.append((n[:, :, places] > 0) @ np.array([1 << place for place in places], np.int64))
    return Quantities(tuple(names), tuple(months), np.stack(sums, axis=2), tuple(divisor), np.stack(active, axis=2), n)


@dataclass(slots=True)
class AllocationInput:
    """Everything a run's lines follow from. ``units`` are in byte order of ``enhet``.

    ``index``: figures of units by name (an index is a variable like any other) and enhet; ``attributes``: words of
    units by name and enhet. ``shares`` and ``over_units``: pools solved by (step, period), and figures over all units,
    given (not None) when a huvudman recomputes its own amounts.
    """

    model: FundingModel
    units: tuple[UnitFacts, ...]
    quantities: Quantities
    prices: PriceTable
    index: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    given: Sequence[GivenAmount] = ()
    cases: Sequence[CaseAmount] = ()
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shares: Mapping[tuple[str, str], OwnShare] = field(default_factory=dict)
    over_units: Mapping[OverUnits, Fraction] | None = None

    @property
    def category_ids(self) -> tuple[str, ...]:
        """The model's categories in declared order, as the quantities' second axis."""
        return tuple(one.category for one in self.model.categories)
