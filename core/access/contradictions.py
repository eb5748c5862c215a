"""Which actions that one role of a person gives are closed by another of the same person's roles.

Deny wins over every allow (``core.access.resolve``, decision 0013), so two roles can be less than one. That is meant
where the law wants it, but whoever gives roles should see it before and not by way of a puzzled colleague. Nothing here
is a rule of its own: both roles are asked one by one, and what the first allows and the second denies is closed.

A role that only denies (jäv) contradicts nothing: to take away is all that it is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access.actors import Actor, Resource
from core.access.resolve import may
from core.parameters.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access.actors import Grant
    from core.parameters.roles import Action, RoleBook


@dataclass(frozen=True, slots=True)
class Closed:
    """Actions of one role that another closes; ``where``: about what, ``whole``: wherever the first gives them."""

    actions: tuple[Action, ...]
    where: tuple[Resource, ...]
    whole: bool


def closable(denying: Grant, giving: Grant, *, book: RoleBook | None = None) -> tuple[Action, ...]:
    """Return the actions that ``giving`` allows and ``denying`` denies, whatever each of them is about."""
    rules = book or load_roles()
    if not any(rule.effect == "allow" for rule in rules.rules if rule.role == denying.role):
        return ()
    return tuple(
        action
        for action in rules.actions
        if _speaks(giving, action, "allow", rules) and _speaks(denying, action, "deny", rules)
    )


def closed_by(
    denying: Grant, giving: Grant, resources: Sequence[Resource], *, book: RoleBook | None = None
) -> tuple[Closed, ...]:
    """Return what ``denying`` closes of what ``giving`` allows about ``resources``, in the order of the role book.

    ``resources``: the kommun itself and its enheter. What ``giving`` is about is asked too, known or not.
    """
    rules = book or load_roles()
    asked = [*resources, _about(giving)]
    found: dict[tuple[tuple[Resource, ...], bool], list[Action]] = {}
    for action in closable(denying, giving, book=rules):
        opened = [one for one in asked if may(_alone(giving), action, one, book=rules).allowed]
        shut = tuple(one for one in opened if _denies(denying, action, one, rules))
        if shut:
            found.setdefault((shut, len(shut) == len(opened)), []).append(action)
    return tuple(Closed(tuple(actions), where, whole) for (where, whole), actions in found.items())


def _speaks(grant: Grant, action: Action, effect: str, book: RoleBook) -> bool:
    return any(rule.effect == effect and grant.scope_kind in rule.scopes for rule in book.rules_of(grant.role, action))


def _denies(grant: Grant, action: Action, resource: Resource, book: RoleBook) -> bool:
    """Say whether a rule of the role denies; that no rule of it allows closes nothing for other roles."""
    verdict = may(_alone(grant), action, resource, book=book)
    return not verdict.allowed and verdict.rule is not None


def _alone(grant: Grant) -> Actor:
    return Actor("", "", (grant,))


def _about(grant: Grant) -> Resource:
    """Return what a role is about as a question, also where the register does not hold it (yet, or any more)."""
    kind, code = grant.scope_kind, grant.scope_id
    return Resource(
        kind,
        grant.kommun,
        enhet=code if kind == "enhet" else None,
        huvudman=code if kind == "huvudman" else None,
        omrade=code if kind == "omrade" else None,
        name=grant.name,
        verksamheter=(code,) if kind == "verksamhet" else (),
    )
