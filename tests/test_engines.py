"""SQLite and PostgreSQL give the same fingerprints, hash by hash; migrations go down and up with the demo on both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, inspect, select

from core.access import Actor, Grant
from core.bootstrap import build
from core.settings import Settings
from core.store import make_engine
from core.store.migrate import current, downgrade, newest, upgrade
from core.store.tables import Base
from core.usecases import runs
from core.usecases.demo_load import LINDVIK, load_demo
from core.usecases.verify import FROM_ROWS, verify
from tests.support import small_kommun
from tests.support.column_keys import column_keys
from tests.support.databases import ENGINES, demo_environment
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.store.records import RunRecord, RunUnitRecord
    from core.usecases.context import App
    from tests.support.databases import Database, DatabaseMaker

CONTROLLER = Actor("controller", "Controller", (Grant("controller", "kommun", LINDVIK.kommun, LINDVIK.kommun),))
OF_THE_REGISTER = (
    "kommun", "batch", "batch_issue", "funding_model", "unit", "enrolment", "planned_count", "index_value",
    "given_amount", "staff", "premises",
)  # fmt: skip
OF_RUNS = (
    "run", "run_batch", "run_unit", "run_count", "run_price", "run_pool", "run_uncounted", "allocation_line",
    "payment_line", "book_line",
)  # fmt: skip
OF_ACCESS = ("role_grant", "audit_entry")
NOT_IN_THE_DEMO = {
    "key_stamp",
    "local_account",
    "login",
    "batch_issue", "case_amount", "succession", "run_measure", "run_correction", "scenario",
    "scenario_run", "decision_change", "recovery",
}  # fmt: skip
"""The demo's files are sound, its model has no measures, and nobody in it has tried, appealed or been overpaid."""


def app_on(database: Database, folder: Path) -> App:
    return build(Settings.from_environment(demo_environment(database.url, folder)))


def rows(database: Database) -> dict[str, int]:
    """Return the number of rows of every table."""
    engine = make_engine(database.owner_url, column_keys)
    with engine.connect() as connection:
        found = {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
    engine.dispose()
    return found


Frozen = dict[tuple[int, str], tuple["RunRecord", list["RunUnitRecord"]]]


@pytest.fixture(scope="module")
def frozen(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Frozen]:
    """Give every run of the demo with its units, by engine; both were loaded with the same pseudonym key."""
    found: dict[str, Frozen] = {}
    for engine in ("sqlite", "postgres"):
        database = database_maker.make(engine, "demo")
        with app_on(database, tmp_path_factory.mktemp(engine)).reading(PEEK) as work:
            found[engine] = {
                (run.year, run.kind): (run, work.runs.units(run.kommun, run.number))
                for run in work.runs.list(LINDVIK.kommun)
            }
        database_maker.drop(database)
    return found


@pytest.mark.postgres
def test_the_demo_has_the_same_fingerprints_and_root_hashes_on_both_engines(frozen: dict[str, Frozen]) -> None:
    sqlite, postgres = frozen["sqlite"], frozen["postgres"]
    assert len(sqlite) == 6
    assert sqlite.keys() == postgres.keys()
    for key, (run, _) in sqlite.items():
        other = postgres[key][0]
        assert run.root_hash == other.root_hash, key
        assert run.fingerprint == other.fingerprint, key
        assert run.model_sha256 == other.model_sha256, key


@pytest.mark.postgres
def test_every_unit_has_the_same_lines_total_and_elever_on_both_engines(frozen: dict[str, Frozen]) -> None:
    for key, (_, units) in frozen["sqlite"].items():
        assert units == frozen["postgres"][key][1], key


def test_every_run_of_the_demo_is_in_order_down_to_the_register_rows(demo_database: Database, tmp_path: Path) -> None:
    app = app_on(demo_database, tmp_path)
    for run in runs.list_runs(app, CONTROLLER, LINDVIK.kommun):
        report = verify(app, CONTROLLER, LINDVIK.kommun, run.number)
        assert (report.level, report.findings) == (FROM_ROWS, ()), (run.year, run.kind)


@pytest.fixture(params=ENGINES)
def filled(request: pytest.FixtureRequest, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give the demo on each engine, to migrate down and up."""
    database = database_maker.make(request.param, "demo")
    yield database
    database_maker.drop(database)


def test_the_demo_goes_all_the_way_down_and_up_again_to_empty_tables(filled: Database) -> None:
    before = rows(filled)
    assert {name for name, n in before.items() if not n} <= NOT_IN_THE_DEMO
    downgrade(filled.owner_url, "base")
    assert current(filled.owner_url) is None
    engine = make_engine(filled.owner_url, column_keys)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    upgrade(filled.owner_url)
    assert current(filled.owner_url) == newest()
    assert set(rows(filled).values()) == {0}


def test_one_step_down_and_up_keeps_register_and_runs_and_empties_what_it_says(filled: Database) -> None:
    before = rows(filled)
    downgrade(filled.owner_url, "0002_runs")
    upgrade(filled.owner_url)
    after = rows(filled)
    assert {name: after[name] for name in (*OF_THE_REGISTER, *OF_RUNS)} == {
        name: before[name] for name in (*OF_THE_REGISTER, *OF_RUNS)
    }
    assert before["audit_entry"] > 0
    assert [after[name] for name in OF_ACCESS] == [0, 0]


def test_down_to_the_register_and_up_every_run_can_be_computed_anew_with_the_same_fingerprint(
    filled: Database, tmp_path: Path
) -> None:
    app = app_on(filled, tmp_path)
    before = rows(filled)
    then = {(one.year, one.kind): one.fingerprint for one in runs.list_runs(app, CONTROLLER, LINDVIK.kommun)}
    downgrade(filled.owner_url, "0001_register")
    upgrade(filled.owner_url)
    after = rows(filled)
    assert {name: after[name] for name in OF_THE_REGISTER} == {name: before[name] for name in OF_THE_REGISTER}
    assert {after[name] for name in (*OF_RUNS, *OF_ACCESS)} == {0}
    for year in (2024, 2025):
        for kind in ("budget", "utfall"):
            anew = runs.allocate(app_on(filled, tmp_path), CONTROLLER, LINDVIK.kommun, year, kind)
            assert anew.fingerprint == then[year, kind], (year, kind)


def test_after_going_down_and_up_the_demo_can_be_loaded_again(sqlite_demo: Database, tmp_path: Path) -> None:
    app = app_on(sqlite_demo, tmp_path)
    then = {(one.year, one.kind): one.root_hash for one in runs.list_runs(app, CONTROLLER, LINDVIK.kommun)}
    downgrade(sqlite_demo.url, "base")
    upgrade(sqlite_demo.url)
    app = app_on(sqlite_demo, tmp_path)
    assert load_demo(app, if_empty=True)
    assert not load_demo(app, if_empty=True)
    assert {(one.year, one.kind): one.root_hash for one in runs.list_runs(app, CONTROLLER, LINDVIK.kommun)} == then


@pytest.mark.postgres
def test_the_small_kommun_is_the_same_on_both_engines_too(
    database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory
) -> None:
    prints = {}
    for engine in ("sqlite", "postgres"):
        database = database_maker.make(engine, "migrated")
        lillby = small_kommun.lillby_2026(database.url, tmp_path_factory.mktemp(engine))
        found = runs.list_runs(lillby.app, small_kommun.CONTROLLER, small_kommun.KOMMUN)
        prints[engine] = [(one.kind, one.fingerprint, one.root_hash) for one in found]
        lillby.engine.dispose()
        database_maker.drop(database)
    assert prints["sqlite"] == prints["postgres"]
