"""What changes of people are made of, within somebody's unit of work: an account, a role, a link in the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.base import CoreError, Sentence, swedish_day
from core.store import AccountRecord, GrantRecord
from core.usecases.people_names import clean_name
from core.usecases.role_days import must_be_new, standing
from core.usecases.role_scopes import administers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.access import Actor
    from core.base import DateRange
    from core.store import InvitationRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.people_views import Person
    from core.usecases.role_days import NewRole

ACTIVE, CLOSED = "active", "closed"
Change = Literal[
    "access.account", "access.grant", "access.end", "access.close", "access.open", "access.jav", "access.invite",
    "access.withdraw", "access.redeem",
]  # fmt: skip
"""What the audit chain calls the changes of people and roles."""
Facts = dict[str, object]


class AccountStateError(CoreError):
    """The account is already closed, or already open."""

    def __init__(self, subject: str, *, closed: bool) -> None:
        self.subject = subject
        said = (
            Sentence("stängt. Öppna det först på sidan Behörigheter")
            if closed
            else Sentence("redan öppet. Ladda om sidan Behörigheter")
        )
        super().__init__(Sentence("Kontot {subject} är {said}.", subject=subject, said=said))


def add_account(app: App, viewer: Actor, work: UnitOfWork, kommun: str, person: Person) -> None:
    """Write an account; raises ``PersonNameError``."""
    account = AccountRecord(
        kommun=kommun, subject=person.subject, issuer=person.issuer, issuer_subject=person.issuer_subject,
        name=clean_name(person.name), state=ACTIVE, made_at=app.clock(), made_by=viewer.subject,
    )  # fmt: skip
    work.people.add_account(account)


def must_be_open(work: UnitOfWork, kommun: str, subject: str) -> None:
    """Return if there is such an account and it is open; raises ``AccountUnknownError`` and ``AccountStateError``."""
    if work.people.account(kommun, subject).state != ACTIVE:
        raise AccountStateError(subject, closed=True)


def add_grant(
    app: App, work: UnitOfWork, kommun: str, subject: str, role: NewRole | InvitationRecord, days: DateRange, by: str
) -> GrantRecord:
    """Write a role and return it; raises ``RoleAlreadyHeldError``."""
    must_be_new(work.people.grants(kommun), subject, role, days)
    grant = GrantRecord(
        kommun=kommun, number=work.people.next_grant(kommun), subject=subject, role=role.role,
        scope_kind=role.scope_kind, scope_id=role.scope_id, valid_from=days.valid_from, valid_to=days.valid_to,
        given_at=app.clock(), given_by=by,
    )  # fmt: skip
    work.people.add_grant(grant)
    return grant


def log(app: App, viewer: Actor, work: UnitOfWork, kommun: str, action: Change, about: str, facts: Facts) -> None:
    """Tell the audit chain of a change."""
    work.audit.append(kommun, app.clock(), viewer.subject, action, about, facts)


def by_command(facts: Facts, os_user: str | None) -> Facts:
    """Return the facts, by command with who was logged in to the server: a fact beside the name that was given."""
    return {**facts, "os_user": os_user} if os_user else facts


def role_facts(role: GrantRecord | InvitationRecord) -> Facts:
    """Return what the chain is told of a role: codes and days, no names."""
    return {
        "role": role.role, "scope_kind": role.scope_kind, "scope_id": role.scope_id,
        "valid_from": str(role.valid_from), "valid_to": str(role.valid_to or ""),
    }  # fmt: skip


def administrators(app: App, accounts: Iterable[AccountRecord], grants: Iterable[GrantRecord]) -> set[str]:
    """Return the subjects with an open account who can give and take back roles today."""
    today: date = swedish_day(app.clock())
    held = {one.subject for one in grants if administers(one.role, one.scope_kind) and standing(one, today) == "now"}
    return held & {one.subject for one in accounts if one.state == ACTIVE}
