"""A bench for hostile files: one for each file of tests, laid back after each example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.judging import Bench, bench
from tests.support import hostile_kommun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import DatabaseMaker
    from tests.support.small_kommun import Lillby


@pytest.fixture(scope="module")
def hostile_bench(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give Lillby in memory, with the units of the samples."""
    database = database_maker.make("sqlite", "migrated")
    made = bench(Path(database.url.removeprefix("sqlite:///")), tmp_path_factory.mktemp("hostile"))
    yield made
    made.lillby.engine.dispose()
    made.template.close()
    database_maker.drop(database)


@pytest.fixture(scope="session")
def hostile_lillby(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lillby]:
    """Give Lillby under hostile names, with everything in it that a page or a file shows: only to read from."""
    database = database_maker.make("sqlite", "migrated")
    made = hostile_kommun.hostile_lillby(database.url, tmp_path_factory.mktemp("hostile_lillby"))
    yield made
    made.engine.dispose()
    database_maker.drop(database)
