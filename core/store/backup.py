"""A whole database into one file while the program runs, with a manifest of the very moment it shows.

SQLite is copied by its own means inside one transaction; PostgreSQL by ``pg_dump`` in a snapshot that the manifest is
read in too. Writers go on meanwhile. On PostgreSQL it is the work of the tables' owner: another role sees too little.
Neither the key of the pseudonyms nor the keys of encrypted columns are in the file.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy import create_engine, inspect, make_url, text

from core.base import CoreError
from core.store.archive import Writer, new_file
from core.store.engine import make_engine
from core.store.errors import DatabaseUnreachableError
from core.store.manifest import VERSIONS, Manifest, describe
from core.store.postgres_tools import command, environment_of, must_have_succeeded
from core.store.tables import AuditEntryRow, KommunRow, RunRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import URL, Connection

DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")


class NothingToBackUpError(CoreError):
    """The database has no tables of ours."""

    def __init__(self) -> None:
        super().__init__(
            "Databasen har inga tabeller att säkerhetskopiera. Kontrollera SKOLKRONAN_DATABASE_URL, eller kör python "
            "-m core migrate först."
        )


class SeesTooLittleError(CoreError):
    """The role is bound by row level security, so its copy would lack rows."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f"Databasrollen {role} ser inte alla rader, så dess kopia vore inte hel. Ingenting har gjorts. Kör "
            "kommandot som ägaren: sätt SKOLKRONAN_DATABASE_URL till adressen för skolkronan_agare."
        )


def make_backup(url: str | URL, path: Path, at: datetime) -> Manifest:
    """Write everything in the database to a new file at ``path`` and return what it holds.

    Raises ``BackupPlaceError``, ``NothingToBackUpError``, ``SeesTooLittleError`` and those of PostgreSQL's programs.
    """
    address = make_url(url)
    made_at = at.isoformat(timespec="seconds")
    is_sqlite = address.get_backend_name() == "sqlite"
    copied = _sqlite(address, path, made_at) if is_sqlite else _postgresql(address, made_at)
    with new_file(path) as file, copied as (manifest, source):
        return Writer(file, packed=manifest.engine == "postgresql").write(source, manifest)


@contextmanager
def _sqlite(address: URL, path: Path, made_at: str) -> Iterator[tuple[Manifest, IO[bytes]]]:
    """Give a copy in a file without a name, as the database stands at the first question."""
    file = Path(address.database or "")
    if not file.is_file():
        raise DatabaseUnreachableError("filen finns inte")
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as source:
        engine = create_engine("sqlite://", creator=lambda: source)
        with engine.connect() as connection:
            source.execute("BEGIN")
            manifest = _described(connection, made_at)
            with _copy(source, path.absolute().parent) as copy:
                yield manifest, copy


@contextmanager
def _copy(source: sqlite3.Connection, folder: Path) -> Iterator[IO[bytes]]:
    handle, name = tempfile.mkstemp(prefix=".skolkronan-", dir=folder)  # readable by its owner only
    with os.fdopen(handle, "rb") as copy:
        with closing(sqlite3.connect(name, isolation_level=None)) as target:
            Path(name).unlink()  # whoever is killed from here on leaves nothing
            target.execute("PRAGMA journal_mode=OFF").close()
            source.backup(target)
        yield copy


@contextmanager
def _postgresql(address: URL, made_at: str) -> Iterator[tuple[Manifest, IO[bytes]]]:
    """Give what ``pg_dump`` writes, of the same moment as the manifest."""
    words = command("pg_dump", *DUMP)
    engine = make_engine(address)
    try:
        with engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection:
            must_see_all(connection)
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            manifest = _described(connection, made_at)
            with _dumped([*words, f"--snapshot={snapshot}"], environment_of(address)) as dump:
                yield manifest, dump
    finally:
        engine.dispose()


@contextmanager
def _dumped(words: list[str], environment: dict[str, str]) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=said, env=environment) as process:  # noqa: S603 - our own
            assert process.stdout is not None  # noqa: S101 - it was asked for above
            read_to_its_end = False
            try:
                yield process.stdout
                read_to_its_end = True
            finally:
                if not read_to_its_end:
                    process.kill()
        said.seek(0)
        must_have_succeeded(words[0], process.returncode, said.read())


def must_see_all(connection: Connection) -> None:
    """Return if no policy hides rows from the role; raises ``SeesTooLittleError``."""
    bound, role = connection.execute(text("SELECT row_security_active(to_regclass('batch')), current_user")).one()
    if bound:
        raise SeesTooLittleError(role)


def _described(connection: Connection, made_at: str) -> Manifest:
    if not {VERSIONS, KommunRow.__tablename__, RunRow.__tablename__, AuditEntryRow.__tablename__} <= set(
        inspect(connection).get_table_names()
    ):
        raise NothingToBackUpError
    return describe(connection, made_at)
