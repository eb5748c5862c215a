"""Who has logged in, as pages show it: known with roles, known without any, or no longer logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from core.access import Actor
    from core.access.logins import EndReason
    from core.usecases.people_views import Person

LOCAL: str = "local"
"""The provider of who logs in with a local account."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a login provider has signed: who it is, and which login of theirs this is.

    ``login`` is a digest that is the same for as long as the provider's cookie lives. ``ends_at`` is the last moment
    for a local account, whatever the limits say; None otherwise.
    """

    person: Person
    login: str
    provider: str
    signed_at: datetime
    expires_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with roles today. ``actor`` has those of every kommun; ``kommuner`` is (code, name) of each."""

    actor: Actor
    kommuner: tuple[tuple[str, str], ...]
    proof: Proof
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """A person whose identity is proved, but without an account, or with no role today (``has_account``)."""

    proof: Proof
    has_account: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A login that is over or was refused, and why; ``proof`` is None when there was nothing to believe."""

    why: EndReason
    proof: Proof | None = None


Outcome = SignedIn | Unknown | Ended
