"""On PostgreSQL the database itself shows and takes rows of the granted kommuner only: every table, every statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, func, insert, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from core.store import Reach, UnitOfWork, make_engine
from core.store.rights import APP_ROLE, rights_on
from core.store.tables import Base
from tests.support.column_keys import column_keys
from tests.support.one_row_each import row_of, tables_of_a_kommun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

    from tests.support.databases import Database, DatabaseMaker

pytestmark = pytest.mark.postgres
OURS, THEIRS = "9901", "9902"
TABLES = tables_of_a_kommun()
NAMES = [table.name for table in TABLES]
CODES_ARE_PUBLIC = {"kommun"}


@pytest.fixture(scope="module")
def filled(database_maker: DatabaseMaker) -> Iterator[Database]:
    """Give a database with a row of every table in two kommuner, written by the owner whom nothing binds."""
    database = database_maker.make("postgres", "migrated")
    owner = make_engine(database.owner_url, column_keys)
    with owner.begin() as connection:
        for kommun in (OURS, THEIRS):
            for table in TABLES:
                connection.execute(insert(table).values(row_of(table, kommun)))
        connection.execute(insert(Base.metadata.tables["login"]).values(row_of(Base.metadata.tables["login"], "")))
    owner.dispose()
    yield database
    database_maker.drop(database)


@pytest.fixture(scope="module")
def engine(filled: Database) -> Iterator[Engine]:
    """Give the program's way to it, with a single connection that goes round."""
    address = make_url(filled.url).set(drivername="postgresql+psycopg")
    engine = create_engine(address, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


def within(engine: Engine, *kommuner: str, subject: str = "") -> UnitOfWork:
    return UnitOfWork(engine, Reach(frozenset(kommuner), subject))


def seen(connection: Connection, table: Table) -> set[str]:
    return set(connection.scalars(text(f"SELECT DISTINCT kommun FROM {table.name}")))


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_raw_sql_sees_the_rows_of_the_reach_and_no_others(engine: Engine, table: Table) -> None:
    rest = {OURS, THEIRS} if table.name in CODES_ARE_PUBLIC else set()
    for reach in ((OURS,), (THEIRS,), (OURS, THEIRS), ()):
        with within(engine, *reach) as work:
            assert seen(work.connection, table) == set(reach) | rest


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_row_of_another_kommun_cannot_be_written(engine: Engine, table: Table) -> None:
    row = row_of(table, "9903")
    with within(engine, OURS) as work, pytest.raises(DBAPIError) as refused:
        work.connection.execute(text(insert_of(table)), plain(row))
    said = "kept as prepared" if table.name == "payment_part" else "row-level security"  # its trigger sees no payment
    assert said in str(refused.value.orig)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_row_of_another_kommun_is_neither_changed_nor_removed(engine: Engine, filled: Database, table: Table) -> None:
    """What the role has no right to is refused outright; what it may do in its own kommun finds nothing there."""
    column = "payload = NULL, salt" if table.name == "audit_entry" else changeable(table)
    for statement, right in (
        (f"UPDATE {table.name} SET {column} = NULL WHERE kommun = '{THEIRS}'", "UPDATE"),
        (f"DELETE FROM {table.name} WHERE kommun = '{THEIRS}'", "DELETE"),
    ):
        has = any(one.startswith(right) for one in rights_on(table.name))
        with within(engine, OURS) as work:
            if has:
                assert work.connection.execute(text(statement)).rowcount == 0
                continue
            with pytest.raises(ProgrammingError, match="permission denied"):
                work.connection.execute(text(statement))
    owner = make_engine(filled.owner_url)
    with owner.connect() as connection:
        assert seen(connection, table) == {OURS, THEIRS}
    owner.dispose()


@pytest.mark.parametrize("name", [name for name in NAMES if "UPDATE" in rights_on(name)])
def test_a_row_cannot_be_moved_to_another_kommun(engine: Engine, name: str) -> None:
    with within(engine, OURS) as work, pytest.raises(ProgrammingError, match="row-level security"):
        work.connection.execute(text(f"UPDATE {name} SET kommun = '{THEIRS}'"))


def test_a_connection_that_was_given_back_reaches_nothing(engine: Engine) -> None:
    with within(engine, OURS, THEIRS, subject="kim") as work:
        process = work.connection.scalar(text("SELECT pg_backend_pid()"))
        assert seen(work.connection, Base.metadata.tables["batch"]) == {OURS, THEIRS}
        work.commit()
    with engine.connect() as again:
        assert again.scalar(text("SELECT pg_backend_pid()")) == process
        assert not again.scalar(text("SELECT current_setting('skolkronan.kommuner', true)"))
        for table in TABLES:
            assert seen(again, table) == ({OURS, THEIRS} if table.name in CODES_ARE_PUBLIC else set()), table.name
        assert again.scalar(text("SELECT COUNT(*) FROM login")) == 0


def test_the_reach_holds_after_a_commit_and_after_a_rollback_too(engine: Engine) -> None:
    with within(engine, OURS) as work:
        for end in (work.commit, work.connection.rollback):
            end()
            assert seen(work.connection, Base.metadata.tables["batch"]) == {OURS}


@pytest.mark.parametrize("name", ["account", "role_grant"])
def test_who_logs_in_sees_their_own_row_in_every_kommun_and_changes_none(engine: Engine, name: str) -> None:
    mine = f"{OURS}-text"
    with within(engine, subject=mine) as work:
        assert work.connection.scalars(text(f"SELECT subject FROM {name}")).all() == [mine]
        assert work.connection.execute(text(f"UPDATE {name} SET subject = subject")).rowcount == 0
    with within(engine, subject="somebody") as work:
        assert seen(work.connection, Base.metadata.tables[name]) == set()


def test_an_invitation_is_shown_to_whoever_says_its_code_and_cannot_be_used_from_outside(engine: Engine) -> None:
    with within(engine, subject="kim") as work:
        assert work.people.invitation_of("guessed") is None
        found = work.people.invitation_of(f"{THEIRS}-text")
        assert found is not None
        assert found.kommun == THEIRS
        assert work.connection.scalar(text("SELECT COUNT(*) FROM invitation")) == 1
        assert work.connection.execute(text("UPDATE invitation SET used_by = 'kim'")).rowcount == 0


def test_a_login_is_its_own_persons_and_that_of_who_administers_their_account(engine: Engine, filled: Database) -> None:
    owner = make_engine(filled.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE login SET subject = '{OURS}-text'"))
    owner.dispose()
    count = text("SELECT COUNT(*) FROM login")
    for reach, subject, rows in ((), f"{OURS}-text", 1), ((OURS,), "", 1), ((THEIRS,), "sam", 0), ((), "sam", 0):
        with within(engine, *reach, subject=subject) as work:
            assert work.connection.scalar(count) == rows, (reach, subject)
    with within(engine, THEIRS, subject="sam") as work, pytest.raises(ProgrammingError, match="row-level security"):
        work.connection.execute(text("INSERT INTO login VALUES ('x', 'kim', now(), now())"))


def test_every_table_is_guarded_by_a_policy_on_its_kommun(filled: Database) -> None:
    """A new table fails here until its migration guards it."""
    owner = make_engine(filled.owner_url)
    with owner.connect() as connection:
        guarded = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")))
        policies = connection.execute(
            text("SELECT tablename, policyname, cmd, permissive, qual, with_check FROM pg_policies")
        ).all()
    owner.dispose()
    whole = {one.tablename for one in policies if one.policyname == "within_reach" and one.cmd == "ALL"}
    assert whole == set(NAMES)
    for one in policies:
        if one.policyname == "within_reach":
            assert "skolkronan.kommuner" in one.qual, one.tablename
            assert one.qual == one.with_check, one.tablename
    assert {one.tablename for one in policies if one.policyname != "within_reach"} == {
        "kommun", "account", "role_grant", "invitation", "login",
    }  # fmt: skip
    assert {one.cmd for one in policies if one.policyname == "also_read"} == {"SELECT"}
    assert guarded == set(Base.metadata.tables)


def test_the_programs_role_owns_nothing_and_has_exactly_its_rights(filled: Database) -> None:
    owner = make_engine(filled.owner_url)
    rights: dict[str, set[str]] = {}
    with owner.connect() as connection:
        role = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}).one()
        owned = connection.scalar(
            text("SELECT COUNT(*) FROM pg_class WHERE pg_get_userbyid(relowner) = :role"), {"role": APP_ROLE}
        )
        for table, right in connection.execute(
            text("SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :role"),
            {"role": APP_ROLE},
        ):
            rights.setdefault(table, set()).add(right)
        for asked in (
            "has_schema_privilege(:role, 'public', 'CREATE')",
            "pg_has_role(:role, 'skolkronan_agare', 'USAGE')",
        ):
            assert connection.scalar(text(f"SELECT {asked}"), {"role": APP_ROLE}) is False
    owner.dispose()
    powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert not any(getattr(role, power) for power in powers)
    assert owned == 0
    assert rights.pop("alembic_version") == {"SELECT"}
    assert rights == {name: {one for one in rights_on(name) if "(" not in one} for name in Base.metadata.tables}
    assert not any(right in {"TRUNCATE", "REFERENCES", "TRIGGER"} for found in rights.values() for right in found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "UPDATE audit_entry SET hash = 'x', payload = NULL, salt = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
        "DROP POLICY within_reach ON audit_entry",
        "UPDATE allocation_line SET amount_ore = 0",
        "UPDATE run_unit SET total_ore = 0",
        "DELETE FROM payment_part",
        "DELETE FROM role_grant",
        "CREATE TABLE more (n INTEGER)",
        "COPY allocation_line TO PROGRAM 'cat'",
        "SET ROLE skolkronan_agare",
        "SET row_security = off; SELECT * FROM batch",
    ],
)
def test_the_programs_role_can_neither_rewrite_history_nor_open_the_guards(engine: Engine, statement: str) -> None:
    with within(engine, OURS) as work, pytest.raises(ProgrammingError) as refused:
        work.connection.exec_driver_sql(statement)
    assert isinstance(refused.value.orig, InsufficientPrivilege)


def test_rights_follow_the_tables_down_and_up(database_maker: DatabaseMaker) -> None:
    from core.store.migrate import downgrade, upgrade

    database = database_maker.make("postgres", "migrated")
    downgrade(database.owner_url, "0002_runs")
    upgrade(database.owner_url)
    engine = make_engine(database.url, column_keys)
    with within(engine, OURS) as work:
        for table in TABLES:
            work.connection.execute(insert(table).values(row_of(table, OURS)))
        work.commit()
        counted = {table.name: work.connection.scalar(select(func.count()).select_from(table)) for table in TABLES}
    assert set(counted.values()) == {1}
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
    database_maker.drop(database)


def insert_of(table: Table) -> str:
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def plain(row: dict[str, object]) -> dict[str, object]:
    return {name: value.value if hasattr(value, "value") else value for name, value in row.items()}


def changeable(table: Table) -> str:
    """Return a column that the role may change when it may change some of the table."""
    given = next((one for one in rights_on(table.name) if one.startswith("UPDATE (")), None)
    return given.removeprefix("UPDATE (").split(",")[0].rstrip(")") if given else "kommun"
