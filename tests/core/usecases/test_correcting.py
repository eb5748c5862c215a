"""A run says months anew that an earlier run of the year said: rows, reasons, the books, the check; on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import difference_of
from core.base import year_range
from core.usecases import imports, verify
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    YEAR,
    model_text,
)

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

NEW_ELEV = "e16;A1;grundskola;2;2018-06;;;9907;2026-03-02;\n"


def books(lillby: Lillby, run: int) -> dict[str, int]:
    with lillby.app.reading(PEEK) as work:
        lines = work.runs.books(KOMMUN, run)
    assert difference_of(lines) == 0
    return {one.term: one.amount_ore for one in lines}


def test_a_corrected_register_gives_rows_with_old_new_and_reason(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR))
    run = lillby.allocate(YEAR, "utfall", 10)
    with lillby.app.reading(PEEK) as work:
        found = work.corrections.of_run(KOMMUN, run.number)
        assert work.runs.get(KOMMUN, run.number).earlier_run == lillby.runs[YEAR, "utfall"]
        before, now = (
            {month: ore for _, month, kind, ore in work.runs.payments(KOMMUN, number, "A1") if kind == "monthly"}
            for number in (lillby.runs[YEAR, "utfall"], run.number)
        )
        waiting = work.corrections.waiting(KOMMUN, run.number, "A1")
    mine = {one.month: one for one in found if one.enhet == "A1"}
    assert {month: one.difference_ore for month, one in mine.items()} == {
        month: now[month] - before[month] for month in now if now[month] != before[month]
    }
    assert {month for month, one in mine.items() if "counts" in one.reasons} == set(range(3, 11))
    assert {one.reasons for one in found if one.enhet == "B1"} == {("pools",)}  # its share of the pot shrank
    assert not [one for one in found if one.enhet in {"C1", "F1", "B2"}]  # have no part in the pot
    assert [one.month for one in found if one.enhet == "A1" and not one.waits] == [9, 10]
    assert [(number, one.month) for number, one in waiting] == [
        (run.number, month) for month in sorted(mine) if month < 9
    ]
    assert verify.verify(lillby.app, CONTROLLER, KOMMUN, run.number).findings == ()
    terms = books(lillby, run.number)
    assert terms["rattelser"] == sum(one.difference_ore for one in found) > 0
    assert terms["volym"] == books(lillby, lillby.runs[YEAR, "utfall"])["volym"]


def test_the_first_utfall_of_a_year_corrects_nothing(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        assert work.corrections.of_run(KOMMUN, lillby.runs[YEAR, "utfall"]) == []
        assert work.runs.get(KOMMUN, lillby.runs[YEAR, "utfall"]).earlier_run is None


def test_what_is_paid_in_all_is_what_was_said_first_the_corrections_and_the_new_months(
    undecided_lillby: Lillby,
) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall", 5)
    later = lillby.allocate(YEAR, "utfall", 10).number
    with lillby.app.reading(PEEK) as work:
        old, new = (work.runs.payments(KOMMUN, run) for run in (lillby.runs[YEAR, "utfall"], later))
        found = work.corrections.of_run(KOMMUN, later)
    assert {one.reasons for one in found} == {("pools",)}  # e06 left in June: the others share
    said_first = sum(ore for _, _, kind, ore in old if kind == "monthly")
    new_months = sum(ore for _, month, kind, ore in new if kind == "monthly" and month > 5)
    rounding = sum(ore for _, _, kind, ore in new if kind == "settlement")
    assert said_first + sum(one.difference_ore for one in found) + new_months + rounding == sum(row[-1] for row in new)


def test_a_price_changed_in_the_model_corrects_every_month_it_was_paid_in_and_waits_for_nothing(lillby: Lillby) -> None:
    lillby.deliver(imports.MODEL, model_text().replace('"12000"', '"12600"'), year_range(YEAR))
    run = lillby.allocate(YEAR, "utfall", 10).number
    with lillby.app.reading(PEEK) as work:
        found = work.corrections.of_run(KOMMUN, run)
    assert {one.reasons for one in found} == {("prices",)}
    assert not any(one.waits for one in found)
    assert {one.month for one in found if one.enhet == "B2"} == set(range(1, 11))
    terms = books(lillby, run)
    assert (terms["andrad_modell"], terms["volym"]) == (0, books(lillby, lillby.runs[YEAR, "utfall"])["volym"])
    assert verify.verify(lillby.app, CONTROLLER, KOMMUN, run).findings == ()


def test_a_changed_correction_is_found(lillby: Lillby) -> None:
    lillby.deliver(imports.MODEL, model_text().replace('"12000"', '"12600"'), year_range(YEAR))
    run = lillby.allocate(YEAR, "utfall", 10).number
    with lillby.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE run_correction SET new_ore = new_ore + 100 WHERE run = {run} AND month = 202601"
        )
    findings = verify.verify(lillby.app, CONTROLLER, KOMMUN, run).findings
    assert "Rättelserna är inte de som den tidigare körningen och raderna ger." in findings
