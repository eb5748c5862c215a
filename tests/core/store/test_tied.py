"""The watch over statements sees what is tied to a kommun and what is not; the program's text SQL is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, or_, select, text, update
from sqlalchemy.orm import aliased

from core.settings import PROJECT_FOLDER
from core.store import Reach, UnitOfWork, make_engine
from core.store.numbers import next_number
from core.store.tables import AccountRow, BatchRow, DecisionRow, EnrolmentRow, KommunRow, LoginRow, RoleGrantRow, RunRow
from tests.core.store.rows import KOMMUN, lindvik
from tests.support.tied import UntiedError, faults

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement

    from tests.support.databases import Database

HERE = Reach(frozenset({"9901"}), "kim")
OTHER = aliased(EnrolmentRow)
MINE = EnrolmentRow.kommun == "9901"
TIED: list[ClauseElement] = [
    select(EnrolmentRow.elev).where(MINE),
    select(EnrolmentRow.elev).where(MINE, EnrolmentRow.elev.in_(select(OTHER.elev).where(OTHER.kommun == "9901"))),
    select(RunRow.year).join(DecisionRow, DecisionRow.kommun == RunRow.kommun).where(RunRow.kommun == "9901"),
    select(BatchRow.number).where(BatchRow.kommun == "9901").with_for_update(key_share=True),
    select(KommunRow.name),
    select(LoginRow.login),
    select(AccountRow.name).where(AccountRow.subject == "kim"),
    update(BatchRow).where(BatchRow.kommun == "9901", BatchRow.number == 1).values(state="accepted"),
    delete(BatchRow).where(BatchRow.kommun == "9901"),
    insert(RunRow).values(kommun="9901", number=1),
    text("SELECT set_config('skolkronan.kommuner', '', true)"),
]
UNTIED: list[tuple[ClauseElement, str]] = [
    (select(EnrolmentRow.elev), "enrolment"),
    (select(EnrolmentRow.elev).where(EnrolmentRow.batch == 1), "enrolment"),
    (select(EnrolmentRow.elev).where(EnrolmentRow.kommun == "9902"), "enrolment"),
    (select(EnrolmentRow.elev).where(EnrolmentRow.kommun != "9901"), "enrolment"),
    (select(EnrolmentRow.elev).where(EnrolmentRow.hemkommun == "9901"), "enrolment"),
    (select(EnrolmentRow.elev).where(or_(MINE, EnrolmentRow.batch == 1)), "enrolment"),
    (select(EnrolmentRow.elev).where(MINE, EnrolmentRow.elev.in_(select(OTHER.elev))), "enrolment"),
    (select(EnrolmentRow.elev, OTHER.elev).where(MINE), "enrolment"),
    (select(select(EnrolmentRow.elev).subquery().c.elev), "enrolment"),
    (
        select(RunRow.year).join(DecisionRow, DecisionRow.run == RunRow.number).where(RunRow.kommun == "9901"),
        "decision",
    ),
    (select(RunRow.year).join(DecisionRow, DecisionRow.kommun == RunRow.kommun), "run"),
    (select(AccountRow.name).where(AccountRow.subject == "alex"), "account"),
    (select(AccountRow.name).where(AccountRow.name == "kim"), "account"),
    (select(RoleGrantRow.role), "role_grant"),
    (update(BatchRow).where(BatchRow.number == 1).values(state="accepted"), "batch"),
    (update(KommunRow).values(name="x"), "kommun"),
    (delete(BatchRow), "batch"),
    (insert(RunRow).values(kommun="9902", number=1), "run"),
    (text("SELECT * FROM batch"), "text: SELECT * FROM batch"),
]


@pytest.mark.parametrize("statement", TIED, ids=str)
def test_a_statement_that_names_its_kommun_passes(statement: ClauseElement) -> None:
    assert faults(statement, HERE) == []


@pytest.mark.parametrize(("statement", "table"), UNTIED, ids=str)
def test_a_statement_that_does_not_is_told_of(statement: ClauseElement, table: str) -> None:
    assert table in faults(statement, HERE)


@pytest.mark.parametrize("first", ["9901", "9902"])
def test_that_a_statement_has_passed_says_nothing_of_the_next_with_another_value(first: str) -> None:
    for kommun in (first, "9902", "9901", "9902"):
        asked = select(EnrolmentRow.elev).where(EnrolmentRow.kommun == kommun, EnrolmentRow.batch == 7)
        assert faults(asked, HERE) == ["enrolment"] * (kommun == "9902")
        assert faults(asked, Reach(frozenset({"9902"}))) == ["enrolment"] * (kommun == "9901")
    for subject in ("kim", "alex", "kim"):
        mine = select(AccountRow.name).where(AccountRow.subject == subject)
        assert faults(mine, HERE) == ["account"] * (subject == "alex")


def test_rows_sent_along_are_looked_at_too() -> None:
    assert faults(insert(RunRow), HERE, [{"kommun": "9901"}, {"kommun": "9902"}]) == ["run"]
    assert faults(insert(RunRow), HERE, [{"kommun": "9901"}]) == []


def test_sql_written_as_text_stands_in_few_places_none_of_which_reads_a_kommuns_rows() -> None:
    """What the watch cannot see into: the engine's own settings, migrations, rights, reach, bulk rows and backup."""
    pattern = re.compile(r"(?<![\w.])text\(|exec_driver_sql|driver_connection")
    found = {
        path.relative_to(PROJECT_FOLDER).as_posix()
        for path in [*(PROJECT_FOLDER / "core" / "store").glob("*.py"), PROJECT_FOLDER / "core" / "bootstrap.py"]
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {
        "core/bootstrap.py",  # the health check: how many kommuner
        "core/store/backup.py",  # as the owner, outside every unit of work, as are the next two of its kind
        "core/store/manifest.py",
        "core/store/restore.py",
        "core/store/bulk.py",  # each row is held against the reach
        "core/store/engine.py",
        "core/store/migrate.py",
        "core/store/people.py",  # shows PostgreSQL the code of an invitation
        "core/store/reach.py",
        "core/store/rights.py",
    }


def test_the_watch_is_on_in_every_test(sqlite_database: Database) -> None:
    """The program's own function, asked without its conditions, is stopped where it sends its statement."""
    engine = make_engine(sqlite_database.url)
    with UnitOfWork(engine, Reach(frozenset({KOMMUN}))) as work:
        lindvik(work)
        assert next_number(work.connection, BatchRow.number, BatchRow.kommun == KOMMUN, kommun=KOMMUN) == 1
        with pytest.raises(UntiedError, match="batch"):
            next_number(work.connection, BatchRow.number, kommun=KOMMUN)
    engine.dispose()
