"""What is paid month by month, rounded to whole kronor, and the line that settles the rounding.

Skolförordningen 14 kap. 11 §: a twelfth a month unless agreed otherwise. A budget run pays its
lines in equal parts of their period; an utfall run pays what each month's count earned.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from core.base import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.allocation.inputs import AllocationInput, Ints
    from core.allocation.lines import LineBlock

KRONA, MONTHS = 100, 12
BY_COUNT = frozenset({"per_elev", "premises"})
"""Kinds whose lines are a price per elev of their category."""
Payment = tuple[str, int, str, int]
"""enhet, month (1–12), ``monthly`` or ``settlement``, öre."""


def payments_of(data: AllocationInput, blocks: Sequence[LineBlock], n: Ints) -> list[Payment]:
    """Return monthly payments and a settlement per unit, summing exactly to the unit's lines.

    ``n``: counts (enheter, categories, 12). A line by count is earned in the months of its elever, an addition in its
    own months, decided tilläggsbelopp in the months they are decided for, others in equal parts of the period's
    counted months.
    """
    category = {name: place for place, name in enumerate(data.category_ids)}
    masks = _counted_months(data)
    earned = np.zeros((len(data.units), MONTHS), np.int64)
    for block in blocks:
        if len(block):
            np.add.at(earned, np.array(block.enhet), _by_month(block, n, category, masks, data))
    return [row for place, unit in enumerate(data.units) for row in _rounded(unit.enhet, earned[place].tolist())]


def earned_until(data: AllocationInput, blocks: Sequence[LineBlock], n: Ints, month: int) -> list[int]:
    """Return, by block, the öre that its lines earn in the months up to ``month`` (1–12)."""
    category = {name: place for place, name in enumerate(data.category_ids)}
    masks = _counted_months(data)
    return [int(_by_month(one, n, category, masks, data)[:, :month].sum()) if len(one) else 0 for one in blocks]


def _counted_months(data: AllocationInput) -> dict[str, Ints]:
    """Return, by price period, ones at the months (0–11) that are counted."""
    masks: dict[str, Ints] = {}
    for counted, (period, numbers) in zip(data.quantities.months, data.model.periods().items(), strict=True):
        masks[period] = np.zeros(MONTHS, np.int64)
        masks[period][[number - 1 for number in numbers[:counted]]] = 1
    return masks


def _by_month(
    block: LineBlock, n: Ints, category: dict[str, int], masks: dict[str, Ints], data: AllocationInput
) -> Ints:
    """Return the öre of each line (rows) in each month (columns): whole öre that sum to the line."""
    weights = np.stack([masks[period] for period in block.period])
    if block.facts.kind == "case_amounts":
        return weights * _decided(block, data)
    if block.facts.kind in BY_COUNT:
        weights = weights * n[block.enhet, [category[name] for name in block.category]]
    elif block.facts.kind == "addition":
        weights = weights * _own_months(block)
    cumulated = weights.cumsum(axis=1)
    amounts = np.array(block.amount_ore, dtype=np.int64)[:, None]
    so_far = amounts * cumulated // np.maximum(cumulated[:, -1:], 1)
    by_month: Ints = np.diff(so_far, axis=1, prepend=0)
    return by_month


def _decided(block: LineBlock, data: AllocationInput) -> Ints:
    """Return the öre decided for each line's unit and verksamhet in each month."""
    place = {unit.enhet: number for number, unit in enumerate(data.units)}
    sums: dict[tuple[int, str], Ints] = {}
    for row in data.cases:
        if row.step == block.facts.step and row.enhet in place:
            at = place[row.enhet], row.verksamhet
            sums.setdefault(at, np.zeros(MONTHS, np.int64))[row.month - 1] += row.amount_ore
    return np.stack([sums[enhet, name] for enhet, name in zip(block.enhet, block.verksamhet, strict=True)])


def _own_months(block: LineBlock) -> Ints:
    """Return ones at the months that each line of an addition is for."""
    ones = np.zeros((len(block), MONTHS), np.int64)
    for row, detail in enumerate(block.detail):
        ones[row, [month - 1 for month in json.loads(detail)["months"]]] = 1
    return ones


def _rounded(enhet: str, earned: list[int]) -> Iterator[Payment]:
    paid = 0
    for month, ore in enumerate(earned, start=1):
        if ore:
            whole = half_up(ore, KRONA) * KRONA
            paid += whole
            yield enhet, month, "monthly", whole
    rest = sum(earned) - paid
    if rest:
        last = max(month for month, ore in enumerate(earned, start=1) if ore)
        yield enhet, last, "settlement", rest
