"""What is delivered by month is read from the delivery that holds the month, and none is missed in silence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.base import DateRange, year_range
from core.usecases.allocation import derivation_of
from core.usecases.register_counts import NoRegisterError
from tests.support.reaching import PEEK
from tests.support.small_figures import BUDGET_TOTALS
from tests.support.small_kommun import CONTROLLER, GIVEN_HEADER, KOMMUN, PLANNED_2026, YEAR, given_text, planned_text

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

SPRING, AUTUMN = DateRange(date(YEAR, 1, 1), date(YEAR, 7, 1)), DateRange(date(YEAR, 7, 1), date(YEAR + 1, 1, 1))


def rows_of(text: str, *months: int) -> str:
    """Return a file with the rows of some months only."""
    header, *rows = text.splitlines(keepends=True)
    return header + "".join(row for row in rows if any(f";{YEAR}-{month:02d};" in row for month in months))


def test_a_plan_and_decided_amounts_in_two_deliveries_give_what_they_give_in_one(undecided_lillby: Lillby) -> None:
    lillby, plan, given = undecided_lillby, planned_text(PLANNED_2026, YEAR), given_text()
    for months, period in ((range(1, 7), SPRING), (range(7, 13), AUTUMN)):
        lillby.deliver("planned_counts", rows_of(plan, *months), period)
        lillby.deliver("given_amounts", rows_of(given, *months), period)
    run = lillby.decide(YEAR, "budget")
    with lillby.app.reading(PEEK) as work:
        assert {one.enhet: one.total_ore for one in work.runs.units(KOMMUN, run.number)} == BUDGET_TOTALS
        kinds = [kind for _, kind in work.runs.batches(KOMMUN, run.number)]
    tree = derivation_of(lillby.app, CONTROLLER, "B2", run.number, "total")
    cited = {
        node.source.detail
        for _, node in tree.walk()
        if node.key.startswith("count:") and node.source and node.source.kind == "batch"
    }
    assert cited == {"planned_counts_9.csv", "planned_counts_11.csv"}  # each month its own
    assert [kinds.count(kind) for kind in ("planned_counts", "given_amounts")] == [2, 2]


def test_a_month_without_a_plan_is_refused_and_named(undecided_lillby: Lillby) -> None:
    undecided_lillby.deliver(
        "planned_counts", rows_of(planned_text(PLANNED_2026, YEAR), 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12),
        year_range(YEAR),
    )  # fmt: skip
    with pytest.raises(NoRegisterError, match=f"{YEAR}-09-01") as refused:
        undecided_lillby.allocate(YEAR, "budget")
    assert refused.value.days == (date(YEAR, 9, 1),)


def test_a_decided_amount_on_a_step_that_the_model_lacks_stands_in_underlag(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver("given_amounts", GIVEN_HEADER + f"stodd;A1;grundskola;{YEAR}-03;2;100\n", year_range(YEAR))
    run = lillby.allocate(YEAR, "budget")
    with lillby.app.reading(PEEK) as work:
        missed = [one for one in work.runs.uncounted(KOMMUN, run.number) if one.reason.startswith("beslut")]
    assert [(one.reason, one.enhet, one.n) for one in missed] == [("beslut_utan_steg", "A1", 1)]
