from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.access import Action, Actor, ForbiddenError, Grant, Resource, ScopeKind, Verdict, may, may_somewhere, require
from core.access.resolve import LEVELS
from core.parameters import RoleBook, load_roles

CASES_FOLDER = Path(__file__).parents[2] / "cases" / "access"
CASES = yaml.safe_load((CASES_FOLDER / "verdicts.yaml").read_text(encoding="utf-8"))
ROLES = yaml.safe_load((CASES_FOLDER / "roles.yaml").read_text(encoding="utf-8"))
ACTIONS: tuple[Action, ...] = get_args(Action)


def grant(text: str) -> Grant:
    role, scope_kind, rest = text.split(" ", 2)
    kommun = "9901"
    if " kommun=" in rest:
        rest, kommun = rest.split(" kommun=")
    scope_id, _, name = rest.partition(" ")
    return Grant(role, scope_kind, scope_id.strip("-"), kommun, name or None)  # type: ignore[arg-type]  # a case's text


def answer(case: dict[str, Any], book: RoleBook | None = None) -> Verdict:
    actor = Actor("s1", "Alva Ask", tuple(grant(text) for text in case["grants"]))
    about = Resource("sak", "9901", case.get("enhet"), case.get("huvudman"), case.get("omrade"), case.get("called"))
    return may(actor, case["action"], about, book=book)


def allowed_alone(role: str, scope_kind: ScopeKind, resource: Resource, book: RoleBook | None = None) -> list[str]:
    actor = Actor("s1", "Alva Ask", (Grant(role, scope_kind, "X", "9901"),))
    return sorted(action for action in ACTIONS if may(actor, action, resource, book=book).allowed)


OWN = Resource("enhet", "9901", enhet="X", huvudman="X", omrade="X")
KOMMUN = Resource("kommun", "9901")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_verdict_and_its_reason_are_as_the_table_says(case: dict[str, Any]) -> None:
    assert answer(case) == Verdict(case["allowed"], case["reason"])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_alone_may_do_what_the_table_says_and_nothing_else(role: str) -> None:
    expected = ROLES[role]
    assert allowed_alone(role, expected["scope"], OWN) == sorted(expected["own"])
    assert allowed_alone(role, expected["scope"], KOMMUN) == sorted(expected["kommun"])


def test_the_table_knows_every_role_and_the_file_every_action() -> None:
    book = load_roles()
    assert {words.role for words in book.roles} == set(ROLES)
    assert set(book.actions) == set(ACTIONS)
    assert set(LEVELS) == set(get_args(ScopeKind))


@pytest.mark.parametrize("rule", [rule.rule for rule in load_roles().rules])
def test_no_rule_can_be_removed_without_a_case_noticing(rule: str) -> None:
    book = load_roles()
    poorer = book.model_copy(update={"rules": [one for one in book.rules if one.rule != rule]})
    assert any(answer(case, poorer) != answer(case) for case in CASES)


@pytest.mark.parametrize(
    ("rule", "action"), [(rule.rule, action) for rule in load_roles().rules for action in rule.actions]
)
def test_no_action_can_be_taken_out_of_a_rule_without_the_roles_table_noticing(rule: str, action: Action) -> None:
    book = load_roles()
    whole = next(one for one in book.rules if one.rule == rule)
    if whole.effect == "deny":
        actor = Actor("s1", "Alva Ask", (Grant(whole.role, whole.scopes[0], "X", "9901"),))
        assert may(actor, action, OWN).reason.startswith(whole.reason)
        return
    less = whole.model_copy(update={"actions": [one for one in whole.actions if one != action]})
    poorer = book.model_copy(update={"rules": [less if one.rule == rule else one for one in book.rules]})
    row = ROLES[whole.role]
    found = [allowed_alone(whole.role, row["scope"], about, poorer) for about in (OWN, KOMMUN)]
    assert found != [sorted(row["own"]), sorted(row["kommun"])]


CODES = st.sampled_from(["X", "Y", "Z"])
KOMMUNER = st.sampled_from(["9901", "9902"])
GRANTS = st.builds(
    Grant, st.sampled_from([*ROLES, "okand"]), st.sampled_from(get_args(ScopeKind)), CODES, KOMMUNER, st.none()
)
ACTORS = st.builds(Actor, st.just("s"), st.just("S"), st.lists(GRANTS, max_size=5).map(tuple))
RESOURCES = st.builds(
    Resource, st.just("sak"), KOMMUNER, st.none() | CODES, st.none() | CODES, st.none() | CODES, st.none()
)
ANY_ACTION = st.sampled_from(ACTIONS)


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_no_rule_means_no(actor: Actor, action: Action, resource: Resource) -> None:
    empty = load_roles().model_copy(update={"rules": []})
    assert not may(actor, action, resource, book=empty).allowed


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_every_verdict_has_a_reason_and_require_says_the_same(actor: Actor, action: Action, resource: Resource) -> None:
    verdict = may(actor, action, resource)
    assert verdict.reason.endswith(".")
    if verdict.allowed:
        require(actor, action, resource)
    else:
        with pytest.raises(ForbiddenError) as raised:
            require(actor, action, resource)
        assert raised.value.reason == str(raised.value) == verdict.reason


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_a_role_in_another_kommun_never_changes_the_verdict(actor: Actor, action: Action, resource: Resource) -> None:
    here = Actor("s", "S", tuple(one for one in actor.roles if one.kommun == resource.kommun))
    assert may(here, action, resource) == may(actor, action, resource)


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_the_order_of_grants_does_not_change_yes_or_no(actor: Actor, action: Action, resource: Resource) -> None:
    turned = Actor("s", "S", actor.roles[::-1])
    assert may(turned, action, resource).allowed == may(actor, action, resource).allowed


@given(ACTORS, st.sampled_from(["individual.view", "register_rows.view", "batch.accept", "run.decide"]), RESOURCES)
def test_jav_for_the_enhet_always_ends_in_no(actor: Actor, action: Action, resource: Resource) -> None:
    if resource.enhet is None:
        return
    challenged = Actor("s", "S", (*actor.roles, Grant("jav", "enhet", resource.enhet, resource.kommun)))
    assert not may(challenged, action, resource).allowed


def test_an_actor_survives_being_stored_in_a_session() -> None:
    actor = Actor("s", "S", (grant("rektor enhet G03"), grant("rektor enhet S01 kommun=9902")))
    assert pickle.loads(pickle.dumps(actor)) == actor  # noqa: S301 - our own bytes
    assert actor.kommuner == {"9901", "9902"}


def test_an_action_is_offered_to_who_has_it_somewhere_and_to_nobody_else() -> None:
    rektor = Actor("r", "Rektor", (Grant("rektor", "enhet", "G01", "9901"),))
    citizen = Actor("m", "Allmänheten", (Grant("medborgare", "allman", "", "9901"),))
    owner = Actor("h", "Huvudman", (Grant("huvudman", "huvudman", "556000-0000", "9901"),))
    assert [may_somewhere(one, "decision.view") for one in (rektor, citizen, owner)] == [False, False, True]
    assert [may_somewhere(one, "payment.view") for one in (rektor, citizen, owner)] == [True, False, True]
    assert not may_somewhere(Actor("x", "Ingen", ()), "payment.view")
