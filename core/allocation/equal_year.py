"""A recipient's units reckoned once more as if the kommun ran them: every step that differs, and its ground."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.engine import blocks_of
from core.allocation.equal_conditions import applies_to
from core.allocation.equal_grounds import FOLLOWS, OWN, Ground, ground_of
from core.allocation.inputs import OwnShare
from core.allocation.kinds import IndexMissingError
from core.base import Recipient
from core.parameters import PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.allocation.equal_elev import ElevLadder
    from core.allocation.inputs import AllocationInput
    from core.allocation.kinds import SoFar
    from core.parameters import AnyAmount, FundingModel


@dataclass(frozen=True, slots=True)
class YearStep:
    """A step's sum in öre over a recipient's units: as it is, and as if the kommun ran them."""

    step: str
    label: str
    dimension: str
    as_own_ore: int
    as_is_ore: int
    ground: Ground | None
    follows: tuple[str, ...] = ()

    @property
    def difference_ore(self) -> int:
        """As it is less as own."""
        return self.as_is_ore - self.as_own_ore


@dataclass(frozen=True, slots=True)
class YearLadder:
    """A recipient's units in a run: their sum, the sum if the kommun ran them, and every step that differs.

    Pools stand at the price they were solved to, without the öre of their remainders.
    """

    recipient: str
    enheter: int
    as_own_ore: int
    as_is_ore: int
    steps: tuple[YearStep, ...]
    by_step: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Every step's sums, as own and as it is."""

    @property
    def unexplained_ore(self) -> int:
        """What no ground explains."""
        return sum(one.difference_ore for one in self.steps if one.ground is None)


def year_ladders(model: FundingModel, ladders: Sequence[ElevLadder], data: AllocationInput) -> Iterator[YearLadder]:
    """Yield a ladder for every recipient with units; none where an own unit would need an index that they lack."""
    solved = blocks_of(data)
    shares = {(one.step, one.period): OwnShare(one.pool_ore, one.weight, {}) for one in solved.pools}
    fixed = replace(data, shares=shares)
    real = blocks_of(fixed)
    grounds = _grounds_of_prices(ladders)
    for recipient in Recipient:
        places = {place for place, unit in enumerate(data.units) if unit.recipient == recipient.value}
        if recipient.value == OWN or not places:
            continue
        units = tuple(
            replace(unit, recipient=OWN) if place in places else unit for place, unit in enumerate(data.units)
        )
        try:
            as_own = blocks_of(replace(fixed, units=units))
        except IndexMissingError:  # an own unit would need an index that these units lack: nothing to reckon with
            continue
        yield _year(model, recipient.value, places, _sums(as_own, places), _sums(real, places), grounds)


def _grounds_of_prices(
    ladders: Sequence[ElevLadder],
) -> Mapping[tuple[str, str], tuple[Ground | None, tuple[str, ...]]]:
    """Return the ground of each (recipient, price step): none at all if it lacks one for some category."""
    found: dict[tuple[str, str], tuple[Ground | None, tuple[str, ...]]] = {}
    for ladder in ladders:
        for rung in ladder.rungs:
            at = ladder.recipient, rung.step
            if at not in found or rung.ground is None:
                found[at] = rung.ground, rung.follows
    return found


def _sums(so_far: SoFar, places: set[int]) -> dict[str, int]:
    chosen = sorted(places)
    return {block.facts.step: int(block.ore()[np.isin(block.enhet_places(), chosen)].sum()) for block in so_far.blocks}


def _year(
    model: FundingModel,
    recipient: str,
    places: set[int],
    as_own: Mapping[str, int],
    as_is: Mapping[str, int],
    of_prices: Mapping[tuple[str, str], tuple[Ground | None, tuple[str, ...]]],
) -> YearLadder:
    priced = {one.step for one in model.prices}
    others = {one.step: one for one in model.amounts if not isinstance(one, PerElevAmount)}
    said = {one.step: (one.label, one.dimension.value) for one in (*model.prices, *others.values())}
    found: dict[str, YearStep] = {}
    for name in as_is:
        own, theirs = as_own.get(name, 0), as_is[name]
        if own == theirs:
            continue
        if name in priced:
            ground, follows = of_prices.get((recipient, name), (None, ()))
        else:
            ground, follows = _ground_in_year(others[name], recipient, theirs - own, found)
        found[name] = YearStep(name, *said[name], own, theirs, ground, follows)
    by_step = {name: (as_own.get(name, 0), as_is[name]) for name in as_is}
    own, theirs = (sum(pair[side] for pair in by_step.values()) for side in (0, 1))
    return YearLadder(recipient, len(places), own, theirs, tuple(found.values()), by_step)


def _ground_in_year(
    step: AnyAmount, recipient: str, difference_ore: int, earlier: Mapping[str, YearStep]
) -> tuple[Ground | None, tuple[str, ...]]:
    """Return the ground of an amount step's difference; one that both are given follows from what it is built on."""
    if applies_to(step, OWN) and applies_to(step, recipient):
        bases = [earlier[name] for name in _built_on(step) if name in earlier]
        if bases:
            ground = FOLLOWS if all(one.ground for one in bases) else None
            return ground, tuple(one.step for one in bases)
    return ground_of(step, recipient, more=difference_ore > 0), ()


def _built_on(step: AnyAmount) -> list[str]:
    """Return the earlier steps that a step names, as base, quantity, factor or term."""
    names = [one if isinstance(one, str) else getattr(one, "step", None) for one in getattr(step, "of", None) or []]
    factor = getattr(step, "factor", None)
    names += [getattr(step, "quantity", None), getattr(factor, "step", None)]
    return [name for name in names if name]
