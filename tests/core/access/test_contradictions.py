"""What one role closes of another is exactly what both together may not do and the one alone may."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Actor, Grant, Resource, ScopeKind, may
from core.access.contradictions import closable, closed_by
from core.parameters.roles import load_roles

KOMMUN = "9901"
BOOK = load_roles()
TOWN = Resource("kommun", KOMMUN)
G03 = Resource("enhet", KOMMUN, "G03", "egen", "Norra", "Lerbäckens skola", ("grundskola", "fritidshem"))
G04 = Resource("enhet", KOMMUN, "G04", "egen", "Södra", "Sjöängens skola", ("grundskola",))
F31 = Resource("enhet", KOMMUN, "F31", "556677-8899", "Norra", "Lärkan", ("forskola",))
ALL = (TOWN, G03, G04, F31)
PLACES = {
    "allman": [""], "kommun": [KOMMUN], "verksamhet": ["grundskola", "forskola"], "omrade": ["Norra", "Södra"],
    "huvudman": ["egen", "556677-8899"], "enhet": ["G03", "F31", "X99"],
}  # fmt: skip
GRANTS = st.builds(
    lambda role, place: Grant(role, place[0], place[1], KOMMUN),
    st.sampled_from([words.role for words in BOOK.roles]),
    st.sampled_from([(kind, code) for kind in get_args(ScopeKind) for code in PLACES[kind]]),
)


def role(name: str, kind: ScopeKind = "kommun", code: str = KOMMUN) -> Grant:
    return Grant(name, kind, code, KOMMUN)


def only_denies(name: str) -> bool:
    return not any(rule.effect == "allow" for rule in BOOK.rules if rule.role == name)


@given(denying=GRANTS, giving=GRANTS)
def test_what_is_closed_is_what_the_two_may_not_and_the_one_alone_may(denying: Grant, giving: Grant) -> None:
    closed = {
        (action, place) for one in closed_by(denying, giving, ALL) for action in one.actions for place in one.where
    }
    both = Actor("p", "", (giving, denying))
    lost = {
        (action, place)
        for action in BOOK.actions
        for place in ALL
        if may(Actor("p", "", (giving,)), action, place).allowed and not may(both, action, place).allowed
    }
    if only_denies(denying.role):
        assert closed == set()
    elif denying.role == giving.role:
        assert lost <= closed
    else:
        assert {one for one in closed if one[1] in ALL} == lost
    assert {action for action, _ in closed} <= set(closable(denying, giving))


@given(denying=GRANTS, giving=GRANTS)
def test_whole_means_that_nothing_of_it_is_left_anywhere(denying: Grant, giving: Grant) -> None:
    both = Actor("p", "", (giving, denying))
    for one in closed_by(denying, giving, ALL):
        left = [
            (action, place)
            for action in one.actions
            for place in ALL
            if may(Actor("p", "", (giving,)), action, place).allowed and may(both, action, place).allowed
        ]
        assert one.whole == (left == [])


def test_a_politician_who_leads_a_school_sees_no_rows_of_its_elever() -> None:
    (found,) = closed_by(role("fortroendevald"), role("rektor", "enhet", "G03"), ALL)
    assert found.actions == ("individual.view", "register_rows.view")
    assert found.whole
    assert G03 in found.where
    assert closed_by(role("rektor", "enhet", "G03"), role("fortroendevald"), ALL) == ()


def test_a_role_in_one_unit_closes_that_unit_only() -> None:
    (found,) = closed_by(role("elevhalsa", "enhet", "G03"), role("controller"), ALL)
    assert (found.where, found.whole) == ((G03,), False)
    assert closed_by(role("elevhalsa", "enhet", "G03"), role("rektor", "enhet", "G04"), ALL) == ()


def test_a_unit_that_the_register_does_not_hold_yet_is_weighed_as_well() -> None:
    (found,) = closed_by(role("fortroendevald"), role("rektor", "enhet", "NY1"), ALL)
    assert found.whole
    assert [one.enhet for one in found.where] == ["NY1"]


def test_who_audits_closes_what_changes_the_books() -> None:
    (found,) = closed_by(role("revisor"), role("forvaltningschef"), ALL)
    assert {"run.decide", "payment.approve", "retention.carry_out"} <= set(found.actions)
    assert found.whole


@pytest.mark.parametrize("name", [words.role for words in BOOK.roles if only_denies(words.role)])
def test_to_take_away_is_what_jav_is_for_and_contradicts_nothing(name: str) -> None:
    assert closed_by(role(name, "enhet", "G03"), role("rektor", "enhet", "G03"), ALL) == ()


def test_roles_in_different_kommuner_do_not_meet() -> None:
    elsewhere = Grant("fortroendevald", "kommun", "9902", "9902")
    assert closed_by(elsewhere, role("rektor", "enhet", "G03"), ALL) == ()
