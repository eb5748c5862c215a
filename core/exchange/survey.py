"""A first pass over a file: what it is, how it is encoded, its sha256 — before any row is read.

One sequential read in blocks of 1 MB. It answers whether the same file has been delivered
before, refuses what no reader should open (lines without end, UTF-16, a spreadsheet named
.csv), and tells the reader whether the quick way without quotation marks is open.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence
from core.exchange.faults import EncodingMixed, EncodingUnreadable, Fault, FileEmpty, FileUnreadable, LineTooLong

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_SAVE_AS = "en fil sparad som ”CSV UTF-8 (kommaavgränsad)” eller som Excel-arbetsbok (.xlsx)"
_FOREIGN = {
    codecs.BOM_UTF16_LE: "den är sparad som UTF-16 (”Unicode-text”)",
    codecs.BOM_UTF16_BE: "den är sparad som UTF-16 (”Unicode-text”)",
    b"\xd0\xcf\x11\xe0": "den är en Excel-fil av gammalt slag (.xls) eller låst med lösenord",
    b"%PDF": "den är en PDF",
}


class FileMissingError(CoreError):
    """There is no file at the path."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(Sentence("Filen {name} finns inte eller går inte att öppna. Kontrollera sökvägen.", name=name))


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found; ``fault`` with its row when the file cannot be read further."""

    sha256: str
    size: int
    file_format: str
    encoding: str
    quoted: bool
    fault: Fault | None = None
    row: int | None = None


class _Pass:
    """The state of one pass: encoding so far, lines so far, where the last line began."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self.lines = 0
        self.open_line = 0
        self.quoted = False
        self.undefined = False
        self.multibyte = False
        self.utf8 = True
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.fault: Fault | None = None
        self.row: int | None = None

    def take(self, block: bytes) -> None:
        """Take in one block."""
        self.digest.update(block)
        self.size += len(block)
        self.quoted = self.quoted or b'"' in block
        if not block.isascii():
            self._check_encoding(block)
        breaks = block.count(b"\n") or block.count(b"\r")
        self.open_line = 0 if breaks else self.open_line + len(block)
        if self.open_line > LONGEST_LINE and self.fault is None:
            self.fault = LineTooLong(f"{LONGEST_LINE} tecken", "en rad per uppgift, avslutad med radbrytning")
            self.row = self.lines + 1
        self.lines += breaks

    def _check_encoding(self, block: bytes) -> None:
        self.undefined = self.undefined or any(byte in block for byte in _UNDEFINED_IN_CP1252)
        if not self.utf8:
            return
        try:
            text = self.decoder.decode(block)
            self.multibyte = self.multibyte or not text.isascii()
        except UnicodeDecodeError as found:
            self.utf8 = False
            before = found.object[: found.start]
            if self.multibyte or not before.isascii():
                byte = found.object[found.start]
                self.fault = EncodingMixed(f"byte {byte:02X}", _SAVE_AS)
                self.row = self.lines + before.count(b"\n") + 1

    def finish(self) -> None:
        """Take in that the file has ended: a character cut in two is no UTF-8 either."""
        if self.utf8 and self.decoder.getstate()[0]:
            self.utf8 = False
            if self.multibyte:
                self.fault = self.fault or EncodingMixed("sista tecknet är avkapat", _SAVE_AS)
                self.row = self.row or max(self.lines, 1)


def survey(path: Path) -> Survey:
    """Read the file once and say what it is; raises ``FileMissingError``."""
    state = _Pass()
    try:
        with path.open("rb") as file:
            first = block = file.read(BLOCK)
            while block:
                state.take(block)
                block = file.read(BLOCK)
            state.finish()
    except OSError as found:
        raise FileMissingError(path.name) from found
    return _verdict(state, first)


def _verdict(state: _Pass, first: bytes) -> Survey:
    file_format = "xlsx" if first.startswith(b"PK\x03\x04") else "csv"
    encoding = "utf-8-sig" if state.utf8 else "cp1252"
    fault, row = state.fault, state.row
    foreign = next((words for mark, words in _FOREIGN.items() if first.startswith(mark)), None)
    if not state.size:
        fault = FileEmpty(None, "en rubrikrad och minst en rad under den")
    elif file_format == "xlsx":
        fault, row = None, None
    elif foreign:
        fault, row = FileUnreadable(foreign, _SAVE_AS), None
    elif fault is None and not state.utf8 and state.undefined:
        fault = EncodingUnreadable("varken UTF-8 eller Windows-1252", _SAVE_AS)
    return Survey(state.digest.hexdigest(), state.size, file_format, encoding, state.quoted, fault, row)
