"""A backup's file back into a database: held against its manifest before and after, all of it or nothing.

SQLite: the copy is migrated and checked beside the database, which then takes all its pages in one transaction.
PostgreSQL: the owner's tables give way and the copy comes in within one transaction; then it is migrated and checked.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, make_url, select

from core.base import CoreError
from core.store.archive import BackupDamagedError, extract, read_manifest
from core.store.backup import must_see_all
from core.store.engine import BUSY_TIMEOUT_MS, as_core_error, make_engine
from core.store.manifest import Manifest, describe, differences
from core.store.migrate import knows, must_own, upgrade
from core.store.postgres_tools import command, environment_of, run
from core.store.tables import KommunRow

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

# What the owner has here gives way; policies, triggers and indexes go with their tables.
MAKE_WAY = """
SET client_min_messages = warning;
SET lock_timeout = '60s';
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND relowner = current_user::regrole
    LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.relname); END LOOP;
    FOR one IN
        SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND proowner = current_user::regrole
    LOOP EXECUTE format('DROP FUNCTION %s', one.name); END LOOP;
END $$;
"""


class DatabaseNotEmptyError(CoreError):
    """There is something in the database that a backup would replace."""

    def __init__(self, held: list[str]) -> None:
        self.held = held
        super().__init__(
            f"Databasen är inte tom: den innehåller {', '.join(held)}. Ingenting har ändrats. Ange en tom databas med "
            "SKOLKRONAN_DATABASE_URL, eller --replace om det som finns ska ersättas."
        )


class RestoredDiffersError(CoreError):
    """What was restored is not what the backup said it held."""

    def __init__(self, findings: list[str], *, kept: bool) -> None:
        self.findings, self.kept = findings, kept
        super().__init__(
            f"Det återställda stämmer inte med säkerhetskopians förteckning: {'; '.join(findings)}. "
            + ("Databasen är orörd. " if kept else "Använd inte databasen. ")
            + "Ta en annan säkerhetskopia."
        )


def restore_backup(url: str | URL, path: Path, *, replace: bool = False) -> Manifest:
    """Put a backup's content in the database, migrate it to the program's version, and return what it then holds.

    Raises ``BackupDamagedError`` and ``DatabaseNotEmptyError`` with the database untouched, and
    ``RestoredDiffersError`` when fingerprints or audit chains are not those of the backup.
    """
    address = make_url(url)
    manifest = read_manifest(path)
    if manifest.engine != address.get_backend_name():
        raise BackupDamagedError(path, f"den är gjord ur {manifest.engine} och kan bara återställas dit")
    if not knows(manifest.revision):
        raise BackupDamagedError(path, f"den är gjord av en nyare version av programmet ({manifest.revision})")
    if not replace:
        _must_be_empty(address)
    way = _into_sqlite if manifest.engine == "sqlite" else _into_postgresql
    return way(address, path, manifest)


def _must_be_empty(address: URL) -> None:
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return
    engine = make_engine(address)
    try:
        with engine.connect() as connection:
            held = _held(connection)
    finally:
        engine.dispose()
    if held:
        raise DatabaseNotEmptyError(held)


def _held(connection: Connection) -> list[str]:
    """Return what is there beside empty tables of ours: kommuner, or somebody else's tables."""
    names = inspect(connection).get_table_names()
    if KommunRow.__tablename__ in names:
        rows = connection.execute(select(KommunRow.kommun, KommunRow.name).order_by(KommunRow.kommun))
        return [f"kommun {kommun} {name}" for kommun, name in rows]
    return [f"tabellen {name}" for name in names if name != "alembic_version"]


def _into_sqlite(address: URL, path: Path, manifest: Manifest) -> Manifest:
    target = Path(address.database or "")
    with tempfile.TemporaryDirectory(prefix=".skolkronan-", dir=target.absolute().parent) as folder:
        copy = Path(folder) / "copy.db"
        with copy.open("wb") as file:
            extract(path, manifest, file)
        beside = address.set(database=str(copy))
        now = _checked(make_engine(beside), manifest, kept=True)
        upgrade(beside)
        with closing(sqlite3.connect(copy)) as source:
            _take_over(source, target)
    return now


def _take_over(source: sqlite3.Connection, target: Path) -> None:
    """Let the database take every page of the copy in one transaction; readers see the old one until it is done."""
    is_new = not target.exists()
    with closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_MS / 1000)) as live:
        try:
            source.backup(live)
        except sqlite3.Error as fault:
            told = as_core_error(make_engine("sqlite://").dialect, fault)
            raise told or fault from fault
    if is_new:
        target.chmod(0o600)


def _into_postgresql(address: URL, path: Path, manifest: Manifest) -> Manifest:
    words = command("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--file=-")
    into = command("psql", "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1")
    environment = environment_of(address)
    _must_own(make_engine(address))
    with tempfile.TemporaryFile() as dump, tempfile.TemporaryFile() as script:
        extract(path, manifest, dump)
        dump.seek(0)
        script.write(MAKE_WAY.encode())
        script.flush()
        run(words, environment, dump, script)  # to its end first: half a script must not be carried out
        script.seek(0)
        run([*into, "--file=-"], environment, script)
    now = _checked(make_engine(address), manifest, kept=False)
    upgrade(address)
    return now


def _must_own(engine: Engine) -> None:
    try:
        with engine.connect() as connection:
            must_see_all(connection)
            must_own(connection)
    finally:
        engine.dispose()


def _checked(engine: Engine, manifest: Manifest, *, kept: bool) -> Manifest:
    """Return what a restored database holds; raises ``RestoredDiffersError`` when it is not what it should be."""
    try:
        with engine.connect() as connection:
            now = describe(connection, manifest.made_at)
    finally:
        engine.dispose()
    findings = differences(manifest, now)
    if findings:
        raise RestoredDiffersError(findings, kept=kept)
    return now
