"""The store's own fixtures: an engine on a migrated database, and a unit of work with a kommun in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.store import UnitOfWork, make_engine
from tests.core.store.rows import lindvik
from tests.support.column_keys import column_keys
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.support.databases import Database


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Give an engine on a migrated, empty database."""
    engine = make_engine(database.url, column_keys)
    yield engine
    engine.dispose()


@pytest.fixture
def owner(database: Database) -> Iterator[Engine]:
    """Give an engine on the same database as the owner of its tables, whom no policy binds."""
    engine = make_engine(database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def work(engine: Engine) -> Iterator[UnitOfWork]:
    """Give an open unit of work in which Lindvik is set up."""
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        yield work


@pytest.fixture
def empty_url(empty_database: Database) -> str:
    """Give the owner's address of a database with nothing in it."""
    return empty_database.owner_url
