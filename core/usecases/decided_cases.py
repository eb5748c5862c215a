"""Decided tilläggsbelopp, month by month: which decisions a month is paid for is the model's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import CaseAmount
from core.base import Month
from core.parameters import CaseAmounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.parameters import FundingModel
    from core.store import CaseRecord


def case_months(rows: Iterable[CaseRecord], model: FundingModel, first: int, last: int) -> Iterator[CaseAmount]:
    """Yield each decision's amount for every month (yyyymm) from ``first`` to ``last`` that it is paid for.

    A month is paid whole: when the decision is in force on the month's first day, or where the step says
    ``month: any_day`` on any of its days. A step that the model lacks is paid nothing, but is told of.
    """
    any_day = {one.step for one in model.amounts if isinstance(one, CaseAmounts) and one.month == "any_day"}
    months = [Month(first // 100, number) for number in range(first % 100, last % 100 + 1)]
    for row in rows:
        for month in months:
            upto = month.last_day if row.step in any_day else month.first_day
            if row.valid_from <= upto and (row.valid_to is None or row.valid_to > month.first_day):
                yield CaseAmount(
                    row.step, row.decision, row.enhet, row.verksamhet, month.number, row.amount_ore, row.elev
                )
