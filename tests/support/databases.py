"""Databases for tests, the same test on both engines.

``database``         a fresh, migrated, empty database; the test runs once on SQLite and once on PostgreSQL
``empty_database``   the same without a single table, for the migrations themselves
``demo_database``    the same with the demo municipality loaded (once per session and engine, then copied)
``sqlite_database``  only SQLite, for tests that have nothing to do with the engine
``sqlite_demo``      only SQLite, with the demo municipality

Each gives a ``Database``. On PostgreSQL its ``url`` is that of the role the program runs as, which owns nothing and
sees only what its unit of work reaches; ``owner_url`` is for migrations and for looking past that.
What a test writes is gone when it ends.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pytest

from tests.support import postgres
from tests.support.column_keys import GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Engine = Literal["sqlite", "postgres"]
Content = Literal["empty", "migrated", "demo"]
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_T = TypeVar("_T")
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Database:
    """One database of one test. ``url`` is its SQLAlchemy address, ``owner_url`` that of the owner of its tables.

    ``key_file`` is the key that the pseudonyms of the demo rest on: a file with elever is taken with that key alone.
    """

    url: str
    engine: Engine
    owned_by: str | None = None
    key_file: Path | None = None

    @property
    def keys(self) -> dict[str, str]:
        """The variable that names the key, when there is one."""
        return {"SKOLKRONAN_KEY_FILE": str(self.key_file)} if self.key_file and self.key_file.exists() else {}

    @property
    def owner_url(self) -> str:
        return self.owned_by or self.url


def demo_environment(url: str, folder: Path) -> dict[str, str]:
    """Return the environment in which a program of ours works on ``url`` in demo mode, with keys in ``folder``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE", "SKOLKRONAN_"))
    }
    keys = folder / "keys" / "pseudonym.key"
    return {
        **kept,
        "SKOLKRONAN_DATABASE_URL": url,
        "SKOLKRONAN_DEMO": "1",
        "SKOLKRONAN_KEY_FILE": str(keys),
        "SKOLKRONAN_COLUMN_KEYS": GIVEN,
    }


class DatabaseMaker:
    """Makes databases by copying a template, which it makes itself when first asked for one of that kind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: postgres.PostgresServer | None = None
        self._templates: dict[tuple[Engine, Content], str] = {}
        self._numbers = itertools.count(1)
        self._laid: dict[tuple[Engine, object], tuple[str, Any]] = {}

    def make(self, engine: Engine, content: Content) -> Database:
        """Return a database nobody else uses. Skips the test when the engine is not on this machine."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        template = None if content == "empty" else self._template(engine, content)
        self._copy(engine, template, name)
        key_file = self._folder / "keys" / "pseudonym.key" if content == "demo" else None
        return Database(self._url(engine, name), engine, self._owner_url(engine, name), key_file)

    def lay(self, database: Database, what: object, fill: Callable[[str], _T]) -> _T:
        """Lay in a fresh database what ``fill`` does to a migrated one, and return what it returned.

        It is done once for each engine and ``what``, and then copied: whoever has a copy shares it with nobody.
        """
        engine = database.engine
        if (engine, what) not in self._laid:
            name = f"template_laid_{next(self._numbers)}"
            self._copy(engine, self._template(engine, "migrated"), name)
            self._laid[engine, what] = (name, fill(self._url(engine, name)))
        template, returned = self._laid[engine, what]
        self.drop(database)
        self._copy(engine, template, database.url.rsplit("/", 1)[1])
        kept: _T = returned
        return kept

    def drop(self, database: Database) -> None:
        """Remove a database that ``make`` gave."""
        name = database.url.rsplit("/", 1)[1]
        if database.engine == "postgres":
            self._postgres().drop(name)
            return
        for file in self._folder.glob(f"{name}*"):
            file.unlink()

    def close(self) -> None:
        """End the PostgreSQL server, if one was started."""
        if self._server is not None:
            self._server.stop()

    def _template(self, engine: Engine, content: Content) -> str:
        if (engine, content) not in self._templates:
            name = f"template_{content}" + (".db" if engine == "sqlite" else "")
            self._copy(engine, None if content == "migrated" else self._template(engine, "migrated"), name)
            if content == "migrated":
                _migrate(self._owner_url(engine, name))
            else:
                self._load_demo(self._url(engine, name))
            self._templates[engine, content] = name
        return self._templates[engine, content]

    def _load_demo(self, url: str) -> None:
        """Load the demo municipality the way `make run` does."""
        command = [sys.executable, "-m", "core", "demo", "--if-empty"]
        environment = demo_environment(url, self._folder)
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT, env=environment)
        assert done.returncode == 0, f"python -m core demo: {done.stdout}{done.stderr}"

    def _copy(self, engine: Engine, template: str | None, name: str) -> None:
        if engine == "postgres":
            self._postgres().create(name, template=template or "template0")
        elif template is not None:
            source, target = sqlite3.connect(self._folder / template), sqlite3.connect(self._folder / name)
            with closing(source), closing(target):
                source.backup(target)
                target.execute("PRAGMA journal_mode=WAL")

    def _url(self, engine: Engine, name: str) -> str:
        return self._postgres().url(name) if engine == "postgres" else f"sqlite:///{self._folder / name}"

    def _owner_url(self, engine: Engine, name: str) -> str:
        return self._postgres().owner_url(name) if engine == "postgres" else self._url(engine, name)

    def _postgres(self) -> postgres.PostgresServer:
        if postgres.programs() is None:
            pytest.skip("PostgreSQL är inte installerat (sudo apt-get install postgresql)")
        if self._server is None:
            self._server = postgres.PostgresServer.start()
        return self._server


def _migrate(url: str) -> None:
    from core.store.migrate import upgrade

    upgrade(url)


@pytest.fixture(scope="session")
def database_maker() -> Iterator[DatabaseMaker]:
    """Give the session's maker of databases."""
    with tempfile.TemporaryDirectory(prefix="skolkronan_db_", dir=postgres.quick_place()) as folder:
        maker = DatabaseMaker(Path(folder))
        yield maker
        maker.close()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a fresh, migrated, empty database on each engine."""
    yield from _lent(database_maker, request.param, "migrated")


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a database without tables on each engine."""
    yield from _lent(database_maker, request.param, "empty")


@pytest.fixture(params=ENGINES)
def demo_database(request: pytest.FixtureRequest, database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a database with the demo municipality on each engine."""
    yield from _lent(database_maker, request.param, "demo")


@pytest.fixture
def sqlite_database(database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a fresh, migrated, empty SQLite database."""
    yield from _lent(database_maker, "sqlite", "migrated")


@pytest.fixture
def sqlite_demo(database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a SQLite database with the demo municipality."""
    yield from _lent(database_maker, "sqlite", "demo")


def _lent(maker: DatabaseMaker, engine: Engine, content: Content) -> Iterator[Database]:
    database = maker.make(engine, content)
    yield database
    maker.drop(database)
