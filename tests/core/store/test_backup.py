"""A backup is taken while the program runs, is whole or not there, and gives back the same, link by link."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

from core.access import Actor, Grant
from core.bootstrap import build
from core.cli import main
from core.settings import PROJECT_FOLDER, Settings
from core.store import UnitOfWork, make_engine, postgres_tools
from core.store.archive import DATABASE, MANIFEST, BackupDamagedError, BackupPlaceError, new_file, read_manifest
from core.store.backup import NothingToBackUpError, SeesTooLittleError, make_backup
from core.store.manifest import describe, differences
from core.store.migrate import current, downgrade, newest, upgrade
from core.store.postgres_tools import ToolFailedError, ToolMissingError, environment_of
from core.store.restore import DatabaseNotEmptyError, RestoredDiffersError, restore_backup
from core.usecases.demo_load import LINDVIK
from core.usecases.verify import FROM_ROWS, verify
from tests.core.store.rows import lindvik
from tests.support.databases import ENGINES, demo_environment
from tests.support.reaching import EVERYWHERE, PEEK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.store.manifest import Manifest
    from tests.support.databases import Database, DatabaseMaker

CONTROLLER = Actor("controller", "Controller", (Grant("controller", "kommun", LINDVIK.kommun, LINDVIK.kommun),))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=ENGINES)
def demo(request: pytest.FixtureRequest, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give the demo on each engine; the tests only read it."""
    database = database_maker.make(request.param, "demo")
    yield database
    database_maker.drop(database)


