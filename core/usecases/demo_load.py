"""Lindvik into the database, by the same use cases that a municipality's own files go through."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.base import BatchState, CoreError, DateRange, RunKind, RunState, year_range
from core.store import KommunRecord
from core.usecases import flags, imports, runs
from core.usecases.change_store import keep_change
from core.usecases.choices import newest_run, shown_run
from core.usecases.demo import generate
from core.usecases.demo.accounts import is_open, let_in
from core.usecases.demo.settled import is_settled, settle
from core.usecases.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App

LINDVIK = KommunRecord("9901", "Lindvik", "999900-9901")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
"""Today in the demo's own story: the registers reach October 2026."""
COUNTED_MONTHS = {2024: 12, 2025: 12, 2026: 10}
STATES = (RunState.DRAFT, RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED)
LAST_STATES = {RunKind.BUDGET: RunState.PUBLISHED, RunKind.UTFALL: RunState.DECIDED}
ASKING, ASKED_STEP, ASKED_MONTH = "rektor_lerbacken", "grundskola.undervisning", 10
ASKED_AT = datetime(2026, 11, 20, 13, 10, tzinfo=UTC)
ASKED = "Två elever i årskurs 2 började den 12 oktober men syns inte i antalet. De finns i vårt elevsystem."
BOARD = "Barn- och utbildningsnämnden"
DECISIONS = {2024: f"{BOARD} 2023-11-20 § 187", 2025: f"{BOARD} 2024-11-18 § 203", 2026: f"{BOARD} 2025-11-17 § 212"}


class NotEmptyError(CoreError):
    """The demo is only loaded into an empty database."""

    def __init__(self) -> None:
        super().__init__(
            "Databasen innehåller redan en kommun. Demokommunen läses bara in i en tom databas; välj en annan med "
            "SKOLKRONAN_DATABASE_URL."
        )


@dataclass(slots=True)
class _Steps:
    """Tells how far the loading has come, as a share of all steps."""

    total: int
    progress: Callable[[float], None]
    done: int = 0

    def next(self) -> None:
        self.done += 1
        self.progress(self.done / self.total)


def load_demo(app: App, *, if_empty: bool = False, progress: Callable[[float], None] | None = None) -> bool:
    """Load Lindvik and return True; with ``if_empty``, return False when there is nothing to load.

    A loading that was broken off, at whatever step, is taken up again where it was: what is done stays as it is, and
    what is begun is gone on with. Raises ``NotEmptyError`` when the database holds something else, or all of it.
    """
    with app.reading(_LOADER) as work:
        kommuner = [one.kommun for one in work.kommuner.list()]
        whole = all(_is_at_rest(work, year, kind) for year in COUNTED_MONTHS for kind in LAST_STATES)
        whole = whole and is_settled(work, LINDVIK.kommun)
        whole = whole and is_open(work, LINDVIK.kommun)
    if kommuner not in ([], [LINDVIK.kommun]) or whole:
        if if_empty:
            return False
        raise NotEmptyError
    then = replace(app, clock=lambda: NOW)
    then.pseudonym_key()  # a missing key is said before anything is written
    with tempfile.TemporaryDirectory() as folder:
        _deliver(then, Path(folder), progress or (lambda _share: None))
    _compare(then)
    return True


def _actor(name: str) -> Actor:
    grants = (_grant("controller"), _grant("forvaltningschef"))
    return Actor("demo", name, grants)


def _grant(role: str) -> Grant:
    return Grant(role, "kommun", LINDVIK.kommun, LINDVIK.kommun, LINDVIK.name)


_LOADER = _actor("Inläsaren")


def _deliver(app: App, folder: Path, progress: Callable[[float], None]) -> None:
    files = generate(folder)
    with app.writing(_LOADER) as work:
        if not work.kommuner.list():
            work.kommuner.add(LINDVIK)
            work.commit()
    models = sorted((app.data_folder / "models" / "lindvik").glob("*.yaml"))
    steps = _Steps(len(files) + len(models) + 2 * len(COUNTED_MONTHS), progress)
    for file in files:
        period = DateRange(file.period_from, file.period_to)
        _receive(app, file.kind, file.path, period, file.delivered_by, file.mode, file.file_total)
        steps.next()
    for path in models:
        _receive(app, imports.MODEL, path, year_range(int(path.stem)), BOARD)
        steps.next()
    for year, through in COUNTED_MONTHS.items():
        for kind in LAST_STATES:
            _run(app, year, kind, 12 if kind is RunKind.BUDGET else through)
            steps.next()
    _ask(app)
    settle(app, LINDVIK.kommun, BOARD)
    let_in(app, LINDVIK.kommun)


