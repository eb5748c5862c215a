"""People, their roles and invitations as pages and commands show them. Days are inclusive, as people say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.parameters.roles import ScopeKind

Standing = Literal["now", "coming", "ended"]
Waiting = Literal["open", "used", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who has logged in, as the login provider says it: known, but not yet of any kommun."""

    subject: str
    issuer: str
    issuer_subject: str
    name: str


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """Something that a role can be about: ``kind`` of scope, its code and its name."""

    kind: ScopeKind
    scope_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role and what it can be about here. ``only_denies``: it takes rights away and gives none (jäv)."""

    role: str
    label: str
    only_denies: bool
    scopes: tuple[ScopeChoice, ...]


@dataclass(frozen=True, slots=True)
class ClosedBy:
    """What another role of the same person closes of a role, since a no wins over every yes.

    ``number`` and ``role`` are of the role that closes, without a number while it is not given; ``actions`` are codes
    with their Swedish words; ``where`` names the units, and is empty when it is closed wherever the role gives it.
    """

    number: int | None
    role: str
    role_label: str
    actions: tuple[tuple[str, str], ...]
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A role, held or to be given, and what of it would be closed."""

    role: str
    role_label: str
    scope_kind: str
    scope_name: str
    closed: ClosedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """A role that somebody has, will have or had. ``last_day`` is the last day with it, None without end."""

    number: int
    subject: str
    name: str
    role: str
    role_label: str
    only_denies: bool
    scope_kind: str
    scope_id: str
    scope_name: str
    first_day: date
    last_day: date | None
    standing: Standing
    ends_soon: bool
    given_at: datetime
    given_by: str
    ended_at: datetime | None
    ended_by: str | None
    may_end: bool
    closed: tuple[ClosedBy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """A person with an account; ``roles_now`` are the roles in force today."""

    subject: str
    name: str
    is_open: bool
    is_self: bool
    roles_now: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """A role that waits for somebody; the code itself is known to nobody but who was told it."""

    number: int
    name: str
    role: str
    role_label: str
    scope_kind: str
    scope_id: str
    scope_name: str
    first_day: date
    last_day: date | None
    state: Waiting
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleView:
    """The people of a kommun. ``administrators``: how many persons can give and take back roles today."""

    kommun_name: str
    today: date
    accounts: tuple[AccountView, ...]
    grants: tuple[GrantView, ...]
    invitations: tuple[InvitationView, ...]
    roles: tuple[RoleChoice, ...]
    administrators: int
    may_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRolesView:
    """What a reader may always see: the own roles, and what jäv can be reported in."""

    grants: tuple[GrantView, ...]
    jav: RoleChoice | None


@dataclass(frozen=True, slots=True)
class AccessPage:
    """The page Behörigheter as somebody meets it: everybody's roles for who may see them, else the own."""

    people: PeopleView | None
    own: OwnRolesView | None


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. ``code`` is shown once and stored nowhere."""

    number: int
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What an invitation gave."""

    kommun: str
    kommun_name: str
    role: str
    role_label: str
    scope_kind: str
    scope_name: str
    first_day: date
    last_day: date | None
