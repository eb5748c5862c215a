"""A database file, and what SQLite puts beside it, is for its owner alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.base import CoreError
from core.store import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Run as most people's shells do: what is made can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, str]:
    return {one.name: oct(one.stat().st_mode & 0o777) for one in sorted(folder.iterdir())}


def test_nobody_else_can_read_the_database_its_log_or_its_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/skolkronan.db"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE prov (x INTEGER)"))
        assert rights(tmp_path) == dict.fromkeys(("skolkronan.db", "skolkronan.db-shm", "skolkronan.db-wal"), "0o600")
    engine.dispose()


def test_a_file_that_is_there_keeps_what_its_owner_chose(tmp_path: Path) -> None:
    file = tmp_path / "skolkronan.db"
    file.touch()
    file.chmod(0o640)
    engine = make_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE prov (x INTEGER)"))
    engine.dispose()
    assert rights(tmp_path)["skolkronan.db"] == "0o640"


def test_a_folder_that_is_not_there_is_told_as_before(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/borta/skolkronan.db")
    with pytest.raises(CoreError), engine.begin():
        pass
    engine.dispose()
