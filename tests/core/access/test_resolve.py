from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Action, Actor, ForbiddenError, Grant, Resource, ScopeKind, Verdict, may, may_somewhere, require
from core.access.resolve import LEVELS
from core.parameters import load_roles
from core.parameters.roles import RoleRule
from tests.core.access.asking import (
    ACTIONS,
    CASES,
    KOMMUN,
    MIXED,
    OWN,
    ROLES,
    SCOPE_KINDS,
    allowed_alone,
    answer,
    denials_hold,
    grant,
    notices,
    poorer_books,
    rows_hold,
)

if TYPE_CHECKING:
    import random

    from core.parameters import RoleBook

BOOK = load_roles()
DENIED = sorted({action for rule in BOOK.rules if rule.role == "jav" for action in rule.actions})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_verdict_and_its_reason_are_as_the_table_says(case: dict[str, Any]) -> None:
    assert answer(case) == Verdict(case["allowed"], case["reason"])


@pytest.mark.parametrize("name", ROLES)
def test_a_role_alone_may_do_what_the_table_says_and_nothing_else(name: str) -> None:
    row = ROLES[name]
    role = row.get("role", name)
    assert allowed_alone(role, row["scope"], OWN) == sorted(row["own"])
    assert allowed_alone(role, row["scope"], KOMMUN) == sorted(row["kommun"])


def test_the_table_knows_every_role_and_the_file_every_action() -> None:
    assert {words.role for words in BOOK.roles} == {row.get("role", name) for name, row in ROLES.items()}
    assert set(BOOK.actions) == set(ACTIONS)
    assert set(LEVELS) == set(get_args(ScopeKind))


# The guardian of the matrix: nothing can be taken out of the book without a table noticing.


def test_the_tables_hold_for_the_book_as_it_stands() -> None:
    assert rows_hold(BOOK)
    assert denials_hold(BOOK, BOOK)
    assert not notices(BOOK, BOOK)


@pytest.mark.parametrize(("gone", "poorer"), [pytest.param(*one, id=one[0]) for one in poorer_books(BOOK)])
def test_no_rule_action_or_scope_can_be_taken_out_without_a_table_noticing(gone: str, poorer: RoleBook) -> None:
    assert notices(poorer, BOOK), f"no case and no row misses {gone}"


@pytest.mark.parametrize("rule", [rule.rule for rule in BOOK.rules])
def test_every_rule_has_a_case_of_its_own_in_words(rule: str) -> None:
    poorer = BOOK.model_copy(update={"rules": [one for one in BOOK.rules if one.rule != rule]})
    assert any(answer(case, poorer) != answer(case) for case in CASES)


def test_the_guardian_itself_can_fail() -> None:
    spare = RoleRule(
        rule="rektor.en_gang_till", role="rektor", effect="allow", actions=["map.view"], scopes=["enhet"],
        reach="kommun", reason="Kartan är allas.",
    )  # fmt: skip
    with_spare = BOOK.model_copy(update={"rules": [*BOOK.rules, spare]})
    missed = [gone for gone, poorer in poorer_books(with_spare) if not notices(poorer, with_spare)]
    assert "rektor.en_gang_till" in missed  # a rule that gives what another gives already is missed by nobody
    assert {gone.partition(":")[0] for gone in missed} == {"rektor.en_gang_till"}


def test_the_guardian_notices_a_rule_that_opens_more() -> None:
    for action, scope in (("register_rows.view", "kommun"), ("audit.view", "enhet"), ("individual.view", "omrade")):
        wider = RoleRule(rule="x.y", role="rektor", effect="allow", actions=[action], scopes=[scope], reason="Öppet.")  # type: ignore[list-item]  # words of the type
        assert notices(BOOK.model_copy(update={"rules": [*BOOK.rules, wider]}), BOOK)


# What must hold whoever asks and whatever the book says.

CODES = st.sampled_from(["X", "Y", "Z"])
KOMMUNER = st.sampled_from(["9901", "9902"])
ROLE_NAMES = sorted({words.role for words in BOOK.roles})
GRANTS = st.builds(
    Grant, st.sampled_from([*ROLE_NAMES, "okand"]), st.sampled_from(SCOPE_KINDS), CODES, KOMMUNER, st.none()
)
ACTORS = st.builds(Actor, st.just("s"), st.just("S"), st.lists(GRANTS, max_size=5).map(tuple))
RESOURCES = st.builds(
    Resource, st.just("sak"), KOMMUNER, st.none() | CODES, st.none() | CODES, st.none() | CODES, st.none(),
    st.lists(CODES, unique=True, max_size=3).map(tuple),
)  # fmt: skip
ANY_ACTION = st.sampled_from(ACTIONS)
RULES = st.builds(
    RoleRule,
    rule=st.sampled_from(["a.a", "m.m", "z.z"]),
    role=st.sampled_from(ROLE_NAMES),
    effect=st.sampled_from(["allow", "deny"]),
    actions=st.lists(ANY_ACTION, min_size=1, max_size=4, unique=True),
    scopes=st.lists(st.sampled_from(SCOPE_KINDS), min_size=1, max_size=4, unique=True),
    reach=st.sampled_from(["scope", "kommun"]),
    verksamheter=st.sampled_from(["every", "some"]),
    reason=st.just("Därför."),
)


