"""Tilläggsbelopp decided for single elever: they come in as decided, and nothing can scale them (HFD 1320-19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.kinds.base import StepKind, Terms, Where, append
from core.allocation.kinds.given import counted_months
from core.allocation.lines import LineBlock
from core.base import canonical_json
from core.parameters import CaseAmounts

if TYPE_CHECKING:
    from core.allocation.kinds.base import SoFar


@dataclass(slots=True)
class _Sum:
    """What is decided for a unit, verksamhet and period: öre, and decisions and elever by month."""

    ore: int = 0
    decisions: dict[int, set[str]] = field(default_factory=dict)
    elever: dict[int, set[str]] = field(default_factory=dict)

    def detail(self) -> str:
        """Return the largest number of decisions, and of elever, in a month."""
        numbers = {"decisions": self.decisions, "elever": self.elever}
        return canonical_json({name: max(map(len, months.values())) for name, months in numbers.items()})


class DecidedCases(StepKind[CaseAmounts]):
    """One line per enhet, verksamhet and period: the sum of what is decided for the counted months.

    ``quantity`` is 1, ``rate`` the sum; ``detail`` holds the largest number of decisions and of elever in a month.
    """

    name, version = "case_amounts", 1

    def compute(self, step: CaseAmounts, so_far: SoFar) -> None:
        """Add the sums of the counted months."""
        data = so_far.data
        block = LineBlock(so_far.facts(step, self))
        place = {unit.enhet: number for number, unit in enumerate(data.units)}
        allowed = {one.value for one in step.recipients}
        period_of = counted_months(so_far)
        sums: dict[tuple[int, str, str], _Sum] = {}
        for row in data.cases:
            enhet, period = place.get(row.enhet), period_of.get(row.month)
            if row.step != step.step or enhet is None or period is None or data.units[enhet].recipient not in allowed:
                continue
            held = sums.setdefault((enhet, row.verksamhet, period), _Sum())
            held.ore += row.amount_ore
            held.decisions.setdefault(row.month, set()).add(row.decision)
            held.elever.setdefault(row.month, set()).add(row.elev)
        order = {period: number for number, period in enumerate(data.quantities.periods)}
        for (enhet, verksamhet, period), held in sorted(sums.items(), key=lambda one: one[0]):
            where = Where(enhet, verksamhet, period, verksamhet, order[period])
            append(block, where, Terms(Fraction(1), Fraction(held.ore)), held.ore, detail=held.detail())
        so_far.add(block)
