"""The same elev priced for each recipient, beside an own unit's: the ladder of differences, step by step.

A ladder's rungs sum exactly to the difference between the two prices, in öre per elev and year. Two steps of the
same kostnadsslag with different names may give the same money: then nothing differs, and the rungs say so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.equal_grounds import (
    FOLLOWS,
    GYMNASIUM,
    NO_OWN_OMSORG,
    NOT_OFFERED,
    OTHER_STEP,
    OWN,
    Ground,
    ground_of,
)
from core.base import Kostnadsslag, Recipient, Verksamhet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.allocation.price_table import On, PriceTable
    from core.parameters import AnyPrice, Category, FundingModel

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step's difference for one elev: öre a year for the recipient less for an own unit.

    ``own_ore`` or ``theirs_ore`` is ``None`` where the step gives no price. ``ground`` is ``None`` for a difference
    that nothing explains; ``follows``: earlier steps whose difference it merely carries on.
    """

    step: str
    label: str
    kostnadsslag: str
    own_ore: Fraction | None
    theirs_ore: Fraction | None
    ground: Ground | None = None
    follows: tuple[str, ...] = ()

    @property
    def difference_ore(self) -> Fraction:
        """Theirs less own; a price that is absent pays nothing."""
        return (self.theirs_ore or ZERO) - (self.own_ore or ZERO)


@dataclass(frozen=True, slots=True)
class ElevLadder:
    """What one elev of a category is worth to a recipient and to an own unit in a price list, and why they differ."""

    category: str
    price_list: str
    recipient: str
    own_ore: Fraction | None
    theirs_ore: Fraction | None
    rungs: tuple[Rung, ...]

    @property
    def unexplained_ore(self) -> Fraction:
        """What no ground explains, in öre per elev and year."""
        return sum((one.difference_ore for one in self.rungs if one.ground is None), ZERO)


def elev_ladders(model: FundingModel, prices: PriceTable) -> tuple[ElevLadder, ...]:
    """Return the ladders of every category, paying price list and recipient but the own, as the model declares them."""
    lists = [one for one in model.periods() if one] or [one.list for one in model.price_lists]
    paid = _paid(model)
    found = []
    for category in model.categories:
        for price_list in lists:
            for recipient in Recipient:
                if recipient.value != OWN:
                    ladder = _ladder(paid, prices, category, price_list, recipient.value)
                    if ladder is not None:
                        found.append(ladder)
    return tuple(found)


def _paid(model: FundingModel) -> list[tuple[AnyPrice, On]]:
    """Return the price steps that are paid, with the value that is; of a mere price list, all but sums of steps."""
    by = model.priced_steps()
    if by:
        return [(step, by[step.step].price_on) for step in model.prices if step.step in by]
    return [(step, "shown") for step in model.prices if step.kostnadsslag is not Kostnadsslag.GRUNDBELOPP]


def _ladder(
    paid: Sequence[tuple[AnyPrice, On]], prices: PriceTable, category: Category, price_list: str, recipient: str
) -> ElevLadder | None:
    rungs, sums = [], []
    for step, on in paid:
        own, theirs = (prices.get(step.step, category.category, who, price_list) for who in (OWN, recipient))
        if own is None and theirs is None:
            continue
        values = [None if one is None else one.on(on) for one in (own, theirs)]
        sums.append(values)
        rung = Rung(step.step, step.label, step.kostnadsslag.value, values[0], values[1])
        if rung.difference_ore:
            rungs.append((step, rung))
    if not sums:
        return None
    own_sum, theirs_sum = (_sum([pair[side] for pair in sums]) for side in (0, 1))
    if own_sum is None:
        grounded = tuple(replace(rung, ground=_without_own(category, step, recipient)) for step, rung in rungs)
    else:
        grounded = _balanced(tuple(_grounded(rungs, recipient)))
    return ElevLadder(category.category, price_list, recipient, own_sum, theirs_sum, grounded)


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    held = [one for one in values if one is not None]
    return sum(held, ZERO) if held else None


def _without_own(category: Category, step: AnyPrice, recipient: str) -> Ground | None:
    """Return the ground where own units have no price at all: nothing of their own to be the same as."""
    if category.verksamhet.value in GYMNASIUM:
        return NOT_OFFERED
    if category.verksamhet is Verksamhet.PEDAGOGISK_OMSORG:
        return NO_OWN_OMSORG
    return ground_of(step, recipient, more=True)


def _grounded(rungs: Sequence[tuple[AnyPrice, Rung]], recipient: str) -> Iterator[Rung]:
    """Yield the rungs with their grounds; one that both are given at the same rate follows from its base."""
    earlier: dict[str, Rung] = {}
    for step, rung in rungs:
        both = rung.own_ore is not None and rung.theirs_ore is not None
        bases = [earlier[name] for name in step.of or () if name in earlier] if both else []
        if bases:
            reason = FOLLOWS if all(one.ground for one in bases) else None
            done = replace(rung, ground=reason, follows=tuple(one.step for one in bases))
        else:
            done = replace(rung, ground=ground_of(step, recipient, more=rung.difference_ore > 0))
        earlier[rung.step] = done
        yield done


def _balanced(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return the rungs with those of a kostnadsslag that cancel out told apart: the same money in another step."""
    left: dict[str, Fraction] = {}
    for one in rungs:
        if one.ground is None:
            left[one.kostnadsslag] = left.get(one.kostnadsslag, ZERO) + one.difference_ore
    even = {slag for slag, sum_ in left.items() if sum_ == 0}
    return tuple(
        replace(one, ground=OTHER_STEP) if one.ground is None and one.kostnadsslag in even else one for one in rungs
    )
