"""The tests' own tools, shown to do what they promise and to be able to say no."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from core.store.engine import make_engine
from tests.support import browsing, chromium, databases, postgres

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy import Engine

    from tests.support.databases import Database, DatabaseMaker


@pytest.fixture
def engine(database: Database) -> Engine:
    return make_engine(database.owner_url)


def tables(engine: Engine) -> set[str]:
    from sqlalchemy import inspect

    return set(inspect(engine).get_table_names())


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_gets_a_fresh_database(engine: Engine, time: str) -> None:
    assert "marked" not in tables(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE marked (n INTEGER)")
    assert "marked" in tables(engine)


def test_a_database_is_migrated(engine: Engine) -> None:
    assert {"alembic_version", "kommun", "batch", "allocation_line"} <= tables(engine)


def test_an_empty_database_has_no_table(empty_database: Database) -> None:
    assert tables(make_engine(empty_database.url)) == set()


def test_a_dropped_database_leaves_nothing_behind(database_maker: DatabaseMaker) -> None:
    database = database_maker.make("sqlite", "migrated")
    file = database.url.removeprefix("sqlite:///")
    assert os.path.exists(file)  # noqa: PTH110  # the address is text
    database_maker.drop(database)
    assert not os.path.exists(file)  # noqa: PTH110  # the same


@pytest.mark.postgres
def test_a_connection_left_open_does_not_keep_a_database_alive(database_maker: DatabaseMaker) -> None:
    database = database_maker.make("postgres", "empty")
    connection = make_engine(database.url).connect()
    database_maker.drop(database)
    connection.invalidate()


def test_without_postgres_its_tests_are_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "programs", lambda: None)
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL är inte installerat"):
        databases.DatabaseMaker(tmp_path).make("postgres", "empty")


def test_the_files_that_come_first_are_there(pytestconfig: pytest.Config) -> None:
    from tests.conftest import LONGEST_FIRST

    assert [one for one in LONGEST_FIRST if not (pytestconfig.rootpath / one).exists()] == []


def test_a_demo_environment_names_its_own_database_and_key_and_nothing_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SKOLKRONAN_HOST", "elsewhere")
    environment = databases.demo_environment("sqlite:///x", tmp_path)
    ours = {name for name in environment if name.startswith("SKOLKRONAN_")}
    assert ours == {"SKOLKRONAN_DATABASE_URL", "SKOLKRONAN_DEMO", "SKOLKRONAN_KEY_FILE", "SKOLKRONAN_COLUMN_KEYS"}


def test_a_stub_that_points_to_snap_is_not_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text('#!/bin/sh\necho "requires the chromium snap to be installed"\n')
    stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    assert chromium.chromium_path() is None


def test_a_browser_fetched_by_playwright_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetched = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    fetched.parent.mkdir(parents=True)
    fetched.touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert chromium.chromium_path() == fetched


def test_a_request_to_another_machine_is_noticed() -> None:
    inside = ["http://127.0.0.1:1/a", "ws://localhost:1/b", "data:image/png;base64,x", "blob:http://127.0.0.1/x"]
    outside = ["https://fonts.gstatic.com/x", "http://127.0.0.1.example.se/", "wss://tiles.example.se"]
    assert browsing.foreign_requests(inside) == []
    assert browsing.foreign_requests(outside) == outside


def test_a_tab_that_asks_another_machine_is_caught_and_the_request_goes_nowhere(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.set_content('<img src="http://skolkronan.example/x.png">')
    with pytest.raises(AssertionError, match=r"skolkronan\.example"):
        browsing.assert_only_local_requests(page)
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in browsing.console_errors(page))
    browsing.forget_requests(page)


def test_axe_finds_what_a_reader_with_a_screen_reader_misses(new_page: Callable[..., Page]) -> None:
    page = new_page(bypass_csp=True)
    page.set_content('<html lang="sv"><title>T</title><main><h1>Rubrik</h1><img src="data:,"></main></html>')
    assert [found["id"] for found in browsing.axe_violations(page)] == ["image-alt"]
