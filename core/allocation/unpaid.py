"""Elever that are counted but that no price pays for: a fault in the model, never a silent zero.

A supplement (an overlapping category) may be for some recipients only, and is left out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.parameters import WeightedPool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation.inputs import AllocationInput
    from core.allocation.lines import LineBlock


class Unpaid(NamedTuple):
    """A unit's counted elever of a verksamhet without a price; ``n`` as the counts are kept (elevmånader)."""

    enhet: str
    verksamhet: str
    n: int


def unpaid(data: AllocationInput, blocks: Sequence[LineBlock]) -> list[Unpaid]:
    """Return where elever are counted in a category and period that no per_elev line or pool pays for."""
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
    paid[:, [category[one.category] for one in data.model.categories if one.overlapping], :] = True
    sums: dict[tuple[str, str], int] = {}
    for enhet, place, period_place in np.argwhere((num != 0) & ~paid).tolist():
        key = data.units[enhet].enhet, data.model.categories[place].verksamhet.value
        sums[key] = sums.get(key, 0) + int(num[enhet, place, period_place])
    return [Unpaid(*key, n) for key, n in sorted(sums.items())]
