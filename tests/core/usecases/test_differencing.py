"""Subtraction by who may not see individual support: between months, between periods, between runs of a year.

Cedern's B1 has five decisions: enough for their sum to be shown, not for what differs between two sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import year_range
from core.usecases.allocation import allocation_of, derivation_of
from core.usecases.basis import basis_view
from core.usecases.enhet import enhet_view
from core.usecases.reconcile import reconcile_view
from core.usecases.sealing import REASON
from core.usecases.settlement import corrections_of_unit
from core.usecases.statements import statement_of
from tests.support import small_figures as figures
from tests.support.small_kommun import (
    AREA_NORTH,
    CITIZEN,
    CONTROLLER,
    GIVEN_HEADER,
    OWNER_CEDERN,
    POLITICIAN,
    YEAR,
    actor,
    grant,
)

if TYPE_CHECKING:
    from core.access import Actor
    from tests.support.small_kommun import Lillby

OTHERS = (POLITICIAN, CITIZEN)


def given(decisions: dict[int, tuple[int, int]]) -> str:
    """Return a file of B1's support: (decisions, kronor) by month."""
    rows = [f"stod;B1;grundskola;{YEAR}-{month:02d};{n};{kr}\n" for month, (n, kr) in decisions.items()]
    return GIVEN_HEADER + "".join(rows)


def support_of(lillby: Lillby, run: int, viewer: Actor) -> int | None:
    """Return öre of B1's support in a run as a viewer is told it, None when refused."""
    try:
        return int(derivation_of(lillby.app, viewer, "B1", run, "dim:individ").value * 100)
    except ForbiddenError:
        return None


@pytest.mark.parametrize("viewer", OTHERS)
def test_no_month_stands_beside_the_next_where_there_is_support(shared_lillby: Lillby, viewer: Actor) -> None:
    view = allocation_of(shared_lillby.app, viewer, "B1", YEAR)
    assert view.total_ore == figures.UTFALL_TOTALS["B1"]  # the sum of five is shown
    assert all((one.earned_ore, one.preliminary_ore, one.difference_ore) == (None,) * 3 for one in view.months)
    assert view.remaining_ore is None
    assert all(one.elever is not None for one in view.months[:10])
    without = allocation_of(shared_lillby.app, viewer, "F1", YEAR)  # no support: nothing to hide
    assert any(one.earned_ore for one in without.months)


@pytest.mark.parametrize("viewer", [CONTROLLER, OWNER_CEDERN])
def test_who_may_see_support_sees_the_months(shared_lillby: Lillby, viewer: Actor) -> None:
    view = allocation_of(shared_lillby.app, viewer, "B1", YEAR)
    assert any(one.earned_ore for one in view.months)
    assert view.remaining_ore is not None


@pytest.mark.parametrize("viewer", OTHERS)
def test_a_period_that_rests_on_few_is_not_shown_beside_one_that_rests_on_many(lillby: Lillby, viewer: Actor) -> None:
    lillby.deliver("given_amounts", given({2: (5, 50_000), 8: (1, 7_000)}), year_range(YEAR))
    run = lillby.decide(YEAR, "utfall", 10).number
    assert support_of(lillby, run, viewer) is None
    assert not any("stod" in one.key for one in allocation_of(lillby.app, viewer, "B1", YEAR).rows)
    assert support_of(lillby, run, OWNER_CEDERN) == 5_700_000


@pytest.mark.parametrize("viewer", OTHERS)
def test_two_runs_of_a_year_are_not_to_be_subtracted(lillby: Lillby, viewer: Actor) -> None:
    """The second counts one decision more: the difference of two shown sums would be what that elev got."""
    before = lillby.runs[YEAR, "utfall"]
    assert support_of(lillby, before, viewer) == 3_000_000
    lillby.deliver("given_amounts", given(dict.fromkeys(range(1, 7), (6, 5000 + 1234))), year_range(YEAR))
    draft = lillby.allocate(YEAR, "utfall", 10).number
    lillby.move(draft, "checked", "decided")
    assert (support_of(lillby, before, viewer), support_of(lillby, draft, viewer)) == (None, 3_740_400)
    total = derivation_of(lillby.app, viewer, "B1", before, "total").value * 100
    assert total == figures.UTFALL_TOTALS["B1"] - 3_000_000
    assert support_of(lillby, before, OWNER_CEDERN) == 3_000_000
    with pytest.raises(Exception, match="gäller inte längre"):
        statement_of(lillby.app, viewer, "B1", before)


