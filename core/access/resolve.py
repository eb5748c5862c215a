"""Weigh the rules that speak of an actor, an action and a resource into one verdict.

The algorithm, whole:

1. Every grant of the actor in the resource's kommun is paired with every rule of its role that names the action and
   the grant's kind of scope. Grants in other kommuner, and rules of other roles, are not looked at.
2. A pair *holds* when the resource lies in the scope of the grant: the enhet itself, an enhet of the huvudman, an
   enhet in the område, an enhet that has the verksamhet, anything in the kommun, anything public. A rule that reaches
   the kommun holds, however narrow the grant, for what belongs to no enhet and no huvudman, and for nothing else.
   What the resource does not say (its område, its verksamheter) is in no scope.
3. Deny wins: if any pair that holds denies, the answer is no, however wide its scope and whatever else holds.
4. Otherwise a pair that holds and allows says yes. One exception: a grant for a verksamhet answers only for that
   verksamhet. Under a rule that asks for every verksamhet, the grants must together hold all those that the question
   is about, so that nobody reads of one verksamhet by way of another in the same enhet.
5. No rule means no.

The reason is that of the narrowest pair that decides: enhet, huvudman, område, verksamhet, kommun, allmän, in that
order; then the rule that comes first by name. Neither the order of grants nor that of rules matters.

Two rules are about persons and not about resources: who has prepared something does not decide on it
(``core.publication``), and nobody changes their own roles (``core.access.oneself``).

Worked examples stand in ``core.access.examples``; ``docs/behorighet.md`` shows what each of them is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access.actors import ForbiddenError, Verdict
from core.base import Sentence, Verksamhet, label, listed
from core.parameters.roles import load_roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access.actors import Actor, Grant, Resource
    from core.parameters.roles import Action, RoleBook, RoleRule, ScopeKind

    Pair = tuple[Grant, RoleRule]

LEVELS: dict[ScopeKind, int] = {"allman": 0, "kommun": 1, "verksamhet": 2, "omrade": 3, "huvudman": 4, "enhet": 5}
WHOLE_KOMMUN = frozenset({"allman", "kommun"})
"""Kinds of scope that hold everything in the kommun."""
_OTHER = {
    "enhet": Sentence("en annan enhet"),
    "huvudman": Sentence("en annan huvudman"),
    "omrade": Sentence("ett annat område"),
    "verksamhet": Sentence("en annan verksamhet"),
}


def may(actor: Actor, action: Action, resource: Resource, *, book: RoleBook | None = None) -> Verdict:
    """Say whether ``actor`` may do ``action`` to ``resource``, and why; ``book`` defaults to roller.yaml."""
    rules = book or load_roles()
    held = [
        (grant, rule)
        for grant in actor.roles
        if grant.kommun == resource.kommun
        for rule in rules.rules_of(grant.role, action)
        if grant.scope_kind in rule.scopes and _holds(grant, rule, resource)
    ]
    denied = [pair for pair in held if pair[1].effect == "deny"]
    if denied:
        rule = _deciding(denied)
        return Verdict(allowed=False, reason=_with_ask(Sentence(rule.reason), rule.role, rules), rule=rule.rule)
    missing = _unanswered(held, resource)
    if missing:
        return Verdict(allowed=False, reason=_only_part(_deciding(held), missing, resource, rules))
    if held:
        rule = _deciding(held)
        return Verdict(allowed=True, reason=rule.reason, rule=rule.rule)
    return Verdict(allowed=False, reason=_why_not(actor, action, resource, rules))


def may_somewhere(actor: Actor, action: Action, *, book: RoleBook | None = None) -> bool:
    """Say whether some role of the actor's has the action at all; about what, ``may`` decides.

    A role that denies it in the whole kommun takes it away there.
    """
    rules = book or load_roles()
    named = [
        (grant.kommun, grant.scope_kind, rule.effect)
        for grant in actor.roles
        for rule in rules.rules_of(grant.role, action)
        if grant.scope_kind in rule.scopes
    ]
    closed = {kommun for kommun, scope, effect in named if effect == "deny" and scope in WHOLE_KOMMUN}
    return any(effect == "allow" and kommun not in closed for kommun, _, effect in named)


def require(actor: Actor, action: Action, resource: Resource, *, book: RoleBook | None = None) -> None:
    """Return if ``may`` says yes; raises ``ForbiddenError`` with its reason."""
    verdict = may(actor, action, resource, book=book)
    if not verdict.allowed:
        raise ForbiddenError(verdict.reason)


def _holds(grant: Grant, rule: RoleRule, resource: Resource) -> bool:
    if rule.reach == "kommun":
        return resource.enhet is None and resource.huvudman is None
    match grant.scope_kind:
        case "enhet":
            return resource.enhet is not None and grant.scope_id == resource.enhet
        case "huvudman":
            return resource.huvudman is not None and grant.scope_id == resource.huvudman
        case "omrade":
            return resource.omrade is not None and grant.scope_id == resource.omrade
        case "verksamhet":
            return grant.scope_id in resource.verksamheter
        case _:  # kommun and allman: the caller has compared the kommun
            return True


def _deciding(pairs: Sequence[Pair]) -> RoleRule:
    """Return the rule whose reason is given: of the narrowest scope, then the first by name."""

    def place(pair: Pair) -> tuple[int, str]:
        grant, rule = pair
        return -LEVELS["kommun" if rule.reach == "kommun" else grant.scope_kind], rule.rule

    return min(pairs, key=place)[1]


def _unanswered(held: Sequence[Pair], resource: Resource) -> tuple[str, ...]:
    """Return the verksamheter of the resource that no grant answers for; none as soon as some pair holds it whole."""
    answered = set()
    for grant, rule in held:
        if grant.scope_kind != "verksamhet" or rule.reach == "kommun" or rule.verksamheter == "some":
            return ()
        answered.add(grant.scope_id)
    return tuple(name for name in resource.verksamheter if name not in answered) if held else ()


def _only_part(rule: RoleRule, missing: Sequence[str], resource: Resource, book: RoleBook) -> str:
    """Return that the grants hold some of the verksamheter asked about but not all."""
    known = {one.value: label(one).lower() for one in Verksamhet}
    text = Sentence(
        "Din roll gäller en del av det som {about} har, men inte {words}: uppgifterna går inte att skilja åt.",
        about=resource.name or resource.enhet or Sentence("frågan"),
        words=listed([known.get(name, name) for name in missing]),
    )
    return _with_ask(text, rule.role, book)


def _why_not(actor: Actor, action: Action, resource: Resource, book: RoleBook) -> str:
    """Return why no rule holds: no role here, a role without the right, or a right over something else."""
    here = [grant for grant in actor.roles if grant.kommun == resource.kommun]
    if not here:
        return Sentence(
            "Du har ingen roll i kommun {kommun}. Be systemförvaltaren i kommunen om behörighet.",
            kommun=resource.kommun,
        )
    may_elsewhere = [
        grant
        for grant in here
        if any(rule.effect == "allow" and grant.scope_kind in rule.scopes for rule in book.rules_of(grant.role, action))
    ]
    grant = min(may_elsewhere or here, key=lambda one: (-LEVELS[one.scope_kind], one.role, one.scope_id))
    role = _role_and_scope(grant, book)
    what = Sentence(book.actions.get(action, action))
    if not may_elsewhere:
        text = Sentence("Din roll ({role}) ger inte rätt att {what}.", role=role, what=what)
        return _with_ask(text, grant.role, book)
    about = resource.name or resource.enhet or resource.huvudman or Sentence("hela kommunen")
    text = Sentence(
        "{not_this}: din roll ({role}) gäller {other}.",
        not_this=Sentence("Du ser inte {about}", about=about)
        if action.endswith(".view")
        else Sentence("Du får inte {what} för {about}", what=what, about=about),
        role=role,
        other=_OTHER.get(grant.scope_kind, Sentence("något annat")),
    )
    return _with_ask(text, grant.role, book)


def _role_and_scope(grant: Grant, book: RoleBook) -> Sentence:
    words = book.words_of(grant.role)
    role, scope = Sentence(words.label if words else grant.role), grant.name or grant.scope_id
    return Sentence("{role}, {scope}", role=role, scope=scope) if scope else role


def _with_ask(text: Sentence, role: str, book: RoleBook) -> Sentence:
    words = book.words_of(role)
    return Sentence("{text} {ask}", text=text, ask=Sentence(words.ask)) if words else text
