"""A rate on earlier amounts of the unit: mervärdesskatt on a pool, or what is centrally held."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.kinds.base import SoFar, StepKind, Terms, Where, append
from core.allocation.lines import ALL, LineBlock
from core.base import read_number
from core.parameters import DeductionAmount, MarkupAmount

if TYPE_CHECKING:
    from core.parameters import Step

ORE = 100


def _on_earlier(step: Step, of: list[str], rate: Fraction, block: LineBlock, so_far: SoFar) -> None:
    """Add base × rate by unit and period; ``quantity`` is the base in kronor, ``factor`` the rate."""
    allowed = {one.value for one in step.recipients}
    verksamhet = step.verksamhet.value if step.verksamhet else ALL
    order = {period: place for place, period in enumerate(so_far.data.quantities.periods)}
    for (enhet, period), base in sorted(so_far.amounts_of(of).items()):
        if not base or so_far.data.units[enhet].recipient not in allowed:
            continue
        terms = Terms(Fraction(base, ORE), Fraction(ORE), rate)
        append(block, Where(enhet, ALL, period, verksamhet, order[period]), terms, terms.amount_ore)
    so_far.add(block)


class Markup(StepKind[MarkupAmount]):
    """A rate on the sum of named earlier steps, same enhet and period (skolförordningen 14 kap. 4 §)."""

    name, version = "markup", 1

    def compute(self, step: MarkupAmount, so_far: SoFar) -> None:
        """Add the marked-up lines."""
        _on_earlier(step, step.of, read_number(step.rate), LineBlock(so_far.facts(step, self)), so_far)


class Deduction(StepKind[DeductionAmount]):
    """A rate of named earlier steps that is centrally held: a negative line, gross → held → disposable."""

    name, version = "deduction", 1

    def compute(self, step: DeductionAmount, so_far: SoFar) -> None:
        """Add the deducted lines."""
        _on_earlier(step, step.of, -read_number(step.rate), LineBlock(so_far.facts(step, self)), so_far)