@pytest.fixture(scope="module")
def saved(demo: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """Give a backup of the demo and what it holds."""
    path = tmp_path_factory.mktemp("backup") / "lindvik.skb"
    return path, make_backup(demo.owner_url, path, NOON)


@pytest.fixture
def other(demo: Database, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give an empty database on the same engine."""
    database = database_maker.make(demo.engine, "empty")
    yield database
    database_maker.drop(database)


def held(database: Database) -> Manifest:
    engine = make_engine(database.owner_url)
    with engine.connect() as connection:
        found = describe(connection)
    engine.dispose()
    return found


def add_kommun(database: Database, kommun: str) -> None:
    engine = make_engine(database.url)
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work, kommun)
        work.commit()
    engine.dispose()


def test_what_is_restored_has_the_same_fingerprints_root_hashes_and_audit_chain(
    demo: Database, saved: tuple[Path, Manifest], other: Database, tmp_path: Path
) -> None:
    path, manifest = saved
    restore_backup(other.owner_url, path)
    now = held(other)
    assert (now.rows, now.kommuner) == (held(demo).rows, held(demo).kommuner)
    (lindvik_held,) = now.kommuner.values()
    assert len(lindvik_held.runs) == 6
    assert all(fingerprint and root for *_, fingerprint, root in lindvik_held.runs)
    assert lindvik_held.links > 50
    assert lindvik_held.broken_link is None
    assert manifest.kommuner == now.kommuner
    app = build(Settings.from_environment(demo_environment(other.url, tmp_path)))  # and the program works on it
    with app.reading(PEEK) as work:
        newest_run = work.runs.list(LINDVIK.kommun)[0].number
    report = verify(app, CONTROLLER, LINDVIK.kommun, newest_run)
    assert (report.level, report.findings) == (FROM_ROWS, ())


def test_the_file_is_for_its_owner_alone_and_holds_no_key(demo: Database, saved: tuple[Path, Manifest]) -> None:
    path, manifest = saved
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert read_manifest(path) == manifest
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [DATABASE, MANIFEST]
        said = archive.read(MANIFEST).decode()
    assert manifest.engine == make_url(demo.url).get_backend_name()
    assert manifest.revision == newest()
    assert manifest.kommuner[LINDVIK.kommun].key_stamps
    assert manifest.kommuner[LINDVIK.kommun].column_keys
    assert str(make_url(demo.owner_url).password or "no password") not in said


def test_a_database_that_holds_something_is_left_alone_unless_told(
    demo: Database, saved: tuple[Path, Manifest], database_maker: DatabaseMaker
) -> None:
    there = database_maker.make(demo.engine, "migrated")
    restore_backup(there.owner_url, saved[0])  # migrated, but nobody's books are in it
    database_maker.drop(there)
    there = database_maker.make(demo.engine, "migrated")
    add_kommun(there, "9902")
    before = held(there)
    with pytest.raises(DatabaseNotEmptyError, match=r"kommun 9902 Lindvik.*--replace"):
        restore_backup(there.owner_url, saved[0])
    assert held(there) == before
    restore_backup(there.owner_url, saved[0], replace=True)
    assert held(there).kommuner == saved[1].kommuner
    database_maker.drop(there)


@pytest.mark.parametrize("damage", ["cut", "changed", "other", "empty", "absent", "newer", "manifest", "engine"])
def test_a_damaged_file_is_told_of_and_nothing_is_changed(
    saved: tuple[Path, Manifest], other: Database, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "skadad.skb"
    whole = saved[0].read_bytes()
    said = json.loads(saved[1].to_json())
    match damage:
        case "cut":
            path.write_bytes(whole[: len(whole) // 2])
        case "changed":
            middle = len(whole) // 2
            path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
        case "other":
            path.write_text("inte en säkerhetskopia")
        case "empty":
            path.touch()
        case "newer":
            repack(path, saved[0], {**said, "revision": "9999_later"})
        case "manifest":
            repack(path, saved[0], {**said, "kommuner": {"9901": {}}})
        case "engine":
            repack(path, saved[0], {**said, "engine": {"sqlite": "postgresql"}.get(said["engine"], "sqlite")})
    upgrade(other.owner_url)
    add_kommun(other, "9902")
    before = held(other)
    with pytest.raises(BackupDamagedError, match=r"skadad\.skb går inte att återställa ur"):
        restore_backup(other.owner_url, path, replace=True)
    assert held(other) == before


def repack(path: Path, source: Path, manifest: dict[str, object]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        new.writestr(DATABASE, old.read(DATABASE))
        new.writestr(MANIFEST, json.dumps(manifest))


def test_a_copy_that_is_not_what_it_says_is_told_of(
    saved: tuple[Path, Manifest], other: Database, tmp_path: Path
) -> None:
    said = json.loads(saved[1].to_json())
    said["kommuner"]["9901"]["runs"][2][4] = "0" * 64
    said["rows"]["payment_part"] += 1
    path = tmp_path / "forfalskad.skb"
    repack(path, saved[0], said)
    with pytest.raises(RestoredDiffersError) as told:
        restore_backup(other.owner_url, path)
    assert "tabellen payment_part" in str(told.value)
    assert "körning 3" in str(told.value)


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(
    demo: Database, database_maker: DatabaseMaker, other: Database, tmp_path: Path
) -> None:
    old = database_maker.make(demo.engine, "migrated")
    add_kommun(old, "9902")
    downgrade(old.owner_url, "0005_questions")
    make_backup(old.owner_url, tmp_path / "old.skb", NOON)
    restore_backup(other.owner_url, tmp_path / "old.skb")
    assert current(other.owner_url) == newest()
    assert list(held(other).kommuner) == ["9902"]
    database_maker.drop(old)


def test_a_backup_is_one_moment_while_a_writer_writes(
    demo: Database, database_maker: DatabaseMaker, other: Database, tmp_path: Path
) -> None:
    """Each of the writer's commits adds a kommun and a link to its chain: one is never there without the other."""
    busy = database_maker.make(demo.engine, "migrated")
    stop, written = threading.Event(), []

    def write() -> None:
        engine = make_engine(busy.url)
        for number in range(9901, 9999):
            if stop.is_set():
                break
            reach = type(EVERYWHERE)(frozenset({str(number)}))
            with UnitOfWork(engine, reach) as work:
                lindvik(work, str(number))
                work.audit.append(str(number), NOON, "kim", "kommun.add", f"kommun:{number}", {})
                work.commit()
            written.append(number)
            time.sleep(0.02)
        engine.dispose()

    thread = threading.Thread(target=write)
    thread.start()
    while not written:
        time.sleep(0.01)
    manifest = make_backup(busy.owner_url, tmp_path / "busy.skb", NOON)
    stop.set()
    thread.join()
    assert manifest.kommuner
    assert {one.links for one in manifest.kommuner.values()} == {1}
    restore_backup(other.owner_url, tmp_path / "busy.skb")
    assert held(other).kommuner == manifest.kommuner
    database_maker.drop(busy)


def test_who_is_killed_half_way_leaves_no_file(demo: Database, tmp_path: Path) -> None:
    """The copy is stopped in its middle, by a program that reads more and more slowly, and then killed."""
    code = (
        "import sys, time, core.store.archive as archive\n"
        "archive.BLOCK = 1 << 12\n"
        "from core.cli import main\n"
        "real = archive.Writer.write\n"
        "class Slow:\n"
        "    def __init__(self, source): self.source, self.blocks = source, 0\n"
        "    def read(self, size):\n"
        "        self.blocks += 1\n"
        "        if self.blocks == 20: print('half way', flush=True); time.sleep(60)\n"
        "        return self.source.read(size)\n"
        "archive.Writer.write = lambda self, source, manifest: real(self, Slow(source), manifest)\n"
        "main(['backup', sys.argv[1]])\n"
    )
    environment = demo_environment(demo.owner_url, tmp_path)
    folder = tmp_path / "kopior"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder / "x.skb")], stdout=subprocess.PIPE, env=environment, cwd=PROJECT_FOLDER
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half way\n"
        if demo.engine == "postgres":
            assert "password" not in everything_on_the_command_lines()
            assert str(make_url(demo.owner_url).password) not in everything_on_the_command_lines()
        process.send_signal(signal.SIGKILL)
    assert list(folder.iterdir()) == []


