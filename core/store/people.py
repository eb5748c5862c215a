"""People of a kommun: accounts, the roles they are granted for a time, and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, text, update

from core.base import CoreError, Sentence
from core.store.numbers import next_number, take_turn
from core.store.reach import KommunBound
from core.store.tables import AccountRow, InvitationRow, RoleGrantRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement


# PostgreSQL shows an invitation outside the granted kommuner to whoever already holds its code, in this transaction.
_HOLDS_CODE = text("SELECT set_config('skolkronan.invitation', :code_hash, true)")


class AccountUnknownError(CoreError):
    """The kommun has no such account."""

    def __init__(self, kommun: str, subject: str) -> None:
        self.kommun, self.subject = kommun, subject
        super().__init__(
            Sentence(
                "Kontot {subject} finns inte i kommun {kommun}. Se listan på sidan Behörigheter.",
                subject=subject,
                kommun=kommun,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """A person who may log in to a kommun's books."""

    kommun: str
    subject: str
    issuer: str
    issuer_subject: str
    name: str
    state: str
    made_at: datetime
    made_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    """A role of a subject within a scope, for a time."""

    kommun: str
    number: int
    subject: str
    role: str
    scope_kind: str
    scope_id: str
    valid_from: date
    valid_to: date | None
    given_at: datetime
    given_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRecord:
    """A role that waits for whoever says its code."""

    kommun: str
    number: int
    code_hash: str
    name: str
    role: str
    scope_kind: str
    scope_id: str
    valid_from: date
    valid_to: date | None
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None
    used_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


class PeopleRepository(KommunBound):
    """Accounts, grants and invitations within one unit of work; never commits."""

    OF_NO_KOMMUN = frozenset({"own_accounts", "own_grants", "invitation_of"})  # asked before a kommun is known

    def own_accounts(self) -> list[AccountRecord]:
        """Return the accounts of the one who asks, in whatever kommuner they are."""
        return self._accounts(AccountRow.subject == self._reach.subject)

    def own_grants(self, day: date) -> list[GrantRecord]:
        """Return the roles that the one who asks has on ``day``, in whatever kommuner they are."""
        table = RoleGrantRow
        return self._grants(
            table.subject == self._reach.subject,
            table.valid_from <= day,
            or_(table.valid_to.is_(None), table.valid_to > day),
            table.ended_at.is_(None),
        )

    def invitation_of(self, code_hash: str) -> InvitationRecord | None:
        """Return the invitation with that code, in whatever kommun it is, used and withdrawn ones too."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_HOLDS_CODE, {"code_hash": code_hash})
        found = self._invitations(InvitationRow.code_hash == code_hash)
        return found[0] if found else None

    def take_turn(self, kommun: str) -> None:
        """Wait until nobody else changes the people of the kommun, before looking at what there is to change."""
        take_turn(self._connection, kommun)

    def accounts(self, kommun: str) -> list[AccountRecord]:
        """Return the accounts of a kommun by name."""
        return self._accounts(AccountRow.kommun == kommun)

    def account(self, kommun: str, subject: str) -> AccountRecord:
        """Return an account; raises ``AccountUnknownError``."""
        found = self._accounts(AccountRow.kommun == kommun, AccountRow.subject == subject)
        if not found:
            raise AccountUnknownError(kommun, subject)
        return found[0]

    def add_account(self, account: AccountRecord) -> None:
        """Write a new account; raises ``RowRefusedError`` when there is one."""
        self._connection.execute(insert(AccountRow).values(_values(account)))

    def set_account(self, kommun: str, subject: str, **values: object) -> None:
        """Close an account, open it again, or change its name."""
        here = (AccountRow.kommun == kommun, AccountRow.subject == subject)
        self._connection.execute(update(AccountRow).where(*here).values(**values))

    def grants(self, kommun: str) -> list[GrantRecord]:
        """Return every grant of a kommun, those that have ended too, oldest first."""
        return self._grants(RoleGrantRow.kommun == kommun)

    def next_grant(self, kommun: str) -> int:
        """Return the number that the next grant of a kommun takes, held for this transaction."""
        return next_number(self._connection, RoleGrantRow.number, RoleGrantRow.kommun == kommun, kommun=kommun)

    def add_grant(self, grant: GrantRecord) -> None:
        """Give a role."""
        self._connection.execute(insert(RoleGrantRow).values(_values(grant)))

    def end_grant(self, kommun: str, number: int, at: datetime, by: str) -> None:
        """Take a role back from that moment on; it stays to be read."""
        here = (RoleGrantRow.kommun == kommun, RoleGrantRow.number == number, RoleGrantRow.ended_at.is_(None))
        self._connection.execute(update(RoleGrantRow).where(*here).values(ended_at=at, ended_by=by))

    def invitations(self, kommun: str) -> list[InvitationRecord]:
        """Return every invitation of a kommun, oldest first."""
        return self._invitations(InvitationRow.kommun == kommun)

    def next_invitation(self, kommun: str) -> int:
        """Return the number that the next invitation of a kommun takes, held for this transaction."""
        return next_number(self._connection, InvitationRow.number, InvitationRow.kommun == kommun, kommun=kommun)

    def add_invitation(self, invitation: InvitationRecord) -> None:
        """Write an invitation."""
        self._connection.execute(insert(InvitationRow).values(_values(invitation)))

    def use_invitation(self, kommun: str, number: int, at: datetime, by: str) -> bool:
        """Mark an invitation as used; False when somebody else was first, or it was withdrawn."""
        here = (InvitationRow.kommun == kommun, InvitationRow.number == number)
        waiting = (InvitationRow.used_at.is_(None), InvitationRow.withdrawn_at.is_(None))
        done = self._connection.execute(update(InvitationRow).where(*here, *waiting).values(used_at=at, used_by=by))
        return done.rowcount == 1

    def withdraw_invitation(self, kommun: str, number: int, at: datetime, by: str) -> bool:
        """Withdraw an invitation; False when it was used or withdrawn already."""
        here = (InvitationRow.kommun == kommun, InvitationRow.number == number)
        waiting = (InvitationRow.used_at.is_(None), InvitationRow.withdrawn_at.is_(None))
        values = {"withdrawn_at": at, "withdrawn_by": by}
        return self._connection.execute(update(InvitationRow).where(*here, *waiting).values(values)).rowcount == 1

    def _accounts(self, *conditions: ColumnElement[bool]) -> list[AccountRecord]:
        rows = self._connection.execute(
            select(AccountRow.__table__).where(*conditions).order_by(AccountRow.name, AccountRow.subject)
        )
        return [AccountRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def _grants(self, *conditions: ColumnElement[bool]) -> list[GrantRecord]:
        table = RoleGrantRow
        rows = self._connection.execute(select(table.__table__).where(*conditions).order_by(table.kommun, table.number))
        return [GrantRecord(**row._mapping) for row in rows]  # noqa: SLF001 - the same

    def _invitations(self, *conditions: ColumnElement[bool]) -> list[InvitationRecord]:
        rows = self._connection.execute(
            select(InvitationRow.__table__).where(*conditions).order_by(InvitationRow.number)
        )
        return [InvitationRecord(**row._mapping) for row in rows]  # noqa: SLF001 - the same


def _values(record: AccountRecord | GrantRecord | InvitationRecord) -> dict[str, object]:
    names: Sequence[str] = record.__slots__
    return {name: getattr(record, name) for name in names}
