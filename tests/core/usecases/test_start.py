"""Start: each reader's own units or the whole kommun, and what there is to do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import Actor, ForbiddenError
from core.base import year_range
from core.store.errors import KommunUnknownError
from core.usecases import imports
from core.usecases.context import NoSuchKommunError
from core.usecases.start import start_view
from tests.support import small_figures as figures
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AREA_NORTH,
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    KOMMUN,
    OWNER_CEDERN,
    PLANNED_2025,
    POLITICIAN,
    REKTOR_A1,
    STRANGER,
    UNITS,
    YEAR,
    actor,
    grant,
    model_text,
    planned_text,
)

if TYPE_CHECKING:
    from core.usecases.views import StartView
    from tests.support.small_kommun import Lillby

WHOLE = sum(figures.UTFALL_TOTALS.values())
A1_SUPPORT, B1_SUPPORT = 10_000_000, 3_000_000


def codes(view: StartView) -> list[str]:
    return [one.code for one in view.tasks]


def test_before_anything_is_decided_there_are_units_and_no_figures(undecided_lillby: Lillby) -> None:
    view = start_view(undecided_lillby.app, CONTROLLER)
    assert (view.kommun_name, view.role, view.run, view.total_ore, view.overview) == (
        "Lillby", "controller", None, None, (),
    )  # fmt: skip
    assert len(view.units) == 7


def test_a_rektor_sees_the_own_unit_this_year_and_last(shared_lillby: Lillby) -> None:
    view = start_view(shared_lillby.app, REKTOR_A1)
    assert [one.enhet for one in view.units] == ["A1"]
    assert view.overview == ()
    assert view.total_ore == figures.UTFALL_TOTALS["A1"]
    assert (view.elever, view.per_elev_ore) == (Fraction(48, 10), 13067421)
    assert view.previous_elever == 1
    assert view.previous_total_ore == previous_of_a1(shared_lillby)
    # grundskola: everything but the 31 579,17 kr of fritidshem
    assert view.verksamheter == (
        ("fritidshem", 3_157_917, Fraction(1)),
        ("grundskola", figures.UTFALL_TOTALS["A1"] - 3_157_917, Fraction(48, 10)),
    )


def previous_of_a1(lillby: Lillby) -> int:
    """Return what A1 was paid through October 2025."""
    with lillby.app.reading(PEEK) as work:
        payments = work.runs.payments(KOMMUN, lillby.runs[2025, "utfall"], "A1")
    return sum(ore for _, month, _, ore in payments if month <= 10)


def test_a_controller_sees_every_unit_by_name_and_the_whole_sum(shared_lillby: Lillby) -> None:
    view = start_view(shared_lillby.app, CONTROLLER)
    assert view.units == ()
    assert [one.name for one in view.overview] == [
        "Alskolan", "Björkskolan", "Cedern", "Dungen", "Ekskolan", "Fröets förskola", "Grannskolan",
    ]  # fmt: skip
    assert {one.enhet: one.total_ore for one in view.overview} == figures.UTFALL_TOTALS
    assert view.total_ore == WHOLE
    assert sum(ore for _, ore, _ in view.verksamheter) == WHOLE
    assert [name for name, _, _ in view.verksamheter] == ["forskola", "fritidshem", "grundskola"]
    tiles = {one.enhet: one for one in view.overview}
    assert tiles["B2"].per_elev_ore == 9_328_340  # 77 736,17 ÷ 10/12 = 93 283,404
    assert tiles["F1"].elever == Fraction(334 * 12, 365 * 10)


def test_an_area_head_and_a_huvudman_see_their_units_only(shared_lillby: Lillby) -> None:
    assert [one.enhet for one in start_view(shared_lillby.app, AREA_NORTH).units] == ["A1", "A2"]
    view = start_view(shared_lillby.app, OWNER_CEDERN)
    assert [one.enhet for one in view.units] == ["B1"]
    assert view.total_ore == figures.UTFALL_TOTALS["B1"]


@pytest.mark.parametrize("viewer", [POLITICIAN, CITIZEN])
def test_support_on_few_decisions_cannot_be_had_by_subtraction(shared_lillby: Lillby, viewer: Actor) -> None:
    view = start_view(shared_lillby.app, viewer)
    tiles = {one.enhet: one.total_ore for one in view.overview}
    assert tiles["A1"] == figures.UTFALL_TOTALS["A1"] - A1_SUPPORT
    # five decisions: B1 is shown whole here, as on its own page; a sum that held A1's too would give A1's away
    assert tiles["B1"] == figures.UTFALL_TOTALS["B1"]
    assert [one.enhet for one in view.overview if not one.is_whole] == ["A1"]
    assert view.total_ore == WHOLE - A1_SUPPORT
    assert ("individ", B1_SUPPORT, None) in view.verksamheter
    assert sum(ore for _, ore, _ in view.verksamheter) == view.total_ore


@pytest.mark.parametrize("viewer", [POLITICIAN, CITIZEN])
def test_support_of_several_units_is_shown_as_one_sum_when_it_rests_on_enough_decisions(
    lillby: Lillby, viewer: Actor
) -> None:
    text = "steg;enhet;verksamhet;manad;antal_beslut;belopp_kr\n"
    text += "stod;A1;grundskola;2026-02;4;90000\nstod;A2;grundskola;2026-02;3;20000\n"
    text += "stod;B1;grundskola;2026-02;2;40000\n"
    lillby.deliver("given_amounts", text, year_range(YEAR))
    lillby.decide(YEAR, "utfall", 10)
    view = start_view(lillby.app, viewer)
    assert ("individ", 15_000_000, None) in view.verksamheter
    assert sum(ore for _, ore, _ in view.verksamheter) == view.total_ore
    without = sum(one.total_ore for one in view.overview)
    assert view.total_ore == without + 15_000_000


def test_who_knows_the_support_of_their_own_unit_learns_no_others_from_the_sum(lillby: Lillby) -> None:
    """Five decisions in two units: the sum less the rektor's own four would be what one elev of B1 got."""
    text = "steg;enhet;verksamhet;manad;antal_beslut;belopp_kr\n"
    text += "stod;A1;grundskola;2026-02;4;90000\nstod;B1;grundskola;2026-02;1;40000\n"
    lillby.deliver("given_amounts", text, year_range(YEAR))
    lillby.decide(YEAR, "utfall", 10)
    view = start_view(lillby.app, CITIZEN)
    assert view.total_ore == sum(one.total_ore for one in view.overview)  # nothing left to take one's own from
    assert "individ" not in {name for name, _, _ in view.verksamheter}


