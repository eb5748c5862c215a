"""Modellverkstad's use cases: what can be changed, what a trial does, what each reader sees of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.allocation import BelowZeroError, TrialTargetError
from core.base import year_range
from core.parameters import ChangeFaultyError, NoSuchFigureError
from core.store import RunUnknownError
from core.usecases.allocation import allocation_of, derivation_of
from core.usecases.scenarios import save_scenario
from core.usecases.trial_base import Shelf
from core.usecases.trial_explain import trial_derivation
from core.usecases.workshop import (
    CompareError,
    bench_of,
    saved_trial,
    side_by_side,
    trial_of,
    with_change,
    workshop_view,
)
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CITIZEN,
    CONTROLLER,
    GIVEN_HEADER,
    HANDLER,
    KOMMUN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from core.access import Actor
    from tests.support.small_kommun import Lillby

BUDGET, UTFALL = 1, 2
LOCAL = "prices/lokal/values/gs.1_3"


def figure(value: str, address: str = LOCAL) -> str:
    return json.dumps([{"kind": "figure", "address": address, "value": value}])


def test_the_page_opens_on_runs_with_real_counts_and_says_who_may_edit(shared_lillby: Lillby) -> None:
    view = workshop_view(shared_lillby.app, CONTROLLER)
    assert [(one.year, one.kind) for one in view.bases] == [
        (2026, "budget"),
        (2026, "utfall"),
        (2025, "budget"),
        (2025, "utfall"),
    ]
    assert view.may_edit
    assert not workshop_view(shared_lillby.app, POLITICIAN).may_edit


def test_the_bench_holds_every_figure_and_each_units_own_categories(shared_lillby: Lillby) -> None:
    bench = bench_of(shared_lillby.app, CONTROLLER, UTFALL)
    assert LOCAL in {one.address for one in bench.figures}
    a1 = next(one for one in bench.units if one.enhet == "A1")
    assert "fh" in dict(a1.categories)
    assert "fsk" not in dict(a1.categories)
    assert bench.indexes["socio"]["A1"] == 120


def test_dearer_premises_cost_each_unit_its_elever_times_the_difference(shared_lillby: Lillby) -> None:
    view = trial_of(shared_lillby.app, CONTROLLER, BUDGET, figure("13200"))
    assert view.effects is not None
    moved = {one.enhet: one.difference_ore for one in view.effects.units if one.difference_ore}
    # 1 200 kr more an elev and year: A1 has 2 elever, A2 and A3 half a year of 1 and of 2; B1's elev gets
    # administration (36 kr) and VAT (74,16 kr, shown as 74) on it too
    assert moved == {"A1": 240_000, "A2": 60_000, "A3": 120_000, "B1": 131_000}
    assert view.books is not None
    # what the units get more is what is left of the decided budget less, but for the state's VAT compensation
    assert view.books.base_left_ore - view.books.trial_left_ore == sum(moved.values()) - 7_400
    (row,) = view.changes
    assert (row.old, row.new, row.unit, row.decided_by) == ("12000", "13200", "kr/elev", "namnd")


def test_a_trial_without_changes_is_the_run(shared_lillby: Lillby) -> None:
    for run in (BUDGET, UTFALL):
        view = trial_of(shared_lillby.app, CONTROLLER, run, "[]")
        assert view.effects is not None
        assert view.effects.difference_ore == 0
        with shared_lillby.app.reading(PEEK) as work:
            assert view.effects.base_ore == sum(one.total_ore for one in work.runs.units(KOMMUN, run))


def test_the_derivation_of_a_trial_is_that_of_the_run_frozen_afterwards(lillby: Lillby) -> None:
    changes = json.dumps(
        [
            {"kind": "figure", "address": LOCAL, "value": "15000"},
            {"kind": "count", "enhet": "A1", "category": "gs.1_3", "from_month": 7, "delta": 1},
            {"kind": "index", "index": "socio", "enhet": "A1", "value": "90.5"},
        ]
    )
    for base in (BUDGET, UTFALL):
        before = trial_derivation(lillby.app, CONTROLLER, base, changes, "A1")
        frozen = save_scenario(lillby.app, CONTROLLER, base, f"På {base}", changes).run
        assert frozen is not None
        after = derivation_of(lillby.app, CONTROLLER, "A1", frozen, "total")
        assert [(node.key, node.value) for _, node in before.walk()] == [
            (node.key, node.value) for _, node in after.walk()
        ]


def test_an_untouched_trial_explains_what_the_run_explains(shared_lillby: Lillby) -> None:
    trial = trial_derivation(shared_lillby.app, CONTROLLER, UTFALL, "[]", "A1")
    assert trial.to_json() == derivation_of(shared_lillby.app, CONTROLLER, "A1", UTFALL, "total").to_json()


def test_who_may_not_see_individual_support_cannot_work_it_out_from_a_trial(
    shared_lillby: Lillby, lillby: Lillby
) -> None:
    saved = save_scenario(lillby.app, CONTROLLER, UTFALL, "Lokaler", figure("13200"))
    seen = saved_trial(lillby.app, POLITICIAN, saved.number)
    whole = saved_trial(lillby.app, AUDITOR, saved.number)
    assert seen.effects is not None
    assert whole.effects is not None
    assert seen.left_out == len(seen.effects.units)
    mine, all_of_it = ({one.enhet: one for one in view.effects.units} for view in (seen, whole) if view.effects)
    assert all_of_it["A1"].base_ore - mine["A1"].base_ore == 100_000_00, "stödet januari–oktober"
    assert mine["A1"].difference_ore == all_of_it["A1"].difference_ore
    assert allocation_of(shared_lillby.app, POLITICIAN, "A1", YEAR).total_ore == mine["A1"].base_ore
    near = saved_trial(lillby.app, AREA_NORTH, saved.number)
    assert near.left_out == len(seen.effects.units) - 2, "områdeschefen ser stödet i det egna området"


@pytest.mark.parametrize(("decisions", "told"), [(6, True), (2, False)])
def test_what_is_left_of_the_budget_tells_no_support_on_few_decisions(
    lillby: Lillby, decisions: int, *, told: bool
) -> None:
    rows = [f"stod;{enhet};grundskola;{YEAR}-02;{decisions};75000\n" for enhet in ("A1", "B1")]
    lillby.deliver("given_amounts", GIVEN_HEADER + "".join(rows), year_range(YEAR))
    budget = lillby.decide(YEAR, "budget").number
    saved = save_scenario(lillby.app, CONTROLLER, budget, "Dyrare lokaler", figure("13200"))
    seen = [saved_trial(lillby.app, viewer, saved.number).books is not None for viewer in (CONTROLLER, POLITICIAN)]
    assert seen == [True, told]


def test_law_is_said_and_nothing_computed(shared_lillby: Lillby) -> None:
    view = trial_of(shared_lillby.app, CONTROLLER, BUDGET, figure("0.05", "prices/adm/rate"))
    assert view.effects is None
    assert [one.severity for one in view.findings] == ["refused"]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"kind": "figure", "address": LOCAL, "value": "mer"}, ChangeFaultyError),
        ({"kind": "figure", "address": "prices/lokal/label", "value": "1"}, NoSuchFigureError),
        ({"kind": "count", "enhet": "X9", "category": "gs.1_3", "delta": 1}, TrialTargetError),
        ({"kind": "count", "enhet": "B2", "category": "gs.4_6", "delta": -2}, BelowZeroError),
    ],
)
def test_a_change_that_does_not_hold_is_not_laid_on_the_bench(
    shared_lillby: Lillby, row: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        with_change(shared_lillby.app, CONTROLLER, BUDGET, "[]", row)


def test_a_later_change_of_the_same_figure_takes_the_earlier_ones_place(shared_lillby: Lillby) -> None:
    first = with_change(
        shared_lillby.app, CONTROLLER, BUDGET, "[]", {"kind": "figure", "address": LOCAL, "value": "13 000,50"}
    )
    assert json.loads(first)[0]["value"] == "13000.50"
    second = with_change(
        shared_lillby.app, CONTROLLER, BUDGET, first, {"kind": "figure", "address": LOCAL, "value": "14000"}
    )
    assert [one["value"] for one in json.loads(second)] == ["14000"]


def test_trials_stand_side_by_side_with_what_tells_them_apart(lillby: Lillby) -> None:
    low, high = (
        save_scenario(lillby.app, CONTROLLER, BUDGET, name, figure(to))
        for name, to in (("Låg", "12600"), ("Hög", "13200"))
    )
    found = side_by_side(lillby.app, AUDITOR, [low.number, high.number])
    a1 = next(row for row in found.units if row[0] == "A1")
    assert [one - a1[2] for one in a1[3]] == [120_000, 240_000]
    assert [(old, values) for _, _, old, values in found.differing] == [("12000", ("12600", "13200"))]
    other = save_scenario(lillby.app, CONTROLLER, UTFALL, "På utfallet", figure("13200"))
    with pytest.raises(CompareError, match="olika körningar"):
        side_by_side(lillby.app, AUDITOR, [low.number, other.number])
    with pytest.raises(CompareError, match="minst 2"):
        side_by_side(lillby.app, AUDITOR, [low.number, low.number])


@pytest.mark.parametrize("viewer", [POLITICIAN, AUDITOR, AREA_NORTH, HANDLER, REKTOR_A1, CITIZEN])
def test_only_who_may_edit_tries(shared_lillby: Lillby, viewer: Actor) -> None:
    for ask in (
        lambda: trial_of(shared_lillby.app, viewer, BUDGET, "[]"),
        lambda: bench_of(shared_lillby.app, viewer, BUDGET),
    ):
        with pytest.raises(ForbiddenError):
            ask()


@pytest.mark.parametrize("viewer", [HANDLER, REKTOR_A1, CITIZEN])
def test_trials_are_for_the_administration_and_those_who_follow_it(shared_lillby: Lillby, viewer: Actor) -> None:
    with pytest.raises(ForbiddenError):
        workshop_view(shared_lillby.app, viewer)


def test_a_run_that_is_not_there_is_said_so(shared_lillby: Lillby) -> None:
    with pytest.raises(RunUnknownError):
        trial_of(shared_lillby.app, CONTROLLER, 99, "[]")


def test_the_shelf_keeps_a_run_and_forgets_the_oldest(shared_lillby: Lillby) -> None:
    shelf = Shelf(size=1)
    with shared_lillby.app.reading(PEEK) as work:
        first, second = work.runs.get(KOMMUN, BUDGET), work.runs.get(KOMMUN, UTFALL)
        held = shelf.base(work, first)
        assert shelf.base(work, first) is held
        shelf.base(work, second)
        assert shelf.base(work, first) is not held
