"""Trials that are kept: editions, frozen runs that verify, and what never happens to them."""

from __future__ import annotations

import json
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import CoreError, RunKind
from core.store import ScenarioMovedError, ScenarioUnknownError
from core.usecases import runs
from core.usecases.allocation import derivation_of
from core.usecases.auditing import verify_chain
from core.usecases.choices import MissingDataError
from core.usecases.data_version import data_version
from core.usecases.drill_down import register_rows
from core.usecases.runs import ScenarioNotDecidedError, set_state
from core.usecases.scenarios import (
    LawForbidsError,
    NameMissingError,
    NothingChangedError,
    archive_scenario,
    save_scenario,
    scenarios,
)
from core.usecases.start import start_view
from core.usecases.trial_base import NotABaseError
from core.usecases.verify import verify
from core.usecases.workshop import saved_trial, trial_of, workshop_view
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CHIEF,
    CONTROLLER,
    HANDLER,
    KOMMUN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.workshop_views import ScenarioInfo
    from tests.support.small_kommun import Lillby

BUDGET, UTFALL = 1, 2
LOCAL = "prices/lokal/values/gs.1_3"
DEARER = json.dumps([{"kind": "figure", "address": LOCAL, "value": "15000"}])
EVERYTHING = json.dumps(
    [
        {"kind": "figure", "address": LOCAL, "value": "15000"},
        {"kind": "figure", "address": "prices/fritids/from_budget/fh", "value": "90000"},
        {"kind": "figure", "address": "amounts/socio/pool", "value": "140000"},
        {"kind": "count", "enhet": "A1", "category": "gs.4_6", "from_month": 8, "delta": 2},
        {"kind": "count", "enhet": "F1", "category": "fsk", "n": 3},
        {"kind": "index", "index": "socio", "enhet": "A2", "value": "150"},
    ]
)


