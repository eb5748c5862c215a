"""A look at a spreadsheet before it is opened: it must unpack to something a server can hold.

A small .xlsx can unpack to gigabytes, or name two cells far apart so that a dense table of
billions of cells is built, or repeat one enormous text a million times. The reader would end
the whole process, so every part is unpacked here first, in small pieces, and counted; what the
archive says of its own sizes is not believed. What the reader will open must be what was counted: an
archive with anything before, after or twice in it is refused, and so is a workbook of another kind.
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
MOST_PARTS = 10_000
BOOK = "xl/workbook.xml"
FOREIGN = frozenset({"content.xml", "xl/workbook.bin"})  # other programs' workbooks, which the reader would try too
_PIECE = 1 << 20
_OVERLAP = 256
_PLACE = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])(?:[^<>]*?\sr\s*=\s*[\"']\s*([A-Za-z]*)(\d*))?")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>")
_ADVICE = "en kalkylfil med en tabell per blad; spara stora uttag som CSV"
_LOCAL_HEADER = 30
_END_RECORD = 22
_END_MARK = b"PK\x05\x06"


class _TooMuchError(Exception):
    """Counting went past a limit; the text says which."""


def guard(path: Path) -> Fault | None:
    """Return why a spreadsheet must not be opened, or ``None`` when it is safe."""
    try:
        _measure(path)
    except _TooMuchError as found:
        return FileTooLarge(str(found), _ADVICE)
    # What zipfile raises of a damaged, locked (RuntimeError) or strangely packed (NotImplementedError) archive.
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, OverflowError):
        return FileUnreadable(
            "den är skadad, låst eller inte en Excel-arbetsbok", "en hel fil av slaget .xlsx utan lösenord"
        )
    return None


def _measure(path: Path) -> None:
    total = cells = longest = 0
    with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
        parts = archive.infolist()
        for part in parts:
            extent, text = _Extent(), _LongestText()
            for piece in _unpacked(raw, part):
                total += len(piece)
                if total > MOST_UNPACKED:
                    raise _TooMuchError(f"mer än {MOST_UNPACKED // 1_000_000} MB uppackad")
                extent.take(piece)
                text.take(piece)
            cells += extent.cells
            longest = max(longest, text.longest)
        _must_be_plain(raw, parts)
    if cells * longest > MOST_TEXT:
        raise _TooMuchError("mycket långa texter i många celler")


def _must_be_plain(raw: BinaryIO, parts: list[zipfile.ZipInfo]) -> None:
    """Return if every reader of archives sees the same parts here; raises ``BadZipFile``."""
    names = [part.filename for part in parts]
    folded = {name.lower() for name in names}
    if len(names) > MOST_PARTS:
        raise _TooMuchError(f"fler än {MOST_PARTS} delar")
    size = raw.seek(0, 2)
    raw.seek(max(size - _END_RECORD, 0))
    end = raw.read(_END_RECORD)
    stop = int.from_bytes(end[12:16], "little") + int.from_bytes(end[16:20], "little")
    whole = end.startswith(_END_MARK) and stop + _END_RECORD == size
    if not whole or len(folded) < len(names) or BOOK not in names or folded & FOREIGN:
        raise zipfile.BadZipFile


class _Extent:
    """How far a sheet reaches: cells are counted where they say they stand, else after one another."""

    def __init__(self) -> None:
        self.cells = 0
        self._width = 0
        self._last_row = 0
        self._row = 0
        self._column = 0
        self._numbers: dict[bytes, int] = {}
        self._tail = b""

    def take(self, piece: bytes) -> None:
        """Count the cells of one piece; raises ``_TooMuchError`` when their table would be too large."""
        text = self._tail + piece
        cut = text.rfind(b"<", max(len(text) - _OVERLAP, 0))
        self._tail = text[cut:] if cut >= 0 else b""
        for tag, letters, digits in _PLACE.findall(text, 0, cut if cut >= 0 else len(text)):
            if tag == b"row":
                self._row = int(digits) if digits and len(digits) < _OVERLAP else self._row + 1
                self._column = 0
            else:
                self._cell(letters, digits)
        self._last_row = max(self._last_row, self._row)
        if self.cells and self._width * self._last_row > MOST_CELLS:
            raise _TooMuchError(f"cellerna sträcker sig över {self._width} kolumner och {self._last_row} rader")

    def _cell(self, letters: bytes, digits: bytes) -> None:
        self.cells += 1
        self._column = (self._numbers.get(letters) or self._number(letters)) if letters else self._column + 1
        self._width = max(self._width, self._column)
        if digits:
            self._last_row = max(self._last_row, int(digits))

    def _number(self, letters: bytes) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + letter - 64
        self._numbers[letters] = number
        return number


class _LongestText:
    """The longest run between two closed texts, a bound on the longest shared text."""

    def __init__(self) -> None:
        self.longest = 0
        self._open = 0
        self._is_shared = False

    def take(self, piece: bytes) -> None:
        """Take in one piece; a part without shared texts counts for nothing."""
        self._is_shared = self._is_shared or b"<si" in piece or b":si" in piece
        if not self._is_shared:
            return
        first, *others = map(len, _TEXT_END.split(piece))
        self.longest = max(self.longest, self._open + first, *others, 0)
        self._open = others[-1] if others else self._open + first


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
