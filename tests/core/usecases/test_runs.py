"""Budget and utfall of Lillby, to the öre that was worked out by hand; and the states of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.allocation import difference_of
from core.base import year_range
from core.store.errors import ModelUnknownError, RunStateError, RunUnknownError
from core.usecases import imports, runs
from core.usecases.frozen import NoUnitsError, PlanUnknownError
from core.usecases.register_counts import NoRegisterError
from core.usecases.runs import BooksOpenError, NoBudgetRunError
from tests.support import small_figures as figures
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    BOTH_YEARS,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    PLANNED_2026,
    UNITS,
    YEAR,
    model_text,
    planned_text,
    with_2025,
)

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

BOTH_KINDS = pytest.mark.parametrize(
    ("kind", "table", "totals", "books"),
    [
        ("budget", figures.BUDGET, figures.BUDGET_TOTALS, figures.BUDGET_BOOKS),
        ("utfall", figures.UTFALL, figures.UTFALL_TOTALS, figures.UTFALL_BOOKS),
    ],
)


@BOTH_KINDS
def test_every_line_of_a_run_is_the_one_worked_out_by_hand(
    lillby_on_both: Lillby, kind: str, table: str, totals: dict[str, int], books: dict[str, int]
) -> None:
    number = lillby_on_both.runs[YEAR, kind]
    with lillby_on_both.app.reading(PEEK) as work:
        lines = work.runs.lines(KOMMUN, number)
        units = work.runs.units(KOMMUN, number)
        closed = work.runs.books(KOMMUN, number)
    assert {(one.enhet, one.step, one.category, one.period): one.amount_ore for one in lines} == figures.amounts(table)
    assert {one.enhet: one.total_ore for one in units} == totals
    assert {one.term: one.amount_ore for one in closed} == books
    assert difference_of(closed) == 0


def test_the_counts_of_the_utfall_are_the_elever_counted_by_hand(lillby_on_both: Lillby) -> None:
    with lillby_on_both.app.reading(PEEK) as work:
        stored = work.runs.counts(KOMMUN, lillby_on_both.runs[YEAR, "utfall"])
        missed = work.runs.uncounted(KOMMUN, lillby_on_both.runs[YEAR, "utfall"])
    by_hand = {
        (enhet, category, month): n
        for (enhet, category), months in figures.COUNTS.items()
        for month, n in enumerate(months, start=1)
        if n
    }
    assert {(one.enhet, one.category, one.month): one.n for one in stored} == by_hand
    assert {(one.category == "fsk", one.rule, one.den) for one in stored} == {
        (False, "den_15", 12),
        (True, "dagar", 365),
    }
    assert [(one.reason, one.enhet, one.n) for one in missed] == [
        ("annan_kommuns_elev", "B1", 1),
        ("annan_kommuns_elev", "C1", 1),
        ("ingen_kategori", "A1", 1),
    ]


@pytest.mark.parametrize("kind", ["budget", "utfall"])
def test_payments_are_whole_kronor_and_sum_to_the_lines_of_every_unit(lillby: Lillby, kind: str) -> None:
    with lillby.app.reading(PEEK) as work:
        payments = work.runs.payments(KOMMUN, lillby.runs[YEAR, kind])
        units = work.runs.units(KOMMUN, lillby.runs[YEAR, kind])
    assert all(ore % 100 == 0 for _, _, how, ore in payments if how == "monthly")
    for unit in units:
        assert sum(ore for enhet, _, _, ore in payments if enhet == unit.enhet) == unit.total_ore, unit.enhet
        assert sum(how == "settlement" for enhet, _, how, _ in payments if enhet == unit.enhet) <= 1


def test_a_month_pays_for_the_elever_of_the_month(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        payments = work.runs.payments(KOMMUN, lillby.runs[YEAR, "utfall"], "C1")
        settled = work.runs.payments(KOMMUN, lillby.runs[YEAR, "utfall"], "B2")
    # e11 from March: 24 000 kr over four months, then 25 000 kr over four
    assert payments == [
        ("C1", month, "monthly", 600_000 if month < 7 else 625_000) for month in (3, 4, 5, 6, 7, 8, 9, 10)
    ]
    # B2: 7 642,58 a month becomes 7 643, then 7 970,17 becomes 7 970; the rest is settled in October
    assert [ore for _, _, how, ore in settled if how == "monthly"] == [764_300] * 6 + [797_000] * 4
    assert [(month, ore) for _, month, how, ore in settled if how == "settlement"] == [
        (10, 7_773_617 - 6 * 764_300 - 4 * 797_000)
    ]


def test_a_whole_year_hands_out_the_whole_pot(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    budget = lillby.decide(YEAR, "budget").number
    utfall = lillby.decide(YEAR, "utfall").number
    with lillby.app.reading(PEEK) as work:
        # in the autumn's utfall the weights are 360, 100 and 40: of 50 000 kr no öre is left over
        for run, left in ((budget, [2, 2]), (utfall, [0, 2])):
            assert sum(one.amount_ore for one in work.runs.lines(KOMMUN, run) if one.step == "socio") == 10_000_000
            assert [one.remainder_ore for one in work.runs.pools(KOMMUN, run)] == left
        ej_raknat = next(one for one in work.runs.books(KOMMUN, utfall) if one.term == "ej_raknat")
    assert ej_raknat.amount_ore == 0


def test_the_same_inputs_give_the_same_fingerprint_and_another_count_another(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    first, second = lillby.allocate(YEAR, "utfall", 10), lillby.allocate(YEAR, "utfall", 10)
    assert (first.fingerprint, first.root_hash) == (second.fingerprint, second.root_hash)
    shorter = lillby.allocate(YEAR, "utfall", 9)
    assert shorter.fingerprint != first.fingerprint
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026.replace("e10;B2", "e20;B2"), year_range(YEAR))
    other = lillby.allocate(YEAR, "utfall", 10)
    assert other.root_hash == first.root_hash  # as many elever, so the same lines
    assert other.fingerprint != first.fingerprint  # but not the same rows


def test_a_run_is_checked_then_decided_then_published_and_nothing_else(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    run = lillby.allocate(YEAR, "budget").number
    for state in ("decided", "published"):
        with pytest.raises(RunStateError):
            lillby.move(run, state)
    lillby.move(run, "checked")
    with pytest.raises(RunStateError):
        lillby.move(run, "published")
    lillby.move(run, "decided")
    info = next(one for one in runs.list_runs(lillby.app, CONTROLLER, KOMMUN) if one.number == run)
    assert (info.state, info.decision) == ("decided", "Nämnden § 1")
    lillby.move(run, "published")
    with pytest.raises(RunStateError):
        lillby.move(run, "checked")
    with pytest.raises(runs.NoSuchStepError, match="Det läget finns inte"):
        lillby.move(run, "nonsens")


def test_a_published_run_supersedes_the_one_published_before_it_of_its_kind_and_year(lillby: Lillby) -> None:
    with_2025(lillby)
    for run in lillby.runs.values():
        lillby.move(run, "published")
    newer = lillby.decide(YEAR, "utfall", 10).number
    lillby.move(newer, "published")
    states = {one.number: one.state for one in runs.list_runs(lillby.app, CONTROLLER, KOMMUN)}
    assert states == {1: "published", 2: "superseded", 3: "published", 4: "published", newer: "published"}


def test_every_step_of_a_run_is_in_the_audit_chain_with_its_hashes(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        entries = [one for one in work.audit.entries(KOMMUN) if one.subject == "run:2"]
        run = work.runs.get(KOMMUN, 2)
    assert [one.action for one in entries] == ["run.create", "run.decide", "run.decide"]
    assert run.root_hash is not None
    assert run.fingerprint is not None
    assert run.root_hash in str(entries[0].payload)
    assert run.fingerprint in str(entries[0].payload)
    assert {one.actor for one in entries} == {"controller", "forvaltningschef"}


def test_an_utfall_without_a_budget_is_a_sentence(undecided_lillby: Lillby) -> None:
    with pytest.raises(NoBudgetRunError, match="2026"):
        undecided_lillby.allocate(YEAR, "utfall", 10)


def test_a_draft_budget_pays_until_a_decided_one_is_there(undecided_lillby: Lillby) -> None:
    draft = undecided_lillby.allocate(YEAR, "budget").number
    assert undecided_lillby.allocate(YEAR, "utfall", 1).budget_run == draft
    undecided_lillby.move(draft, "checked", "decided")
    newer = undecided_lillby.allocate(YEAR, "budget").number
    assert newer > draft
    assert undecided_lillby.allocate(YEAR, "utfall", 1).budget_run == draft


def test_what_is_missing_is_said_before_anything_is_written(empty_lillby: Lillby) -> None:
    lillby, year = empty_lillby, year_range(YEAR)
    with pytest.raises(ModelUnknownError):
        lillby.allocate(YEAR, "budget")
    lillby.deliver(imports.MODEL, model_text(), year)
    with pytest.raises(NoUnitsError, match="Enhetsregistret för 2026"):
        lillby.allocate(YEAR, "budget")
    lillby.deliver("units", UNITS, BOTH_YEARS)
    with pytest.raises(NoRegisterError, match="planerade antal"):
        lillby.allocate(YEAR, "budget")
    lillby.deliver("planned_counts", planned_text(PLANNED_2026, YEAR), year)
    index_missing = lillby.allocate(YEAR, "budget")  # the model has a default for who lacks a value
    assert index_missing.number == 1
    with pytest.raises(NoRegisterError, match="elevregister") as missing:
        lillby.allocate(YEAR, "utfall", 2)
    assert [str(day) for day in missing.value.days] == ["2026-01-15", "2026-02-13"]
    assert len(runs.list_runs(lillby.app, CONTROLLER, KOMMUN)) == 1


def test_an_unknown_run_and_an_unknown_kind_are_refused(lillby: Lillby) -> None:
    with pytest.raises(RunUnknownError):
        runs.set_state(lillby.app, CHIEF, KOMMUN, 99, "checked")
    with pytest.raises(runs.NoSuchStepError, match="Det slaget av körning finns inte"):
        runs.allocate(lillby.app, CONTROLLER, KOMMUN, YEAR, "prognos")


def test_who_computes_does_not_decide_and_who_decides_does_not_compute(lillby: Lillby) -> None:
    with pytest.raises(ForbiddenError):
        runs.set_state(lillby.app, CONTROLLER, KOMMUN, 1, "published")
    with pytest.raises(ForbiddenError):
        runs.allocate(lillby.app, CHIEF, KOMMUN, YEAR, "budget")


def test_a_model_changed_after_the_budget_is_a_term_of_its_own_in_the_books(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    lillby.deliver(imports.MODEL, model_text().replace('"12000"', '"12600"'), year_range(YEAR))
    newer = lillby.allocate(YEAR, "utfall", 10).number
    with lillby.app.reading(PEEK) as work:
        books = work.runs.books(KOMMUN, newer)
    terms = {one.term: one.amount_ore for one in books}
    assert difference_of(books) == 0
    assert terms["andrad_modell"] > 0
    assert {name: terms[name] for name in ("budget", "ej_raknat")} == {
        name: figures.UTFALL_BOOKS[name] for name in ("budget", "ej_raknat")
    }


def test_a_category_that_the_budget_planned_and_the_model_has_lost_is_named(lillby: Lillby) -> None:
    lillby.deliver(imports.MODEL, model_text().replace("gs.ny", "gs.nya"), year_range(YEAR))
    with pytest.raises(PlanUnknownError, match=r"gs\.ny vid enheten A1"):
        lillby.allocate(YEAR, "utfall", 10)


def test_a_run_whose_books_do_not_close_cannot_be_decided(
    undecided_lillby: Lillby,
) -> None:
    lillby = undecided_lillby
    lillby.deliver(imports.MODEL, model_text().replace('amount: "51309"', 'amount: "51308,50"'), year_range(YEAR))
    run = lillby.allocate(YEAR, "budget").number
    with pytest.raises(BooksOpenError, match=r"−0,50.kr skiljer") as refused:
        lillby.move(run, "checked")
    assert refused.value.difference_ore == -50
