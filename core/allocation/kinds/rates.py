"""A rate on earlier amounts of the unit: mervärdesskatt on a pool, or what is centrally held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.allocation.column_block import PERIOD_PLACE, ColumnBlock
from core.allocation.columns import half_up_columns, times
from core.allocation.kinds.base import StepKind
from core.allocation.lines import ALL
from core.base import read_number
from core.parameters import DeductionAmount, MarkupAmount

if TYPE_CHECKING:
    from fractions import Fraction

    from core.allocation.columns import Column
    from core.allocation.kinds.base import SoFar
    from core.allocation.lines import StepFacts
    from core.parameters import Step

ORE = 100
LARGEST = 2**62


def _on_earlier(step: Step, of: list[str], rate: Fraction, facts: StepFacts, so_far: SoFar) -> None:
    """Add base × rate by unit and period; ``quantity`` is the base in kronor, ``factor`` the rate."""
    data = so_far.data
    allowed = {one.value for one in step.recipients}
    base, _ = so_far.sums_of(of)
    base = base * np.array([[unit.recipient in allowed] for unit in data.units], np.int64)
    enhet, period = base.nonzero()
    held = base[enhet, period]
    common = np.gcd(held, ORE)
    num, den = (np.full(len(enhet), one, np.int64 if abs(one) < LARGEST else object) for one in rate.as_integer_ratio())
    ones = np.ones(len(enhet), np.int64)
    amount = half_up_columns(times(held, num), den)
    verksamhet = step.verksamhet.value if step.verksamhet else ALL
    arrays: dict[str, Column] = {
        "enhet": enhet, "category": np.full(len(enhet), ALL, object), PERIOD_PLACE: period, "order": period,
        "period": np.array(data.quantities.periods, object)[period],
        "verksamhet": np.full(len(enhet), verksamhet, object), "quantity_num": held // common,
        "quantity_den": ORE // common, "rate_num": ORE * ones, "rate_den": ones, "factor_num": num, "factor_den": den,
        "before_ore": amount, "remainder_ore": 0 * ones, "amount_ore": amount,
        "detail": np.full(len(enhet), "{}", object),
    }  # fmt: skip
    so_far.add(ColumnBlock(facts, arrays))


class Markup(StepKind[MarkupAmount]):
    """A rate on the sum of named earlier steps, same enhet and period (skolförordningen 14 kap. 4 §)."""

    name, version = "markup", 1

    def compute(self, step: MarkupAmount, so_far: SoFar) -> None:
        """Add the marked-up lines."""
        _on_earlier(step, step.of, read_number(step.rate), so_far.facts(step, self), so_far)


class Deduction(StepKind[DeductionAmount]):
    """A rate of named earlier steps that is centrally held: a negative line, gross → held → disposable."""

    name, version = "deduction", 1

    def compute(self, step: DeductionAmount, so_far: SoFar) -> None:
        """Add the deducted lines."""
        _on_earlier(step, step.of, -read_number(step.rate), so_far.facts(step, self), so_far)
