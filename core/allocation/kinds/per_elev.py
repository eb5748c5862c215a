"""Price by category × counted elever: the commonest line of all."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.column_block import PERIOD_PLACE, ColumnBlock
from core.allocation.columns import half_up_columns, int_column, times
from core.allocation.kinds.base import SoFar, StepKind
from core.allocation.lines import LineBlock
from core.base import Recipient
from core.parameters import PerElevAmount

if TYPE_CHECKING:
    from core.allocation.columns import Column
    from core.allocation.inputs import AllocationInput
    from core.parameters import AnyPrice

RECIPIENTS = tuple(Recipient)
_RECIPIENT_PLACE = {one.value: place for place, one in enumerate(RECIPIENTS)}
LARGEST = 2**62


class PerElev(StepKind[PerElevAmount]):
    """Pays each price it names: yearly elever of the category × kr per elev, rounded to the öre per line."""

    name, version = "per_elev", 1

    def compute(self, step: PerElevAmount, so_far: SoFar) -> None:
        """Add one block per price."""
        recipient = _recipient_places(so_far.data)
        for name in step.prices:
            price = so_far.data.model.price(name)
            so_far.add(self._block(price, step.price_on, recipient, so_far))

    def _block(self, price: AnyPrice, price_on: str, recipient: np.ndarray, so_far: SoFar) -> LineBlock:
        data = so_far.data
        block = LineBlock(so_far.facts(price, self))
        num, den = _rates(price.step, price_on, data)
        wanted = np.flatnonzero(den.any(axis=(1, 2)))
        enhet, category, period = data.quantities.num[:, wanted, :].nonzero()
        category = wanted[category]
        priced = (den[category, period, recipient[enhet]] != 0).astype(bool)  # wide prices are objects
        if not priced.any():
            return block
        enhet, category, period = enhet[priced], category[priced], period[priced]
        q_num, q_den = data.quantities.num[enhet, category, period], int_column(data.quantities.den)[category]
        r_num, r_den = (side[category, period, recipient[enhet]] for side in (num, den))
        amount = half_up_columns(times(q_num, r_num), times(q_den, r_den))
        none, ones = np.zeros(len(enhet), np.int64), np.ones(len(enhet), np.int64)
        terms = {"quantity_num": q_num, "quantity_den": q_den, "rate_num": r_num, "rate_den": r_den}
        sums = {"factor_num": ones, "factor_den": ones, "before_ore": amount, "remainder_ore": none}
        return ColumnBlock(
            block.facts, {**_where(data, enhet, category, period), **terms, **sums, "amount_ore": amount}
        )


def _where(data: AllocationInput, enhet: Column, category: Column, period: Column) -> dict[str, Column]:
    """Return the columns that say where each line belongs."""
    categories, periods = data.model.categories, data.quantities.periods
    return {
        "enhet": enhet,
        "category": np.array([one.category for one in categories], object)[category],
        "verksamhet": np.array([one.verksamhet.value for one in categories], object)[category],
        "period": np.array(periods, object)[period],
        PERIOD_PLACE: period,
        "order": category * len(periods) + period,
        "detail": np.full(len(enhet), "{}", object),
    }


def _recipient_places(data: AllocationInput) -> np.ndarray:
    return np.array([_RECIPIENT_PLACE[unit.recipient] for unit in data.units], dtype=np.int64)


def _rates(step: str, price_on: str, data: AllocationInput) -> tuple[np.ndarray, np.ndarray]:
    """Return (numerator, denominator) of öre per elev by category, period, recipient; denominator 0: no price."""
    periods = {name: place for place, name in enumerate(data.quantities.periods)}
    categories = {name: place for place, name in enumerate(data.category_ids)}
    figures: dict[tuple[int, int, int], Fraction] = {}
    for price in data.prices.of_step(step):
        if price.price_list in periods:  # an earlier list only to be uprated from pays nothing
            place = categories[price.category], periods[price.price_list], _RECIPIENT_PLACE[price.recipient]
            figures[place] = price.exact if price_on == "hidden" else Fraction(price.shown_ore)
    wide = any(max(abs(one.numerator), one.denominator) >= LARGEST for one in figures.values())
    shape = (len(categories), len(periods), len(RECIPIENTS))
    num, den = (np.zeros(shape, object if wide else np.int64) for _ in range(2))
    for place, figure in figures.items():
        num[place], den[place] = figure.numerator, figure.denominator
    return num, den
