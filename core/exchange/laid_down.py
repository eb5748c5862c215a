"""A delivered file on disk for as long as it is read, and never longer: it names elever as the deliverer does.

The folder is for its owner alone and is removed when the reading is over. A process that is killed half way cannot do
that; so the folder's name says whose it is, and whoever comes next removes what the dead have left.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.exchange.file_names import kept_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = re.compile(r"skolkronan-fil-([1-9][0-9]{0,9})-\w+")


@contextmanager
def laid_down(name: str, content: bytes) -> Iterator[Path]:
    """Give the way to a file with this content; only how its name ends is kept of ``name``."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"skolkronan-fil-{os.getpid()}-") as folder:  # made with mode 0700
        path = Path(folder) / f"fil{kept_suffix(name)}"
        path.write_bytes(content)
        yield path


def sweep() -> int:
    """Remove what killed processes of ours have left; return how many folders."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob("skolkronan-fil-*"):
        named = _OURS.fullmatch(folder.name)
        if named is not None and _is_own(folder) and not _lives(int(named[1])):
            shutil.rmtree(folder, ignore_errors=True)  # somebody else may be sweeping too
            swept += 1
    return swept


def _is_own(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:  # gone since
        return False
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == os.getuid()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)  # nothing is sent: only whether it could be
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
