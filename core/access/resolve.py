"""Weigh the rules that speak of an actor, an action and a resource into one verdict.

The algorithm. Every grant of the actor in the resource's kommun is paired with every rule of its
role that names the action and the grant's kind of scope. A pair *holds* when the resource lies in
the scope of the grant (the enhet itself, an enhet of the huvudman, an enhet in the område, anything
in the kommun, anything public), or, for a rule that reaches the kommun, when the resource belongs
to no enhet. Of the pairs that hold, those with the narrowest scope decide: enhet beats huvudman
beats område beats kommun beats allmän; a rule that reaches the kommun counts as kommun. Among
those, deny beats allow. If no pair holds, the answer is no: no rule means no.

=====================================  ==========================  ================================
Grants                                 Asked about                 Verdict
=====================================  ==========================  ================================
rektor for enhet G03                   allocation of G03           yes, by the enhet
rektor for enhet G03                   allocation of G04           no: the role is for another enhet
rektor for enhet G03                   the map (no enhet)          yes, the rule reaches the kommun
controller in the kommun               allocation of G04           yes, by the kommun
controller + jäv in G04                registerrader of G04        no: enhet beats kommun
controller + jäv in G04                registerrader of G03        yes: the jäv is elsewhere
förtroendevald + rektor for G03        registerrader of G03        yes: enhet beats kommun
controller + revisor in the kommun     accept a batch              no: deny beats allow
controller in another kommun           allocation of G03           no: no role in this kommun
=====================================  ==========================  ================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access.actors import ForbiddenError, Verdict
from core.parameters.roles import load_roles

if TYPE_CHECKING:
    from core.access.actors import Actor, Grant, Resource
    from core.parameters.roles import Action, RoleBook, RoleRule, ScopeKind

LEVELS: dict[ScopeKind, int] = {"allman": 0, "kommun": 1, "verksamhet": 2, "omrade": 3, "huvudman": 4, "enhet": 5}
_OTHER = {
    "enhet": "en annan enhet",
    "huvudman": "en annan huvudman",
    "omrade": "ett annat område",
    "verksamhet": "en annan verksamhet",
}


def may(actor: Actor, action: Action, resource: Resource, *, book: RoleBook | None = None) -> Verdict:
    """Say whether ``actor`` may do ``action`` to ``resource``, and why; ``book`` defaults to roller.yaml."""
    rules = book or load_roles()
    held = [
        (_level(grant, rule), rule)
        for grant in actor.roles
        if grant.kommun == resource.kommun
        for rule in rules.rules_of(grant.role, action)
        if grant.scope_kind in rule.scopes and _holds(grant, rule, resource)
    ]
    if not held:
        return Verdict(allowed=False, reason=_why_not(actor, action, resource, rules))
    narrowest = max(level for level, _ in held)
    deciding = [rule for level, rule in held if level == narrowest]
    denied = next((rule for rule in deciding if rule.effect == "deny"), None)
    if denied is not None:
        return Verdict(allowed=False, reason=_with_ask(denied.reason, denied.role, rules))
    return Verdict(allowed=True, reason=deciding[0].reason)


def may_somewhere(actor: Actor, action: Action, *, book: RoleBook | None = None) -> bool:
    """Say whether some role of the actor's has the action at all; about what, ``may`` decides."""
    rules = book or load_roles()
    return any(
        rule.effect == "allow" and grant.scope_kind in rule.scopes
        for grant in actor.roles
        for rule in rules.rules_of(grant.role, action)
    )


def require(actor: Actor, action: Action, resource: Resource, *, book: RoleBook | None = None) -> None:
    """Return if ``may`` says yes; raises ``ForbiddenError`` with its reason."""
    verdict = may(actor, action, resource, book=book)
    if not verdict.allowed:
        raise ForbiddenError(verdict.reason)


def _level(grant: Grant, rule: RoleRule) -> int:
    return LEVELS["kommun" if rule.reach == "kommun" else grant.scope_kind]


def _holds(grant: Grant, rule: RoleRule, resource: Resource) -> bool:
    if rule.reach == "kommun":
        return resource.enhet is None
    match grant.scope_kind:
        case "enhet":
            return resource.enhet is not None and grant.scope_id == resource.enhet
        case "huvudman":
            return resource.huvudman is not None and grant.scope_id == resource.huvudman
        case "omrade":
            return resource.omrade is not None and grant.scope_id == resource.omrade
        case _:  # kommun and allman: the caller has compared the kommun
            return True


def _why_not(actor: Actor, action: Action, resource: Resource, book: RoleBook) -> str:
    """Return why no rule holds: no role here, a role without the right, or a right over something else."""
    here = [grant for grant in actor.roles if grant.kommun == resource.kommun]
    if not here:
        return f"Du har ingen roll i kommun {resource.kommun}. Be systemförvaltaren i kommunen om behörighet."
    may_elsewhere = [
        grant
        for grant in here
        if any(rule.effect == "allow" and grant.scope_kind in rule.scopes for rule in book.rules_of(grant.role, action))
    ]
    grant = (may_elsewhere or here)[0]
    words = book.words_of(grant.role)
    role = ", ".join(part for part in (words.label if words else grant.role, grant.name or grant.scope_id) if part)
    what = book.actions.get(action, action)
    if may_elsewhere:
        about = resource.name or resource.enhet or "hela kommunen"
        not_this = f"Du ser inte {about}" if action.endswith(".view") else f"Du får inte {what} för {about}"
        text = f"{not_this}: din roll ({role}) gäller {_OTHER.get(grant.scope_kind, 'något annat')}."
    else:
        text = f"Din roll ({role}) ger inte rätt att {what}."
    return _with_ask(text, grant.role, book)


def _with_ask(text: str, role: str, book: RoleBook) -> str:
    words = book.words_of(role)
    return f"{text} {words.ask}" if words else text
