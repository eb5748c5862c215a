"""Amounts decided elsewhere: they come in as they are, and nothing here can scale them.

No parameter scales individual amounts to a frame (HFD 1320-19).
"""

from __future__ import annotations

from fractions import Fraction

from core.allocation.kinds.base import SoFar, StepKind, Terms, Where, append
from core.allocation.lines import LineBlock
from core.parameters import Given


class GivenSums(StepKind[Given]):
    """One line per enhet, verksamhet and period: the sum of the months' decided amounts.

    ``quantity`` is 1, ``rate`` the sum; ``detail`` holds the largest number of decisions in a month.
    """

    name, version = "given", 1

    def compute(self, step: Given, so_far: SoFar) -> None:
        """Add the decided sums of the counted months."""
        data = so_far.data
        block = LineBlock(so_far.facts(step, self))
        place = {unit.enhet: number for number, unit in enumerate(data.units)}
        allowed = {one.value for one in step.recipients}
        period_of = counted_months(so_far)
        sums: dict[tuple[int, str, str], list[int]] = {}
        for row in data.given:
            enhet, period = place.get(row.enhet), period_of.get(row.month)
            if row.step != step.step or enhet is None or period is None or data.units[enhet].recipient not in allowed:
                continue
            held = sums.setdefault((enhet, row.verksamhet, period), [0, 0])
            held[0] += row.amount_ore
            held[1] = max(held[1], row.decisions)
        order = {period: number for number, period in enumerate(data.quantities.periods)}
        for (enhet, verksamhet, period), (amount, decisions) in sorted(sums.items()):
            where = Where(enhet, verksamhet, period, verksamhet, order[period])
            append(
                block,
                where,
                Terms(Fraction(1), Fraction(amount)),
                amount,
                detail=f'{{"decisions":{decisions}}}',  # canonical as it stands
            )
        so_far.add(block)


def counted_months(so_far: SoFar) -> dict[int, str]:
    """Return the period of each counted month: the first ``months`` of the period's months."""
    data, months = so_far.data, {}
    for counted, (period, numbers) in zip(data.quantities.months, data.model.periods().items(), strict=True):
        months.update(dict.fromkeys(numbers[:counted], period))
    return months
