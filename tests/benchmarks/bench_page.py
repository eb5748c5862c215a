"""A page with one reader: the dashboard in a process of its own on the demo, asked over its websocket."""

from __future__ import annotations

import subprocess
import sys
from statistics import quantiles
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import PROJECT, Figure, Table
from tests.support.databases import Database, demo_environment
from tests.support.servers import running_server
from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from pathlib import Path

BAR_MEDIAN_MS, BAR_P95_MS = 100.0, 200.0
RERUNS = 40


def measure(table: Table, folder: Path) -> None:
    """Add, over all pages, the waits of warm script runs."""
    database = Database(f"sqlite:///{folder}/demo.db", "sqlite")
    environment = demo_environment(database.url, folder)
    for command in ("migrate",), ("demo", "--if-empty"):
        done = [sys.executable, "-m", "core", *command]
        subprocess.run(done, check=True, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    waits: dict[str, list[float]] = {}
    with running_server(database, folder) as server:
        with Reader(server) as reader:
            paths = sorted(reader.open().pages())
        for path in paths:
            with Reader(server) as reader:
                reader.open(path)
                reader.rerun()  # fills what all readers share
                waits[path or "start"] = [reader.rerun().wall_ms for _ in range(RERUNS)]
    every = [wait for some in waits.values() for wait in some]
    what = f"{len(waits)} pages × {RERUNS}"
    slowest = max(waits, key=lambda path: sorted(waits[path])[RERUNS // 2])
    table.add(
        Figure("a page, one reader, warm script run", every, "ms", BAR_MEDIAN_MS, note=what),
        Figure("its 95th percentile", [quantiles(every, n=20)[18]], "ms", BAR_P95_MS),
        Figure(f"the slowest page ({slowest})", waits[slowest], "ms", BAR_MEDIAN_MS),
    )
