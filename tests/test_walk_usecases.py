"""Everybody asks every use case everything: nothing leaks, nothing forbidden is changed, nothing breaks.

Two kommuner share a database (``tests/support/two_kommuner.py``). Who may know which of their secrets is written in
prose and by hand in ``tests/support/canaries.py``; the use cases are found in the code (``tests/support/asking.py``),
so that one nobody thought of here fails the walk instead of being left out of it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text

from core.access import ForbiddenError
from core.parameters.roles import load_roles
from core.store import make_engine
from tests.support import two_kommuner
from tests.support.asking import (
    AT_THE_DOOR,
    BY_COMMAND,
    OPENS_NOTHING,
    PUBLIC,
    functions,
    use_cases,
    values_of,
    without_an_actor,
)
from tests.support.canaries import LOGGED, ROLES, everybody
from tests.support.secrets_kept import secrets_of
from tests.support.two_kommuner import LILLBY, PERSONAL_NUMBER, World
from tests.support.walking import FORGE, digest, unkept, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import DatabaseMaker
    from tests.support.walking import Walked

FURTHEST = FORGE | {"rektor i Lillby", "områdeschef i Lillby", "handläggare grundskola i Lillby", "revisor i Lillby"}
"""Those who get furthest, and one of each kind of scope: what answers them all guards nothing."""
HARD_TO_REACH = {"flags.close_flag"}
"""Needs a correction that a decided run rests on; its own tests take it there. That it is refused is walked."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """Give the name of each engine."""
    return str(request.param)


@pytest.fixture(scope="module")
def world(engine: str, database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give both kommuner on each engine."""
    with two_kommuner.standing(database_maker, engine, tmp_path_factory.mktemp("kommuner")) as world:
        yield world


@pytest.fixture(scope="module")
def walked(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Walked, str, tuple[str, str]]]:
    """Give what came of the walk, all that was logged during it, and the database's digest before and after."""
    kept = _Kept()
    for name in ("", "core", "sqlalchemy.engine"):
        logging.getLogger(name).addHandler(kept)
    for name in ("core", "streamlit"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    before = _digest(world)
    found = walk(unkept(world), use_cases(), everybody(), secrets_of(world), tmp_path_factory.mktemp("filer"))
    yield found, "\n".join(kept.said), (before, _digest(world))
    for name in ("", "core", "sqlalchemy.engine"):
        logging.getLogger(name).removeHandler(kept)


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


def _digest(world: World) -> str:
    owner = make_engine(world.owner_url)
    try:
        return digest(owner)
    finally:
        owner.dispose()


def test_every_use_case_is_in_the_walk(tmp_path: Path) -> None:
    known = values_of(LILLBY, tmp_path)
    new = {f"{case.name}: {name}" for case in use_cases() for name in case.parameters if name not in known}
    assert not new, "ge parametern en rad i tests/support/asking.py, så att vandringen kan fråga"
    asks_nobody = BY_COMMAND - {name for name, _, notes in functions() if "Actor" in notes.values()}
    assert without_an_actor() == PUBLIC | AT_THE_DOOR | OPENS_NOTHING | asks_nobody


def test_every_role_is_in_the_walk() -> None:
    book = {words.role for words in load_roles().roles}
    walked = {role.role for role in ROLES.values()} | {role.also[0] for role in ROLES.values() if role.also}
    assert book <= walked, "skriv i tests/support/canaries.py vad den nya rollen får veta"


def test_nobody_is_told_what_they_may_not_know(walked: tuple[Walked, str, tuple[str, str]]) -> None:
    assert walked[0].leaks == []


def test_whatever_is_asked_the_answer_is_an_answer_or_a_reason(walked: tuple[Walked, str, tuple[str, str]]) -> None:
    assert walked[0].faults == []


def test_every_use_case_answers_somebody_and_almost_every_one_is_refused_to_somebody(
    walked: tuple[Walked, str, tuple[str, str]],
) -> None:
    """A walk that is only ever refused sees nothing, and one that is never refused guards nothing."""
    answered, everyone = walked[0].answered, FURTHEST
    names = {case.name for case in use_cases()}
    assert {name for name in names if not answered[name]} <= HARD_TO_REACH
    assert {name for name in names if answered[name] >= everyone} <= {"looks.purposes_now", "operators.named"}
    assert walked[0].asked > 4_000


def test_walking_changes_nothing(walked: tuple[Walked, str, tuple[str, str]]) -> None:
    before, after = walked[2]
    assert before == after


def test_nothing_is_logged_that_anybody_may_not_know(walked: tuple[Walked, str, tuple[str, str]], world: World) -> None:
    secret = [one.words for one in secrets_of(world) if one.words and one.kinds & LOGGED]
    assert [one for one in secret if one in walked[1]] == []


def test_what_is_refused_changes_nothing_when_it_is_tried_in_earnest(
    walked: tuple[Walked, str, tuple[str, str]], world: World
) -> None:
    before = _digest(world)
    assert len(walked[0].refused) > len(use_cases())
    for who, call in walked[0].refused:
        with pytest.raises(ForbiddenError):
            call.put(world.app, who.actor)
    assert _digest(world) == before


def test_a_personal_number_is_nowhere_in_the_database(world: World) -> None:
    owner = make_engine(world.owner_url)
    with owner.connect() as connection:
        for table in inspect(owner).get_table_names():
            rows = repr(connection.execute(text(f'SELECT * FROM "{table}"')).fetchall())
            assert PERSONAL_NUMBER not in rows, table
            assert PERSONAL_NUMBER.replace("-", "") not in rows, table
    owner.dispose()
