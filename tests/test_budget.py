"""What a screen may cost: 25 ms of processor and 50 kB, the first time a reader opens it and every time after.

Processor time, not waiting time, is counted, and the best of a few rounds: a cache may be cold the first time, and two
programs that share a core's own memory each take longer, also by the processor's clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.ws_client import Reader, measure

if TYPE_CHECKING:
    from tests.support.servers import AppServer
    from tests.support.ws_client import Rerun

CPU_MS, PAYLOAD_KB = 25, 50
ROUNDS, OPENINGS = 3, 7


@pytest.fixture(scope="module")
def paths(app_server: AppServer) -> list[str]:
    """Give every page of the navigation, the start page first."""
    with Reader(app_server) as reader:
        found = sorted(reader.open().pages())
    assert len(found) > 1
    return found


def opened(server: AppServer, path: str) -> Rerun:
    """Open a page as a reader who has just come."""
    with Reader(server) as reader:
        return reader.open(path)


def test_opening_any_page_keeps_within_the_budget(app_server: AppServer, paths: list[str]) -> None:
    over = []
    for path in paths:
        opened(app_server, path)  # fills what all readers share
        runs = [opened(app_server, path) for _ in range(OPENINGS)]
        cpu, payload = min(run.cpu_ms for run in runs), max(run.payload_bytes for run in runs) / 1000
        if cpu > CPU_MS or payload > PAYLOAD_KB:
            over.append(f"/{path}: {cpu:.1f} ms, {payload:.1f} kB")
    assert over == []


def test_running_any_page_again_keeps_within_the_budget(app_server: AppServer, paths: list[str]) -> None:
    over = []
    for path in paths:
        with Reader(app_server) as reader:
            reader.open(path)
            costs = [measure(reader, reruns=10) for _ in range(ROUNDS)]
        cpu, payload = min(cost.cpu_ms for cost in costs), max(cost.payload_kb for cost in costs)
        if cpu > CPU_MS or payload > PAYLOAD_KB:
            over.append(f"/{path}: {cpu:.1f} ms, {payload:.1f} kB")
    assert over == []
