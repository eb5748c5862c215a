"""Skolan: who a unit of Lillby is, its elever, what it gets, what it has, and what nobody has told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import DateRange, year_range
from core.usecases import imports
from core.usecases.choices import NoSuchUnitError
from core.usecases.enhet import _order, enhet_view
from core.usecases.sealing import REASON
from tests.support import small_figures as figures
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
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.views import EnhetView
    from tests.support.small_kommun import Lillby


def view_of(lillby: Lillby, enhet: str, year: int = YEAR, viewer: Actor = CONTROLLER) -> EnhetView:
    return enhet_view(lillby.app, viewer, enhet, year)


def test_who_the_unit_is(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    assert (view.unit.name, view.skolenhetskod, view.huvudman, view.lageskommun) == (
        "Alskolan", "00000001", "Lillby kommun", "Lillby",
    )  # fmt: skip
    assert (view.omrade, view.landsbygd, view.latitude, view.longitude) == ("Norra", False, "59.1", "15.1")
    other = view_of(shared_lillby, "B2")
    assert (other.lageskommun, other.skolenhetskod, other.unit.recipient) == ("9902", None, "fristaende_annan")
    assert view_of(shared_lillby, "A2").landsbygd


def test_elever_by_arskurs_and_month_are_heads_also_those_no_category_counts(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    by_label: dict[str, list[int]] = {}
    for one in view.counts:
        by_label.setdefault(one.label, []).append(one.elever)
    assert by_label == {
        "Årskurs 2": [2] * 10,
        "Årskurs 5": [2] * 6 + [3, 2, 2, 2],  # e03, e04; in July e06 as well, and e03 in åk 6 from August
        "Årskurs 6": [0] * 6 + [1, 2, 2, 2],
        "Årskurs 9": [1] * 10,
        "Fritidshem, födda 2018 (8 år i år)": [1] * 10,
    }
    assert list(by_label)[-1].startswith("Fritidshem")
    assert (view.elever, view.previous_elever) == (Fraction(48, 10), Fraction(1))


def test_allocation_and_its_split(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    assert view.run is not None
    assert (view.run.kind, view.total_ore) == ("utfall", figures.UTFALL_TOTALS["A1"])
    shares = {one.dimension: one.amount_ore for one in view.shares}
    assert shares == {
        "bas": 52_269_683 - 5_381_366 - 2_000_000 - 10_000_000,
        "socioekonomi": 5_381_366,
        "struktur": 2_000_000,
        "individ": 10_000_000,
    }
    assert view.per_elev_ore == view.kommun_per_elev_ore == 13_067_421
    assert view.posts_hundredths == 99


def test_staff_and_premises_are_those_of_the_newest_measuring_day(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    assert [(one.occupation, one.fte_hundredths) for one in view.staff] == [("elevassistent", 100), ("lärare", 250)]
    assert view.staff[1].per_100_elever_hundredths == 5208  # 2,5 ÷ 4,8 × 100 = 52,083
    assert (view.area_m2, view.rent_ore) == (Fraction(241, 2), 6_000_000)
    assert view.area_per_elev == Fraction(1205, 48)
    without = view_of(shared_lillby, "B1")
    assert (without.staff, without.area_m2, without.area_per_elev, without.rent_ore) == ((), None, None, None)


def test_staff_of_the_year_before_stands_in_until_this_years_is_there(shared_lillby: Lillby) -> None:
    assert view_of(shared_lillby, "A1", 2025).staff == ()
    assert [one.occupation for one in view_of(shared_lillby, "A1", 2027).staff] == ["elevassistent", "lärare"]


def test_a_year_without_a_run_shows_the_unit_without_figures(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1", 2027)
    assert (view.run, view.total_ore, view.elever, view.counts, view.shares) == (None, None, None, (), ())
    assert view.missing == ()
    new = view_of(shared_lillby, "A3", 2025)  # there is a run, but the unit was not there
    assert (new.run, new.total_ore, new.counts) == (None, None, ())


def test_children_are_told_apart_by_year_of_birth_only_where_the_model_asks_for_age(shared_lillby: Lillby) -> None:
    assert {one.label for one in view_of(shared_lillby, "F1").counts} == {"Förskola"}
    # on the first day of the month: e15 was there from 10 February to 11 March
    assert [one.elever for one in view_of(shared_lillby, "F1").counts] == [1, 1, 2, 1, 1, 1, 1, 1, 1, 1]


def test_arskurser_stand_in_their_order_forskoleklass_first_and_the_tenth_last() -> None:
    keys = ["grundskola|10", "grundskola|2", "fritidshem|F", "grundskola|9", "forskoleklass|F", "forskola|f. 2022"]
    assert sorted(keys, key=_order) == [
        "forskola|f. 2022", "forskoleklass|F", "grundskola|2", "grundskola|9", "grundskola|10", "fritidshem|F",
    ]  # fmt: skip


def test_a_month_that_a_file_forgot_is_said_so(lillby: Lillby) -> None:
    without = "".join(row for row in ENROLMENTS_2026.splitlines(keepends=True) if ";B2;" not in row)
    received = lillby.receive("enrolments", ENROLMENT_HEADER + without, DateRange(date(2026, 5, 1), date(2026, 6, 1)))
    assert received.batch is not None
    imports.accept(lillby.app, CONTROLLER, KOMMUN, received.batch.number)
    lillby.decide(YEAR, "utfall", 10)
    (sentence,) = view_of(lillby, "B2").missing
    assert sentence.startswith("Uppgift saknas: Dungen har ingen rad i elevregistret för 2026-05.")
    assert view_of(lillby, "A2").missing == ()  # closed, which is no gap
    assert view_of(lillby, "A3").missing == ()


def test_a_budget_stands_in_until_there_is_an_utfall(undecided_lillby: Lillby) -> None:
    undecided_lillby.decide(YEAR, "budget")
    view = view_of(undecided_lillby, "A1")
    assert view.run is not None
    assert (view.run.kind, view.total_ore, view.missing) == ("budget", figures.BUDGET_TOTALS["A1"], ())


@pytest.mark.parametrize("viewer", [POLITICIAN, CITIZEN])
def test_support_on_few_decisions_is_left_out(shared_lillby: Lillby, viewer: Actor) -> None:
    view = view_of(shared_lillby, "A1", viewer=viewer)
    assert view.total_ore == figures.UTFALL_TOTALS["A1"] - 10_000_000
    assert view.kommun_per_elev_ore is None
    sealed = next(one for one in view.shares if one.dimension == "individ")
    assert (sealed.amount_ore, sealed.sealed) == (None, REASON)
    assert sum(one.amount_ore or 0 for one in view.shares) == view.total_ore
    shown = view_of(shared_lillby, "B1", viewer=viewer)
    assert next(one.amount_ore for one in shown.shares if one.dimension == "individ") == 3_000_000


def test_the_register_of_a_unit_follows_its_newest_row(lillby: Lillby) -> None:
    text = (
        "enhet;namn;verksamheter;huvudman;huvudmannens_namn;huvudmannatyp;lageskommun;fran_och_med\n"
        "B2;Dungens friskola;grundskola;999907-0029;Dungen AB;enskild;9902;2020-01-01\n"
    )
    lillby.deliver("units", text, year_range(YEAR), "delta")
    assert view_of(lillby, "B2").unit.name == "Dungens friskola"
    assert view_of(lillby, "A1").unit.name == "Alskolan"


def test_others_units_are_forbidden_and_unknown_ones_unknown(shared_lillby: Lillby) -> None:
    for viewer in (REKTOR_A1, OWNER_CEDERN):
        with pytest.raises(ForbiddenError):
            view_of(shared_lillby, "F1", viewer=viewer)
    with pytest.raises(NoSuchUnitError, match="Z9"):
        view_of(shared_lillby, "Z9")
