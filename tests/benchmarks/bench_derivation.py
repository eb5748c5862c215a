"""Why this amount? One unit's total with all its leaves, from the database, in a warm process.

``python -m tests.benchmarks.bench_derivation DATABASE`` prints milliseconds and nodes as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from core.usecases.allocation import derivation_of
from tests.benchmarks.bench_run import TOWN, UTFALL_RUN, counted_town
from tests.benchmarks.measuring import Figure, Table, in_own_process
from tests.benchmarks.towns import operator, program

if TYPE_CHECKING:
    from core.base import Derivation

BAR_MS = 20.0
UNITS = 100


def derivations(database: Path) -> dict[str, list[float]]:
    """Derive the totals of units of every sort; return milliseconds and nodes of each."""
    app, viewer = program(database), operator(TOWN.kommun)
    every = TOWN.units // UNITS
    taken, cpu, nodes = [], [], []
    for place in range(-1, UNITS):  # the first warms up and is not counted
        enhet = f"E{max(place, 0) * every:05d}"
        began, used = perf_counter(), process_time()
        tree: Derivation = derivation_of(app, viewer, enhet, UTFALL_RUN, "total")
        taken.append((perf_counter() - began) * 1000)
        cpu.append((process_time() - used) * 1000)
        nodes.append(float(sum(1 for _ in tree.walk())))
    return {"ms": taken[1:], "cpu": cpu[1:], "nodes": nodes[1:]}


def measure(table: Table, folder: Path) -> None:
    """Add the derivation's figures to the table; uses the town of the run, or makes it."""
    database = counted_town(folder)
    found = in_own_process("tests.benchmarks.bench_derivation", database)
    what = f"up to {max(found['nodes']):.0f} nodes"
    table.add(
        Figure(f"derivation of a unit's total, {UNITS} units", found["ms"], "ms", BAR_MS, note=what),
        Figure("its 95th percentile", [quantiles(found["ms"], n=20)[18]], "ms", BAR_MS),
        Figure("its processor time", found["cpu"], "ms", BAR_MS),
    )


if __name__ == "__main__":
    print(json.dumps(derivations(Path(sys.argv[1]))))
