"""Local accounts: the short-lived way in when the login provider is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.store.reach import KommunBound
from core.store.tables import LocalAccountRow as Row

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAccountRecord:
    """A local account; ``password_hash`` is argon2id, the password itself is nowhere."""

    kommun: str
    name: str
    subject: str
    password_hash: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    failures: int = 0
    closed_at: datetime | None = None


class LocalAccountRepository(KommunBound):
    """The local accounts of a kommun within one unit of work; never commits."""

    def list(self, kommun: str) -> list[LocalAccountRecord]:
        """Return every local account there is or was, by name."""
        rows = self._connection.execute(select(Row.__table__).where(Row.kommun == kommun).order_by(Row.name))
        return [LocalAccountRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def put(self, account: LocalAccountRecord) -> None:
        """Write an account, in place of a closed one of the same name."""
        here = (Row.kommun == account.kommun, Row.name == account.name)
        values = {name: getattr(account, name) for name in LocalAccountRecord.__slots__}
        if self._connection.execute(update(Row).where(*here).values(values)).rowcount == 0:
            self._connection.execute(insert(Row).values(values))

    def count_failure(self, kommun: str, at: datetime) -> None:
        """Count a failed attempt against every account that is open: a wrong name is not told from a wrong password."""
        here = (Row.kommun == kommun, Row.closed_at.is_(None), Row.expires_at > at)
        self._connection.execute(update(Row).where(*here).values(failures=Row.failures + 1))

    def close(self, kommun: str, name: str, at: datetime) -> None:
        """Close an account for good."""
        here = (Row.kommun == kommun, Row.name == name, Row.closed_at.is_(None))
        self._connection.execute(update(Row).where(*here).values(closed_at=at))
