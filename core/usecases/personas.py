"""The personas of demo mode: who they are and what they are granted, from data/demo/personas.yaml.

They exist only where the server is bound to the machine itself; nobody logs in as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.access import Actor, Grant
from core.parameters.parts import Name, Strict
from core.parameters.roles import ScopeKind  # noqa: TC001 - pydantic reads the annotation
from core.parameters.strict import read_part
from core.settings import PROJECT_FOLDER


class _RoleEntry(Strict):
    role: Name
    scope_kind: ScopeKind
    scope_id: str
    name: str


class _Entry(Strict):
    key: Name
    display_name: str
    description: str
    roles: list[_RoleEntry]


class _Personas(Strict):
    kommun: str
    personas: list[_Entry]


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to read the demo as; ``actor`` holds the roles with their scopes."""

    key: str
    display_name: str
    description: str
    actor: Actor


@cache
def personas() -> tuple[Persona, ...]:
    """Return the personas in the order of the file; raises ``ParametersFaultyError`` when it is faulty."""
    path = PROJECT_FOLDER / "data" / "demo" / "personas.yaml"
    book, _ = read_part(path.read_text(encoding="utf-8"), path.name, _Personas)
    return tuple(_persona(entry, book.kommun) for entry in book.personas)


def _persona(entry: _Entry, kommun: str) -> Persona:
    grants = tuple(Grant(one.role, one.scope_kind, one.scope_id, kommun, one.name) for one in entry.roles)
    return Persona(entry.key, entry.display_name, entry.description, Actor(entry.key, entry.display_name, grants))
