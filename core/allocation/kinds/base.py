"""What a kind of step is: it computes its lines on columns, and knows its own version."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np

from core.allocation.columns import sums_at
from core.allocation.lines import LineBlock, StepFacts
from core.base import canonical_json, half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.allocation.columns import Column
    from core.allocation.inputs import AllocationInput
    from core.parameters import Measure, Reference, Step

S = TypeVar("S")
ORE, MONTHS = 100, 12


@dataclass(frozen=True, slots=True)
class SolvedPool:
    """A pool as it was shared: pot, total weight, and how many öre the remainder handed out.

    ``means``: means over other units, by name, that stood in for units' own values.
    """

    step: str
    period: str
    pool_ore: int
    weight: Fraction
    remainder_ore: int
    means: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(slots=True)
class Measured:
    """What a step yields for later steps: by (unit's place, period), exact and as shown, in the step's unit."""

    step: str
    position: int
    yields: str
    unit: str
    values: dict[tuple[int, str], tuple[Fraction, Fraction]] = field(default_factory=dict)


@dataclass(slots=True)
class SoFar:
    """The blocks made so far, the pools solved, and the measures that later steps build on."""

    data: AllocationInput
    blocks: list[LineBlock] = field(default_factory=list)
    pools: list[SolvedPool] = field(default_factory=list)
    measures: dict[str, Measured] = field(default_factory=dict)
    yearly: dict[str, dict[tuple[int, str], Fraction]] = field(default_factory=dict)
    """Amounts of earlier steps in kronor a year, worked out once by step."""

    def add(self, block: LineBlock) -> None:
        """Keep a block; an empty one is kept too, so that a step's place never moves."""
        self.blocks.append(block)

    def sums_of(self, steps: Iterable[str]) -> tuple[Column, Column]:
        """Return the sums in öre of named earlier steps, and how many lines they are of, as units × periods."""
        wanted = set(steps)
        periods = {name: place for place, name in enumerate(self.data.quantities.periods)}
        shape = len(self.data.units), len(periods)
        mine = [block for block in self.blocks if block.facts.step in wanted and len(block)]
        if not mine:
            return np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        size = shape[0] * shape[1]
        places = np.concatenate([one.enhet_places() * shape[1] + one.period_places(periods) for one in mine])
        ore = sums_at(places, np.concatenate([one.ore() for one in mine]), size)
        return ore.reshape(shape), np.bincount(places, minlength=size).reshape(shape)

    def amounts_of(self, steps: list[str]) -> dict[tuple[int, str], int]:
        """Return the sum in öre of named earlier steps by (unit's place, period), where they have a line."""
        ore, lines = self.sums_of(steps)
        enhet, period = lines.nonzero()
        periods = self.data.quantities.periods
        keys = ((place, periods[one]) for place, one in zip(enhet.tolist(), period.tolist(), strict=True))
        return dict(zip(keys, ore[enhet, period].tolist(), strict=True))

    def value_of(self, step: str, enhet: int, period: str) -> tuple[Fraction, Fraction] | None:
        """Return an earlier step's value for a unit, exact and as shown; None where it gave the unit nothing.

        An amount is kronor a year: what the period's counted months are paid, scaled to twelve.
        """
        if step in self.measures:
            return self.measures[step].values.get((enhet, period))
        if step not in self.yearly:
            months = dict(zip(self.data.quantities.periods, self.data.quantities.months, strict=True))
            self.yearly[step] = {
                (place, one): Fraction(ore * MONTHS, ORE * months[one])
                for (place, one), ore in self.amounts_of([step]).items()
                if months[one]
            }
        value = self.yearly[step].get((enhet, period))
        return None if value is None else (value, value)

    def facts(self, step: Step | Measure, kind: StepKind[Any]) -> StepFacts:
        """Return what all lines of ``step`` share; its position is how many blocks precede it."""
        source = canonical_json(reference_json(step.reference))
        return StepFacts(
            step.step, len(self.blocks), step.kostnadsslag.value, step.dimension.value, kind.name, kind.version, source
        )


def reference_json(reference: Reference) -> dict[str, str]:
    """Return a reference as plain data, dates as text, absent keys left out."""
    values = reference.model_dump(mode="json", exclude_none=True)
    return {key: str(value) for key, value in values.items()}


class StepKind(ABC, Generic[S]):
    """One way of computing lines. ``version`` rises when the arithmetic changes; old versions stay."""

    name: ClassVar[str]
    version: ClassVar[int] = 1

    @abstractmethod
    def compute(self, step: S, so_far: SoFar) -> None:
        """Add the step's lines to ``so_far``."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a line belongs: the unit's place, category, period, verksamhet, and its order within the step."""

    enhet: int
    category: str
    period: str
    verksamhet: str
    order: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line multiplies: quantity × rate (öre) × factor."""

    quantity: Fraction
    rate: Fraction
    factor: Fraction = Fraction(1)

    def figures(self) -> tuple[int, ...]:
        """Return numerators and denominators in the order of ``LineBlock.terms``."""
        quantity, rate, factor = self.quantity, self.rate, self.factor
        return (*quantity.as_integer_ratio(), *rate.as_integer_ratio(), *factor.as_integer_ratio())

    @property
    def amount_ore(self) -> int:
        """The product rounded half up to whole öre."""
        n, n_den, rate, rate_den, factor, factor_den = self.figures()
        return half_up(n * rate * factor, n_den * rate_den * factor_den)


def append(block: LineBlock, where: Where, terms: Terms, amount: int, remainder: int = 0, detail: str = "{}") -> None:
    """Add one line to a block."""
    block.enhet.append(where.enhet)
    block.category.append(where.category)
    block.period.append(where.period)
    block.verksamhet.append(where.verksamhet)
    block.order.append(where.order)
    for column, value in zip(block.terms(), terms.figures(), strict=True):
        column.append(value)
    block.before_ore.append(amount - remainder)
    block.remainder_ore.append(remainder)
    block.amount_ore.append(amount)
    block.detail.append(detail)
