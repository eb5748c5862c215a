"""Which roles can be given here and what they can be about: the role book crossed with the newest register.

A role may be given within a kind of scope only if some rule of the role speaks of that kind: any other grant would
look like a right and give none. What it is about must exist: an enhet, huvudman, område or verksamhet of the newest
register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from core.base import CoreError, Sentence, Verksamhet, label, listed
from core.parameters.roles import ScopeKind, load_roles
from core.usecases.choices import register_units
from core.usecases.people_views import RoleChoice, ScopeChoice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.parameters.roles import RoleBook
    from core.store import UnitOfWork

EVERYBODY = "allman"
"""The scope of the public: nobody is given it, since everybody has it."""
JAV = "jav"
KINDS: dict[ScopeKind, str] = {
    "kommun": "kommun",
    "verksamhet": "verksamhet",
    "omrade": "område",
    "huvudman": "huvudman",
    "enhet": "enhet",
}
Scopes = dict[ScopeKind, dict[str, str]]
"""What there is to be about, by kind of scope: code → name."""


class RoleNotGivableError(CoreError):
    """No rule speaks of the role within that kind of scope."""

    def __init__(self, role: str, scope_kind: str, choices: Sequence[RoleChoice]) -> None:
        self.role, self.scope_kind = role, scope_kind
        known = next((one for one in choices if one.role == role), None)
        if known is None:
            names = ", ".join(one.role for one in choices)
            super().__init__(
                Sentence("Rollen ”{role}” går inte att ge. Välj någon av {names}.", role=role, names=names)
            )
        else:
            kinds = listed(sorted({KINDS[one.kind] for one in known.scopes}))
            kind = next((said for code, said in KINDS.items() if code == scope_kind), scope_kind)
            super().__init__(
                Sentence(
                    "Rollen {label} ges inte för {kind}. Den kan gälla: {kinds}.",
                    label=Sentence(known.label),
                    kind=Sentence(kind),
                    kinds=kinds or Sentence("inget som finns i registret än"),
                )
            )


class ScopeUnknownError(CoreError):
    """The register holds no such enhet, huvudman, område or verksamhet."""

    def __init__(self, scope_kind: ScopeKind, scope_id: str) -> None:
        self.scope_kind, self.scope_id = scope_kind, scope_id
        super().__init__(
            Sentence(
                "{scope_kind} ”{scope_id}” finns inte i det senaste enhetsregistret. Kontrollera koden, eller läs in "
                "registret först.",
                scope_kind=Sentence(KINDS[scope_kind].capitalize()),
                scope_id=scope_id,
            )
        )


def scopes_here(work: UnitOfWork, kommun: str, today: date) -> Scopes:
    """Return what roles can be about in the kommun, from its newest register."""
    units = register_units(work, kommun, today)
    kinds = [one for one in Verksamhet if any(one.value in unit.verksamheter for unit in units)]
    return {
        "kommun": {kommun: work.kommuner.get(kommun).name},
        "verksamhet": {one.value: label(one) for one in kinds},
        "omrade": {unit.omrade: unit.omrade for unit in units if unit.omrade},
        "huvudman": {unit.huvudman: unit.huvudman_name for unit in units},
        "enhet": {unit.enhet: unit.name for unit in units},
    }


def choices_of(scopes: Scopes, book: RoleBook | None = None) -> tuple[RoleChoice, ...]:
    """Return the roles that can be given and what each can be about, in the order of the role book."""
    rules = book or load_roles()
    found = []
    for words in rules.roles:
        spoken = {kind for rule in rules.rules if rule.role == words.role for kind in rule.scopes} - {EVERYBODY}
        about = [
            ScopeChoice(kind, code, name)
            for kind in get_args(ScopeKind)
            if kind in spoken
            for code, name in sorted(scopes[kind].items(), key=lambda one: (one[1].casefold(), one[0]))
        ]
        if spoken:
            found.append(RoleChoice(words.role, words.label, only_denies(words.role, rules), tuple(about)))
    return tuple(found)


def must_be_givable(choices: Sequence[RoleChoice], scopes: Scopes, role: str, scope_kind: str, scope_id: str) -> None:
    """Return if the role can be given about that; raises ``RoleNotGivableError`` and ``ScopeUnknownError``."""
    rules = load_roles()
    kind = next((one for one in KINDS if one == scope_kind), None)
    spoken = kind is not None and any(rule.role == role and kind in rule.scopes for rule in rules.rules)
    if kind is None or not spoken:
        raise RoleNotGivableError(role, scope_kind, choices)
    if scope_id not in scopes[kind]:
        raise ScopeUnknownError(kind, scope_id)


def only_denies(role: str, book: RoleBook | None = None) -> bool:
    """Say whether a role takes rights away and gives none."""
    return not any(rule.effect == "allow" for rule in (book or load_roles()).rules if rule.role == role)


def administers(role: str, scope_kind: str, book: RoleBook | None = None) -> bool:
    """Say whether a role lets its holder give and take back roles in the whole kommun."""
    found = (book or load_roles()).rules_of(role, "access.edit")
    return any(rule.effect == "allow" and scope_kind in rule.scopes for rule in found)


def scope_name(scopes: Mapping[ScopeKind, Mapping[str, str]], scope_kind: str, scope_id: str) -> str:
    """Return what a reader calls a scope; its code when the register no longer holds it."""
    named = next((names for kind, names in scopes.items() if kind == scope_kind), {})
    return named.get(scope_id, scope_id)


def role_label(role: str) -> str:
    """Return what a reader calls a role; its code when the role book no longer has it."""
    words = load_roles().words_of(role)
    return words.label if words else role
