"""A delivered file is on disk while it is read, for nobody else, and is gone afterwards whatever happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from core.exchange.laid_down import laid_down, sweep

if TYPE_CHECKING:
    from pathlib import Path

KILLED = """
import os, signal
from core.exchange.laid_down import laid_down
with laid_down("elever.csv", b"20140101-1234"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_the_file_is_for_its_owner_alone_and_gone_when_it_has_been_read(place: Path) -> None:
    with laid_down("../../Elever 2026.XLSX", b"abc") as path:
        assert (path.name, path.read_bytes(), path.parent.parent) == ("fil.xlsx", b"abc", place)
        assert path.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="fel"), laid_down("x.csv", b""):
        raise ValueError("fel")
    assert list(place.iterdir()) == []


def test_what_a_killed_process_had_on_disk_is_removed_by_the_next(place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = place.iterdir()
    assert (left / "fil.csv").read_bytes() == b"20140101-1234"
    with laid_down("x.csv", b"") as path:
        assert list(place.iterdir()) == [path.parent]


def test_only_what_is_ours_and_nobody_reads_is_removed(place: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = [place / f"skolkronan-fil-{os.getpid()}-abc", place / "skolkronan-fil-x", place / f"annat-{dead.pid}-abc"]
    for folder in kept:
        folder.mkdir()
    (place / f"skolkronan-fil-{dead.pid}-lank").symlink_to(kept[0])
    assert sweep() == 0
    gone = place / f"skolkronan-fil-{dead.pid}-abc"
    gone.mkdir()
    assert sweep() == 1
    assert not gone.exists()
    assert all(folder.exists() for folder in kept)
