"""Tilläggsbelopp decided for single elever: they come in as decided, and nothing can scale them (HFD 1320-19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.allocation.kinds.base import StepKind
from core.allocation.kinds.given import add_sums, counted_rows
from core.base import canonical_json
from core.parameters import CaseAmounts

if TYPE_CHECKING:
    from core.allocation.kinds.base import SoFar
    from core.allocation.kinds.given import SumKey


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
        sums: dict[SumKey, _Sum] = {}
        for key, row in counted_rows(so_far, step, so_far.data.cases):
            held = sums.setdefault(key, _Sum())
            held.ore += row.amount_ore
            held.decisions.setdefault(row.month, set()).add(row.decision)
            held.elever.setdefault(row.month, set()).add(row.elev)
        add_sums(so_far, so_far.facts(step, self), {key: (held.ore, held.detail()) for key, held in sums.items()})