def test_a_draft_beside_the_run_that_stands_tells_an_area_head_nothing_of_other_areas(lillby: Lillby) -> None:
    lillby.deliver("given_amounts", given(dict.fromkeys(range(1, 7), (6, 6234))), year_range(YEAR))
    draft = lillby.allocate(YEAR, "utfall", 10).number
    view = reconcile_view(lillby.app, AREA_NORTH, draft)
    assert (view.books, view.sealed is not None) == ((), True)
    assert reconcile_view(lillby.app, CONTROLLER, draft).sealed is None


@pytest.mark.parametrize("viewer", OTHERS)
def test_what_a_run_corrects_is_not_what_one_decision_more_gave(lillby: Lillby, viewer: Actor) -> None:
    """Five decisions then and six now: both sums are shown, and what differs between them in a month is one elev's."""
    assert corrections_of_unit(lillby.app, viewer, "B1", lillby.runs[YEAR, "utfall"]).sealed is None  # corrects nothing
    lillby.deliver("given_amounts", given(dict.fromkeys(range(1, 7), (6, 5000 + 1234))), year_range(YEAR))
    run = lillby.decide(YEAR, "utfall", 10).number
    assert support_of(lillby, run, viewer) == 3_740_400
    view = corrections_of_unit(lillby.app, viewer, "B1", run)
    assert (view.rows, view.waiting, view.settlement, view.sealed) == ((), (), (), REASON)
    assert len(corrections_of_unit(lillby.app, OWNER_CEDERN, "B1", run).rows) == 6
    assert corrections_of_unit(lillby.app, viewer, "F1", run).sealed is None


@pytest.mark.parametrize(("enhet", "sealed"), [("A1", False), ("F1", True)])
def test_the_books_of_a_verksamhet_tell_nothing_of_its_only_unit_with_support(
    lillby: Lillby, enhet: str, *, sealed: bool
) -> None:
    """Four decisions in each of three units hide each other in the sum, but only where they stand in one sum."""
    verksamhet = "forskola" if enhet == "F1" else "grundskola"
    rows = [f"stod;{one};grundskola;{YEAR}-02;4;80000\n" for one in ("A2", "A3")]
    rows.append(f"stod;{enhet};{verksamhet};{YEAR}-02;4;40000\n")
    lillby.deliver("given_amounts", GIVEN_HEADER + "".join(rows), year_range(YEAR))
    lillby.decide(YEAR, "utfall", 10)
    area_head = actor(grant("omradeschef", "omrade", "Östra"))
    for view in (basis_view(lillby.app, area_head), reconcile_view(lillby.app, area_head)):
        assert (view.books == (), view.sealed is not None) == (sealed, sealed)
    assert basis_view(lillby.app, CONTROLLER).books


def test_what_another_huvudman_pays_its_only_teacher_is_not_told_to_others(lillby: Lillby) -> None:
    header = "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster;manadslon_kr\n"
    rows = "".join(f"{enhet};grundskola;lärare;{YEAR}-10-15;1;41250\n" for enhet in ("A1", "B1"))
    lillby.deliver("staff", header + rows, year_range(YEAR))

    def told(viewer: Actor, enhet: str) -> list[bool]:
        view = allocation_of(lillby.app, viewer, enhet, YEAR)
        figures_of = (view.mean_pay_ore, view.posts_hundredths, enhet_view(lillby.app, viewer, enhet, YEAR))
        return [figures_of[0] is not None, figures_of[1] is not None, figures_of[2].posts_hundredths is not None]

    for viewer in OTHERS:
        assert told(viewer, "A1") == [True] * 3  # the kommun's own pay is public
        assert told(viewer, "B1") == [False] * 3  # posts and kronor together are the pay
    assert told(OWNER_CEDERN, "B1") == told(CONTROLLER, "B1") == [True] * 3
