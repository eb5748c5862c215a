"""Bring a database's tables to a revision, up or down; needs no file but the revisions beside it.

Example: ``upgrade("sqlite:///data/skolkronan.db")``. Each call is one transaction on both engines,
and two processes that start together take turns. On PostgreSQL it is the work of the tables' owner, and it ends by
giving the program's own role its rights.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from core.base import CoreError
from core.store.engine import make_engine
from core.store.rights import give_rights

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x5C01_4B40  # any number will do, as long as it is ours alone


class OrphanedRowsError(RuntimeError):
    """A revision left rows without the row they refer to: a bug in the revision, and it is rolled back."""


class NotOwnerError(CoreError):
    """Only the owner of the tables may change them."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f"Databasrollen {role} får inte ändra databasens tabeller. Ingenting har ändrats. Kör kommandot som "
            "ägaren: sätt SKOLKRONAN_DATABASE_URL till adressen för skolkronan_agare."
        )


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Bring the database up to ``revision``; nothing happens when it is already there."""
    with _connection(url) as connection:
        if MigrationContext.configure(connection).get_current_revision() != newest() or revision != "head":
            must_own(connection)
            command.upgrade(_config(connection), revision)
        give_rights(connection)


def downgrade(url: str | URL, revision: str) -> None:
    """Take the database down to ``revision``; ``base`` drops everything."""
    with _connection(url) as connection:
        must_own(connection)
        command.downgrade(_config(connection), revision)
        give_rights(connection)


def current(url: str | URL) -> str | None:
    """Return the revision the database is at; ``None`` when it was never migrated."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str:
    """Return the revision that this program's code expects."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if head is None:
        raise RuntimeError(f"no revisions in {MIGRATIONS}")
    return head


def knows(revision: str) -> bool:
    """Say whether a revision is one of this program's."""
    return any(one.revision == revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection(url: str | URL) -> Iterator[Connection]:
    """Give a connection in one transaction, alone; SQLite's foreign keys are checked at the end instead of by row."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _foreign_keys_off)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
            _refuse_orphans(connection)
    finally:
        engine.dispose()


def must_own(connection: Connection) -> None:
    """Raise ``NotOwnerError`` unless the role may make tables here; on SQLite whoever can write the file may."""
    if connection.dialect.name == "postgresql":
        may, role = connection.execute(
            text("SELECT has_schema_privilege(current_schema(), 'CREATE'), current_user")
        ).one()
        if not may:
            raise NotOwnerError(role)


def _foreign_keys_off(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(
        "PRAGMA foreign_keys=OFF"
    ).close()  # or rebuilding a table would fail on the rows that refer to it


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if orphans is not None:
            raise OrphanedRowsError(f"a row of {orphans[0]} refers to a missing row of {orphans[2]}")
