"""How many elever, and which rows say so: the count's part of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Derivation, Source, leaf, quotient, total

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.parameters import FundingModel

MONTH_NAMES = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
TWELVE = 12


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A stored count: elever (or elevdagar) of a category in a month (1–12), and the rows behind it."""

    month: int
    n: int
    source: Source


@dataclass(frozen=True, slots=True)
class CountFacts:
    """The stored counts of one unit.

    ``months``: by category. ``divisor``: by category, 12 or the days of the year. ``periods``: the months of
    each price period. ``source`` cites the counts as a whole.
    """

    months: Mapping[str, tuple[MonthCount, ...]]
    divisor: Mapping[str, int]
    rule_label: Mapping[str, str]
    periods: Mapping[str, tuple[int, ...]]
    source: Source

    def of(self, category: str, period: str) -> tuple[MonthCount, ...]:
        """Return the month counts of a category in a price period."""
        numbers = self.periods[period]
        return tuple(one for one in self.months.get(category, ()) if one.month in numbers)

    def quantity(self, category: str, period: str) -> Fraction:
        """Return the yearly elever of a category in a price period."""
        return Fraction(sum(one.n for one in self.of(category, period)), self.divisor.get(category, TWELVE))


def explain_quantity(facts: CountFacts, category: str, period: str, model: FundingModel) -> Derivation:
    """Return the tree of a category's elever: month counts ÷ 12 (or elevdagar ÷ days of the year)."""
    key = f"count:{category}|{period}"
    by_day = facts.divisor.get(category, TWELVE) != TWELVE
    unit = "elevdagar" if by_day else "elevmånader"
    months = [
        leaf(f"{key}/{one.month}", MONTH_NAMES[one.month - 1].capitalize(), Fraction(one.n), unit, one.source)
        for one in facts.of(category, period)
    ]
    counted = total(f"{key}/months", "Räknade elever, månad för månad", unit, months)
    divisor = leaf(
        f"{key}/divisor",
        "Dagar på ett år" if by_day else "Månader på ett år",
        Fraction(facts.divisor.get(category, TWELVE)),
        "dagar" if by_day else "månader",
        Source("rule", facts.rule_label.get(category, model.title)),
    )
    return quotient(key, "Antal elever räknat på helår", "elever", counted, divisor)