def save(lillby: Lillby, changes: str = DEARER, base: int = BUDGET, **more: object) -> ScenarioInfo:
    return save_scenario(lillby.app, CONTROLLER, base, "Dyrare lokaler", changes, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("base", [BUDGET, UTFALL])
@pytest.mark.parametrize("changes", [DEARER, EVERYTHING])
def test_a_frozen_trial_verifies_and_says_what_the_trial_said(lillby_on_both: Lillby, base: int, changes: str) -> None:
    tried = trial_of(lillby_on_both.app, CONTROLLER, base, changes).effects
    saved = save(lillby_on_both, changes, base)
    assert saved.run is not None
    report = verify(lillby_on_both.app, AUDITOR, KOMMUN, saved.run)
    assert report.ok, report.findings
    assert tried is not None
    assert saved.total_ore == tried.trial_ore
    with lillby_on_both.app.reading(PEEK) as work:
        frozen = {one.enhet: one.total_ore for one in work.runs.units(KOMMUN, saved.run)}
    assert frozen == {one.enhet: one.trial_ore for one in tried.units}
    assert saved_trial(lillby_on_both.app, CONTROLLER, saved.number).effects == tried
    assert verify_chain(lillby_on_both.app, AUDITOR, KOMMUN).ok


def test_a_changed_change_is_found_by_verify(lillby: Lillby) -> None:
    saved = save(lillby, EVERYTHING)
    with lillby.engine.begin() as connection:
        other = EVERYTHING.replace('"delta": 2', '"delta": 1').replace('"150"', '"151"')
        connection.execute(text("UPDATE scenario_run SET changes = :other"), {"other": other})
    assert saved.run is not None
    found = " ".join(verify(lillby.app, AUDITOR, KOMMUN, saved.run).findings)
    assert "Försökets antal är inte de som körning 1 och ändringarna ger." in found


def test_every_changed_amount_of_a_frozen_trial_says_so_in_its_tree(lillby: Lillby) -> None:
    run = save(lillby, EVERYTHING).run
    assert run is not None
    tree = derivation_of(lillby.app, CONTROLLER, "A1", run, "total")
    said = " ".join(node.source.title for _, node in tree.walk() if node.source)
    assert "ÄNDRAT I FÖRSÖK: 12000 → 15000" in said
    assert "Ändrat i försöket: +2 elever från månad 8" in said
    assert "planerade antal" in said, "de oförändrade månaderna visar sina rader"


def test_the_base_run_is_untouched(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        before = work.runs.lines(KOMMUN, BUDGET)
    save(lillby, EVERYTHING)
    with lillby.app.reading(PEEK) as work:
        assert work.runs.lines(KOMMUN, BUDGET) == before
    assert verify(lillby.app, AUDITOR, KOMMUN, BUDGET).ok


def test_a_trial_is_never_decided_published_or_taken_for_the_years_run(lillby: Lillby) -> None:
    run = save(lillby).run
    assert run is not None
    for state in ("checked", "decided", "published"):
        with pytest.raises(ScenarioNotDecidedError, match="är ett försök"):
            set_state(lillby.app, CHIEF, KOMMUN, run, state, "Nämnden § 1")
    again = runs.allocate(lillby.app, CONTROLLER, KOMMUN, YEAR, "utfall", 10)
    assert again.budget_run == BUDGET, "utfallet betalar budgetens priser, inte försökets"
    with lillby.app.reading(PEEK) as work:
        assert work.runs.get(KOMMUN, run).kind == RunKind.SCENARIO.value
        assert ("scenario",) not in {(kind,) for _, kind in work.sums.years_of(KOMMUN, None, ("published", "decided"))}
    assert run not in {one.number for one in workshop_view(lillby.app, CONTROLLER).bases}


def test_a_trial_gives_nobody_anything_to_do(lillby: Lillby) -> None:
    before = start_view(lillby.app, CONTROLLER).tasks
    save(lillby, EVERYTHING)  # its books do not close: the budget is not decided for it
    assert start_view(lillby.app, CONTROLLER).tasks == before


def test_a_saved_and_an_archived_trial_make_the_pages_ask_anew(lillby: Lillby) -> None:
    stamps = [data_version(lillby.app, CONTROLLER)]
    saved = save(lillby)
    stamps.append(data_version(lillby.app, CONTROLLER))
    archive_scenario(lillby.app, CONTROLLER, saved.number, saved.edition)
    stamps.append(data_version(lillby.app, CONTROLLER))
    assert len(set(stamps)) == 3


def test_a_changed_count_has_no_rows_behind_it_and_an_unchanged_one_its_own(lillby: Lillby) -> None:
    run = save(lillby, EVERYTHING, UTFALL).run
    assert run is not None
    with pytest.raises(MissingDataError, match="ändrat i försöket"):
        register_rows(lillby.app, CONTROLLER, "A1", run, "gs.4_6", 9, purpose="kontroll")
    assert register_rows(lillby.app, CONTROLLER, "A1", run, "gs.4_6", 3, purpose="kontroll").total


def test_a_trial_is_not_built_on_a_trial(lillby: Lillby) -> None:
    run = save(lillby).run
    assert run is not None
    with pytest.raises(NotABaseError, match="är själv ett försök"):
        save(lillby, base=run)


def test_a_newer_edition_is_never_overwritten_unseen(lillby_on_both: Lillby) -> None:
    first = save(lillby_on_both)
    second = save_scenario(lillby_on_both.app, CHIEF, BUDGET, "Dyrast", EVERYTHING, over=(first.number, first.edition))
    assert (second.edition, second.number) == (2, first.number)
    with pytest.raises(ScenarioMovedError, match=r"Forvaltningschef sparade en nyare version .* 2026-11-22 kl. 08.00"):
        save(lillby_on_both, over=(first.number, first.edition))
    (kept,) = scenarios(lillby_on_both.app, CONTROLLER)
    assert kept == second
    with pytest.raises(ScenarioMovedError):
        archive_scenario(lillby_on_both.app, CONTROLLER, first.number, first.edition)


def test_of_two_who_save_at_once_one_is_told(lillby_on_both: Lillby) -> None:
    first, barrier = save(lillby_on_both), Barrier(2)
    answers: list[object] = []

    def write(name: str) -> None:
        barrier.wait()
        try:
            over = (first.number, first.edition)
            answers.append(save_scenario(lillby_on_both.app, CONTROLLER, BUDGET, name, DEARER, over=over).name)
        except CoreError as error:
            answers.append(type(error))

    both = [Thread(target=write, args=(name,)) for name in ("Annas", "Bengts")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert ScenarioMovedError in answers
    (kept,) = scenarios(lillby_on_both.app, CONTROLLER)
    assert kept.edition == 2
    assert kept.name in answers
    assert kept.run is not None
    assert verify(lillby_on_both.app, AUDITOR, KOMMUN, kept.run).ok
    assert verify_chain(lillby_on_both.app, AUDITOR, KOMMUN).ok


def test_law_stops_a_trial_from_being_saved_and_says_by_which_paragraph(lillby: Lillby) -> None:
    lower = json.dumps([{"kind": "figure", "address": "prices/moms/rate", "value": "0.03"}])
    with pytest.raises(LawForbidsError, match=r"14 kap\. 4 och 5 §§"):
        save(lillby, lower)
    assert scenarios(lillby.app, CONTROLLER) == ()
    with lillby.app.reading(PEEK) as work:
        assert len(work.runs.list(KOMMUN)) == 2, "ingen körning blev kvar"


@pytest.mark.parametrize(
    ("name", "changes", "error"),
    [("", DEARER, NameMissingError), ("x" * 121, DEARER, NameMissingError), ("Tomt", "[]", NothingChangedError)],
)
def test_what_is_nothing_is_not_saved(lillby: Lillby, name: str, changes: str, error: type[CoreError]) -> None:
    with pytest.raises(error):
        save_scenario(lillby.app, CONTROLLER, BUDGET, name, changes)


def test_an_archived_trial_leaves_the_list_and_keeps_its_run(lillby: Lillby) -> None:
    saved = save(lillby)
    archived = archive_scenario(lillby.app, CONTROLLER, saved.number, saved.edition)
    assert not archived.is_open
    assert scenarios(lillby.app, CONTROLLER) == ()
    assert [one.number for one in scenarios(lillby.app, CONTROLLER, archived=True)] == [saved.number]
    assert saved.run is not None
    assert verify(lillby.app, AUDITOR, KOMMUN, saved.run).ok


def test_a_trial_that_is_not_there_is_said_so(lillby: Lillby) -> None:
    with pytest.raises(ScenarioUnknownError, match="Försök 7 finns inte"):
        archive_scenario(lillby.app, CONTROLLER, 7, 1)


@pytest.mark.parametrize("viewer", [AUDITOR, POLITICIAN, HANDLER, REKTOR_A1])
def test_only_who_may_edit_saves(lillby: Lillby, viewer: Actor) -> None:
    with pytest.raises(ForbiddenError):
        save_scenario(lillby.app, viewer, BUDGET, "Mitt", DEARER)
