"""A whole year's work in a process that may be killed at any moment, and taken up again by the next one.

``CHAIN`` is the work, step by step: Lillby's files in, budget and utfall through their states, decisions to every
huvudman, months paid. Each step is one use case and can be seen in the database, so that a worker begins with the
first that is not there. ``live`` is the worker: it says "begin", does the step, and says "done" when the use case has
returned; that is what *confirmed* means here.

``Workplace.work()`` runs one worker to its end or to the moment it is killed at. Workers are forked from a server that
has imported everything and opened nothing, so that a life costs tenths of a second.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.base import BatchState, CoreError, Month, RunState, year_range
from core.publication.decision import DecisionState
from core.publication.payment import PaymentState
from core.store import UnitOfWork, make_engine
from core.store.tables import Base
from core.usecases import decisions, imports, payments, runs
from tests.support.column_keys import column_keys
from tests.support.reaching import EVERYWHERE
from tests.support.small_kommun import (
    BOTH_YEARS,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    HANDLER,
    INDEX,
    INDEX_HEADER,
    KOMMUN,
    NOW,
    PLANNED_2026,
    PREMISES,
    STAFF,
    UNITS,
    YEAR,
    given_text,
    model_text,
    opened,
    planned_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from sqlalchemy import Table

    from core.base import DateRange
    from core.store.decisions import DecisionRecord
    from core.usecases.context import App

Kind = Literal["import", "run", "decision", "payment"]
KINDS: tuple[Kind, ...] = ("import", "run", "decision", "payment")
FINISHED, SEVERED = 0, 7
MANY = 4000
"""Elever beside Lillby's own, so that reading and counting them takes long enough to be hit in the middle."""
HUVUDMEN, MONTHS = 3, 4
DECIDING = decisions.Deciding(body="Nämnden", on=NOW.date(), paragraph="§ 7")
# What differs between two databases that say the same: salts are drawn by lot, and hashes follow from them.
DRAWN = frozenset({"salt", "hash", "prev_hash", "payload_hash"})
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Step:
    """One use case of the chain: what it is called, how to see that it is done, and how to do it."""

    name: str
    kind: Kind
    is_done: Callable[[UnitOfWork], bool]
    do: Callable[[App, Path], object]


def register_text() -> str:
    """Return Lillby's register with many more elever in its largest school."""
    more = (f"m{one:05d};A1;grundskola;{one % 6 + 1};2017-0{one % 9 + 1};;;9907;2025-08-15;\n" for one in range(MANY))
    return ENROLMENT_HEADER + ENROLMENTS_2026 + "".join(more)


# --- the chain ------------------------------------------------------------------------------------------------------


def _chain() -> Iterator[Step]:
    files: tuple[tuple[str, Callable[[], str], DateRange], ...] = (
        ("units", lambda: UNITS, BOTH_YEARS),
        ("enrolments", register_text, year_range(YEAR)),
        ("planned_counts", lambda: planned_text(PLANNED_2026, YEAR), year_range(YEAR)),
        ("index", lambda: INDEX_HEADER + INDEX, year_range(YEAR)),
        ("given_amounts", given_text, year_range(YEAR)),
        ("staff", lambda: STAFF, year_range(YEAR)),
        ("premises", lambda: PREMISES, year_range(YEAR)),
        (imports.MODEL, model_text, year_range(YEAR)),
    )
    for kind, content, period in files:
        yield Step(f"receive {kind}", "import", partial(_received, kind), partial(_receive, kind, content, period))
        yield Step(f"accept {kind}", "import", partial(_accepted, kind), partial(_accept, kind))
    for kind, last in (("budget", RunState.PUBLISHED), ("utfall", RunState.PUBLISHED)):
        yield Step(f"allocate {kind}", "run", partial(_reached, kind, RunState.DRAFT), partial(_allocate, kind))
        for state in (RunState.CHECKED, RunState.DECIDED, last):
            yield Step(f"{state} {kind}", "run", partial(_reached, kind, state), partial(_move, kind, state))
    yield Step("prepare decisions", "decision", lambda work: len(_decisions(work)) == HUVUDMEN, _prepare_decisions)
    for place in range(HUVUDMEN):
        for step, decide in ((DecisionState.DECIDED, _decide), (DecisionState.DELIVERED, _deliver)):
            name = f"decision {place + 1} {step}"
            yield Step(name, "decision", partial(_decision_is, place, step), partial(decide, place))
    for month in (Month(YEAR, number) for number in range(1, MONTHS + 1)):
        for paid, pay in (
            (PaymentState.PREPARED, _prepare_payment), (PaymentState.APPROVED, _approve), (PaymentState.PAID, _pay),
        ):  # fmt: skip
            yield Step(f"{month} {paid}", "payment", partial(_payment_is, month, paid), partial(pay, month))


