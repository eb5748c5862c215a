"""The demo municipality to read from, lent to a whole file of tests."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.store import UnitOfWork, make_engine
from tests.support.column_keys import column_keys
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import DatabaseMaker


@contextmanager
def demo_to_read(maker: DatabaseMaker) -> Iterator[UnitOfWork]:
    """Give a unit of work on a copy of the demo; it reads alone."""
    database = maker.make("sqlite", "demo")
    engine = make_engine(database.url, column_keys)
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as opened:
        yield opened
    engine.dispose()
    maker.drop(database)
