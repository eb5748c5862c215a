"""CSV, delimiter found in the header: quickly where no quotation mark occurs, else by the csv module.

The quick way splits a megabyte of text at once. With every line break turned into a cell of its
own, rows of equal width put those cells at equal distance, so one look tells whether the block
is regular and slices are its columns. An irregular block is read line by line and its faults
reported. Both ways give the same rows (a property test holds them equal).
"""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, Self, TextIO

from core.exchange.blocks import ROWS_PER_BLOCK, Block
from core.exchange.faults import LineTooLong, QuoteMalformed, RowWidth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from core.exchange.faults import FaultLog
    from core.exchange.survey import Survey

DELIMITERS = ";,\t"
CHARACTERS_PER_READ = 1 << 20
_BREAK = "\n"
_TOO_LONG = LineTooLong(f"{csv.field_size_limit()} tecken", "att varje citattecken som öppnar en cell också stängs")


class CsvSource:
    """One CSV file; use as a context manager."""

    def __init__(self, path: Path, survey: Survey, log: FaultLog, known: Callable[[str], bool]) -> None:
        """``known`` says whether a header names a column, which decides between delimiters."""
        self._log = log
        self._quoted = survey.quoted
        newline = "" if survey.quoted else None
        self._file: TextIO = path.open("r", encoding=survey.encoding, newline=newline)
        first = self._file.readline()
        self._row = 1
        while first and not first.strip():  # blank lines above the header
            first, self._row = self._file.readline(), self._row + 1
        try:
            self.delimiter = max(DELIMITERS, key=lambda sign: _recognised(first, sign, known))
            self.header = _cells(first, self.delimiter)
        except csv.Error:
            self.header = []
            self._log.add(_TOO_LONG, self._row)

    def __enter__(self) -> Self:
        """Give the open file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def blocks(self, width: int) -> Iterator[Block]:
        """Yield the rows below the header as columns; uneven rows are logged and left out."""
        return self._by_csv(width) if self._quoted else self._by_splitting(width)

    def _bytes_done(self) -> int:
        return self._file.buffer.tell()

    def _by_splitting(self, width: int) -> Iterator[Block]:
        rest = ""
        while text := self._file.read(CHARACTERS_PER_READ):
            body, found, tail = text.rpartition(_BREAK)
            if not found:
                rest += text
                continue
            yield from self._split(rest + body, width)
            rest = tail
        if rest:
            yield from self._split(rest, width)

    def _split(self, body: str, width: int) -> Iterator[Block]:
        """Yield the block of whole lines ``body``, its last line break taken off."""
        lines = body.count(_BREAK) + 1
        if width > 1:
            cells = body.replace(_BREAK, f"{self.delimiter}{_BREAK}{self.delimiter}").split(self.delimiter)
            step = width + 1
            if len(cells) == lines * step - 1 and cells[width::step].count(_BREAK) == lines - 1:
                columns = [cells[place::step] for place in range(width)]
                if _no_row_is_blank(columns):
                    yield self._regular(lines, columns)
                    return
        yield from self._rows(((line.split(self.delimiter) if line else []) for line in body.split(_BREAK)), width)

    def _regular(self, rows: int, columns: Sequence[Sequence[str]]) -> Block:
        """Return a block in which every row counts."""
        first = self._row + 1
        self._row += rows
        return Block(range(first, first + rows), columns, self._bytes_done())

    def _rows(self, rows: Iterable[list[str]], width: int) -> Iterator[Block]:
        """Yield rows as one block; blank ones are passed over, uneven ones logged."""
        numbers: list[int] = []
        kept: list[Sequence[str]] = []
        for cells in rows:
            self._row += 1
            if not any(cells):
                continue  # a blank line, or what a spreadsheet leaves below its last row
            if len(cells) < width or any(cells[width:]):
                expected = f"{width} celler, som i rubrikraden"
                self._log.add(
                    RowWidth(
                        str(len(cells)),
                        f"{expected} (finns avgränsaren {_named(self.delimiter)} inne i en cell?)",
                    ),
                    self._row,
                )
                continue
            numbers.append(self._row)
            kept.append(cells[:width])
        if kept:
            yield Block(numbers, list(zip(*kept, strict=True)), self._bytes_done())

    def _by_csv(self, width: int) -> Iterator[Block]:
        reader = csv.reader(self._file, delimiter=self.delimiter, strict=True)
        done = False
        while not done:
            rows: list[list[str]] = []
            done, fault = self._gather(reader, rows)
            columns = list(zip(*rows, strict=True)) if set(map(len, rows)) == {width} else []
            if columns and _no_row_is_blank(columns):
                yield self._regular(len(rows), columns)
            else:
                yield from self._rows(rows, width)
            if fault is not None:
                self._row += 1
                self._log.add(fault, self._row)

    def _gather(
        self, reader: Iterator[list[str]], rows: list[list[str]]
    ) -> tuple[bool, LineTooLong | QuoteMalformed | None]:
        """Fill ``rows`` with one block; return whether the file is done, and the fault that stopped it."""
        try:
            rows.extend(islice(reader, ROWS_PER_BLOCK))  # rows before a fault stay in the list; a test holds that
        except csv.Error as found:
            if "field larger" in str(found):
                return True, _TOO_LONG
            return False, QuoteMalformed(None, "citattecken runt hela cellen, och dubbla citattecken inne i den")
        return len(rows) < ROWS_PER_BLOCK, None


def _named(delimiter: str) -> str:
    return "tabb" if delimiter == "\t" else f"”{delimiter}”"


def _no_row_is_blank(columns: Sequence[Sequence[str]]) -> bool:
    """Say, with one look at each column, that no row is blank; ``False`` means that one may be."""
    return not all("" in column for column in columns)


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, blank ones at its end left out."""
    cells = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _recognised(line: str, delimiter: str, known: Callable[[str], bool]) -> tuple[int, int]:
    """Return how well a delimiter fits the header: columns recognised, then cells."""
    cells = _cells(line, delimiter)
    return sum(map(known, cells)), len(cells)
