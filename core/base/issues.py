"""Faults in data are values, collected and shown together, never raised one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: where it stands, what was found there, what was expected, and what to do.

    ``row`` is the row of the file as a spreadsheet numbers it (header = 1); ``None`` when the
    fault concerns the whole file.
    """

    severity: Severity
    code: str
    file: str
    row: int | None
    column: str | None
    found: str | None
    expected: str
    message: str

    def __str__(self) -> str:
        """Return one line naming file, row, column, what was found and what to do."""
        where = self.file
        if self.row is not None:
            where += f", rad {self.row}"
        if self.column is not None:
            where += f", kolumn {self.column}"
        return f"{where}: {self.message}"
