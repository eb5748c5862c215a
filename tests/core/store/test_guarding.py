"""The program refuses to run as a role that row level security does not bind, and says which role it wants."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

from core.bootstrap import ask_database, build, database_answers
from core.cli import main
from core.settings import Settings
from core.store import make_engine
from core.store.guarding import UnguardedRoleError
from core.store.migrate import NotOwnerError, downgrade, upgrade
from tests.support.databases import demo_environment
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker


@pytest.fixture
def postgres(database_maker: DatabaseMaker) -> Iterator[Database]:
    database = database_maker.make("postgres", "migrated")
    yield database
    database_maker.drop(database)


def served(url: str, folder: Path, demo: str = "0") -> Settings:
    return Settings.from_environment({**demo_environment(url, folder), "SKOLKRONAN_DEMO": demo})


def superuser_of(maker: DatabaseMaker, database: Database) -> str:
    return maker._postgres().superuser_url(make_url(database.url).database or "")


@pytest.mark.postgres
def test_the_program_runs_as_the_role_that_owns_nothing(postgres: Database, tmp_path: Path) -> None:
    settings = served(postgres.url, tmp_path)
    assert database_answers(settings)
    with build(settings).reading(PEEK) as work:
        assert work.kommuner.list() == []


@pytest.mark.postgres
@pytest.mark.parametrize("who", ["owner", "superuser", "bypassrls"])
def test_the_program_does_not_run_as_a_role_that_sees_every_row(
    postgres: Database, database_maker: DatabaseMaker, tmp_path: Path, who: str
) -> None:
    url = postgres.owner_url if who == "owner" else superuser_of(database_maker, postgres)
    if who == "bypassrls":
        password = make_url(url).password
        with make_engine(url).begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS sees_all"))
            connection.execute(
                text(f"CREATE ROLE sees_all LOGIN BYPASSRLS PASSWORD '{password}' IN ROLE skolkronan_app")
            )
        url = make_url(url).set(username="sees_all").render_as_string(hide_password=False)
    settings = served(url, tmp_path)
    assert not database_answers(settings)
    with pytest.raises(UnguardedRoleError, match=r"postgresql-roller\.sql"):
        ask_database(settings)
    with pytest.raises(UnguardedRoleError), build(settings).reading(PEEK):
        pass


@pytest.mark.postgres
def test_the_command_line_says_the_same_without_a_password(postgres: Database, tmp_path: Path) -> None:
    environment = {**demo_environment(postgres.owner_url, tmp_path), "SKOLKRONAN_DEMO": "0"}
    done = CliRunner().invoke(main, ["runs"], env=environment)
    assert done.exit_code == 1
    assert "skolkronan_agare ser alla kommuners rader" in done.stderr
    assert str(make_url(postgres.owner_url).password) not in done.output


@pytest.mark.postgres
def test_the_owner_may_run_the_demo(postgres: Database, tmp_path: Path) -> None:
    assert database_answers(served(postgres.owner_url, tmp_path, demo="1"))


@pytest.mark.postgres
def test_a_database_before_row_level_security_is_not_served(postgres: Database, tmp_path: Path) -> None:
    downgrade(postgres.owner_url, "0006_people")
    with pytest.raises(UnguardedRoleError, match="migrate"):
        ask_database(served(postgres.url, tmp_path))
    with pytest.raises(NotOwnerError, match="skolkronan_agare"):
        upgrade(postgres.url)
    upgrade(postgres.owner_url)
    assert ask_database(served(postgres.url, tmp_path))


@pytest.mark.postgres
def test_who_owns_nothing_may_ask_for_an_upgrade_when_there_is_none(postgres: Database) -> None:
    upgrade(postgres.url)


def test_sqlite_has_no_roles(sqlite_database: Database, tmp_path: Path) -> None:
    assert database_answers(served(sqlite_database.url, tmp_path))
    with closing(sqlite3.connect(tmp_path / "tom.db")) as empty:
        empty.execute("CREATE TABLE x (y)")
    assert not database_answers(served(f"sqlite:///{tmp_path / 'tom.db'}", tmp_path))