def with_rules(*rules: RoleRule) -> RoleBook:
    return BOOK.model_copy(update={"rules": [*BOOK.rules, *rules]})


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_no_rule_means_no(actor: Actor, action: Action, resource: Resource) -> None:
    empty = BOOK.model_copy(update={"rules": []})
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


@given(ACTORS, ANY_ACTION, RESOURCES, st.lists(RULES, max_size=3, unique_by=lambda one: one.rule), st.randoms())
def test_the_order_of_grants_and_rules_changes_neither_answer_nor_reason(
    actor: Actor, action: Action, resource: Resource, more: list[RoleRule], chance: random.Random
) -> None:
    book = with_rules(*more)
    grants, rules = list(actor.roles), list(book.rules)
    chance.shuffle(grants)
    chance.shuffle(rules)
    turned = may(Actor("s", "S", tuple(grants)), action, resource, book=book.model_copy(update={"rules": rules}))
    assert turned == may(actor, action, resource, book=book)


@given(ACTORS, ANY_ACTION, RESOURCES, RULES)
def test_one_more_rule_that_denies_never_opens_anything(
    actor: Actor, action: Action, resource: Resource, rule: RoleRule
) -> None:
    denying = rule.model_copy(update={"effect": "deny"})
    if may(actor, action, resource, book=with_rules(denying)).allowed:
        assert may(actor, action, resource).allowed
    if may_somewhere(actor, action, book=with_rules(denying)):
        assert may_somewhere(actor, action)


@given(ACTORS, ANY_ACTION, RESOURCES, RULES)
def test_one_more_rule_that_allows_never_closes_anything(
    actor: Actor, action: Action, resource: Resource, rule: RoleRule
) -> None:
    allowing = rule.model_copy(update={"effect": "allow"})
    if may(actor, action, resource).allowed:
        assert may(actor, action, resource, book=with_rules(allowing)).allowed


@given(ACTORS, ANY_ACTION, RESOURCES, GRANTS)
def test_one_more_role_without_a_denial_never_closes_anything(
    actor: Actor, action: Action, resource: Resource, more: Grant
) -> None:
    if any(rule.effect == "deny" for rule in BOOK.rules if rule.role == more.role):
        return
    if may(actor, action, resource).allowed:
        assert may(Actor("s", "S", (*actor.roles, more)), action, resource).allowed


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_a_denial_that_holds_wins_whatever_else_the_actor_is(actor: Actor, action: Action, resource: Resource) -> None:
    alone = [may(Actor("s", "S", (one,)), action, resource) for one in actor.roles]
    denials = {rule.reason for rule in BOOK.rules if rule.effect == "deny"}
    if any(not one.allowed and one.reason.startswith(tuple(denials)) for one in alone):
        assert not may(actor, action, resource).allowed


@given(ACTORS, st.sampled_from(DENIED), RESOURCES, st.sampled_from(["enhet", "huvudman"]))
def test_jav_always_ends_in_no(actor: Actor, action: Action, resource: Resource, scope: ScopeKind) -> None:
    where = resource.enhet if scope == "enhet" else resource.huvudman
    if where is None:
        return
    challenged = Actor("s", "S", (*actor.roles, Grant("jav", scope, where, resource.kommun)))
    assert not may(challenged, action, resource).allowed


@given(ACTORS, ANY_ACTION, RESOURCES)
def test_what_a_resource_does_not_say_is_in_no_scope(actor: Actor, action: Action, resource: Resource) -> None:
    bare = Resource(resource.kind, resource.kommun, resource.enhet, resource.huvudman)
    kept = tuple(one for one in actor.roles if one.scope_kind not in {"verksamhet", "omrade"})
    gemensamt = resource.enhet is None and resource.huvudman is None
    if may(actor, action, bare).allowed and not gemensamt:
        assert may(Actor("s", "S", kept), action, bare).allowed


@given(st.sets(CODES), st.sets(CODES, min_size=1))
def test_grants_for_verksamheter_answer_together_for_those_they_hold(granted: set[str], asked: set[str]) -> None:
    actor = Actor("s", "S", tuple(Grant("handlaggare", "verksamhet", one, "9901") for one in sorted(granted)))
    about = Resource("enhet", "9901", enhet="E", verksamheter=tuple(sorted(asked)))
    assert may(actor, "register_rows.view", about).allowed == (asked <= granted)
    assert may(actor, "allocation.view", about).allowed == bool(asked & granted)


def test_where_a_payment_or_a_question_is_seen_individual_support_is_seen_too() -> None:
    # A payment less an allocation without individual support gives that support: never the one without the other.
    for name, row in ROLES.items():
        role = row.get("role", name)
        for about in (OWN, MIXED, KOMMUN):
            allowed = allowed_alone(role, row["scope"], about)
            if {"payment.view", "flag.view"} & set(allowed):
                assert "individual.view" in allowed, (name, about)


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


def test_an_action_that_another_role_denies_in_the_whole_kommun_is_not_offered_there() -> None:
    both = Actor("b", "B", (grant("controller kommun 9901"), grant("revisor kommun 9901")))
    assert not may_somewhere(both, "batch.import")
    assert may_somewhere(both, "register_rows.view")
    elsewhere = Actor("e", "E", (*both.roles, grant("controller kommun 9902 kommun=9902")))
    assert may_somewhere(elsewhere, "batch.import")
    assert may_somewhere(Actor("j", "J", (grant("controller kommun 9901"), grant("jav enhet G03"))), "flag.answer")
