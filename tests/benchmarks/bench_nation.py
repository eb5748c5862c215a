"""The nation: every kommun's utfall run, shared among worker processes, each with an SQLite file of its own.

``share`` takes that part of the kommuner, evenly spread over sizes; kommuner are as uneven as ours.
"""

from __future__ import annotations

import multiprocessing
import os
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


def shared_out(towns: list[Town], workers: int) -> list[list[Town]]:
    """Return the towns of each worker: the largest first, each to whom has the fewest elever."""
    shares: list[list[Town]] = [[] for _ in range(workers)]
    for town in towns:
        min(shares, key=lambda mine: sum(one.elever for one in mine)).append(town)
    return shares


def _make(database: Path, towns: list[Town]) -> int:
    """Make a worker's database with its towns and their budget runs; return register rows."""
    upgrade(f"sqlite:///{database}")
    app, rows = program(database), 0
    for town in towns:
        rows += fill(app, town)
        runs.allocate(app, operator(town.kommun), town.kommun, YEAR, "budget")
    return rows


def _run(database: Path, towns: list[Town]) -> tuple[float, float]:
    """Compute and store the runs of a worker's towns; return its processor seconds and peak memory."""
    began = process_time()
    app = program(database)
    for town in towns:
        runs.allocate(app, operator(town.kommun), town.kommun, YEAR, "utfall")
    return process_time() - began, peak_mb()


def _lines(database: Path) -> int:
    connection = sqlite3.connect(database)
    lines: int = connection.execute("SELECT COUNT(*) FROM allocation_line WHERE run = 2").fetchone()[0]
    connection.close()
    return lines


def measure(table: Table, folder: Path, share: float) -> None:
    """Build the kommuner, run them all in as many processes as there are processors, and add the figures."""
    step = round(1 / share)
    towns = nation()[step // 2 :: step]
    workers = os.cpu_count() or 1
    work = [(folder / f"worker_{n}.db", mine) for n, mine in enumerate(shared_out(towns, workers))]
    with multiprocessing.Pool(workers) as pool:
        rows = sum(pool.starmap(_make, work, chunksize=1))
    began = perf_counter()
    with multiprocessing.Pool(workers) as pool:
        done = pool.starmap(_run, work, chunksize=1)
    seconds = perf_counter() - began
    pairs = sum(town.units + town.elsewhere for town in towns)
    elever, lines = sum(town.elever for town in towns), sum(_lines(database) for database, _ in work)
    what = f"{len(towns)} kommuner, {elever} elever, {rows} rows, {pairs} kommun×enhet, {lines} lines"
    part = "" if share == 1 else f", share {elever / ELEVER:.3f}"
    table.add(
        Figure(f"the nation's utfall runs{part}", [seconds], "s", BAR_SECONDS * min(1, elever / ELEVER), note=what),
        Figure("their processor time", [sum(cpu for cpu, _ in done)], "s", note=f"{workers} workers, a file each"),
        Figure("peak memory of a worker", [max(mb for _, mb in done)], "MB"),
    )
