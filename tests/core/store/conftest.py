"""The store's own fixture: an engine on a migrated database, on each engine in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.store.engine import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.support.databases import Database


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Give an engine on a migrated, empty database."""
    engine = make_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_url(empty_database: Database) -> str:
    """Give the address of a database with nothing in it."""
    return empty_database.url
