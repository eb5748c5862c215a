"""A mark that was kept outside the database tells what the chain itself cannot: that its newest links are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, text, update

from core.base import CoreError
from core.store import UnitOfWork
from core.store.audit import link_hash
from core.store.tables import AuditEntryRow as Row
from core.usecases.audit_marks import Mark, MarkFaultyError, read_mark
from core.usecases.auditing import audit_view, verify_chain
from tests.support.reaching import EVERYWHERE, PEEK
from tests.support.small_kommun import AUDITOR, KOMMUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.small_kommun import Lillby


def marked(lillby: Lillby) -> str:
    return verify_chain(lillby.app, AUDITOR).mark


def as_the_owner(lillby: Lillby, change: Callable[[UnitOfWork], object]) -> None:
    """Change the chain as who owns the database can: without its triggers."""
    with UnitOfWork(lillby.engine, EVERYWHERE) as work:
        names = work.connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).fetchall()
        for (name,) in names:
            work.connection.execute(text(f'DROP TRIGGER "{name}"'))
        change(work)
        work.commit()


def written_anew(work: UnitOfWork) -> None:
    """Change who did the second thing, and make every link from there hold."""
    work.connection.execute(update(Row).where(Row.kommun == KOMMUN, Row.seq == 2).values(actor="någon annan"))
    before = work.connection.scalar(select(Row.hash).where(Row.kommun == KOMMUN, Row.seq == 1))
    for link in work.audit.entries(KOMMUN, after=1):
        here = update(Row).where(Row.kommun == KOMMUN, Row.seq == link.seq)
        work.connection.execute(here.values(prev_hash=before))
        (changed,) = work.audit.entries(KOMMUN, after=link.seq - 1, limit=1)
        before = link_hash(changed)
        work.connection.execute(here.values(hash=before))


def test_the_mark_is_the_number_and_checksum_of_the_newest_link(lillby_on_both: Lillby) -> None:
    with lillby_on_both.app.reading(PEEK) as work:
        newest = work.audit.entries(KOMMUN)[-1]
    assert marked(lillby_on_both) == f"{newest.seq}:{newest.hash}"
    view = audit_view(lillby_on_both.app, AUDITOR)  # which writes that the log is read
    assert view.mark == f"{view.rows[0].seq}:{view.rows[0].hash}" == marked(lillby_on_both)


def test_a_mark_holds_while_the_chain_grows(lillby_on_both: Lillby) -> None:
    mark = marked(lillby_on_both)
    audit_view(lillby_on_both.app, AUDITOR)
    report = verify_chain(lillby_on_both.app, AUDITOR, mark=mark)
    assert (report.ok, report.kept) == (True, "held")
    assert report.mark != mark


def test_an_end_that_is_cut_off_is_seen_against_a_mark_and_not_without_one(lillby: Lillby) -> None:
    mark = marked(lillby)
    last = read_mark(mark).seq
    as_the_owner(lillby, lambda work: work.connection.execute(delete(Row).where(Row.seq > last - 2)))
    assert verify_chain(lillby.app, AUDITOR).ok  # the chain by itself knows nothing of it
    report = verify_chain(lillby.app, AUDITOR, mark=mark)
    assert (report.ok, report.first_broken, report.kept, report.links) == (False, None, "gone", last - 2)


def test_an_end_that_is_cut_off_and_grown_anew_is_seen_too(lillby: Lillby) -> None:
    mark = marked(lillby)
    as_the_owner(lillby, lambda work: work.connection.execute(delete(Row).where(Row.seq == read_mark(mark).seq)))
    audit_view(lillby.app, AUDITOR)
    report = verify_chain(lillby.app, AUDITOR, mark=mark)
    assert (report.ok, report.first_broken, report.kept) == (False, None, "other")


def test_a_chain_that_its_owner_has_written_anew_is_seen_against_a_mark(lillby: Lillby) -> None:
    mark = marked(lillby)
    as_the_owner(lillby, written_anew)
    assert verify_chain(lillby.app, AUDITOR).ok
    assert verify_chain(lillby.app, AUDITOR, mark=mark).kept == "other"


def test_a_mark_holds_although_what_its_link_says_has_been_erased(lillby: Lillby) -> None:
    mark = marked(lillby)
    with lillby.app.writing(AUDITOR) as work:
        work.audit.erase_payload(KOMMUN, read_mark(mark).seq)
        work.commit()
    assert verify_chain(lillby.app, AUDITOR, mark=mark).ok


def test_a_mark_is_read_as_somebody_may_have_kept_it() -> None:
    assert read_mark(f" 12 : {'AB' * 16}\n{'ab' * 16} ") == Mark(12, "ab" * 32)
    assert str(Mark(12, "ab" * 32)) == f"12:{'ab' * 32}"


@pytest.mark.parametrize(
    "said", ["", "12", "0:" + "a" * 64, "-1:" + "a" * 64, "1:" + "g" * 64, "9" * 19 + ":" + "a" * 64]
)
def test_what_is_no_mark_is_said_to_be_none(lillby: Lillby, said: str) -> None:
    with pytest.raises(MarkFaultyError, match="64 tecknen") as told:
        verify_chain(lillby.app, AUDITOR, mark=said)
    assert isinstance(told.value, CoreError)