def everything_on_the_command_lines() -> str:
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_a_file_system_without_nameless_files_gets_a_hidden_name_that_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)  # a folder cannot be opened to write: EISDIR
    path = tmp_path / "x.skb"
    with new_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
        assert [one.stat().st_mode & 0o777 for one in tmp_path.iterdir()] == [0o600]
    assert path.read_bytes() == b"whole"
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "y.skb") as file:
        file.write(bytes([1 // 0]))
    assert [one.name for one in tmp_path.iterdir()] == ["x.skb"]


def test_a_file_that_is_there_is_not_written_over(sqlite_demo: Database, tmp_path: Path) -> None:
    path = tmp_path / "x.skb"
    path.write_text("something")
    with pytest.raises(BackupPlaceError, match="finns redan"):
        make_backup(sqlite_demo.url, path, NOON)
    assert path.read_text() == "something"
    with pytest.raises(BackupPlaceError, match="Ingenting har skrivits"):
        make_backup(sqlite_demo.url, tmp_path / "saknas" / "x.skb", NOON)


def test_a_database_without_tables_has_nothing_to_back_up(empty_database: Database, tmp_path: Path) -> None:
    if empty_database.engine == "sqlite":
        sqlite3.connect(empty_database.url.removeprefix("sqlite:///")).close()
        with closing(sqlite3.connect(empty_database.url.removeprefix("sqlite:///"))) as connection:
            connection.execute("CREATE TABLE other (n)")
    with pytest.raises(NothingToBackUpError):
        make_backup(empty_database.owner_url, tmp_path / "x.skb", NOON)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
def test_only_who_sees_every_row_backs_up_and_restores(
    database_maker: DatabaseMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = database_maker.make("postgres", "migrated")
    with pytest.raises(SeesTooLittleError, match="skolkronan_agare"):
        make_backup(database.url, tmp_path / "x.skb", NOON)
    make_backup(database.owner_url, tmp_path / "x.skb", NOON)
    with pytest.raises(SeesTooLittleError, match="skolkronan_agare"):
        restore_backup(database.url, tmp_path / "x.skb", replace=True)
    wrong = make_url(database.owner_url).set(query={"sslmode": "verify-full"})
    with pytest.raises((ToolFailedError, Exception)) as told:
        postgres_tools.run(postgres_tools.command("pg_dump"), environment_of(wrong), None)
    assert str(make_url(database.owner_url).password) not in str(told.value)
    monkeypatch.setattr(postgres_tools, "INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match="postgresql-client"):
        make_backup(database.owner_url, tmp_path / "y.skb", NOON)
    database_maker.drop(database)


@pytest.mark.postgres
def test_a_script_that_fails_half_way_changes_nothing(database_maker: DatabaseMaker, tmp_path: Path) -> None:
    """A table has come to be somebody else's: what cannot be put back is not taken away."""
    database, there = (database_maker.make("postgres", "migrated") for _ in range(2))
    make_backup(database.owner_url, tmp_path / "x.skb", NOON)
    with zipfile.ZipFile(tmp_path / "x.skb") as archive:
        assert archive.read(DATABASE)[:5] == b"PGDMP"
    add_kommun(there, "9902")
    with make_engine(superuser_url(database_maker, there)).begin() as connection:
        connection.execute(text("ALTER TABLE batch_issue OWNER TO CURRENT_USER"))  # it does not give way
        connection.execute(text("GRANT SELECT ON batch_issue TO skolkronan_agare"))
    before = held(there)
    with pytest.raises(ToolFailedError, match="batch_issue"):
        restore_backup(there.owner_url, tmp_path / "x.skb", replace=True)
    assert held(there) == before
    for one in (database, there):
        database_maker.drop(one)


def superuser_url(maker: DatabaseMaker, database: Database) -> str:
    return maker._postgres().superuser_url(make_url(database.url).database or "")


def test_the_commands_say_what_was_saved_and_which_keys_are_needed(
    demo: Database, other: Database, tmp_path: Path, saved: tuple[Path, Manifest]
) -> None:
    path = tmp_path / "lindvik.skb"
    done = CliRunner().invoke(main, ["backup", str(path)], env=demo_environment(demo.owner_url, tmp_path))
    assert done.exit_code == 0, done.output
    stamp = dict(saved[1].kommuner[LINDVIK.kommun].key_stamps)["pseudonym"]
    assert "Kommun 9901 Lindvik: 6 körningar" in done.output
    assert f"9901 pseudonymer: {stamp}" in done.output
    back = CliRunner().invoke(main, ["restore", str(path)], env=demo_environment(other.owner_url, tmp_path))
    assert back.exit_code == 0, back.output
    assert "fingeravtryck och revisionskedjor är desamma" in back.output
    again = CliRunner().invoke(main, ["restore", str(path)], env=demo_environment(other.owner_url, tmp_path))
    assert again.exit_code == 1
    assert "Databasen är inte tom" in again.stderr


def test_what_differs_is_named(saved: tuple[Path, Manifest]) -> None:
    manifest = saved[1]
    assert differences(manifest, manifest) == []
    said = json.loads(manifest.to_json())
    said["kommuner"]["9901"] |= {"last_link": "x", "broken_link": 7}
    broken = type(manifest).from_json(said)
    assert differences(manifest, broken) == [
        "kommun 9901: revisionskedjan slutar inte i samma länk",
        "kommun 9901: revisionskedjan är bruten vid länk 7",
    ]
    assert differences(manifest, type(manifest).from_json({**said, "kommuner": {}})) == ["kommun 9901 saknas"]
