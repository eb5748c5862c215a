"""Logins: the time between logging in and out, kept by us beside the login provider's own cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.store.reach import KommunBound
from core.store.tables import LoginRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRecord:
    """One login of one person; ``ended_why`` is a code of ``core.access.logins``."""

    login: str
    subject: str
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None


class LoginRepository(KommunBound):
    """Logins within one unit of work, only those of the one who asks (``reach.subject``); never commits."""

    OF_NO_KOMMUN = frozenset({"get", "begin", "see", "end"})  # who logs in is known before what they may see

    def get(self, login: str) -> LoginRecord | None:
        """Return a login of the one who asks."""
        row = self._connection.execute(select(LoginRow.__table__).where(*self._own(login))).one_or_none()
        return None if row is None else LoginRecord(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    def begin(self, login: LoginRecord) -> bool:
        """Write a login; False when it was there already: two tabs opened together, and the other was first."""
        if login.subject != self._reach.subject:
            raise PermissionError("a login is begun by the one who logs in")
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        values = {name: getattr(login, name) for name in LoginRecord.__slots__}
        written = dialect.insert(LoginRow).values(values).on_conflict_do_nothing().returning(LoginRow.login)
        return self._connection.scalar(written) is not None

    def see(self, login: str, at: datetime) -> None:
        """Remember that the person was active then."""
        self._connection.execute(
            update(LoginRow).where(*self._own(login), LoginRow.ended_at.is_(None)).values(seen_at=at)
        )

    def end(self, login: str, at: datetime, why: str) -> bool:
        """End a login; False when it had ended already."""
        still = (*self._own(login), LoginRow.ended_at.is_(None))
        return self._connection.execute(update(LoginRow).where(*still).values(ended_at=at, ended_why=why)).rowcount == 1

    def _own(self, login: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return LoginRow.login == login, LoginRow.subject == self._reach.subject
