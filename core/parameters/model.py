"""A funding model: one municipality's rules for one calendar year, declared as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from core.base import DateRange, Month
from core.parameters.books import Books  # noqa: TC001 - pydantic reads the annotation
from core.parameters.ike import Ike  # noqa: TC001 - pydantic reads the annotation
from core.parameters.parts import Category, CountingRule, Name, PriceList, Printed, Reference, Strict, UnitsFile
from core.parameters.steps import AnyAmount, AnyPrice, PerElevAmount

if TYPE_CHECKING:
    from datetime import date


FIRST_YEAR, LAST_YEAR = 1991, 2199  # the municipalities took the school over in 1991; an index file ends in 2199
MOST_PARTS, MOST_LISTS, MOST_PRINTED = 1_500, 100, 10_000
"""More is no model of a kommun; the checks hold every part against every other, so their time grows as the square."""


class FundingModel(Strict):
    """The whole file. ``sources`` are addresses of what was read; ``printed`` are control figures."""

    model: Name
    kommun: str
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    version: int = Field(default=1, ge=0, le=MOST_PARTS)
    title: str
    decision: Reference | None = None
    sources: list[str] = Field(default_factory=list, max_length=MOST_PARTS)
    note: str | None = None
    price_lists: list[PriceList] = Field(max_length=MOST_LISTS)
    counting: list[CountingRule] = Field(default_factory=list, max_length=MOST_LISTS)
    categories: list[Category] = Field(max_length=MOST_PARTS)
    prices: list[AnyPrice] = Field(max_length=MOST_PARTS)
    amounts: list[AnyAmount] = Field(default_factory=list, max_length=MOST_PARTS)
    books: Books | None = None
    ike: Ike | None = None
    units: UnitsFile | None = None
    printed: list[Printed] = Field(default_factory=list, max_length=MOST_PRINTED)

    def category(self, name: str) -> Category:
        """Return the category called ``name``."""
        return next(one for one in self.categories if one.category == name)

    def price(self, name: str) -> AnyPrice:
        """Return the price step called ``name``."""
        return next(one for one in self.prices if one.step == name)

    def list_in_force(self, day: date) -> PriceList | None:
        """Return the price list valid on ``day``, the latest to start when several are."""
        valid = [one for one in self.price_lists if DateRange(one.valid_from, one.valid_to).holds(day)]
        return max(valid, key=lambda one: one.valid_from, default=None)

    def periods(self) -> dict[str, tuple[int, ...]]:
        """Return the months (1–12) of the year that each paying price list decides, in date order."""
        months: dict[str, list[int]] = {}
        for number in range(1, 13):
            chosen = self.list_in_force(Month(self.year, number).first_day)
            if chosen is not None:
                months.setdefault(chosen.list, []).append(number)
        return {name: tuple(numbers) for name, numbers in months.items()}

    def priced_steps(self) -> dict[str, PerElevAmount]:
        """Return, by price step, the amount step that pays it out."""
        return {price: step for step in self.amounts if isinstance(step, PerElevAmount) for price in step.prices}
