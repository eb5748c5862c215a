"""What was delivered but pays nothing, with the reason: a fault to mend, never a silent zero.

Elever that are counted but have no price (a supplement, an overlapping category, may be for some recipients
only and is left out here), and decided amounts that no step of the model takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.parameters import CaseAmounts, Given, Measure, WeightedPool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.allocation.inputs import AllocationInput, CaseAmount, GivenAmount
    from core.allocation.lines import LineBlock


NO_PRICE, NO_STEP, NOT_PAID_TO = "utan_pris", "beslut_utan_steg", "beslut_utan_mottagare"


class Unpaid(NamedTuple):
    """Why and where: ``n`` elever as the counts are kept (elevmånader), or rows of decided amounts."""

    reason: str
    enhet: str
    verksamhet: str
    n: int


def unpaid(data: AllocationInput, blocks: Sequence[LineBlock]) -> list[Unpaid]:
    """Return where elever are counted in a category and period that no per_elev line, pool or measure reads."""
    num, ids = data.quantities.num, data.category_ids
    category = {name: place for place, name in enumerate(ids)}
    period = {name: place for place, name in enumerate(data.quantities.periods)}
    paid = np.zeros(num.shape, dtype=bool)
    for block in blocks:
        if block.facts.kind == "per_elev":
            places = [category[name] for name in block.category], [period[name] for name in block.period]
            paid[block.enhet, places[0], places[1]] = True
    for step in data.model.amounts:
        if isinstance(step, WeightedPool):
            paid[:, [category[name] for name in step.categories], :] = True
        if isinstance(step, Measure):
            named = [term.category for _, term in step.terms() if term.category is not None]
            paid[:, [category[name] for name in named], :] = True
    paid[:, [category[one.category] for one in data.model.categories if one.overlapping], :] = True
    sums: dict[tuple[str, str], int] = {}
    for enhet, place, period_place in np.argwhere((num != 0) & ~paid).tolist():
        key = data.units[enhet].enhet, data.model.categories[place].verksamhet.value
        sums[key] = sums.get(key, 0) + int(num[enhet, place, period_place])
    return [Unpaid(NO_PRICE, *key, n) for key, n in sorted(sums.items())]


def given_in_vain(data: AllocationInput) -> list[Unpaid]:
    """Return decided amounts whose step the model lacks, or whose unit is unknown or not one the step is for."""
    return sorted([*_in_vain(data, "given", data.given), *_in_vain(data, "case_amounts", data.cases)])


def _in_vain(data: AllocationInput, kind: str, decided: Iterable[GivenAmount | CaseAmount]) -> Iterator[Unpaid]:
    paid_to = {
        step.step: {one.value for one in step.recipients}
        for step in data.model.amounts
        if step.kind == kind and isinstance(step, Given | CaseAmounts)
    }
    recipient = {unit.enhet: unit.recipient for unit in data.units}
    rows: dict[tuple[str, str, str], int] = {}
    for one in decided:
        reason = NO_STEP if one.step not in paid_to else NOT_PAID_TO
        if reason == NO_STEP or recipient.get(one.enhet) not in paid_to[one.step]:
            key = reason, one.enhet, one.verksamhet
            rows[key] = rows.get(key, 0) + 1
    return (Unpaid(*key, n) for key, n in rows.items())
