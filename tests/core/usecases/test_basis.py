"""Underlag: what was delivered, what was computed from it, and whether the books close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.base import year_range
from core.store.errors import BatchUnknownError, RunUnknownError
from core.usecases import imports
from core.usecases.basis import basis_view, issues_of
from tests.support import small_figures as figures
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    GIVEN_HEADER,
    HANDLER,
    YEAR,
    model_text,
)

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby


def test_an_empty_kommun_has_nothing_to_show_and_says_what_one_may_do(empty_lillby: Lillby) -> None:
    view = basis_view(empty_lillby.app, CONTROLLER)
    assert (view.batches, view.runs, view.chosen, view.books) == ((), (), None, ())
    assert (view.books_close, view.books_difference_ore) == (None, None)
    assert (view.may_import, view.may_accept, view.may_decide) == (True, True, False)
    chief = basis_view(empty_lillby.app, CHIEF)
    assert (chief.may_import, chief.may_accept, chief.may_decide) == (False, False, True)
    handler = basis_view(empty_lillby.app, HANDLER)
    assert (handler.may_import, handler.may_accept) == (True, False)


def test_deliveries_stand_newest_first_with_our_totals(shared_lillby: Lillby) -> None:
    view = basis_view(shared_lillby.app, CONTROLLER)
    assert [one.kind for one in view.batches][-8:] == [
        "model", "premises", "staff", "given_amounts", "index", "planned_counts", "enrolments", "units",
    ]  # fmt: skip
    by_kind = {one.kind: one for one in view.batches}
    assert (by_kind["units"].rows, by_kind["units"].delivered_by, by_kind["units"].state) == (
        7, "Handlaggare", "accepted",
    )  # fmt: skip
    assert by_kind["premises"].our_total == '{"hyra_kr_per_ar":"60\N{NO-BREAK SPACE}000","rader":"2","yta_m2":"120,5"}'
    assert by_kind["units"].tie_out is None


def test_the_run_that_stands_for_the_newest_year_is_chosen_and_its_books_close(shared_lillby: Lillby) -> None:
    view = basis_view(shared_lillby.app, CONTROLLER)
    assert view.chosen is not None
    assert (view.chosen.number, view.chosen.model_title) == (2, "Lillbys fördelning 2026")
    assert {one.term: one.amount_ore for one in view.books} == figures.UTFALL_BOOKS
    assert (view.books_close, view.books_difference_ore) == (True, 0)
    assert [one.number for one in view.runs] == [4, 3, 2, 1]


def test_the_terms_of_a_budget_are_named_in_swedish(shared_lillby: Lillby) -> None:
    view = basis_view(shared_lillby.app, CONTROLLER, 1)
    labels = {one.term: one.label for one in view.books}
    assert labels["rader.grundskola"] == "Fördelat till enheter: grundskola"
    assert labels["rader.forskola"] == "Fördelat till enheter: förskola"
    assert labels["momsersattning"] == "Momsersättning"
    assert view.books_close


def test_a_sum_over_several_verksamheter_is_named_as_such(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    text = model_text().replace("dimension: struktur\n    verksamhet: grundskola", "dimension: struktur")
    lillby.deliver(imports.MODEL, text, year_range(YEAR))
    lillby.decide(YEAR, "budget")
    labels = {one.term: one.label for one in basis_view(lillby.app, CONTROLLER).books}
    assert labels["rader.alla"].startswith("Fördelat till enheter: flera verksamheter")


def test_books_that_do_not_close_say_by_how_much(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver(imports.MODEL, model_text().replace('"51309"', '"51308"'), year_range(YEAR))
    lillby.allocate(YEAR, "budget")
    view = basis_view(lillby.app, CONTROLLER)
    assert (view.books_close, view.books_difference_ore) == (False, -100)


def test_without_a_decided_run_the_newest_draft_is_shown(undecided_lillby: Lillby) -> None:
    undecided_lillby.allocate(YEAR, "budget")
    view = basis_view(undecided_lillby.app, CONTROLLER)
    assert view.chosen is not None
    assert view.chosen.state == "draft"


def test_a_model_without_books_closes_nothing(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver(imports.MODEL, model_text().partition("books:")[0], year_range(YEAR))
    lillby.decide(YEAR, "budget")
    view = basis_view(lillby.app, CONTROLLER)
    assert (view.books, view.books_close) == ((), None)


def test_rows_that_nobody_counts_are_listed_with_the_unit_by_name(shared_lillby: Lillby) -> None:
    view = basis_view(shared_lillby.app, CONTROLLER)
    assert [(one.reason, one.enhet, one.n) for one in view.uncounted] == [
        ("annan_kommuns_elev", "Cedern", 1),
        ("annan_kommuns_elev", "Grannskolan", 1),
        ("ingen_kategori", "Alskolan", 1),
    ]


def test_the_faults_of_a_delivery_are_kept_with_row_and_column(lillby: Lillby) -> None:
    received = lillby.receive("enrolments", ENROLMENT_HEADER + "e1;Z9;grundskola;1;2018;;;9907;2026-01-01;\n",
                              year_range(YEAR))  # fmt: skip
    assert received.batch is not None
    found = issues_of(lillby.app, HANDLER, received.batch.number)
    assert [(one.severity, one.row, one.column, one.found) for one in found] == [
        ("error", 2, "enhet", "”Z9”"),
        ("error", 2, "fodelsemanad", "”2018”"),
    ]
    assert issues_of(lillby.app, HANDLER, 1) == ()


def test_what_a_faulty_cell_says_is_for_who_may_see_such_rows_of_every_unit(lillby: Lillby) -> None:
    """The message quotes the cell: hiding the cell alone hides nothing."""
    year = year_range(YEAR)
    named = lillby.receive("enrolments", ENROLMENT_HEADER + "e1;Siv;grundskola;1;2018-01;;;9907;2026-01-01;\n", year)
    money = lillby.receive("given_amounts", GIVEN_HEADER + "stod;A1;grundskola;2026-03;1;77x\n", year)
    expected = {"Siv": (named, {CONTROLLER, HANDLER, AUDITOR}), "77x": (money, {CONTROLLER, HANDLER, AUDITOR, CHIEF})}
    for cell, (received, readers) in expected.items():
        assert received.batch is not None
        for viewer in (CONTROLLER, HANDLER, AUDITOR, CHIEF, AREA_NORTH):
            (told,) = issues_of(lillby.app, viewer, received.batch.number)
            assert (cell in str(told)) is (viewer in readers), (viewer.subject, told)
            assert (told.row, bool(told.message), bool(told.expected)) == (2, True, True)


def test_an_unknown_run_or_delivery_is_said_so(shared_lillby: Lillby) -> None:
    with pytest.raises(RunUnknownError):
        basis_view(shared_lillby.app, CONTROLLER, 99)
    with pytest.raises(BatchUnknownError):
        issues_of(shared_lillby.app, CONTROLLER, 99)
