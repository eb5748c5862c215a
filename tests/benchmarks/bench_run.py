"""A year's utfall run of 100 000 elever: stored enrolments → stored, fingerprinted run.

``python -m tests.benchmarks.bench_run DATABASE`` runs once and prints seconds and memory as JSON.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from pathlib import Path
from time import perf_counter, process_time

from core.base import RunKind
from core.usecases import runs
from core.usecases.frozen import gather
from core.usecases.presenting import model_in
from tests.benchmarks import peers
from tests.benchmarks.measuring import Figure, Table, in_own_process, peak_mb
from tests.benchmarks.synthetic import YEAR, Town
from tests.benchmarks.towns import build_town, operator, program
from tests.support.reaching import PEEK

TOWN = Town("9901", elever=100_000, units=1_100)
BAR_SECONDS, BAR_MB = 1.5, 400
TIMES = 5
BUDGET_RUN, UTFALL_RUN = 1, 2


def run_once(database: Path) -> dict[str, float]:
    """Compute and store the run; return seconds, processor seconds and peak memory."""
    app, kommun = program(database), TOWN.kommun
    began, cpu = perf_counter(), process_time()
    runs.allocate(app, operator(kommun), kommun, YEAR, "utfall")
    return {"seconds": perf_counter() - began, "cpu": process_time() - cpu, "mb": peak_mb()}


def sums_once(database: Path) -> dict[str, float]:
    """Only count and compute every line in memory; hash and store nothing."""
    app, kommun = program(database), TOWN.kommun
    began, cpu = perf_counter(), process_time()
    with app.reading(PEEK) as work:
        model = model_in(work.models.in_force(kommun, YEAR).text)
        budget = work.runs.get(kommun, BUDGET_RUN)
        runs.compute(work, gather(work, kommun, model, RunKind.UTFALL, 12, app.holidays), budget)
    return {"seconds": perf_counter() - began, "cpu": process_time() - cpu, "mb": peak_mb()}


def counted_town(folder: Path) -> Path:
    """Return the database of the town and its utfall run, made unless it is there."""
    database = folder / "run.db"
    if not database.exists():
        build_town(database, TOWN)
        runs.allocate(program(database), operator(TOWN.kommun), TOWN.kommun, YEAR, "utfall")
    return database


def measure(table: Table, folder: Path) -> None:
    """Add our figures, the limits and the peer to the table."""
    source, copy = folder / "town.db", folder / "run.db"
    rows = build_town(source, TOWN)
    ours, memory, cpu, sums, limits, theirs, their_mb = [], [], [], [], [], [], []
    inserts = []
    for _ in range(TIMES):
        shutil.copy(source, copy)
        done = in_own_process("tests.benchmarks.bench_run", "run", copy)
        ours.append(done["seconds"])
        cpu.append(done["cpu"])
        memory.append(done["mb"])
        rules = peers.rules_for_peers(program(copy), TOWN.kommun, BUDGET_RUN)
        peer = peers.openfisca(rules, copy, folder)
        elever, ore = peers.sums_agree(rules, peer, copy, UTFALL_RUN)
        theirs.append(peer["seconds"])
        their_mb.append(peer["mb"])
        sums.append(in_own_process("tests.benchmarks.bench_run", "sums", copy)["seconds"])
        limits.append(peers.group_by(copy, TOWN.kommun))
        inserts.append(peers.bulk_insert(copy, TOWN.kommun, UTFALL_RUN))
    lines, counts = _size(copy)
    what = f"{rows} rows, {TOWN.units} units, {lines} lines, {counts} counts"
    table.add(
        Figure("utfall run, 100 000 elever, stored", ours, "s", BAR_SECONDS, note=what),
        Figure("its processor time", cpu, "s"),
        Figure("its peak memory", memory, "MB", BAR_MB),
        Figure("plain SQL, the same rows on 12 days by enhet and årskurs", limits, "s", beside=True),
        Figure("plain sqlite3, bulk insert of the run's rows", inserts, "s", beside=True),
        Figure("counts and lines in memory, nothing stored", sums, "s", note="for the row below"),
        Figure("OpenFisca-Core, counts and kr per elev, nothing stored", theirs, "s", beside=True,
               note=f"agrees: {elever} elevmånader, {ore // 100} kr"),
        Figure("its peak memory", their_mb, "MB", beside=True),
    )  # fmt: skip


def _size(database: Path) -> tuple[int, int]:
    connection = sqlite3.connect(database)
    lines, counts = (
        connection.execute(f"SELECT COUNT(*) FROM {name} WHERE run = {UTFALL_RUN}").fetchone()[0]
        for name in ("allocation_line", "run_count")
    )
    connection.close()
    return lines, counts


if __name__ == "__main__":
    print(json.dumps({"run": run_once, "sums": sums_once}[sys.argv[1]](Path(sys.argv[2]))))
