"""How the benchmarks measure: several runs, each in a process of its own, and a table of what came out."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table: what was measured, our values, the design's bar. ``beside`` is a row of a peer or limit."""

    name: str
    values: Sequence[float]
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""
    beside: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the median is on the right side of the bar; ``None`` where there is none."""
        if self.bar is None:
            return None
        return median(self.values) >= self.bar if self.at_least else median(self.values) <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return the row as texts."""
        low, high = min(self.values), max(self.values)
        spread = f"{_short(low)}–{_short(high)}" if len(self.values) > 1 else ""
        bar = "" if self.bar is None else f"{'≥' if self.at_least else '≤'} {_short(self.bar)} {self.unit}"
        verdict = {None: "", True: "holds", False: "NOT HELD"}[self.holds]
        name = f"  beside: {self.name}" if self.beside else self.name
        return (name, f"{_short(median(self.values))} {self.unit}", spread, bar, verdict, self.note)


@dataclass(slots=True)
class Table:
    """The table of all figures."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, *figures: Figure) -> None:
        """Add rows and say them at once: a benchmark takes minutes."""
        self.figures += figures
        for one in figures:
            print("   ".join(cell for cell in one.cells() if cell), file=sys.stderr, flush=True)

    def text(self) -> str:
        """Return the table, columns aligned."""
        head = ("measured", "median", "min–max", "bar", "", "")
        rows = [head, *(one.cells() for one in self.figures)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )


def _short(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def in_own_process(module: str, *arguments: object) -> dict[str, Any]:
    """Run ``python -m module arguments…`` and return the JSON it prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=PROJECT)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
