"""A year's work (tests/support/chain.py) in a process that may be killed at any moment and taken up again by the next.

``live`` is the worker: it says "begin", does the step, and says "done" when the use case has returned; that is what
*confirmed* means here. ``Workplace.work()`` runs one worker to its end or to the moment it is killed at. Workers are
forked from a server that has imported everything and opened nothing, so that a life costs tenths of a second.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.base import CoreError
from core.store import UnitOfWork, make_engine
from core.store.tables import Base
from core.usecases import imports, payments
from tests.support.chain import CHAIN
from tests.support.column_keys import column_keys
from tests.support.reaching import EVERYWHERE
from tests.support.small_kommun import CONTROLLER, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from sqlalchemy import Table

    from core.usecases.context import App

FINISHED, SEVERED = 0, 7
# What differs between two databases that say the same: salts are drawn by lot, and hashes follow from them.
DRAWN = frozenset({"salt", "hash", "prev_hash", "payload_hash"})
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


# --- what a database says -------------------------------------------------------------------------------------------


def said_by(url: str) -> str:
    """Return the sum of every row of every table, save what is drawn by lot."""
    engine = make_engine(url, column_keys)
    try:
        with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
            tables = {table.name: _rows(work, table) for table in Base.metadata.sorted_tables}
    finally:
        engine.dispose()
    return hashlib.sha256(json.dumps(tables, default=str, sort_keys=True).encode()).hexdigest()


def _rows(work: UnitOfWork, table: Table) -> list[list[Any]]:
    columns = [column for column in table.columns if column.name not in DRAWN]
    return sorted(([*row] for row in work.connection.execute(table.select().with_only_columns(*columns))), key=repr)


# --- the worker -----------------------------------------------------------------------------------------------------

Message = tuple[str, int, str]


def live(url: str, folder: str, wire: Connection, flaw: str, *, tell: bool) -> None:
    """Carry out what is left of the chain; with ``tell``, say what the database says after each step."""
    _FLAWS[flaw](wire)
    lillby = opened(url, Path(folder))
    try:
        for place, step in enumerate(CHAIN):
            with lillby.app.reading(CONTROLLER) as work:
                if step.is_done(work):
                    continue
            wire.send(("begin", place, ""))
            step.do(lillby.app, Path(folder))
            wire.send(("done", place, ""))
            if tell:
                wire.send(("said", place, said_by(url)))
    except (DBAPIError, CoreError):
        raise SystemExit(SEVERED) from None  # the connection was cut; nobody is there to be told


def _no_flaw(_: Connection) -> None:
    """Leave the product as it is."""


def _commits_half_way(wire: Connection) -> None:
    """Make an import commit its rows before it says how many they were."""
    whole = imports._write

    def half(work: UnitOfWork, *rest: Any) -> None:  # noqa: ANN401  # as the original
        whole(work, *rest)
        work.commit()
        _pause(wire)

    imports._write = half  # type: ignore[assignment]  # what a flaw is


def _pays_in_two(wire: Connection) -> None:
    """Make a payment's approval commit before the audit chain has heard of it."""
    whole = payments._audit

    def late(app: App, viewer: Any, work: UnitOfWork, *rest: Any) -> None:  # noqa: ANN401  # as the original
        work.commit()
        _pause(wire)
        whole(app, viewer, work, *rest)

    payments._audit = late  # type: ignore[assignment]  # the same


def _confirms_too_early(wire: Connection) -> None:
    """Make the program say that a step is done before it is lasting."""
    commit = UnitOfWork.commit

    def early(work: UnitOfWork) -> None:
        wire.send(("done", 0, ""))
        _pause(wire)
        commit(work)

    UnitOfWork.commit = early  # type: ignore[method-assign, assignment]  # the same


def _pause(wire: Connection) -> None:
    """Tell whoever kills that now is the moment."""
    wire.send(("half", 0, ""))
    time.sleep(1)


_FLAWS: dict[str, Callable[[Connection], None]] = {
    "": _no_flaw,
    "commits half-way": _commits_half_way,
    "pays in two": _pays_in_two,
    "confirms too early": _confirms_too_early,
}


