"""The nation: every kommun's utfall run, one SQLite file per kommun, shared among worker processes.

``share`` takes that part of the kommuner, evenly spread over sizes; kommuner are as uneven as ours.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from core.store.migrate import upgrade
from core.usecases import runs
from tests.benchmarks.measuring import Figure, Table, peak_mb
from tests.benchmarks.synthetic import YEAR, Town, fill
from tests.benchmarks.towns import operator, program

if TYPE_CHECKING:
    from pathlib import Path

KOMMUNER, ELEVER, UNITS = 290, 2_100_000, 16_000
BAR_SECONDS = 25.0
SMALLEST = 12  # units: every sort of unit occurs


def nation() -> list[Town]:
    """Return the kommuner, largest first: the first holds one elev in fourteen, half of them hold one in ten."""
    weights = [1 / (rank + 4) ** 1.05 for rank in range(KOMMUNER)]
    whole = sum(weights)
    towns = []
    for rank, weight in enumerate(weights):
        units = max(SMALLEST, round(UNITS * weight / whole))
        towns.append(Town(str(1001 + rank), round(ELEVER * weight / whole), units, elsewhere=max(2, units // 4)))
    return towns


def _make(folder: Path, town: Town) -> int:
    """Copy the empty database and fill it with a town and its budget run."""
    database = folder / f"{town.kommun}.db"
    shutil.copy(folder / "empty.db", database)
    app = program(database)
    rows = fill(app, town)
    runs.allocate(app, operator(town.kommun), town.kommun, YEAR, "budget")
    return rows


def _run(folder: Path, town: Town) -> tuple[int, float, float]:
    """Compute and store a town's run; return lines, processor seconds and the worker's peak memory so far."""
    began = process_time()
    app = program(folder / f"{town.kommun}.db")
    info = runs.allocate(app, operator(town.kommun), town.kommun, YEAR, "utfall")
    seconds = process_time() - began
    connection = sqlite3.connect(folder / f"{town.kommun}.db")
    lines: int = connection.execute("SELECT COUNT(*) FROM allocation_line WHERE run = ?", (info.number,)).fetchone()[0]
    connection.close()
    return lines, seconds, peak_mb()


def measure(table: Table, folder: Path, share: float, times: int = 1) -> None:
    """Build the kommuner, run them all in as many processes as there are processors, and add the figures."""
    step = round(1 / share)
    towns = nation()[step // 2 :: step]
    workers = os.cpu_count() or 1
    upgrade(f"sqlite:///{folder}/empty.db")
    with multiprocessing.Pool(workers) as pool:
        rows = sum(pool.starmap(_make, [(folder, town) for town in towns], chunksize=1))
    seconds = []
    for _ in range(times):
        began = perf_counter()
        with multiprocessing.Pool(workers) as pool:
            done = pool.starmap(_run, [(folder, town) for town in towns], chunksize=1)
        seconds.append(perf_counter() - began)
    pairs = sum(town.units + town.elsewhere for town in towns)
    elever = sum(town.elever for town in towns)
    lines, cpu, memory = zip(*done, strict=True)
    what = f"{len(towns)} kommuner, {elever} elever, {rows} rows, {pairs} kommun×enhet, {sum(lines)} lines"
    part = "" if share == 1 else f", share {elever / ELEVER:.3f}"
    table.add(
        Figure(f"the nation's utfall runs{part}", seconds, "s", BAR_SECONDS * min(1, elever / ELEVER), note=what),
        Figure("their processor time", [sum(cpu)], "s", note=f"{workers} processes, a database each kommun"),
        Figure("peak memory of a worker", [max(memory)], "MB"),
    )
