"""A page with one reader: the dashboard in a process of its own on the demo, asked over its websocket."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import PROJECT, Figure, Table
from tests.support.databases import Database, demo_environment
from tests.support.servers import running_server
from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.servers import AppServer

BAR_MEDIAN_MS, BAR_P95_MS = 100.0, 200.0
BAR_CPU_MS = 25.0  # of a rerun (design, section 6)
RERUNS = 20
PERSONAS = ("rektor_lerbacken", "controller")  # a reader of one unit, and one who may open every page of the kommun


def measure(table: Table, folder: Path) -> None:
    """Add, over all pages, the waits of warm script runs."""
    database = Database(f"sqlite:///{folder}/demo.db", "sqlite")
    environment = demo_environment(database.url, folder)
    for command in ("migrate",), ("demo", "--if-empty"):
        line = [sys.executable, "-m", "core", *command]
        subprocess.run(line, check=True, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    with running_server(database, folder) as server:
        with Reader(server) as reader:
            paths = sorted(reader.open().pages())
        measure_pages(table, server, paths)


def measure_pages(table: Table, server: AppServer, paths: Sequence[str], reruns: int = RERUNS) -> None:
    """Add the waits of some pages of a running dashboard."""
    waits: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    for persona, path in product(PERSONAS, paths):
        with Reader(server) as reader:
            reader.open(path, query=f"persona={persona}")
            reader.rerun()  # fills what all readers share
            done = [reader.rerun() for _ in range(reruns)]
        name = f"{path or 'start'}, {persona}"
        waits[name] = [one.wall_ms for one in done]
        cpu[name] = [one.cpu_ms for one in done]
    every = [wait for some in waits.values() for wait in some]
    what = f"{len(PERSONAS)} readers, {len(paths)} pages × {reruns}"
    slowest = max(waits, key=lambda path: median(waits[path]))
    dearest = max(cpu, key=lambda path: median(cpu[path]))
    table.add(
        Figure("a page, one reader, warm script run", every, "ms", BAR_MEDIAN_MS, note=what),
        Figure("its 95th percentile", [quantiles(every, n=20)[18]], "ms", BAR_P95_MS),
        Figure(f"the slowest page ({slowest})", waits[slowest], "ms", BAR_MEDIAN_MS),
        Figure("its processor time, all pages", [one for some in cpu.values() for one in some], "ms", BAR_CPU_MS),
        Figure(f"the dearest page ({dearest})", cpu[dearest], "ms", BAR_CPU_MS),
    )
