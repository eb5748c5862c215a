"""Prices: kr per elev by step, category, recipient and price list, exact behind what is shown.

A model's price steps are worked through in declared order; a step sees only earlier ones, and of
its own only earlier price lists. Absent is not zero: a category without any of the prices that a
step builds on gets no price of that step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation.price_steps import PriceFigures, read_figures, recipients_of
from core.allocation.price_table import (
    MissingPlannedCountError,
    Price,
    PriceKey,
    PriceMissingError,
    PriceRow,
    PriceTable,
    StoredPriceUnknownError,
    rounded_price,
)
from core.parameters import PerElevPrice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from core.parameters import FundingModel

__all__ = [
    "MissingPlannedCountError",
    "Price",
    "PriceKey",
    "PriceMissingError",
    "PriceRow",
    "PriceTable",
    "StoredPriceUnknownError",
    "compute_prices",
]


def compute_prices(
    model: FundingModel,
    planned: Mapping[str, Fraction] | None = None,
    solved: Mapping[PriceKey, Price] | None = None,
) -> PriceTable:
    """Return every price that ``model`` gives.

    ``planned``: elever planned for the year by category; needed by prices ``from_budget`` only.
    ``solved``: those prices as a run already solved them, for who does not know the plan.
    Raises ``MissingPlannedCountError``.
    """
    computed: dict[PriceKey, Price] = {}
    for step in model.prices:
        if solved is not None and isinstance(step, PerElevPrice) and step.from_budget is not None:
            computed.update(_solved_prices(step, model, solved))
            continue
        figures = read_figures(step, model, planned or {})
        for key in _places(figures, model):
            value = figures.value(key, computed)
            if value is not None:
                computed[key] = rounded_price(key, value, step.rounding, step.unit)
    return PriceTable(computed)


def _solved_prices(
    step: PerElevPrice, model: FundingModel, solved: Mapping[PriceKey, Price]
) -> Iterator[tuple[PriceKey, Price]]:
    for key in _places(PriceFigures(step, given={category: {} for category in step.from_budget or {}}), model):
        if key not in solved:
            raise MissingPlannedCountError(step.step, key.category, None)
        yield key, solved[key]


def _places(figures: PriceFigures, model: FundingModel) -> Iterator[PriceKey]:
    """Yield where a step may give a price, price lists innermost: an uprating looks at an earlier list."""
    step = figures.step
    lists = [one.list for one in model.price_lists if step.lists is None or one.list in step.lists]
    recipients = recipients_of(step)
    for category in model.categories:
        name = category.category
        if step.categories is not None and name not in step.categories:
            continue
        if figures.given is not None and name not in figures.given:
            continue
        for recipient in recipients:
            for price_list in lists:
                yield PriceKey(step.step, name, recipient.value, price_list)
