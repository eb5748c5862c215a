"""The command line killed in the middle: an import is there whole or not at all, and the demo is taken up again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from core.base import RunState
from core.publication.payment import PaymentState
from core.store import UnitOfWork, make_engine
from core.usecases.demo.settled import PAID_MONTHS
from core.usecases.demo_load import COUNTED_MONTHS, LINDVIK
from tests.support.chain import register_text
from tests.support.databases import PROJECT, Database, DatabaseMaker, demo_environment
from tests.support.killing import said_by
from tests.support.reaching import EVERYWHERE
from tests.support.small_kommun import BOTH_YEARS, KOMMUN, UNITS, founded

SEED = 20261122
PATIENCE = 300


def command(database: Database, folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "core", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=demo_environment(database.url, folder),
    )


def finish(process: subprocess.Popen[str]) -> None:
    said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said + complained


def test_an_import_by_command_that_is_killed_is_there_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    lillby = founded(database.url, tmp_path)
    lillby.deliver("units", UNITS, BOTH_YEARS)
    lillby.engine.dispose()
    path = tmp_path / "register.csv"
    path.write_text(register_text(), encoding="utf-8")
    words = ("import", "enrolments", str(path), "--kommun", KOMMUN, "--year", "2026")
    before, whole = said_by(database.url), 0
    began = time.perf_counter()
    finish(command(database, tmp_path, *words))
    length = time.perf_counter() - began
    chance = random.Random(SEED)
    for _ in range(4):
        process = command(database, tmp_path, *words)
        time.sleep(length * chance.uniform(0.6, 1))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        engine = make_engine(database.url)
        with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
            batches = [one for one in work.batches.list(KOMMUN) if one.kind == "enrolments"]
            assert len({one.row_count for one in batches}) == 1
            assert work.audit.first_broken(KOMMUN) is None
        engine.dispose()
        whole = len(batches)
    assert said_by(database.url) != before
    assert 1 <= whole <= 5


@pytest.mark.parametrize("share", [0.8, *(pytest.param(one / 10, marks=pytest.mark.nightly) for one in range(1, 10))])
def test_a_demo_that_was_killed_while_it_was_loaded_is_taken_up_again(
    database_maker: DatabaseMaker, sqlite_demo: Database, share: float
) -> None:
    database = database_maker.make("sqlite", "migrated")
    folder = Path(sqlite_demo.url.removeprefix("sqlite:///")).parent  # the same key gives the same pseudonyms
    process = command(database, folder, "demo")
    engine, last = make_engine(sqlite_demo.url), 0
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        last = len(work.audit.entries(LINDVIK.kommun))
        expected = look(work)
    engine.dispose()
    reached = 0
    while reached < last * share:
        assert process.poll() is None, "inläsningen hann bli klar"
        time.sleep(0.1)
        reached = links(database)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    finish(command(database, folder, "demo", "--if-empty"))
    engine = make_engine(database.url)
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        assert look(work) == expected
        assert work.audit.first_broken(LINDVIK.kommun) is None
    engine.dispose()
    database_maker.drop(database)


def links(database: Database) -> int:
    engine = make_engine(database.url)
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        found = len(work.audit.entries(LINDVIK.kommun))
    engine.dispose()
    return found


def look(work: UnitOfWork) -> dict[str, object]:
    """Return what the demo is: files in force, runs with their states, decisions, payments, people."""
    kommun = LINDVIK.kommun
    paid = work.payments.alive(kommun)
    found: dict[str, object] = {
        "batches": sorted((one.kind, one.file_name, one.state, one.row_count) for one in work.batches.list(kommun)),
        "runs": sorted((one.year, one.kind, one.state, one.fingerprint) for one in work.runs.list(kommun)),
        "decisions": sorted((one.huvudman, one.state, one.total_ore) for one in work.decisions.list(kommun)),
        "payments": [(one.month, one.state, one.sha256) for one in paid],
        "grants": sorted((one.subject, one.role, one.scope_id) for one in work.people.grants(kommun)),
        "questions": work.connection.scalar(text("SELECT COUNT(*) FROM flag")),
    }
    assert [one.state for one in paid] == [PaymentState.PAID] * PAID_MONTHS
    assert len(work.runs.list(kommun)) == 2 * len(COUNTED_MONTHS)
    assert {one.state for one in work.runs.list(kommun)} == {RunState.PUBLISHED, RunState.DECIDED}
    return found
