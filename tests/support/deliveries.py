"""Small deliveries for tests: a file as text in the test itself, read as the product reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.base import DateRange
from core.exchange import CONTRACTS, SAMPLE_ENHET_IDS, ImportContext, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.exchange import Import

KEY = b"a key for tests, nothing more"
YEAR_2026 = DateRange(date(2026, 1, 1), date(2027, 1, 1))
CONTEXT = ImportContext(kommun="9901", key=KEY, period=YEAR_2026, enhet_ids=SAMPLE_ENHET_IDS)


@dataclass(frozen=True)
class Delivered:
    """A file read to its end."""

    found: Import
    rows: list[dict[str, Any]]

    @property
    def faults(self) -> list[tuple[int | None, str | None, str]]:
        """The faults as ``(row, column, code)``."""
        return [(issue.row, issue.column, issue.code) for issue in self.found.issues]

    @property
    def messages(self) -> list[str]:
        """The faults as a reader sees them."""
        return [str(issue) for issue in self.found.issues]


def deliver(
    folder: Path, kind: str, content: str | bytes, *, name: str = "fil.csv", context: ImportContext = CONTEXT
) -> Delivered:
    """Return a file of ``kind`` read to its end; text is written as UTF-8."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = read(kind, path, context)
    rows = [row for chunk in found.chunks(7) for row in chunk]
    return Delivered(found, [dict(zip(CONTRACTS[kind].stored, row, strict=True)) for row in rows])


def csv_of(kind: str, *rows: Sequence[str], delimiter: str = ";") -> str:
    """Return CSV text with the contract's header above ``rows``."""
    header = [column.header for column in CONTRACTS[kind].columns]
    return "".join(delimiter.join(cells) + "\n" for cells in (header, *rows))


def enrolment(**changes: str) -> list[str]:
    """Return the cells of a sound enrolment, changed by header."""
    sound = {
        "elev": "prov-1",
        "enhet": "G001",
        "verksamhet": "grundskola",
        "arskurs": "4",
        "fodelsemanad": "2015-03",
        "hemkommun": "9901",
        "fran_och_med": "2025-08-18",
    }
    assert set(changes) <= {column.header for column in CONTRACTS["enrolments"].columns}
    return [(sound | changes).get(column.header, "") for column in CONTRACTS["enrolments"].columns]