# --- the one who kills ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blow:
    """When to strike: ``seconds`` after step ``place``, or the first, has begun; ``cuts`` the connection too.

    ``word``: what the worker says at that moment, if not "begin".
    """

    seconds: float
    place: int | None = None
    cuts: bool = False
    word: str = "begin"


@dataclass(frozen=True, slots=True)
class Life:
    """How a worker ended, the last step it confirmed (−1: none in this life), and the one it was in, if any."""

    ended: Literal["finished", "killed", "severed"]
    confirmed: int
    inside: int | None


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the script this process was started as: a worker is handed it, and a page's test leaves its page there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@dataclass(slots=True)
class Workplace:
    """A database that workers are sent to, one after the other."""

    url: str
    folder: Path
    flaw: str = ""
    lengths: dict[int, float] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    def unbroken(self) -> None:
        """Carry out the chain in one go; keep how long each step took, and what the database said after each."""
        self.said[-1] = said_by(self.url)
        process, wire = self._start(tell=True)
        began = 0.0
        with closing(wire):
            for message, place, words in _heard(wire):
                if message == "begin":
                    began = time.perf_counter()
                elif message == "done":
                    self.lengths[place] = time.perf_counter() - began
                else:
                    self.said[place] = words
        process.join()
        assert process.exitcode == FINISHED, f"kedjan gick inte att genomföra ens ostörd: {process.exitcode}"
        assert len(self.said) == len(CHAIN) + 1

    def work(self, blow: Blow) -> Life:
        """Send a worker and strike it down; one that is done before the blow has finished."""
        process, wire = self._start(tell=False)
        heard: list[Message] = []
        with closing(wire):
            if _reaches(wire, blow, heard):
                time.sleep(blow.seconds)
                if blow.cuts:
                    self.cut()
                    process.join(0.05)
                if process.is_alive():
                    assert process.pid is not None
                    os.kill(process.pid, signal.SIGKILL)
            process.join()
            heard += _heard(wire)
        self._wait_for_the_server()
        ends: dict[int | None, Literal["finished", "killed", "severed"]] = {
            FINISHED: "finished", SEVERED: "severed", -signal.SIGKILL: "killed",
        }  # fmt: skip
        assert process.exitcode in ends, f"arbetaren slutade med {process.exitcode}"
        done = [place for message, place, _ in heard if message == "done"]
        begun = [place for message, place, _ in heard if message == "begin"]
        inside = begun[-1] if begun and begun[-1] not in done else None
        return Life(ends[process.exitcode], max(done, default=-1), inside)

    def _start(self, *, tell: bool) -> tuple[multiprocessing.context.ForkServerProcess, Connection]:
        ours, theirs = _context.Pipe(duplex=False)
        process = _context.Process(
            target=live, args=(self.url, str(self.folder), theirs, self.flaw), kwargs={"tell": tell}
        )
        with _no_main():
            process.start()
        theirs.close()
        return process, ours

    @property
    def is_postgres(self) -> bool:
        """Tell whether the database is served by somebody who outlives the worker."""
        return self.url.startswith("postgresql")

    def cut(self) -> None:
        """Cut every other connection to the database."""
        self._others("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {}")

    def _wait_for_the_server(self) -> None:
        """Wait until PostgreSQL has noticed that the worker is gone: a commit that it was told of may be under way."""
        end = time.monotonic() + 20
        while self.is_postgres and self._others("SELECT pid FROM pg_stat_activity WHERE {}"):
            assert time.monotonic() < end, "PostgreSQL håller kvar en död arbetares förbindelse"
            time.sleep(0.005)

    def _others(self, question: str) -> list[Any]:
        engine = make_engine(self.url, column_keys)
        try:
            with engine.connect() as connection:
                us = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                return list(connection.execute(text(question.format(us))))
        finally:
            engine.dispose()


def _reaches(wire: Connection, blow: Blow, heard: list[Message]) -> bool:
    """Listen until the worker says that the moment has come; tell whether it did before it was done."""
    for one in _heard(wire):
        heard.append(one)
        if one[0] == blow.word and blow.place in {None, one[1]}:
            return True
    return False


def _heard(wire: Connection) -> Iterator[Message]:
    """Yield what the worker says until it is gone."""
    while True:
        try:
            message: Message = wire.recv()
        except EOFError:
            return
        yield message
