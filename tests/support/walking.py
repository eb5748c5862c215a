"""The walk through the use cases: everybody asks everything, and the answers are held against what they may know."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from core.access import ForbiddenError
from core.base import CoreError
from core.store import UnitOfWork
from core.usecases.context import reach_of
from tests.support.asking import calls
from tests.support.canaries import Guard
from tests.support.two_kommuner import LILLBY
from tests.support.unpacked import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from core.usecases.context import App
    from tests.support.asking import Call, UseCase
    from tests.support.canaries import Secret, Who
    from tests.support.two_kommuner import World

FORGE = frozenset({
    "ingen", "controller i Lillby", "förvaltningschef i Lillby", "systemförvaltare i Lillby", "huvudman i Storby",
    "allmänheten i Storby",
})  # fmt: skip
"""Who tries forged arguments: those who get furthest, and those who get nowhere."""


class Unkept(UnitOfWork):
    """A unit of work whose changes are seen until it ends and then are gone, so that everybody meets the same world."""

    commits = 0

    def commit(self) -> None:
        """Count it and keep nothing."""
        type(self).commits += 1


def unkept(world: World) -> App:
    """Return the program with writing that keeps nothing."""
    return replace(world.app, writing=lambda one: Unkept(world.engine, reach_of(one)))


@dataclass(slots=True)
class Walked:
    """What came of a walk."""

    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By use case, who got an answer."""
    refused: list[tuple[Who, Call]] = field(default_factory=list)
    """The right calls that access refused."""
    asked: int = 0


def walk(app: App, cases: Sequence[UseCase], whos: Iterable[Who], secrets: Sequence[Secret], folder: Path) -> Walked:
    """Let each of ``whos`` ask each use case everything, and return what should not have happened."""
    walked = Walked()
    for who in whos:
        guard = Guard(who, secrets)
        for case in cases:
            for place, call in enumerate(calls(case, who.town or LILLBY, folder)):
                if not call.forged or who.name in FORGE:
                    _ask(app, who, call, guard, walked, right=place == 0)
    return walked


def _ask(app: App, who: Who, call: Call, guard: Guard, walked: Walked, *, right: bool) -> None:
    walked.asked += 1
    before = Unkept.commits
    try:
        answer = call.put(app, who.actor)
        walked.answered[call.case.name].add(who.name)
    except CoreError as error:
        answer = (str(error), [str(one) for one in error.args])
        if isinstance(error, ForbiddenError) and right:
            walked.refused.append((who, call))
        if Unkept.commits != before:
            walked.faults.append(f"{who.name}: {call} skrev något och sa sedan {type(error).__name__}")
    except Exception as error:  # noqa: BLE001 - whatever a bug raises is what the walk looks for
        walked.faults.append(f"{who.name}: {call} gav {type(error).__name__}: {str(error)[:200]}")
        return
    walked.leaks += [f"{leak} — {call}" for leak in guard.leaks(told(answer), str(call.arguments))]


def digest(engine: Engine) -> str:
    """Return a digest of every row of every table."""
    whole = hashlib.sha256()
    with engine.connect() as connection:
        for table in sorted(inspect(engine).get_table_names()):
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).fetchall()
            whole.update(f"{table}:{sorted(map(repr, rows))}".encode())
    return whole.hexdigest()
