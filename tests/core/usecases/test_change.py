"""Why Lillby's amounts changed: bars that add up to the öre for every reader, and nothing told of a single elev."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.allocation import PARTS
from core.store import RunUnknownError
from core.usecases import change, change_store
from core.usecases.change_views import POOLED
from core.usecases.choices import NoRunError
from core.usecases.unit_in_run import UnitNotInRunError
from tests.support import small_figures as figures
from tests.support.small_kommun import (
    AREA_NORTH,
    CITIZEN,
    CONTROLLER,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    STRANGER,
    YEAR,
    with_2025,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.change_views import ChangeView
    from tests.support.small_kommun import Lillby

UNITS = tuple(figures.UTFALL_TOTALS)


def view_of(lillby: Lillby, enhet: str | None, viewer: Actor = CONTROLLER, kind: str = "utfall") -> ChangeView:
    runs = lillby.runs[YEAR - 1, kind], lillby.runs[YEAR, kind]
    return change.change_of(lillby.app, viewer, *runs, enhet)


def adds_up(view: ChangeView) -> None:
    """Hold every identity of a view."""
    at = view.from_ore
    for part in view.parts:
        assert part.part in (*PARTS, POOLED)
        assert (part.start_ore, part.end_ore) == (at, at + part.shown_ore)
        assert part.remainder_ore == part.shown_ore - part.exact
        assert abs(part.remainder_ore) < 1
        assert sum(one.shown_ore for one in part.steps) == part.shown_ore
        assert sum((one.exact for one in part.steps), Fraction(0)) == part.exact
        at = part.end_ore
    assert at == view.to_ore == view.from_ore + view.difference_ore


@pytest.mark.parametrize("kind", ["utfall", "budget"])
@pytest.mark.parametrize("enhet", [*UNITS, None])
def test_the_bars_of_a_unit_and_of_the_kommun_add_up_to_the_ore(
    shared_lillby: Lillby, enhet: str | None, kind: str
) -> None:
    view = view_of(shared_lillby, enhet, kind=kind)
    adds_up(view)
    totals = figures.UTFALL_TOTALS if kind == "utfall" else figures.BUDGET_TOTALS
    assert view.to_ore == (sum(totals.values()) if enhet is None else totals.get(enhet, 0))


def test_the_units_of_the_kommun_add_up_to_its_bars_and_stand_by_name(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, None)
    assert sum(one.difference_ore for one in view.units) == view.difference_ore
    assert [one.name for one in view.units] == sorted((one.name for one in view.units), key=str.casefold)
    assert view.opened == ("Ekskolan",)
    exact: dict[str, Fraction] = {}
    for enhet in UNITS:
        for part in view_of(shared_lillby, enhet).parts:
            exact[part.part] = exact.get(part.part, Fraction(0)) + part.exact
    assert {part: ore for part, ore in exact.items() if ore} == {one.part: one.exact for one in view.parts if one.exact}


def test_a_unit_that_opens_has_its_whole_amount_in_one_bar(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A3")
    assert [(one.part, one.shown_ore) for one in view.parts] == [("units", figures.UTFALL_TOTALS["A3"])]
    assert (view.from_ore, view.elever_from) == (0, None)


def test_months_that_the_later_run_has_not_counted_are_a_bar_of_their_own(shared_lillby: Lillby) -> None:
    b2 = {one.part: one.shown_ore for one in view_of(shared_lillby, "B2").parts}
    assert b2 == {"months": -(view_of(shared_lillby, "B2").from_ore - figures.UTFALL_TOTALS["B2"])}


def test_it_is_computed_once_and_read_from_then_on(lillby: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = lillby.runs[YEAR, "budget"], lillby.runs[YEAR, "utfall"]
    assert change.main_parts(lillby.app, CONTROLLER, "A1", YEAR, "utfall") == ()
    first = change.change_of(lillby.app, CONTROLLER, *runs, "A1")
    monkeypatch.setattr(change_store, "change_between", None)
    assert change.change_of(lillby.app, CONTROLLER, *runs, "A1") == first
    adds_up(first)


def test_the_same_on_each_database(lillby_on_both: Lillby) -> None:
    runs = lillby_on_both.runs[YEAR, "budget"], lillby_on_both.runs[YEAR, "utfall"]
    for enhet in ("A1", None):
        adds_up(change.change_of(lillby_on_both.app, CONTROLLER, *runs, enhet))


def test_support_is_in_no_bar_and_in_no_sum_for_who_may_not_see_it(shared_lillby: Lillby) -> None:
    whole, seen = view_of(shared_lillby, "A1"), view_of(shared_lillby, "A1", CITIZEN)
    assert "decided" in {one.part for one in whole.parts}
    assert "stod" not in {step.step for one in seen.parts for step in one.steps}
    assert "decided" not in {one.part for one in seen.parts}
    assert (whole.sealed, seen.sealed) == (None, change.SEALED)
    assert seen.to_ore == whole.to_ore - 10 * 1_000_000
    adds_up(seen)
    assert view_of(shared_lillby, "A1", REKTOR_A1) == whole


def test_support_that_rests_on_many_decisions_is_left_out_too_since_a_difference_may_be_one(
    shared_lillby: Lillby,
) -> None:
    view = view_of(shared_lillby, "B1", CITIZEN)  # five decisions: its sum is shown on Resursfördelning
    assert (view.sealed, view.to_ore) == (change.SEALED, figures.UTFALL_TOTALS["B1"] - 3 * 1_000_000)
    adds_up(view)
    assert view_of(shared_lillby, "B2", CITIZEN).sealed is None


@pytest.mark.parametrize("viewer", [CITIZEN, POLITICIAN, REKTOR_A1, AREA_NORTH, OWNER_CEDERN])
def test_the_kommun_is_shown_without_any_support_to_who_may_not_see_all_of_it(
    shared_lillby: Lillby, viewer: Actor
) -> None:
    view = view_of(shared_lillby, None, viewer)
    adds_up(view)
    assert view.sealed == change.SEALED
    assert "stod" not in {step.step for one in view.parts for step in one.steps}
    assert view.to_ore == sum(figures.UTFALL_TOTALS.values()) - (10 + 3) * 1_000_000


def test_an_index_that_may_not_be_shown_is_not_told_by_its_bar(shared_lillby: Lillby) -> None:
    runs = shared_lillby.runs[YEAR, "budget"], shared_lillby.runs[YEAR, "utfall"]

    def parts_of(viewer: Actor) -> dict[str, set[str]]:
        view = change.change_of(shared_lillby.app, viewer, *runs, "B1")
        adds_up(view)
        return {one.part: {step.step for step in one.steps} for one in view.parts}

    seen = parts_of(CITIZEN)
    assert seen[POOLED] >= {"socio", "socio_moms"}
    assert all("socio" not in steps for part, steps in seen.items() if part not in {POOLED, "months", "units"})
    assert POOLED not in parts_of(OWNER_CEDERN)


def test_who_may_not_see_the_unit_is_refused_and_a_unit_in_neither_run_is_said_to_be(shared_lillby: Lillby) -> None:
    with pytest.raises(ForbiddenError):
        view_of(shared_lillby, "A2", REKTOR_A1)
    for enhet in ("A1", None):
        with pytest.raises(RunUnknownError):
            change.change_of(shared_lillby.app, STRANGER, 1, 2, enhet)
    with pytest.raises(UnitNotInRunError):
        view_of(shared_lillby, "Z9")


def test_a_run_is_compared_with_the_year_before_or_its_budget_or_the_run_it_took_the_place_of(lillby: Lillby) -> None:
    def offered(year: int, kind: str) -> tuple[int, list[int]]:
        run, options = change.earlier_runs(lillby.app, CITIZEN, year, kind)
        return run.number, [one.number for one in options]

    budget, first = lillby.runs[YEAR, "budget"], lillby.runs[YEAR, "utfall"]
    assert offered(YEAR, "utfall") == (first, [budget])
    again = lillby.decide(YEAR, "utfall", 10).number
    assert offered(YEAR, "utfall") == (again, [budget, first])
    with_2025(lillby)
    assert offered(YEAR, "utfall") == (again, [lillby.runs[YEAR - 1, "utfall"], budget, first])
    assert offered(YEAR, "budget") == (budget, [lillby.runs[YEAR - 1, "budget"]])
    with pytest.raises(NoRunError):
        offered(2030, "utfall")


def test_the_largest_parts_are_told_when_they_are_stored_and_months_are_none_of_them(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    told = change.main_parts(shared_lillby.app, CONTROLLER, "A1", YEAR, "utfall")
    sizes = sorted((abs(one.shown_ore) for one in view.parts if one.part != "months"), reverse=True)
    assert [abs(one.shown_ore) for one in told] == sizes[:3]
