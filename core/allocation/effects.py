"""What a trial does to each unit and step: the run's öre and elever beside the trial's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from core.base import Verksamhet, half_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.allocation.totals import StepTotals
    from core.allocation.what_if import TrialBase

NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def elever_of(base: TrialBase) -> dict[str, Fraction]:
    """Return each unit's yearly elever, each counted once: fritidshem only where the unit has nothing else."""
    common = lcm(*base.divisor)
    categories = base.model.categories
    leisure = np.array([one.verksamhet is Verksamhet.FRITIDSHEM for one in categories])
    plain = np.array([not one.overlapping for one in categories])
    yearly = base.n.sum(axis=2) * np.array([common // one for one in base.divisor])
    others, alone = (yearly[:, plain & which].sum(axis=1) for which in (~leisure, leisure))
    chosen = np.where(others > 0, others, alone).tolist()
    return {unit.enhet: Fraction(n, common) for unit, n in zip(base.data.units, chosen, strict=True)}


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """What a trial does to a unit: öre and yearly elever before and after."""

    enhet: str
    name: str
    recipient: str
    base_ore: int
    trial_ore: int
    base_elever: Fraction
    trial_elever: Fraction

    @property
    def difference_ore(self) -> int:
        """What the unit wins (or loses)."""
        return self.trial_ore - self.base_ore

    @property
    def share(self) -> Fraction | None:
        """The difference as a share of what the unit had; ``None`` when it had nothing."""
        return Fraction(self.difference_ore, self.base_ore) if self.base_ore else None

    @property
    def per_elev_ore(self) -> int | None:
        """How much more öre an elev-year carries after than before; ``None`` without elever before or after."""
        if not self.base_elever or not self.trial_elever:
            return None
        change = Fraction(self.trial_ore) / self.trial_elever - Fraction(self.base_ore) / self.base_elever
        return half_up(change.numerator, change.denominator)


@dataclass(frozen=True, slots=True)
class StepEffect:
    """What a trial does to a step over all units, in öre."""

    step: str
    base_ore: int
    trial_ore: int

    @property
    def difference_ore(self) -> int:
        """How much the step grows."""
        return self.trial_ore - self.base_ore


@dataclass(frozen=True, slots=True)
class Effects:
    """What a trial does: per unit in the run's order, per step that changes, and for the kommun."""

    units: tuple[UnitEffect, ...]
    steps: tuple[StepEffect, ...]

    @property
    def base_ore(self) -> int:
        """What all units have in the run."""
        return sum(one.base_ore for one in self.units)

    @property
    def trial_ore(self) -> int:
        """What all units would get."""
        return sum(one.trial_ore for one in self.units)

    @property
    def difference_ore(self) -> int:
        """What the trial costs the kommun (or saves)."""
        return self.trial_ore - self.base_ore

    @property
    def winners(self) -> int:
        """How many units would get more."""
        return sum(one.difference_ore > 0 for one in self.units)

    @property
    def losers(self) -> int:
        """How many would get less."""
        return sum(one.difference_ore < 0 for one in self.units)

    @property
    def unchanged(self) -> int:
        """How many would get the same to the öre."""
        return sum(one.difference_ore == 0 for one in self.units)

    @property
    def share(self) -> Fraction | None:
        """The kommun's difference as a share of what it pays; ``None`` when it pays nothing."""
        return Fraction(self.difference_ore, self.base_ore) if self.base_ore else None

    def largest(self, order: str) -> UnitEffect | None:
        """Return the unit with the largest ``gain`` or ``loss`` in kronor; ``None`` when nobody has one."""
        first = next(iter(self.in_order(order)), None)
        sign = 1 if order == "gain" else -1
        return first if first is not None and first.difference_ore * sign > 0 else None

    def in_order(self, order: str) -> list[UnitEffect]:
        """Return the units by ``name``, ``gain`` or ``loss`` in kronor, ``per_elev`` or ``share``, ties by name.

        Units without elever or without anything before stand last where they cannot be compared.
        """
        by_name = sorted(self.units, key=lambda one: (one.name.casefold(), one.enhet))
        keys: dict[str, Callable[[UnitEffect], tuple[bool, Fraction]]] = {
            "gain": lambda one: (False, Fraction(-one.difference_ore)),
            "loss": lambda one: (False, Fraction(one.difference_ore)),
            "per_elev": lambda one: (one.per_elev_ore is None, Fraction(-(one.per_elev_ore or 0))),
            "share": lambda one: (one.share is None, -(one.share or Fraction(0))),
        }
        return sorted(by_name, key=keys[order]) if order in keys else by_name


def _left_out(totals: StepTotals, enhet_ids: frozenset[str], steps: frozenset[str]) -> StepTotals:
    if not enhet_ids or not steps:
        return totals
    ore = totals.ore.copy()
    rows = [place for place, enhet in enumerate(totals.enhet_ids) if enhet in enhet_ids]
    columns = [place for place, step in enumerate(totals.steps) if step in steps]
    for column in columns:
        ore[rows, column] = 0
    return replace(totals, ore=ore)


def effects(base: TrialBase, trial: TrialBase, without: tuple[frozenset[str], frozenset[str]] = NOTHING) -> Effects:
    """Return what the trial does to every unit and step.

    ``without``: units, and steps that are left out of them as if they were nothing (what a reader may not see).
    """
    before, after = (_left_out(one.totals, *without) for one in (base, trial))
    base_ore, trial_ore = before.by_unit(), after.by_unit()
    elever, then = elever_of(base), elever_of(trial)
    units = tuple(
        UnitEffect(
            one.enhet, one.name, one.recipient, base_ore[one.enhet], trial_ore[one.enhet], elever[one.enhet],
            then[one.enhet],
        )
        for one in base.data.units
    )  # fmt: skip
    steps, now = before.by_step(), after.by_step()
    names = dict.fromkeys([*steps, *now])
    changed = (StepEffect(name, steps.get(name, 0), now.get(name, 0)) for name in names)
    return Effects(units, tuple(one for one in changed if one.difference_ore))
