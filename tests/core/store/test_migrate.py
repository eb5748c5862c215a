from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from core.store.engine import make_engine
from core.store.errors import RowRefusedError
from core.store.migrate import current, downgrade, newest, upgrade
from core.store.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Engine

KOMMUN = "INSERT INTO kommun (kommun, name, orgnr) VALUES ('9901', 'Lindvik', '9999009901')"
ENTRY = (
    "INSERT INTO audit_entry (kommun, seq, at, actor, action, subject, payload, salt, payload_hash, prev_hash, hash) "
    "VALUES ('9901', 1, '2026-01-02 03:04:05', 'a', 'b', 'c', '{}', 's', 'p', '', 'h')"
)


def test_a_new_database_is_at_no_revision_and_then_at_the_newest(empty_url: str) -> None:
    assert current(empty_url) is None
    upgrade(empty_url)
    assert current(empty_url) == newest()


def test_an_upgrade_of_an_upgraded_database_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert current(empty_url) == newest()


def test_migrations_arrive_at_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_have_the_declared_checks(engine: Engine) -> None:
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        declared = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == declared


@pytest.mark.parametrize("revision", ["base", "0001_register", "0002_runs"])
def test_a_filled_database_goes_down_and_up_again(empty_url: str, revision: str) -> None:
    upgrade(empty_url)
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text(KOMMUN))
        connection.execute(text(ENTRY))
    engine.dispose()
    downgrade(empty_url, revision)
    assert current(empty_url) == (None if revision == "base" else revision)
    upgrade(empty_url)
    assert current(empty_url) == newest()


def test_going_down_to_the_register_keeps_the_register(empty_url: str) -> None:
    upgrade(empty_url)
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text(KOMMUN))
    downgrade(empty_url, "0001_register")
    upgrade(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM kommun")).scalar_one() == "Lindvik"
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "UPDATE audit_entry SET payload = NULL",
        "UPDATE audit_entry SET payload = NULL, salt = NULL, hash = 'x'",
        "UPDATE audit_entry SET payload = '[]'",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_the_audit_chain(owner: Engine, change: str) -> None:
    with owner.begin() as connection:
        connection.execute(text(KOMMUN))
        connection.execute(text(ENTRY))
    with pytest.raises(RowRefusedError, match="append-only"), owner.begin() as connection:
        connection.execute(text(change))


def test_retention_may_erase_a_payload_with_its_salt(owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text(KOMMUN))
        connection.execute(text(ENTRY))
        connection.execute(text("UPDATE audit_entry SET payload = NULL, salt = NULL"))
        assert connection.execute(text("SELECT payload FROM audit_entry")).scalar_one() is None


def test_no_table_lacks_kommun_first_in_its_key_but_the_login_that_comes_before_any_kommun_is_known() -> None:
    assert "kommun" not in Base.metadata.tables["login"].columns
    for table in Base.metadata.sorted_tables:
        if table.name == "login":
            continue
        assert next(iter(table.primary_key.columns)).name == "kommun", table.name
        for key in table.foreign_keys:
            assert key.constraint is not None
            assert key.constraint.column_keys[0] == "kommun", table.name
