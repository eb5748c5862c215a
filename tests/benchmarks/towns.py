"""Databases for the benchmarks: a town in a file of its own, and who computes its runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.bootstrap import build
from core.settings import Settings
from core.store.migrate import upgrade
from core.usecases import runs
from tests.benchmarks.synthetic import YEAR, Town, fill

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.context import App


def program(database: Path) -> App:
    """Return the program on a database."""
    url = f"sqlite:///{database}"
    return build(Settings(database_url=url, demo=True, key_file=database.with_suffix(".key")))


def operator(kommun: str) -> Actor:
    """Return somebody who may compute the runs of a kommun."""
    return Actor("bench", "Bench", (Grant("controller", "kommun", kommun, kommun),))


def build_town(database: Path, town: Town) -> int:
    """Make a database with a town and its budget run, unless it is there; return the number of register rows."""
    upgrade(f"sqlite:///{database}")
    app = program(database)
    rows = fill(app, town)
    runs.allocate(app, operator(town.kommun), town.kommun, YEAR, "budget")
    with closing(sqlite3.connect(database)) as connection:  # whoever copies the file gets all of it
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy
    return rows
