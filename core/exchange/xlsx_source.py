"""XLSX: the first visible sheet, cells turned into the texts a CSV would have held.

A spreadsheet knows types, and that is where zeros are lost: a number in a column of codes is a
fault, not a code, unless the contract says such codes are numeric. Numbers are read with the
15 digits a spreadsheet shows; real dates become ISO text; a date in a column of months counts
when it is the first of its month (which is what spreadsheets make of "2026-03").
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Self

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from core.base import CoreError, Sentence
from core.exchange.blocks import ROWS_PER_BLOCK, Block
from core.exchange.cells import expected_by
from core.exchange.contracts import CellKind, Column
from core.exchange.faults import CellIsError, CodeIsNumber, DateMalformed, Fault, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Typed = int | float | bool | date | datetime | time | timedelta
    Value = str | Typed

_TEXTUAL = frozenset(
    {
        CellKind.PERSON,
        CellKind.CODE,
        CellKind.UNIT,
        CellKind.TEXT,
        CellKind.CHOICE,
        CellKind.CHOICES,
        CellKind.FLAGS,
        CellKind.YES_NO,
        CellKind.KOMMUN,
        CellKind.ORGNR,
    }
)
_DATES = frozenset({CellKind.DATE, CellKind.LAST_DAY})
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|SAKNAS!)\Z")
_DIGITS_SHOWN = 15
_BROKEN = (CalamineError, IndexError, ValueError, OverflowError, OSError)


class WorkbookUnreadableError(CoreError):
    """A workbook cannot be opened although it is a whole archive."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            Sentence("Arbetsboken {name} går inte att öppna. Spara den på nytt som .xlsx utan lösenord.", name=name)
        )


class XlsxSource:
    """The first visible sheet of one workbook; use as a context manager."""

    def __init__(self, path: Path, size: int, name: str) -> None:
        self._size = size
        with _readable(name):
            self._book = CalamineWorkbook.from_path(path)
            visible = [one.name for one in self._book.sheets_metadata if one.visible is SheetVisibleEnum.Visible]
            self._sheet = self._book.get_sheet_by_name(visible[0])
        self._name = name
        self._values: Iterator[Sequence[Value]] = iter(self._sheet.iter_rows())
        self._row = 0
        with _readable(name):
            self.header = self._read_header()

    def __enter__(self) -> Self:
        """Give the open workbook."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        self._book.close()

    def _read_header(self) -> list[str]:
        """Return the texts of the first row that holds any, blank ones at its end left out."""
        for values in self._values:
            self._row += 1
            header = [str(value) for value in values]
            while header and not header[-1].strip():
                header.pop()
            if header:
                return header
        return []

    def read_as(self, columns: Sequence[Column | None]) -> None:
        """Say which column each header stands for, which decides what its values may be."""
        self._texts: list[Callable[[Value], str | Fault]] = [text_of(column) for column in columns]

    def blocks(self, width: int) -> Iterator[Block]:
        """Yield the rows below the header as columns; blank rows are passed over."""
        height = max(self._sheet.total_height, 1)
        while values := self._next():
            first = self._row + 1
            self._row += len(values)
            filled = [
                (number, row[:width]) for number, row in enumerate(values, first) if any(one != "" for one in row)
            ]
            if filled:
                numbers, rows = zip(*filled, strict=True)
                cells = [
                    list(map(text, column)) for text, column in zip(self._texts, zip(*rows, strict=True), strict=True)
                ]
                yield Block(numbers, cells, self._size * min(self._row, height) // height)

    def _next(self) -> list[Sequence[Value]]:
        with _readable(self._name):
            return list(islice(self._values, ROWS_PER_BLOCK))


class _readable:  # noqa: N801 - reads as the statement it is used in
    """Turn what the reader of workbooks makes of a broken one into ``WorkbookUnreadableError``.

    A value it never thought of makes it panic: an exception of a class without a name to import, outside ``Exception``.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, kind: type[BaseException] | None, found: BaseException | None, _: object) -> None:
        """Say that the workbook cannot be read, if that is what happened."""
        if kind is not None and (issubclass(kind, _BROKEN) or kind.__name__ == "PanicException"):
            raise WorkbookUnreadableError(self._name) from found


def text_of(column: Column | None) -> Callable[[Value], str | Fault]:
    """Return the function from a spreadsheet value to the text a CSV would hold, or the fault in it."""

    def text(value: Value) -> str | Fault:
        if isinstance(value, str):
            if column is not None and _ERROR.match(value):
                return CellIsError(shown(value), expected_by(column))
            return value
        return str(value) if column is None else _typed(value, column)

    return text


def _typed(value: Typed, column: Column) -> str | Fault:
    if isinstance(value, bool):
        if column.cell is CellKind.YES_NO:
            return "ja" if value else "nej"
        return CellIsError(shown("SANT" if value else "FALSKT"), expected_by(column))
    if isinstance(value, date):
        return _from_date(value, column)
    if isinstance(value, (time, timedelta)):
        return CellIsError(shown(str(value)), expected_by(column))
    return _from_number(value, column)


def _from_number(value: float, column: Column) -> str | Fault:
    if not math.isfinite(value):
        return CellIsError(shown(str(value)), expected_by(column))
    number = f"{value:.{_DIGITS_SHOWN}g}"
    if "e" in number:
        number = f"{value:f}".rstrip("0").rstrip(".")
    if column.cell in _DATES:
        return DateMalformed(shown(number), expected_by(column))
    if column.cell in _TEXTUAL and not (column.numeric and value == int(value)):
        return CodeIsNumber(shown(number), f"{expected_by(column)}, i en cell formaterad som text")
    return number


def _from_date(value: date, column: Column) -> str | Fault:
    if isinstance(value, datetime):
        if value.time() != time():
            return DateMalformed(shown(str(value)), expected_by(column))
        value = value.date()
    if column.cell in _DATES:
        return value.isoformat()
    if column.cell is CellKind.MONTH and value.day == 1:
        return value.isoformat()[:7]
    return CellIsError(shown(f"datumet {value}"), expected_by(column))
