"""Books close: every term between the decided budget and what is paid is a named line.

Budget: lines + central + reserve − momsersättning + rounding of prices = decided budget.
Utfall: paid = budget lines − months not yet counted + volume + pots and decided sums + rounding.
Each side is added up for itself; a difference is a finding, never a term.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from core.base import half_up, read_number
from core.parameters import PerElevPrice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.allocation.lines import Line
    from core.parameters import FundingModel

ORE = 100
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class BookLine:
    """A named term in öre on one side of the equals sign."""

    side: Side
    term: str
    label: str
    amount_ore: int


def difference_of(lines: Sequence[BookLine]) -> int:
    """Return left minus right in öre; zero when the books close."""
    return sum(one.amount_ore if one.side == "left" else -one.amount_ore for one in lines)


def budget_books(model: FundingModel, lines: Iterable[Line]) -> list[BookLine]:
    """Return the terms of a budget run: lines by verksamhet and the model's terms against the decided budget."""
    if model.books is None:
        return []
    by_verksamhet: dict[str, int] = {}
    by_kostnadsslag: dict[str, int] = {}
    by_budgeted: dict[tuple[str, str], int] = {}
    for line in lines:
        by_verksamhet[line.verksamhet] = by_verksamhet.get(line.verksamhet, 0) + line.amount_ore
        by_kostnadsslag[line.kostnadsslag] = by_kostnadsslag.get(line.kostnadsslag, 0) + line.amount_ore
        by_budgeted[line.step, line.category] = by_budgeted.get((line.step, line.category), 0) + line.amount_ore
    left = [BookLine("left", f"rader.{name}", name, amount) for name, amount in by_verksamhet.items()]
    for term in model.books.terms:
        amount = _ore(term.amount) if term.amount is not None else by_kostnadsslag.get(str(term.of_lines), 0)
        left.append(BookLine("left", term.term, term.label, -amount if term.sign == "minus" else amount))
    left.append(BookLine("left", "avrundning", "Avrundning av priser", _rounding(model, by_budgeted)))
    return [*left, BookLine("right", "beslutad_budget", "Beslutad budget", _ore(model.books.decided))]


def _ore(kronor: str) -> int:
    value = read_number(kronor) * ORE
    return half_up(value.numerator, value.denominator)


def _rounding(model: FundingModel, paid: Mapping[tuple[str, str], int]) -> int:
    """Return budgets less what their rounded prices hand out, for prices solved from a budget."""
    rounding = 0
    for step in model.prices:
        if isinstance(step, PerElevPrice) and step.from_budget is not None:
            for category, kronor in step.from_budget.items():
                rounding += _ore(kronor) - paid.get((step.step, category), 0)
    return rounding


@dataclass(slots=True)
class _Sums:
    """What a run's lines of a kind add up to: exact, and as paid in whole öre."""

    exact: Fraction = Fraction(0)
    paid: int = 0


def _sums(lines: Iterable[Line]) -> tuple[_Sums, dict[str, _Sums]]:
    per_elev = _Sums()
    other: dict[str, _Sums] = {}
    for line in lines:
        one = per_elev if line.kind == "per_elev" else other.setdefault(line.dimension, _Sums())
        one.exact += line.quantity * line.rate * line.factor
        one.paid += line.amount_ore
    return per_elev, other


def utfall_books(
    budget_lines: Sequence[Line], through_lines: Sequence[Line], utfall_lines: Sequence[Line], labels: Mapping[str, str]
) -> list[BookLine]:
    """Return the terms of an utfall run against its budget run.

    ``through_lines``: the budget's plan for the months that are counted. ``labels``: Swedish names of
    the dimensions.
    """
    budget = sum(line.amount_ore for line in budget_lines)
    plan_prices, plan_other = _sums(through_lines)
    real_prices, real_other = _sums(utfall_lines)
    through = plan_prices.paid + sum(one.paid for one in plan_other.values())
    volume = real_prices.exact - plan_prices.exact
    volume_ore = half_up(volume.numerator, volume.denominator)
    rounding = (real_prices.paid - real_prices.exact) - (plan_prices.paid - plan_prices.exact) + (volume - volume_ore)
    right = [
        BookLine("right", "budget", "Budget enligt budgetkörningen", budget),
        BookLine("right", "ej_raknat", "Månader som inte räknats än", through - budget),
        BookLine("right", "volym", "Volym: fler eller färre elever", volume_ore),
    ]
    for dimension in sorted({*plan_other, *real_other}):
        difference = real_other.get(dimension, _Sums()).paid - plan_other.get(dimension, _Sums()).paid
        right.append(
            BookLine("right", f"ovrigt.{dimension}", f"Potter och beslutade belopp: {labels[dimension]}", difference)
        )
    right.append(
        BookLine("right", "avrundning", "Avrundning till hela ören", half_up(rounding.numerator, rounding.denominator))
    )
    right.append(BookLine("right", "rattelser", "Rättelser", 0))
    paid = sum(line.amount_ore for line in utfall_lines)
    return [BookLine("left", "utbetalt", "Att betala enligt utfallet", paid), *right]
