from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from core.store import (
    DatabaseBusyError,
    DatabaseReadOnlyError,
    KommunRecord,
    RowRefusedError,
    UnitOfWork,
    absent_mark,
    make_engine,
    write_rows,
)
from core.store.engine import BUSY_TIMEOUT_MS, PRAGMAS
from tests.core.store.rows import KOMMUN, accepted, enrol, enrolment, lindvik, new_batch
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.support.databases import Database

KOMMUN_COLUMNS = ("kommun", "name", "orgnr")


def names(engine: Engine) -> list[str]:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        return [one.name for one in work.kommuner.list()]


def test_a_change_without_commit_is_gone(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
    assert names(engine) == []


def test_a_committed_change_stays_and_work_may_go_on(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        work.commit()
        lindvik(work, "9902")
    assert names(engine) == ["Lindvik"]


def test_a_change_is_gone_when_the_work_fails(engine: Engine) -> None:
    def fail(work: UnitOfWork) -> None:
        lindvik(work)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), UnitOfWork(engine, EVERYWHERE) as work:
        fail(work)
    assert names(engine) == []


def test_a_reader_cannot_write(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work, pytest.raises(DBAPIError):
        lindvik(work)


def test_a_connection_that_was_read_only_can_write_again(engine: Engine) -> None:
    assert names(engine) == []
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        work.commit()
    assert names(engine) == ["Lindvik"]


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as reader:
        assert reader.kommuner.list() == []
        with UnitOfWork(engine, EVERYWHERE) as writer:
            lindvik(writer)
            writer.commit()
        assert reader.kommuner.list() == []
    assert names(engine) == ["Lindvik"]


def test_a_broken_rule_of_the_database_is_told_as_such(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        with pytest.raises(RowRefusedError, match="Inget har sparats"):
            lindvik(work)


def test_a_bug_in_sql_is_not_dressed_up(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work, pytest.raises(DBAPIError):
        work.connection.execute(text("SELECT nothing FROM nowhere"))


def test_rows_in_bulk_belong_to_the_transaction(engine: Engine, owner: Engine) -> None:
    with owner.connect() as connection:
        write_rows(connection, "kommun", KOMMUN_COLUMNS, [("9901", "Lindvik", "1")])
        connection.rollback()
    assert names(engine) == []


def test_rows_in_bulk_hold_absent_values_days_and_swedish_letters(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        batch = accepted(work)
        mark = absent_mark(work.connection)
        enrol(work, [enrolment(batch, 2, "a\tb\\c\n", "Åsö", "2026-01-01", arskurs=mark, hours=mark, valid_to=mark)])
        row = work.connection.execute(text("SELECT elev, enhet, arskurs, hours, valid_to FROM enrolment")).one()
        assert tuple(row) == ("a\tb\\c\n", "Åsö", None, None, None)


@pytest.mark.parametrize(
    "row",
    [
        enrolment(2, 2, "a", "G01", "2026-01-01"),  # no such batch
        enrolment(1, 1, "a", "G01", "2026-01-01", "2026-01-01"),  # not a single day
        enrolment(1, 1, None, "G01", "2026-01-01"),  # type: ignore[arg-type]  # an elev must be named
    ],
)
def test_a_row_in_bulk_that_breaks_a_rule_is_told_of_without_its_values(
    engine: Engine, row: tuple[object, ...]
) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        accepted(work)
        with pytest.raises(RowRefusedError) as told:
            enrol(work, [row])
        assert "G01" not in str(told.value)


def test_a_bug_in_bulk_writing_is_not_dressed_up(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        faults = work.connection.dialect.loaded_dbapi.Error
        with pytest.raises(faults):
            write_rows(work.connection, "nowhere", ("kommun",), [(KOMMUN,)])


def test_two_writers_take_different_numbers(engine: Engine) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        work.commit()
    started = threading.Event()
    taken: list[int] = []

    def other() -> None:
        started.set()
        with UnitOfWork(engine, EVERYWHERE) as work:
            taken.append(work.batches.receive(new_batch()))
            work.commit()

    with UnitOfWork(engine, EVERYWHERE) as work:
        taken.append(work.batches.receive(new_batch()))
        thread = threading.Thread(target=other)
        thread.start()
        started.wait()
        work.commit()
    thread.join()
    assert taken == [1, 2]


def test_a_writer_that_waited_in_vain_is_told_so(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'busy.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1").close())
    with (
        UnitOfWork(engine, EVERYWHERE),
        pytest.raises(DatabaseBusyError, match="upptagen"),
        UnitOfWork(engine, EVERYWHERE),
    ):
        pass
    with UnitOfWork(engine, EVERYWHERE):  # and the failed one left nothing open
        pass
    engine.dispose()


def test_a_writer_in_a_hurry_gives_up_soon_and_leaves_the_connection_as_patient_as_it_was(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'busy.db'}")
    said: list[str] = []
    with UnitOfWork(engine, EVERYWHERE):
        event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        with pytest.raises(DatabaseBusyError), UnitOfWork(engine, EVERYWHERE).waiting_at_most(50):
            pass
    patient = f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"
    assert said[said.index("PRAGMA busy_timeout=50") :][:3] == ["PRAGMA busy_timeout=50", "BEGIN IMMEDIATE", patient]
    with UnitOfWork(engine, EVERYWHERE).waiting_at_most(50) as work:
        work.commit()
    with closing(engine.raw_connection()) as first, closing(engine.raw_connection()) as second:  # both were used
        waits = {one.cursor().execute("PRAGMA busy_timeout").fetchone()[0] for one in (first, second)}
    engine.dispose()
    assert waits == {BUSY_TIMEOUT_MS}


def test_a_file_that_may_not_be_written_can_be_read_and_says_so(sqlite_database: Database) -> None:
    path = sqlite_database.url.removeprefix("sqlite:///")
    engine = make_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert names(engine) == []
    with UnitOfWork(engine, EVERYWHERE) as work, pytest.raises(DatabaseReadOnlyError, match="skrivrätt"):
        lindvik(work)
    engine.dispose()


def test_sqlite_is_set_up_as_declared(sqlite_database: Database) -> None:
    engine = make_engine(sqlite_database.url)
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
        wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    engine.dispose()
    assert asked == {"journal_mode": "wal", "foreign_keys": 1}
    assert f"busy_timeout={wait}" in PRAGMAS


def test_a_database_in_memory_is_one_database() -> None:
    engine = make_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (number INTEGER)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM one")).scalar_one() == 0


def test_an_address_of_postgresql_goes_through_psycopg() -> None:
    assert make_engine("postgresql://kim@localhost/skolkronan").driver == "psycopg"


def test_a_kommun_is_found_by_its_code(work: UnitOfWork) -> None:
    assert work.kommuner.get(KOMMUN) == KommunRecord(KOMMUN, "Lindvik", "999900-9901")
