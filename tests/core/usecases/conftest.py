"""Lillby for the use cases: a copy of its own for who writes, shared within a file for who only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import small_kommun
from tests.support.copies import copied
from tests.support.small_people import commanded, staffed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker
    from tests.support.small_kommun import Lillby
    from tests.support.small_people import Peopled


@pytest.fixture
def empty_lillby(sqlite_database: Database, tmp_path: Path) -> Iterator[Lillby]:
    """Give Lillby set up, without a single delivery."""
    lillby = small_kommun.founded(sqlite_database.url, tmp_path)
    yield lillby
    lillby.engine.dispose()


@pytest.fixture
def undecided_lillby(sqlite_database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    """Give Lillby with every file of 2026 accepted, and no run."""
    lillby = copied(database_maker, sqlite_database, tmp_path, small_kommun.delivered)
    yield lillby
    lillby.engine.dispose()


@pytest.fixture
def lillby(sqlite_database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    """Give Lillby with budget and utfall of 2026 decided."""
    lillby = copied(database_maker, sqlite_database, tmp_path, small_kommun.lillby_2026)
    yield lillby
    lillby.engine.dispose()


@pytest.fixture
def lillby_on_both(database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    """Give the same on each engine."""
    lillby = copied(database_maker, database, tmp_path, small_kommun.lillby_2026)
    yield lillby
    lillby.engine.dispose()


@pytest.fixture
def town(sqlite_database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Peopled]:
    """Give Lillby with two systemförvaltare and a controller."""
    found = commanded(copied(database_maker, sqlite_database, tmp_path, staffed))
    yield found
    found.lillby.engine.dispose()


@pytest.fixture
def town_on_both(database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Peopled]:
    """Give the same on each engine."""
    found = commanded(copied(database_maker, database, tmp_path, staffed))
    yield found
    found.lillby.engine.dispose()


@pytest.fixture(scope="module")
def shared_lillby(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lillby]:
    """Give Lillby with 2025 and 2026 decided, one for the whole file: only to read from."""
    database = database_maker.make("sqlite", "migrated")
    lillby = copied(database_maker, database, tmp_path_factory.mktemp("lillby"), small_kommun.both_years)
    yield lillby
    lillby.engine.dispose()
    database_maker.drop(database)