@pytest.mark.parametrize("viewer", [POLITICIAN, CITIZEN])
def test_with_support_on_few_decisions_last_year_its_total_is_not_shown(lillby: Lillby, viewer: Actor) -> None:
    year = year_range(2027)
    lillby.deliver("units", UNITS, year)
    lillby.deliver("enrolments", ENROLMENT_HEADER + "e01;A1;grundskola;3;2018-03;;;9907;2024-08-15;\n", year)
    lillby.deliver("planned_counts", planned_text(PLANNED_2025, 2027), year)
    lillby.deliver(imports.MODEL, model_text(2027), year)
    lillby.decide(2027, "budget")
    lillby.decide(2027, "utfall", 1)
    assert start_view(lillby.app, CONTROLLER).previous_total_ore is not None
    assert start_view(lillby.app, viewer).previous_total_ore is None


def test_tasks_are_those_of_the_role(lillby: Lillby) -> None:
    assert codes(start_view(lillby.app, CONTROLLER)) == ["uncounted"]
    assert codes(start_view(lillby.app, REKTOR_A1)) == ["counting_day"]
    assert codes(start_view(lillby.app, CITIZEN)) == []
    lillby.receive("staff", "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", year_range(YEAR))
    draft = lillby.allocate(YEAR, "budget").number
    lillby.move(draft, "checked")
    view = start_view(lillby.app, CONTROLLER)
    assert codes(view) == ["batches_waiting", "run_to_decide", "uncounted"]
    assert [one.facts for one in view.tasks] == [(("n", "1"),), (("number", str(draft)),), (("n", "1"),)]
    area = actor(grant("omradeschef", "omrade", "Norra"))
    assert codes(start_view(lillby.app, area)) == ["run_to_decide", "uncounted"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 12), date(2026, 11, 13)),  # the 15th is a Sunday
        (date(2026, 11, 13), date(2026, 12, 15)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_a_rektor_is_told_of_the_next_counting_day(lillby: Lillby, today: date, expected: date) -> None:
    app = lillby.at(datetime(today.year, today.month, today.day, 9, tzinfo=UTC))
    (task,) = start_view(app, REKTOR_A1).tasks
    assert (task.code, task.due) == ("counting_day", expected)


def test_a_rektor_is_told_of_next_years_decided_budget(lillby: Lillby) -> None:
    a_year_before = lillby.at(datetime(2025, 11, 22, 9, tzinfo=UTC))
    tasks = start_view(a_year_before, REKTOR_A1).tasks
    (task,) = [one for one in tasks if one.code == "new_decision"]
    assert (task.page, task.query) == ("resursfordelning", (("ar", "2026"), ("visa", "budget")))


def test_books_that_do_not_close_are_something_to_do(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver(imports.MODEL, model_text().replace('"51309"', '"51308"'), year_range(YEAR))
    lillby.allocate(YEAR, "budget")
    assert codes(start_view(lillby.app, CONTROLLER)) == ["books_open"]


def test_nobody_without_a_role_here_sees_anything(lillby: Lillby) -> None:
    with pytest.raises(NoSuchKommunError, match="ingen kommun"):
        start_view(lillby.app, Actor("x", "X"))
    with pytest.raises(ForbiddenError):
        start_view(lillby.app, actor(grant("jav", "enhet", "A1")))
    with pytest.raises(KommunUnknownError):
        start_view(lillby.app, STRANGER)


def test_who_sees_no_units_money_is_told_so_and_shown_none(shared_lillby: Lillby) -> None:
    view = start_view(shared_lillby.app, actor(grant("systemforvaltare")))
    assert (view.sees_money, view.total_ore, view.overview, view.verksamheter) == (False, None, (), ())
    assert start_view(shared_lillby.app, CONTROLLER).sees_money


def test_a_handlaggare_of_some_verksamheter_sees_the_units_that_have_them(shared_lillby: Lillby) -> None:
    view = start_view(shared_lillby.app, actor(grant("handlaggare", "verksamhet", "forskola")))
    assert view.handles == ("forskola",)
    assert [one.enhet for one in view.overview] == ["F1"]
    assert view.total_ore == figures.UTFALL_TOTALS["F1"]
    nothing = start_view(shared_lillby.app, actor(grant("handlaggare", "verksamhet", "gymnasieskola")))
    assert (nothing.sees_money, nothing.total_ore, nothing.overview) == (True, None, ())


def test_jav_is_not_the_role_a_reader_goes_by(shared_lillby: Lillby) -> None:
    assert start_view(shared_lillby.app, actor(grant("jav", "enhet", "A2"), *REKTOR_A1.roles)).role == "rektor"
