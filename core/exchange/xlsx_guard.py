"""A look at a spreadsheet before it is opened: it must unpack to something a server can hold.

A small .xlsx can unpack to gigabytes, or name two cells far apart so that a dense table of
billions of cells is built, or repeat one enormous text a million times. The reader would end
the whole process, so every part is unpacked here first, in small pieces, and counted; what the
archive says of its own sizes is not believed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from core.exchange.faults import Fault, FileTooLarge, FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_UNPACKED = 400_000_000
MOST_CELLS = 20_000_000
MOST_TEXT = 2_000_000_000
_PIECE = 1 << 20
_OVERLAP = 64
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ADVICE = "en kalkylfil med en tabell per blad; spara stora uttag som CSV"
_LOCAL_HEADER = 30


class _TooMuchError(Exception):
    """Counting went past a limit; the text says which."""


def guard(path: Path) -> Fault | None:
    """Return why a spreadsheet must not be opened, or ``None`` when it is safe."""
    try:
        _measure(path)
    except _TooMuchError as found:
        return FileTooLarge(str(found), _ADVICE)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError):
        return FileUnreadable("den är skadad eller inte en Excel-arbetsbok", "en hel fil av slaget .xlsx")
    return None


def _measure(path: Path) -> None:
    total = cells = 0
    longest = 0
    with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
        for part in archive.infolist():
            sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
            extent = _Extent()
            for piece in _unpacked(raw, part):
                total += len(piece)
                if total > MOST_UNPACKED:
                    raise _TooMuchError(f"mer än {MOST_UNPACKED // 1_000_000} MB uppackad")
                if sheet:
                    extent.take(piece)
                elif part.filename.endswith("sharedStrings.xml"):
                    longest = max(longest, _longest_text(piece))
            cells += extent.cells
    if cells * longest > MOST_TEXT:
        raise _TooMuchError("mycket långa texter i många celler")


class _Extent:
    """How far a sheet reaches."""

    def __init__(self) -> None:
        self.cells = 0
        self._columns: set[bytes] = set()
        self._last_row = 0
        self._tail = b""

    def take(self, piece: bytes) -> None:
        """Count the cells of one piece; raises ``_TooMuchError`` when their table would be too large."""
        found = _CELL.findall(self._tail + piece)
        self._tail = piece[-_OVERLAP:]
        self.cells += len(found)
        self._columns.update({column for column, _ in found})
        self._last_row = max(self._last_row, *(int(row) for _, row in found), 0)
        width = max(map(_column_number, self._columns), default=0)
        if width * self._last_row > MOST_CELLS:
            raise _TooMuchError(f"cellerna sträcker sig över {width} kolumner och {self._last_row} rader")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _longest_text(piece: bytes) -> int:
    """Return the longest run between two closed texts in a piece, a bound on the longest shared text."""
    return max(map(len, piece.split(b"</si>")))


def _unpacked(raw: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a part in pieces, whatever size the archive claims."""
    raw.seek(part.header_offset)
    header = raw.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER:
        raise zipfile.BadZipFile
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if part.compress_type == zipfile.ZIP_STORED:
        left = part.compress_size
        while left and (piece := raw.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflater.eof:
        packed = inflater.unconsumed_tail or raw.read(_PIECE)
        if not packed:
            raise zipfile.BadZipFile
        yield inflater.decompress(packed, _PIECE)
