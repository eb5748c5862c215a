"""Amounts decided elsewhere: they come in as they are, and nothing here can scale them.

No parameter scales individual amounts to a frame (HFD 1320-19).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from core.allocation.inputs import CaseAmount, GivenAmount
from core.allocation.kinds.base import SoFar, StepKind, Terms, Where, append
from core.allocation.lines import LineBlock
from core.parameters import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.allocation.lines import StepFacts
    from core.parameters import CaseAmounts

Decided = TypeVar("Decided", GivenAmount, CaseAmount)
SumKey: TypeAlias = "tuple[int, str, str]"
"""The enhet's place, the verksamhet and the period of a line."""


class GivenSums(StepKind[Given]):
    """One line per enhet, verksamhet and period: the sum of the months' decided amounts.

    ``quantity`` is 1, ``rate`` the sum; ``detail`` holds the largest number of decisions in a month.
    """

    name, version = "given", 1

    def compute(self, step: Given, so_far: SoFar) -> None:
        """Add the decided sums of the counted months."""
        sums: dict[SumKey, list[int]] = {}
        for key, row in counted_rows(so_far, step, so_far.data.given):
            held = sums.setdefault(key, [0, 0])
            held[0] += row.amount_ore
            held[1] = max(held[1], row.decisions)
        said = {key: (ore, f'{{"decisions":{decisions}}}') for key, (ore, decisions) in sums.items()}  # canonical
        add_sums(so_far, so_far.facts(step, self), said)


def counted_rows(so_far: SoFar, step: Given | CaseAmounts, rows: Iterable[Decided]) -> Iterator[tuple[SumKey, Decided]]:
    """Yield the step's rows of counted months to its recipients, each with the enhet, verksamhet and period of it."""
    data = so_far.data
    place = {unit.enhet: number for number, unit in enumerate(data.units)}
    allowed = {one.value for one in step.recipients}
    period_of = counted_months(so_far)
    for row in rows:
        enhet, period = place.get(row.enhet), period_of.get(row.month)
        if row.step != step.step or enhet is None or period is None or data.units[enhet].recipient not in allowed:
            continue
        yield (enhet, row.verksamhet, period), row


def add_sums(so_far: SoFar, facts: StepFacts, sums: Mapping[SumKey, tuple[int, str]]) -> None:
    """Add a line for each enhet, verksamhet and period: the öre as decided, and what the sum rests on."""
    block = LineBlock(facts)
    order = {period: number for number, period in enumerate(so_far.data.quantities.periods)}
    for (enhet, verksamhet, period), (ore, detail) in sorted(sums.items()):
        where = Where(enhet, verksamhet, period, verksamhet, order[period])
        append(block, where, Terms(Fraction(1), Fraction(ore)), ore, detail=detail)
    so_far.add(block)


def counted_months(so_far: SoFar) -> dict[int, str]:
    """Return the period of each counted month: the first ``months`` of the period's months."""
    data, months = so_far.data, {}
    for counted, (period, numbers) in zip(data.quantities.months, data.model.periods().items(), strict=True):
        months.update(dict.fromkeys(numbers[:counted], period))
    return months
