"""After the year: paid, due and the difference for every unit; prices decided late; corrections that waited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import year_range
from core.usecases import imports, settlement, statements, verify
from core.usecases.allocation import allocation_of, kinds_of
from core.usecases.correcting import NotDecidedPricesError, NothingToSettleError
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
    model_text,
)

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

NEW_ELEV = "e16;A1;grundskola;2;2018-06;;;9907;2026-03-02;\n"
PROVISIONAL = model_text().replace("label: juli–december,", "label: juli–december, status: provisional,")
DECIDED = model_text().replace('factor: "1.05"', 'factor: "1.10"')


def totals(lillby: Lillby, run: int) -> dict[str, int]:
    with lillby.app.reading(PEEK) as work:
        return {one.enhet: one.total_ore for one in work.runs.units(KOMMUN, run)}


def test_a_final_settlement_counts_the_whole_year_and_says_what_is_to_pay_or_recover(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    lillby.decide(YEAR, "utfall", 12)
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR))
    run = lillby.decide(YEAR, "slutavrakning", 3)  # always the whole year
    assert (run.kind, run.through_month, run.earlier_run) == ("slutavrakning", 12, lillby.runs[YEAR, "utfall"])
    view = settlement.corrections_of_run(lillby.app, CONTROLLER, run.number)
    due, paid = totals(lillby, run.number), totals(lillby, lillby.runs[YEAR, "utfall"])
    assert {one.enhet: (one.paid_ore, one.due_ore, one.difference_ore) for one in view.settlement} == {
        enhet: (paid[enhet], due[enhet], due[enhet] - paid[enhet]) for enhet in due
    }
    assert view.to_pay_ore - view.to_recover_ore == sum(due.values()) - sum(paid.values()) > 0
    assert view.to_recover_ore > 0  # the pot has one more elev to share it
    assert (view.waiting, {one.waits for one in view.rows}) == ((), {False})
    assert verify.verify(lillby.app, CONTROLLER, KOMMUN, run.number).findings == ()
    assert kinds_of(lillby.app, CONTROLLER, "A1", YEAR) == ("utfall", "slutavrakning", "budget")
    assert allocation_of(lillby.app, CONTROLLER, "A1", YEAR, "slutavrakning").total_ore == due["A1"]


def test_corrections_that_waited_are_part_of_the_settlement(lillby: Lillby) -> None:
    first = totals(lillby, lillby.runs[YEAR, "utfall"])
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR))
    second = lillby.decide(YEAR, "utfall", 10).number
    waiting = settlement.corrections_of_unit(lillby.app, REKTOR_A1, "A1", second)
    assert {one.month for one in waiting.waiting} == set(range(1, 9))
    third = lillby.decide(YEAR, "utfall", 10).number  # the same again: nothing new, and what waited still waits
    still = settlement.corrections_of_unit(lillby.app, REKTOR_A1, "A1", third)
    assert (still.rows, still.waiting_ore) == ((), waiting.waiting_ore)
    final = lillby.decide(YEAR, "slutavrakning").number
    (mine,) = settlement.corrections_of_unit(lillby.app, REKTOR_A1, "A1", final).settlement
    paid_now = sum(one.difference_ore for one in waiting.rows if not one.waits)
    # öre left over from rounding each month to whole kronor are settled with the run's last payment
    assert mine.paid_ore == pytest.approx(first["A1"] + paid_now, abs=12 * 100)
    assert mine.paid_ore == totals(lillby, third)["A1"] - waiting.waiting_ore
    assert mine.due_ore == totals(lillby, final)["A1"]


def test_without_a_decided_utfall_there_is_nothing_to_settle(undecided_lillby: Lillby) -> None:
    undecided_lillby.decide(YEAR, "budget")
    undecided_lillby.allocate(YEAR, "utfall", 10)
    with pytest.raises(NothingToSettleError, match="inget beslutat utfall för 2026"):
        undecided_lillby.allocate(YEAR, "slutavrakning")


def test_a_provisional_list_is_said_everywhere_and_settled_when_it_is_decided(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver(imports.MODEL, PROVISIONAL, year_range(YEAR))
    lillby.decide(YEAR, "budget")
    assert lillby.allocate(YEAR, "utfall", 6).provisional == ()  # its first month is July
    paid = lillby.decide(YEAR, "utfall", 10)
    assert paid.provisional == ("juli–december",)
    made = statements.statement_of(lillby.app, REKTOR_A1, "A1", paid.number)
    assert "Prislistan juli–december är preliminär." in " ".join(made.sentences)
    file = json.loads(statements.statement(lillby.app, REKTOR_A1, "A1", paid.number, "json")[1])
    assert file["run"]["provisional"] == ["juli–december"]
    with pytest.raises(NotDecidedPricesError, match="juli–december är preliminär"):
        lillby.allocate(YEAR, "slutavrakning")

    lillby.deliver(imports.MODEL, DECIDED, year_range(YEAR))
    decided = lillby.decide(YEAR, "utfall", 10)
    assert decided.provisional == ()
    rows = settlement.corrections_of_run(lillby.app, CONTROLLER, decided.number).rows
    assert {one.month for one in rows} == {7, 8, 9, 10}  # the months paid provisionally, and no other
    assert {one.reasons for one in rows} == {("prices",)}
    assert not any(one.waits for one in rows)
    # A3: 2 elever × 63 000 → 66 000, less 2 % held centrally: 490 kronor a month
    assert [one.difference_ore for one in rows if one.enhet == "A3"] == [49_000] * 4
    assert verify.verify(lillby.app, CONTROLLER, KOMMUN, decided.number).findings == ()


def test_a_unit_reads_its_own_corrections_and_the_kommun_those_of_all(lillby: Lillby) -> None:
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR))
    run = lillby.decide(YEAR, "utfall", 10).number
    mine = settlement.corrections_of_unit(lillby.app, REKTOR_A1, "A1", run)
    assert {one.enhet for one in mine.rows} == {"A1"}
    every = settlement.corrections_of_run(lillby.app, CONTROLLER, run)
    assert {one for one in every.rows if one.enhet == "A1"} == set(mine.rows)
    with pytest.raises(ForbiddenError):
        settlement.corrections_of_unit(lillby.app, OWNER_CEDERN, "A1", run)
    for viewer in (REKTOR_A1, POLITICIAN, CITIZEN):
        with pytest.raises(ForbiddenError):
            settlement.corrections_of_run(lillby.app, viewer, run)
    sealed = settlement.corrections_of_unit(lillby.app, POLITICIAN, "A1", run)  # two decisions on support
    assert (sealed.rows, bool(sealed.sealed)) == ((), True)
