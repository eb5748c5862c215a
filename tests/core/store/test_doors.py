"""Every public method of every repository asks how far the actor reaches, before it says a word to the database."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

import core.store
from core.register import CountQuery
from core.store import OutOfReachError, Reach, UnitOfWork, make_engine
from core.store.reach import KommunBound
from tests.core.store.rows import KOMMUN, accepted, enrol, enrolment, lindvik

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import Database

for module in pkgutil.iter_modules(core.store.__path__):
    importlib.import_module(f"core.store.{module.name}")
REPOSITORIES = KommunBound.__subclasses__()
OF_NO_KOMMUN = {
    "KommunRepository": {"list"},  # codes and names are public
    "PeopleRepository": {"own_accounts", "own_grants", "invitation_of"},  # by the one who asks, or by its code
    "LoginRepository": {"get", "begin", "see", "end"},  # of the one who asks; a login has no kommun
}
"""Reviewed: what may be asked without a kommun, and why. A new one is added here by a person who has thought."""
METHODS = [
    (repository, name)
    for repository in REPOSITORIES
    for name, method in vars(repository).items()
    if not name.startswith("_") and inspect.isfunction(method)
]
ASKING = [(repository, name) for repository, name in METHODS if name not in repository.OF_NO_KOMMUN]


@pytest.fixture
def work(sqlite_database: Database) -> Iterator[UnitOfWork]:
    """Give a unit of work that reaches one kommun, and fails on any statement."""
    engine = make_engine(sqlite_database.url)
    with UnitOfWork(engine, Reach(frozenset({"9902"}), "kim")) as opened:
        event.listen(opened.connection, "before_cursor_execute", _no_statement)
        yield opened
    engine.dispose()


def _no_statement(*sent: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    raise AssertionError(f"a statement was sent: {sent[2]}")


def test_nothing_is_asked_without_a_kommun_but_what_has_been_reviewed() -> None:
    assert {one.__name__: set(one.OF_NO_KOMMUN) for one in REPOSITORIES if one.OF_NO_KOMMUN} == OF_NO_KOMMUN
    for repository in REPOSITORIES:
        assert all(inspect.isfunction(vars(repository)[name]) for name in repository.OF_NO_KOMMUN)


def test_every_repository_of_a_unit_of_work_is_bound_to_its_kommuner(work: UnitOfWork) -> None:
    repositories = {type(one) for one in vars(work).values() if type(one).__name__.endswith("Repository")}
    assert repositories == set(REPOSITORIES)
    assert len(ASKING) > 80


@pytest.mark.parametrize(("repository", "name"), ASKING, ids=[f"{one.__name__}.{name}" for one, name in ASKING])
@pytest.mark.parametrize("how", ["by place", "by name"])
def test_another_kommun_is_refused_at_the_door(
    work: UnitOfWork, repository: type[KommunBound], name: str, how: str
) -> None:
    bound = next(one for one in vars(work).values() if type(one) is repository)
    first, *rest = list(inspect.signature(getattr(repository, name)).parameters.values())[1:]
    kommun: Any = KOMMUN if first.annotation == "str" else SimpleNamespace(kommun=KOMMUN)
    needed = [one for one in rest if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    places = [] if how == "by name" else [kommun, *(None for _ in needed)]
    names = {first.name: kommun, **dict.fromkeys(one.name for one in needed)} if how == "by name" else {}
    with pytest.raises(OutOfReachError) as refused:
        getattr(bound, name)(*places, **names)
    assert refused.value.kommun == KOMMUN


def test_counting_and_rows_in_bulk_ask_as_well(work: UnitOfWork) -> None:
    query = CountQuery(kommun=KOMMUN, batch=1, verksamheter=(), days=(), later_deltas=(), fields=())
    for ask in (
        lambda: work.count(query),
        lambda: enrol(work, [enrolment(1, 1, "a", "G01", "2026-01-01")]),
    ):
        with pytest.raises(OutOfReachError):
            ask()


def test_one_row_of_another_kommun_among_many_stops_them_all(sqlite_database: Database) -> None:
    engine = make_engine(sqlite_database.url)
    with UnitOfWork(engine, Reach(frozenset({"9902"}))) as work:
        lindvik(work, "9902")
        batch = accepted(work, kommun="9902")
        ours, theirs = (
            enrolment(batch, row, "a", "G01", "2026-01-01", kommun=kommun) for row, kommun in ((1, "9902"), (2, KOMMUN))
        )
        with pytest.raises(OutOfReachError):
            enrol(work, [ours, theirs])
    engine.dispose()
