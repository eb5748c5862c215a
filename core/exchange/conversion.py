"""Blocks of cells to canonical texts, and those to stored values: one remembered look-up a cell.

A register repeats itself: two million rows hold a few thousand dates, units and classes. Each
column remembers what it has read, so parsing is paid once per distinct text; the memory is
bounded and starts over when full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from core.exchange.blocks import REMEMBERED
from core.exchange.cells import NUMBERS, reader_of, stored_of
from core.exchange.contracts import CellKind
from core.exchange.faults import Fault
from core.exchange.pseudonym import PersonColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.exchange.cells import Stored
    from core.exchange.contracts import Column
    from core.exchange.pseudonym import Pseudonymiser


class Converter(Protocol):
    """A column's way from cells to canonical texts."""

    @property
    def faulty(self) -> bool:
        """Whether a fault has been met in this column."""
        ...

    def convert(self, cells: Sequence[str | Fault]) -> Sequence[str | Fault]:
        """Return the canonical text or the fault of each cell."""
        ...


class _Memory(dict["str | Fault", "str | Fault"]):
    """Canonical texts by raw text."""

    def __init__(self, read: Callable[[str], str | Fault]) -> None:
        super().__init__()
        self.faulty = False
        self._read = read

    def __missing__(self, raw: str | Fault) -> str | Fault:
        value = raw if isinstance(raw, Fault) else self._read(raw)
        if isinstance(value, Fault):
            self.faulty = True
        if len(self) >= REMEMBERED:
            self.clear()
        if isinstance(raw, str):
            self[raw] = value
        return value


class RememberedColumn:
    """A column whose texts recur."""

    def __init__(self, read: Callable[[str], str | Fault]) -> None:
        self._memory = _Memory(read)

    @property
    def faulty(self) -> bool:
        """Whether a fault has been met in this column."""
        return self._memory.faulty

    def convert(self, cells: Sequence[str | Fault]) -> list[str | Fault]:
        """Return the canonical text or the fault of each cell."""
        if cells[0] == "" and cells.count("") == len(cells):  # a column left empty is the commonest of all
            return [self._memory[""]] * len(cells)
        return list(map(self._memory.__getitem__, cells))


def converter_of(column: Column, pseudonymiser: Pseudonymiser, enhet_ids: frozenset[str] | None) -> Converter:
    """Return the converter of a column."""
    if column.cell is CellKind.PERSON:
        return PersonColumn(column, pseudonymiser)
    return RememberedColumn(reader_of(column, enhet_ids))


class _StoredValues(dict[str, "Stored | float | None"]):
    """Stored values by canonical text; ``absent`` for an empty one."""

    def __init__(self, kind: CellKind, absent: float | None) -> None:
        super().__init__()
        self._kind = kind
        self._absent = absent

    def __missing__(self, canonical: str) -> Stored | float | None:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[canonical] = stored_of(self._kind, canonical) if canonical else self._absent
        return value


class Storer:
    """A column's way from canonical texts to stored values: none, one or two database columns."""

    def __init__(self, column: Column, absent: float | None) -> None:
        self._column = column
        self._absent = absent
        self._values = _StoredValues(column.cell, absent)
        numbers = column.cell in NUMBERS or column.cell is CellKind.YES_NO
        self._as_it_stands = not numbers and (column.required or column.cell is CellKind.FLAGS)

    def store(self, texts: Sequence[str]) -> list[Sequence[object]]:
        """Return the stored columns of a canonical one."""
        if self._column.per_index:
            return []
        if self._column.cell is CellKind.RATIO:
            pairs = [text.split("/") for text in texts]
            return [[int(num) for num, _ in pairs], [int(den) for _, den in pairs]]
        if self._as_it_stands:
            return [texts]
        if texts[0] == "" and texts.count("") == len(texts):
            return [[self._absent] * len(texts)]
        return [list(map(self._values.__getitem__, texts))]
