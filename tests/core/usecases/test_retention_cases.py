"""Decided tilläggsbelopp after seven years: the amounts stay to the öre, and whose they were is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from core.base import DateRange, year_range
from core.store.tables import CaseAmountRow
from core.usecases.retention import carry_out, retention_plan
from core.usecases.verify import verify
from tests.core.usecases.test_case_amounts import CASES, HEADER, delivered_with_rules
from tests.support import small_kommun
from tests.support.copies import copied
from tests.support.reaching import PEEK
from tests.support.small_kommun import CHIEF, CONTROLLER, KOMMUN, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker
    from tests.support.small_kommun import Lillby

EIGHT_YEARS_ON = datetime(YEAR + 8, 6, 1, tzinfo=UTC)
SAME_ELEV_AGAIN = f"tillagg;TB-1;e07;B1;grundskola;{YEAR}-01-01;{YEAR}-03-31;12000\n"


@pytest.fixture
def ruled(database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    lillby = copied(database_maker, database, tmp_path, delivered_with_rules)
    lillby.deliver("case_amounts", HEADER + SAME_ELEV_AGAIN, year_range(YEAR), "delta")
    yield lillby
    lillby.engine.dispose()


def elever(lillby: Lillby) -> list[str]:
    """Return the elev of each row, delivery by delivery."""
    with lillby.app.reading(PEEK) as work:
        rows = select(CaseAmountRow.elev).order_by(CaseAmountRow.batch, CaseAmountRow.row)
        return list(work.connection.scalars(rows))


def test_the_amounts_stay_and_verify_and_an_elev_is_a_number_the_same_in_every_delivery(ruled: Lillby) -> None:
    run = ruled.allocate(YEAR, "budget").number
    before, later = elever(ruled), ruled.at(EIGHT_YEARS_ON)
    newest = ruled.allocate(YEAR, "budget").number  # stays, being the newest, and holds its deliveries
    held = next(one for one in retention_plan(later, CONTROLLER, KOMMUN) if one.record_class == "case_amounts").due.held
    assert {reason for _, reason in held} == {f"körning {run} är inte beslutad"}
    assert run != newest
    with ruled.app.writing(PEEK) as work:
        work.retention.erase_case_elever(KOMMUN, [number for number, _ in held])
        work.commit()
    after = elever(ruled)
    assert not set(before) & set(after)
    assert all(one.startswith("gallrad-") for one in after)
    assert [after.index(one) for one in after] == [before.index(one) for one in before]  # who is who is the same
    assert len(after) == 4
    report = verify(ruled.app, CONTROLLER, KOMMUN, newest)
    assert (report.ok, report.findings) == (True, ())


def test_without_a_run_on_them_they_go_and_only_once(ruled: Lillby) -> None:
    later = ruled.at(EIGHT_YEARS_ON)
    done = {one.record_class: one.due.number for one in carry_out(later, CHIEF, KOMMUN)}
    assert done["case_amounts"] == 4
    assert all(one.startswith("gallrad-") for one in elever(ruled))
    assert not any(one.due.number for one in carry_out(later, CHIEF, KOMMUN))


def test_deliveries_that_a_run_rests_on_together_go_together(ruled: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    longer = DateRange(small_kommun.BOTH_YEARS.valid_from, datetime(YEAR + 4, 1, 1, tzinfo=UTC).date())
    ruled.deliver("case_amounts", HEADER + CASES.replace("TB-", "TC-"), longer, "delta")
    ruled.allocate(YEAR, "budget")
    monkeypatch.setattr("core.usecases.retention_guards.UNDECIDED", frozenset())  # the books are not what is tested
    due = next(
        one
        for one in retention_plan(ruled.at(EIGHT_YEARS_ON), CONTROLLER, KOMMUN)
        if one.record_class == "case_amounts"
    ).due
    assert due.number == 0
    assert len(due.held) == 2
    assert all("som ska sparas längre" in reason for _, reason in due.held)