def _batch(work: UnitOfWork, kind: str) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.batches.list(KOMMUN) if one.kind == kind), None)


def _received(kind: str, work: UnitOfWork) -> bool:
    return _batch(work, kind) is not None


def _accepted(kind: str, work: UnitOfWork) -> bool:
    return _received(kind, work) and _batch(work, kind).state == BatchState.ACCEPTED


def _receive(kind: str, content: Callable[[], str], period: DateRange, app: App, folder: Path) -> None:
    path = folder / f"{kind}.{'yaml' if kind == imports.MODEL else 'csv'}"
    path.write_text(content(), encoding="utf-8")
    delivery = imports.Delivery(kommun=KOMMUN, kind=kind, path=path, file_name=path.name, period=period)
    imports.receive(app, HANDLER, delivery)


def _accept(kind: str, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _batch(work, kind).number
    imports.accept(app, CONTROLLER, KOMMUN, number)


def _run(work: UnitOfWork, kind: str) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.runs.list(KOMMUN) if one.kind == kind), None)


def _reached(kind: str, state: RunState, work: UnitOfWork) -> bool:
    order = (RunState.DRAFT, RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED)
    run = _run(work, kind)
    return run is not None and order.index(RunState(run.state)) >= order.index(state)


def _allocate(kind: str, app: App, _: Path) -> None:
    runs.allocate(app, CONTROLLER, KOMMUN, YEAR, kind, 12 if kind == "budget" else 10)


def _move(kind: str, state: RunState, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _run(work, kind).number
    runs.set_state(app, CHIEF, KOMMUN, number, state.value, "Nämnden § 1" if state is RunState.DECIDED else None)


def _decisions(work: UnitOfWork) -> list[DecisionRecord]:
    return sorted(work.decisions.list(KOMMUN), key=lambda one: one.number)


def _prepare_decisions(app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _run(work, "budget").number
    decisions.prepare_all(app, CONTROLLER, KOMMUN, number)


def _decision_is(place: int, state: DecisionState, work: UnitOfWork) -> bool:
    order = (DecisionState.DRAFT, DecisionState.DECIDED, DecisionState.DELIVERED)
    return order.index(_decisions(work)[place].state) >= order.index(state)


def _decide(place: int, app: App, _: Path) -> None:
    decisions.decide(app, CHIEF, KOMMUN, place + 1, DECIDING)


def _deliver(place: int, app: App, _: Path) -> None:
    decisions.deliver(app, CONTROLLER, KOMMUN, place + 1, NOW.date(), "E-post med läskvitto")


def _payment(work: UnitOfWork, month: Month) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.payments.alive(KOMMUN) if one.month == month.code), None)


def _payment_is(month: Month, state: PaymentState, work: UnitOfWork) -> bool:
    order = (PaymentState.PREPARED, PaymentState.APPROVED, PaymentState.PAID)
    payment = _payment(work, month)
    return payment is not None and order.index(payment.state) >= order.index(state)


def _prepare_payment(month: Month, app: App, _: Path) -> None:
    payments.prepare(app, CONTROLLER, KOMMUN, month)


def _approve(month: Month, app: App, _: Path) -> None:
    with app.reading(CHIEF) as work:
        number = _payment(work, month).number
    payments.approve(app, CHIEF, KOMMUN, number)


def _pay(month: Month, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _payment(work, month).number
    payments.mark_paid(app, CONTROLLER, KOMMUN, number)


CHAIN = tuple(_chain())


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
