"""What a unit's weight in a pool is multiplied by: its index, an earlier step's value, or what stands in for it.

A unit may lack a value of its own, or be too small to use it; the model then says a figure, or a mean over the other
units of the pool. A huvudman who recomputes its own amounts gets that mean with the run's figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.kinds.conditions import every_elev_once, mean_elever
from core.base import CoreError, Sentence, read_number, round_fraction
from core.parameters import Average, WeightedPool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.allocation.inputs import OwnShare, UnitFacts
    from core.allocation.kinds.base import SoFar
    from core.parameters import Factor


class IndexMissingError(CoreError):
    """A unit shares in a pool but has no index value, and the model gives no default."""

    def __init__(self, step: str, index: str, enhet: str) -> None:
        self.step, self.index, self.enhet = step, index, enhet
        super().__init__(
            Sentence(
                "Enheten {enhet} saknar värde i indexet {index}, som steget {step} delar ut efter. Läs in ett värde "
                "för enheten, eller ange default under factor i modellen.",
                enhet=enhet,
                index=index,
                step=step,
            )
        )


class NobodyToAverageError(CoreError):
    """A unit's value is to be a mean over other units, but none of those has a value."""

    def __init__(self, step: str, enhet: str, mean_of: str) -> None:
        self.step, self.enhet, self.mean_of = step, enhet, mean_of
        super().__init__(
            Sentence(
                "Enheten {enhet} ska i steget {step} få ett medel av andra enheter ({mean_of}), men ingen av dem har "
                "ett eget värde. Ange ett tal i stället, eller mean_of: all.",
                enhet=enhet,
                step=step,
                mean_of=mean_of,
            )
        )


class MeanNotGivenError(CoreError):
    """A huvudman recomputes its own amounts, and the run's figures lack a mean over the other units."""

    def __init__(self, step: str, name: str) -> None:
        self.step, self.name = step, name
        super().__init__(
            Sentence(
                "Uppgifterna från körningen saknar medelvärdet {name} i potten {step}. Hämta dem ur körningen igen.",
                name=name,
                step=step,
            )
        )


@dataclass(slots=True)
class FactorReader:
    """The factors of one pool in one period. ``quantities``: what each unit shares by, by its place."""

    step: WeightedPool
    when: tuple[int, str]
    quantities: Mapping[int, Fraction]
    so_far: SoFar
    share: OwnShare | None = None
    means: dict[str, Fraction] = field(default_factory=dict)

    def of(self, enhet: int) -> tuple[Fraction, dict[str, object]] | None:
        """Return a unit's factor and what its line says of it; None for one too small to have a part."""
        factor = self.step.factor
        if factor is None:
            return Fraction(1), {}
        small = factor.small
        if small is not None and self._is_small(enhet, factor):
            said: dict[str, object] = {"small": str(self._size(enhet))}
            return None if small.value == "nothing" else self._instead(small.value, enhet, said)
        value = self._own(enhet, factor)
        if value is not None:
            return value, {}
        if factor.default is None:
            raise IndexMissingError(self.step.step, factor.index or factor.step or "", self._unit(enhet).enhet)
        return self._instead(factor.default, enhet, {"index_default": True})

    def _instead(self, value: str | Average, enhet: int, said: dict[str, object]) -> tuple[Fraction, dict[str, object]]:
        """Return a figure of the model, or a mean, in place of the unit's own."""
        if not isinstance(value, Average):
            return read_number(value), said
        name = "|".join(
            [value.mean_of, _group(value, self._unit(enhet)), str(value.weighted).lower(), str(value.places)]
        )
        if name not in self.means:
            self.means[name] = self._mean(value, enhet, name)
        return self.means[name], {**said, "mean": name}

    def _mean(self, how: Average, enhet: int, name: str) -> Fraction:
        if self.share is not None:
            if name not in self.share.means:
                raise MeanNotGivenError(self.step.step, name)
            return self.share.means[name]
        factor, group = self.step.factor, _group(how, self._unit(enhet))
        whole = weights = Fraction(0)
        for other in self.quantities:
            value = None if factor is None or self._is_small(other, factor) else self._own(other, factor)
            if value is not None and _group(how, self._unit(other)) == group:
                weight = self._elever(other) if how.weighted else Fraction(1)
                whole, weights = whole + value * weight, weights + weight
        if not weights:
            raise NobodyToAverageError(self.step.step, self._unit(enhet).enhet, how.mean_of)
        return round_fraction(whole / weights, Fraction(1, 10**how.places))

    def _own(self, enhet: int, factor: Factor) -> Fraction | None:
        if factor.step is not None:
            found = self.so_far.value_of(factor.step, enhet, self.when[1])
            return None if found is None else found[0]
        return self.so_far.data.index.get(factor.index or "", {}).get(self._unit(enhet).enhet)

    def _is_small(self, enhet: int, factor: Factor) -> bool:
        return factor.small is not None and self._size(enhet) < read_number(factor.small.below)

    def _size(self, enhet: int) -> Fraction:
        return mean_elever(self.so_far.data, enhet, self.when[0], self._categories())

    def _elever(self, enhet: int) -> Fraction:
        """Return what a mean is weighted by: elever without weights, or the earlier step that the pool is shared by."""
        if self.step.quantity is not None:
            return self.quantities[enhet]
        data = self.so_far.data
        num = data.quantities.num[enhet, :, self.when[0]]
        return sum((Fraction(int(num[one]), data.quantities.den[one]) for one in self._categories()), Fraction(0))

    def _categories(self) -> list[int]:
        data = self.so_far.data
        return [data.category_ids.index(name) for name in self.step.categories] or every_elev_once(data)

    def _unit(self, enhet: int) -> UnitFacts:
        return self.so_far.data.units[enhet]


def _group(how: Average, unit: UnitFacts) -> str:
    """Return the group of units that a mean is taken within."""
    return {"all": "", "same_recipient": unit.recipient, "same_omrade": unit.omrade or ""}[how.mean_of]
