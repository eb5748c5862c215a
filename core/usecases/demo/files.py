"""The files of the demo: what each is, and how its rows become bytes that never differ."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from core.base import BatchMode


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A delivered file, as somebody would hand it in.

    ``period_to`` is exclusive. ``file_total`` is what the deliverer says the file holds; it may
    differ from what the file holds, and that is then a finding.
    """

    kind: str
    path: Path
    period_from: date
    period_to: date
    mode: BatchMode
    delivered_by: str
    file_total: str | None


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a semicolon file in UTF-8 with Windows line ends, as Swedish systems export; return the number of rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    number = 0
    for row in rows:
        writer.writerow(row)
        number += 1
    path.write_bytes(text.getvalue().encode("utf-8"))
    return number


def decimal_comma(hundredths: int) -> str:
    """Return hundredths as Swedish decimal text: 1275 is ``12,75``."""
    return f"{hundredths // 100},{hundredths % 100:02d}"