def _ask(app: App) -> None:
    """Let a rektor say that a figure of the newest utfall is wrong, so that there is a question to answer."""
    rektor = next(one.actor for one in personas() if one.key == ASKING)
    (enhet,) = (grant.scope_id for grant in rektor.roles)
    with app.reading(rektor) as work:
        if work.flags.list(LINDVIK.kommun):
            return
        run = newest_run(work, LINDVIK.kommun)
        lines = work.runs.lines(LINDVIK.kommun, run.number, enhet) if run else []
    key = next((line.key for line in lines if line.step == ASKED_STEP), None)
    if run is not None and key is not None:
        flags.raise_flag(replace(app, clock=lambda: ASKED_AT), rektor, enhet, run.number, key, ASKED, ASKED_MONTH)


def _compare(app: App) -> None:
    """Store why the amounts of the two latest years differ, which the pages tell from the first moment."""
    before, after = sorted(COUNTED_MONTHS)[-2:]
    with app.reading(_LOADER) as work:
        pairs = [
            tuple(shown_run(work, LINDVIK.kommun, year, kind.value) for year in (before, after))
            for kind in (RunKind.BUDGET, RunKind.UTFALL)
        ]
    for one, other in pairs:
        if one is not None and other is not None:
            keep_change(app, _LOADER, LINDVIK.kommun, (one.number, other.number))


def _receive(
    app: App, kind: str, path: Path, period: DateRange, by: str, mode: str = "snapshot", file_total: str | None = None
) -> None:
    """Read one file and accept it; the demo's own files have no errors."""
    delivery = imports.Delivery(
        kommun=LINDVIK.kommun,
        kind=kind,
        path=path,
        file_name=path.name,
        period=period,
        mode=mode,
        file_total=file_total,
    )
    with app.reading(_LOADER) as work:
        known = [one for one in work.batches.list(LINDVIK.kommun) if (one.file_name, one.kind) == (path.name, kind)]
    if known:  # a loading that was broken off left it, waiting or accepted
        number, state = known[0].number, known[0].state
    else:
        received = imports.receive(app, _actor(by), delivery).batch
        number, state = (received.number, received.state) if received else (0, "")
    if state == BatchState.RECEIVED:
        imports.accept(app, _actor(by), LINDVIK.kommun, number)


def _is_at_rest(work: UnitOfWork, year: int, kind: RunKind) -> bool:
    """Say whether the year has a run of the kind that has come as far as the demo takes it, or further."""
    begun = _begun(work, year, kind)
    return begun is not None and STATES.index(RunState(begun.state)) >= STATES.index(LAST_STATES[kind])


def _begun(work: UnitOfWork, year: int, kind: RunKind) -> RunRecord | None:
    """Return the run of the year that has come furthest."""
    runs_of_year = [one for one in work.runs.list(LINDVIK.kommun) if (one.year, one.kind) == (year, kind.value)]
    found = [one for one in runs_of_year if one.state in STATES]
    return max(found, key=lambda one: STATES.index(RunState(one.state)), default=None)


def _run(app: App, year: int, kind: RunKind, through: int) -> None:
    """Compute a run, unless there is one, and take it as far as the demo does, with the board's decision."""
    actor = _actor("Joar Silverhage")
    with app.reading(_LOADER) as work:
        begun = _begun(work, year, kind)
    if begun is None:
        number, place = runs.allocate(app, actor, LINDVIK.kommun, year, kind.value, through).number, 0
    else:
        number, place = begun.number, STATES.index(RunState(begun.state))
    for state in STATES[place + 1 : STATES.index(LAST_STATES[kind]) + 1]:
        decision = DECISIONS[year] if state is RunState.DECIDED else None
        runs.set_state(app, actor, LINDVIK.kommun, number, state.value, decision)
