"""The cases of access as questions, and the book made poorer one piece at a time: what the guardian stands on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import yaml

from core.access import Action, Actor, Grant, Resource, ScopeKind, Verdict, may

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.parameters import RoleBook
    from core.parameters.roles import RoleRule

CASES_FOLDER = Path(__file__).parents[2] / "cases" / "access"
CASES: list[dict[str, Any]] = yaml.safe_load((CASES_FOLDER / "verdicts.yaml").read_text(encoding="utf-8"))
ROLES: dict[str, dict[str, Any]] = yaml.safe_load((CASES_FOLDER / "roles.yaml").read_text(encoding="utf-8"))
ACTIONS: tuple[Action, ...] = get_args(Action)
SCOPE_KINDS: tuple[ScopeKind, ...] = get_args(ScopeKind)

OWN = Resource("enhet", "9901", enhet="X", huvudman="X", omrade="X", verksamheter=("X",))
MIXED = Resource("enhet", "9901", enhet="X", huvudman="X", omrade="X", verksamheter=("X", "Y"))
OF_HUVUDMAN = Resource("decision", "9901", huvudman="X")
KOMMUN = Resource("kommun", "9901")


def grant(text: str) -> Grant:
    """Return a grant written ``roll scope id namn``, of kommun 9901 unless ``kommun=`` says another."""
    role, scope_kind, rest = text.split(" ", 2)
    kommun = "9901"
    if " kommun=" in rest:
        rest, kommun = rest.split(" kommun=")
    scope_id, _, name = rest.partition(" ")
    return Grant(role, scope_kind, scope_id.strip("-"), kommun, name or None)  # type: ignore[arg-type]  # a case's text


def answer(case: Mapping[str, Any], book: RoleBook | None = None) -> Verdict:
    """Return the verdict on a case."""
    actor = Actor("s1", "Alva Ask", tuple(grant(text) for text in case["grants"]))
    about = Resource(
        "sak", "9901", case.get("enhet"), case.get("huvudman"), case.get("omrade"), case.get("called"),
        tuple(case.get("verksamheter", ())),
    )  # fmt: skip
    return may(actor, case["action"], about, book=book)


def allowed_alone(role: str, scope_kind: ScopeKind, resource: Resource, book: RoleBook | None = None) -> list[str]:
    """Return what a role alone may do, granted in the scope X."""
    actor = Actor("s1", "Alva Ask", (Grant(role, scope_kind, "X", "9901"),))
    return sorted(action for action in ACTIONS if may(actor, action, resource, book=book).allowed)


def rows_hold(book: RoleBook) -> bool:
    """Say whether every row of the table of roles is what the book gives that role by itself, and nothing else.

    A kind of scope that no row names gives a role nothing.
    """
    named = {(row.get("role", name), row["scope"]): row for name, row in ROLES.items()}
    for role in {role for role, _ in named}:
        for scope in SCOPE_KINDS:
            row = named.get((role, scope), {"own": [], "kommun": []})
            if allowed_alone(role, scope, OWN, book) != sorted(row["own"]):
                return False
            if allowed_alone(role, scope, KOMMUN, book) != sorted(row["kommun"]):
                return False
    return True


def denials_hold(book: RoleBook, whole: RoleBook) -> bool:
    """Say whether every denial of ``whole`` is still given in ``book`` to one who has the action from another role."""
    for rule in (one for one in whole.rules if one.effect == "deny"):
        for scope in rule.scopes:
            for action in rule.actions:
                for about in (OWN, OF_HUVUDMAN) if scope == "huvudman" else (OWN,):
                    both = (Grant(rule.role, scope, "X", "9901"), *_givers(whole, action))
                    if may(Actor("s1", "Alva Ask", both), action, about, book=book).allowed:
                        return False
    return True


def notices(book: RoleBook, whole: RoleBook) -> bool:
    """Say whether the tables notice that ``book`` is not the book they were written for."""
    if any(answer(case, book) != Verdict(case["allowed"], case["reason"]) for case in CASES):
        return True
    return not (rows_hold(book) and denials_hold(book, whole))


def poorer_books(whole: RoleBook) -> Iterator[tuple[str, RoleBook]]:
    """Yield the book without each rule, each action of a rule, and each kind of scope of a rule, and what is gone."""
    for rule in whole.rules:
        rest = [one for one in whole.rules if one.rule != rule.rule]
        yield f"{rule.rule}", whole.model_copy(update={"rules": rest})
        for action in rule.actions:
            yield f"{rule.rule}: {action}", _with(whole, rule, actions=[one for one in rule.actions if one != action])
        for scope in rule.scopes:
            yield f"{rule.rule}: {scope}", _with(whole, rule, scopes=[one for one in rule.scopes if one != scope])


def _with(whole: RoleBook, rule: RoleRule, **values: object) -> RoleBook:
    less = rule.model_copy(update=values)
    return whole.model_copy(update={"rules": [less if one.rule == rule.rule else one for one in whole.rules]})


def _givers(book: RoleBook, action: Action) -> tuple[Grant, ...]:
    """Return a grant of every role that has the action, of those that deny it nowhere."""
    return tuple(
        Grant(rule.role, scope, "X", "9901")
        for rule in book.rules
        if rule.effect == "allow" and action in rule.actions
        if not any(one.effect == "deny" for one in book.rules_of(rule.role, action))
        for scope in rule.scopes
        if scope in {"kommun", "enhet"}
    )
