"""A handläggare of one verksamhet reads what is of that verksamhet, and of a mixed unit no more than that.

A1 and B1 have grundskola and fritidshem, F1 förskola, the others grundskola alone. A1 has two decisions on support.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError, Resource, may
from core.base import Month
from core.settings import PROJECT_FOLDER
from core.usecases import (
    allocation,
    basis,
    change,
    decision_reading,
    drill_down,
    enhet,
    equal,
    flags,
    payment_reading,
    payments,
    start,
    statements,
)
from core.usecases.choices import units_for
from core.usecases.context import unit_resource
from core.usecases.recompute_kit import recompute_kit
from tests.support.reaching import PEEK
from tests.support.small_kommun import CHIEF, CITIZEN, CONTROLLER, KOMMUN, REKTOR_A1, YEAR, actor, grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.context import App
    from core.usecases.views import RegisterRows
    from tests.support.small_kommun import Lillby

UTFALL = 2
SCHOOL = actor(grant("handlaggare", "verksamhet", "grundskola"))
LEISURE = actor(grant("handlaggare", "verksamhet", "fritidshem"))
PRESCHOOL = actor(grant("handlaggare", "verksamhet", "forskola"))
BOTH = actor(*SCHOOL.roles, *LEISURE.roles)
WITH_SCHOOL = {"A1", "A2", "A3", "B1", "B2", "C1"}
MIXED = ("A1", "B1")
INDIVIDUAL = "dim:individ"
OF_ALL_VERKSAMHETER: dict[str, Callable[[App, Actor], object]] = {
    "derivation of support": lambda app, viewer: allocation.derivation_of(app, viewer, "A1", UTFALL, INDIVIDUAL),
    "recompute_kit": lambda app, viewer: recompute_kit(app, viewer, UTFALL, ["A1"]),
}


def test_a_handlaggare_of_a_verksamhet_chooses_among_the_units_that_have_it(shared_lillby: Lillby) -> None:
    assert {one.enhet for one in units_for(shared_lillby.app, SCHOOL)} == WITH_SCHOOL
    assert {one.enhet for one in units_for(shared_lillby.app, LEISURE)} == set(MIXED)
    assert {one.enhet for one in units_for(shared_lillby.app, PRESCHOOL)} == {"F1"}
    assert {one.enhet for one in units_for(shared_lillby.app, BOTH)} == WITH_SCHOOL


def test_a_unit_without_the_verksamhet_is_closed(shared_lillby: Lillby) -> None:
    for ask in (allocation.allocation_of, enhet.enhet_view):
        with pytest.raises(ForbiddenError, match="en annan verksamhet"):
            ask(shared_lillby.app, PRESCHOOL, "A1", YEAR)
        with pytest.raises(ForbiddenError, match="en annan verksamhet"):
            ask(shared_lillby.app, SCHOOL, "F1", YEAR)


@pytest.mark.parametrize("unit", MIXED)
def test_the_rows_of_the_other_verksamhet_in_a_mixed_unit_are_not_read(shared_lillby: Lillby, unit: str) -> None:
    def rows(viewer: Actor, category: str) -> RegisterRows:
        return drill_down.register_rows(shared_lillby.app, viewer, unit, UTFALL, category, 1, purpose="kontroll")

    for own, other, viewer in (("gs.1_3", "fh", SCHOOL), ("fh", "gs.1_3", LEISURE)):
        shown, sealed = rows(viewer, own), rows(viewer, other)
        assert shown.rows
        assert not shown.sealed
        assert sealed.sealed
        assert "en annan verksamhet" in sealed.sealed
        assert (sealed.rows, sealed.total) == ((), 0)
        assert rows(BOTH, other).rows


def test_a_look_that_is_refused_is_not_logged_as_a_look(lillby: Lillby) -> None:
    drill_down.register_rows(lillby.app, SCHOOL, "A1", UTFALL, "fh", 1, purpose="kontroll")
    with lillby.app.reading(PEEK) as work:
        assert not work.audit.about(KOMMUN, "register_rows.view", "enhet:A1")


def test_support_of_a_mixed_unit_is_sealed_until_every_verksamhet_is_granted(shared_lillby: Lillby) -> None:
    app = shared_lillby.app
    for viewer in (SCHOOL, LEISURE):
        view = allocation.allocation_of(app, viewer, "A1", YEAR)
        assert next(row.sealed for row in view.rows if row.key == INDIVIDUAL)
        assert not view.may_recompute
        public = allocation.allocation_of(app, CITIZEN, "A1", YEAR)
        assert (view.total_ore, view.rows, view.months) == (public.total_ore, public.rows, public.months)
    whole = allocation.allocation_of(app, BOTH, "A1", YEAR)
    rektor = allocation.allocation_of(app, REKTOR_A1, "A1", YEAR)
    assert (whole.total_ore, whole.rows, whole.months) == (rektor.total_ore, rektor.rows, rektor.months)


def test_the_statement_of_a_mixed_unit_is_the_publics(shared_lillby: Lillby) -> None:
    def said(viewer: Actor) -> bytes:
        return statements.statement(shared_lillby.app, viewer, "A1", UTFALL, "json")[1]

    assert said(SCHOOL) == said(CITIZEN) != said(BOTH) == said(REKTOR_A1)


@pytest.mark.parametrize("ask", list(OF_ALL_VERKSAMHETER))
@pytest.mark.parametrize("viewer", [SCHOOL, LEISURE], ids=["grundskola", "fritidshem"])
def test_what_cannot_be_told_apart_is_for_who_has_every_verksamhet(
    shared_lillby: Lillby, viewer: Actor, ask: str
) -> None:
    with pytest.raises(ForbiddenError):
        OF_ALL_VERKSAMHETER[ask](shared_lillby.app, viewer)
    OF_ALL_VERKSAMHETER[ask](shared_lillby.app, BOTH)


def test_a_payment_shows_the_units_of_which_every_verksamhet_is_granted(lillby: Lillby) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    all_units = {one.enhet for one in payment_reading.payment_view(lillby.app, CHIEF, number).rows}
    assert set(MIXED) <= all_units

    def paid(viewer: Actor) -> set[str]:
        return {one.enhet for one in payment_reading.payment_view(lillby.app, viewer, number).rows}

    assert paid(SCHOOL) == (all_units & WITH_SCHOOL) - set(MIXED)
    assert paid(BOTH) == all_units & WITH_SCHOOL
    assert paid(PRESCHOOL) == all_units & {"F1"}
    with pytest.raises(ForbiddenError):
        payment_reading.elev_list(lillby.app, SCHOOL, number, "A1", purpose="kontroll")
    assert payment_reading.elev_list(lillby.app, BOTH, number, "A1", purpose="kontroll").enhet == "A1"


def test_a_question_about_a_mixed_unit_is_seen_by_who_has_every_verksamhet(lillby: Lillby) -> None:
    flags.raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", "Elevhälsans underlag är fel.")
    assert not flags.flags_view(lillby.app, SCHOOL).flags
    assert flags.flags_view(lillby.app, BOTH).flags


def test_what_is_the_whole_kommuns_is_without_anybodys_support(shared_lillby: Lillby) -> None:
    app = shared_lillby.app
    for ask in (lambda who: equal.equal_view(app, who, YEAR), lambda who: change.change_of(app, who, 1, UTFALL)):
        assert ask(SCHOOL) == ask(BOTH)
    for viewer in (SCHOOL, BOTH, PRESCHOOL):
        start.start_view(app, viewer)
        with pytest.raises(ForbiddenError):
            basis.basis_view(app, viewer)
        with pytest.raises(ForbiddenError):
            decision_reading.decisions_view(app, viewer)


def test_without_knowing_its_verksamheter_no_unit_is_seen(shared_lillby: Lillby) -> None:
    with shared_lillby.app.reading(PEEK) as work:
        unit = next(one for one in work.runs.units(KOMMUN, UTFALL) if one.enhet == "A1")
    assert may(SCHOOL, "allocation.view", unit_resource(KOMMUN, unit)).allowed
    blind = Resource("enhet", KOMMUN, unit.enhet, unit.huvudman, unit.omrade, unit.name)
    assert not may(SCHOOL, "allocation.view", blind).allowed


def test_a_question_about_an_enhet_is_made_in_one_place_only() -> None:
    elsewhere = []
    for path in [*(PROJECT_FOLDER / "core" / "usecases").rglob("*.py"), *(PROJECT_FOLDER / "pages").rglob("*.py")]:
        if path == PROJECT_FOLDER / "core" / "usecases" / "context.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Resource":
                named = any(word.arg == "enhet" for word in node.keywords)
                given = [one for one in node.args[2:3] if not (isinstance(one, ast.Constant) and one.value is None)]
                if named or given:
                    elsewhere.append(f"{path.relative_to(PROJECT_FOLDER)}:{node.lineno}")
    assert elsewhere == []
