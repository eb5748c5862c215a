"""The dashboard in a process of its own, on a free loopback port.

``app_server``    one for the session, with the demo municipality; for tests that read
``start_server``  a function that starts a fresh process, on a copy of the demo database or on the one given
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.databases import PROJECT, Database, DatabaseMaker, demo_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START_SECONDS = 90
FLAGS = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--no-access-log")


@dataclass(frozen=True, slots=True)
class AppServer:
    """A running dashboard."""

    url: str  # http://127.0.0.1:PORT, without a slash at the end
    pid: int
    database: Database
    log: Path

    def cpu_ms(self) -> float:
        """Return the processor time the process has used, all threads, those that have ended included."""
        return time.clock_gettime_ns(_process_clock(self.pid)) / 1e6

    def memory_mb(self) -> float:
        """Return the memory the process holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@contextmanager
def running_server(
    database: Database, folder: Path, port: int = 0, application: str = "asgi:app", /, **more: str
) -> Iterator[AppServer]:
    """Start the dashboard on ``database`` as `make run` does, wait until it answers, and end it afterwards.

    ``port``: 0 for whichever is free. ``application``: another than the product's own.
    ``more``: further environment variables, for instance ``SKOLKRONAN_DEMO="0"``.
    """
    port = port or free_port()
    log = folder / f"server_{port}.log"
    command = [sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port), *FLAGS]
    environment = {**demo_environment(database.url, folder), **database.keys, **more}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=PROJECT, env=environment)
    try:
        server = AppServer(f"http://127.0.0.1:{port}", process.pid, database, log)
        _wait_until_it_answers(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port of the machine itself that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_it_answers(server: AppServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"servern startade inte:\n{server.log.read_text()}"
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"servern svarade inte på {START_SECONDS} s:\n{server.log.read_text()}")


def _process_clock(pid: int) -> int:
    """Return Linux' clock for the processor time of a whole process (clock_getcpuclockid in C)."""
    return (~pid << 3) | 2


@pytest.fixture(scope="session")
def app_server(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Give the session's running dashboard with the demo municipality, on SQLite."""
    database = database_maker.make("sqlite", "demo")
    with running_server(database, tmp_path_factory.mktemp("app_server")) as server:
        yield server
    database_maker.drop(database)


@pytest.fixture
def start_server(database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Callable[..., AppServer]]:
    """Give a function that starts a fresh process; without argument on a copy of the demo database."""
    with ExitStack() as started:

        def start(database: Database | None = None, **more: str) -> AppServer:
            if database is None:
                database = database_maker.make("sqlite", "demo")
                started.callback(database_maker.drop, database)
            return started.enter_context(running_server(database, tmp_path, **more))

        yield start
