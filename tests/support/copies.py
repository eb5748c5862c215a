"""Lillby made once, then copied: each test has rows of its own, and only the first waits for them to be computed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.small_kommun import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker
    from tests.support.small_kommun import Lillby


def copied(maker: DatabaseMaker, database: Database, folder: Path, make: Callable[[str, Path], Lillby]) -> Lillby:
    """Return in a fresh database what ``make`` makes of one: a copy of what it made of another, once per engine."""

    def fill(url: str) -> tuple[dict[tuple[int, str], int], int]:
        lillby = make(url, folder)
        lillby.engine.dispose()
        return lillby.runs, lillby.files

    runs, files = maker.lay(database, make, fill)
    return replace(opened(database.url, folder), runs=dict(runs), files=files)
