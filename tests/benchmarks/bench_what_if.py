"""What if? A trial on a run of 1 100 units, in memory: a figure, a count and an index changed, every unit compared.

``python -m tests.benchmarks.bench_what_if DATABASE`` prints milliseconds as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from core.allocation import effects, tried
from core.parameters import Change, CountChange, FigureChange, IndexChange
from core.usecases.trial_base import base_of_run
from tests.benchmarks.bench_run import TOWN, UTFALL_RUN, counted_town
from tests.benchmarks.measuring import Figure, Table, in_own_process
from tests.benchmarks.towns import program
from tests.support.reaching import PEEK

BAR_MS = 100.0
TIMES = 20
POT, PRICE = "amounts/grundskola.socioekonomi/pool", "prices/grundskola.lokalkostnader/values/grundskola.4_6"


def trials(database: Path) -> dict[str, list[float]]:
    """Try something new many times on the same run; return milliseconds of each trial, and of reading the run."""
    app = program(database)
    with app.reading(PEEK) as work:
        began = perf_counter()
        base = base_of_run(work, work.runs.get(TOWN.kommun, UTFALL_RUN))
        read = (perf_counter() - began) * 1000
    taken, cpu = [], []
    for place in range(-1, TIMES):  # the first warms up and is not counted
        changes: list[Change] = [
            FigureChange(address=POT, value=str(50_000_000 + place)),
            FigureChange(address=PRICE, value=str(20_000 + place)),
            CountChange(enhet="E00004", category="grundskola.4_6", from_month=8, delta=3),
            IndexChange(index="socioekonomi", enhet="E00005", value="120"),
        ]
        began, began_cpu = perf_counter(), process_time()
        found = effects(base, tried(base, changes))
        taken.append((perf_counter() - began) * 1000)
        cpu.append((process_time() - began_cpu) * 1000)
        if found.winners + found.losers + found.unchanged != len(base.data.units):
            raise SystemExit("winners, losers and unchanged are not all units")
    return {"ms": taken[1:], "cpu": cpu[1:], "read": [read], "units": [float(len(base.data.units))]}


def measure(table: Table, folder: Path) -> None:
    """Add the trial's figures to the table; uses the town of the run, or makes it."""
    database = counted_town(folder)
    found = in_own_process("tests.benchmarks.bench_what_if", database)
    table.add(
        Figure(f"what-if on {found['units'][0]:.0f} units, in memory", found["ms"], "ms", BAR_MS),
        Figure("its processor time", found["cpu"], "ms", beside=True),
        Figure("reading the run into memory, once", found["read"], "ms", beside=True),
    )


if __name__ == "__main__":
    print(json.dumps(trials(Path(sys.argv[1]))))
