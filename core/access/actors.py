"""The four words of access: who asks (actor with grants), about what (resource), and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.base import CoreError

if TYPE_CHECKING:
    from core.parameters.roles import ScopeKind


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope of one kommun.

    ``scope_id`` is the code of the kommun, verksamhet, område, enhet or huvudman (organisation number);
    empty for ``allman``. ``name`` is what a reader calls the scope, for the text of a no.
    """

    role: str
    scope_kind: ScopeKind
    scope_id: str
    kommun: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks; the command line's operator is an actor like any other."""

    subject: str
    display_name: str
    roles: tuple[Grant, ...] = ()

    @property
    def kommuner(self) -> frozenset[str]:
        """The kommuner whose books the actor has some role in."""
        return frozenset(grant.kommun for grant in self.roles)


NOBODY = Actor("", "")
"""Whoever has not said who they are: without a role, and so without a kommun."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked about.

    Without ``enhet`` and ``huvudman`` it belongs to the whole kommun. Whoever asks about an enhet fills in its
    ``huvudman``, ``omrade`` and ``verksamheter`` too: a grant over those holds the enhet only when it is told so.
    Who knows that the question is about one verksamhet of the enhet alone names that one.
    """

    kind: str
    kommun: str
    enhet: str | None = None
    huvudman: str | None = None
    omrade: str | None = None
    name: str | None = None
    verksamheter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, with the reason in the reader's words; ``rule`` names the rule that decided, when one did."""

    allowed: bool
    reason: str
    rule: str | None = field(default=None, compare=False)


class ForbiddenError(CoreError):
    """The actor may not do this; ``reason`` says why and whom to ask."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
