"""What every reader of a file format yields: its header, then blocks of whole columns.

Columns instead of rows, because each column is converted by one quick loop; a block is some
thousands of rows, so memory stays flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.exchange.faults import Fault

ROWS_PER_BLOCK = 2_000  # where rows are lists first: more of them alive keep the garbage collector busy
REMEMBERED = 20_000  # texts a column keeps in memory before it starts over


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that lie after one another: their numbers in the file, and their cells by column."""

    rows: Sequence[int]
    columns: Sequence[Sequence[str | Fault]]
    bytes_done: int


class Source(Protocol):
    """A file opened for reading, whatever its format."""

    header: list[str]

    def blocks(self, width: int) -> Iterator[Block]:
        """Yield the rows below the header as columns, ``width`` of them; may be asked once."""
        ...
