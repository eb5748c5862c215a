"""The log is read by whoever may, in words, and the reading is in it; the chain is checked link by link."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import swedish_midnight
from core.store import UnitOfWork
from core.usecases.audit_words import ACTION_LABELS, in_words
from core.usecases.auditing import ROWS, VISIT, AuditWanted, audit_file_links, audit_view, verify_chain
from tests.core.usecases.audited import audited_actions
from tests.support.reaching import EVERYWHERE, PEEK
from tests.support.small_kommun import AUDITOR, CONTROLLER, KOMMUN, NOW, STRANGER, actor, grant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.usecases.auditing import AuditLink
    from core.usecases.context import App
    from tests.support.small_kommun import Lillby

ADMINISTRATOR = actor(grant("systemforvaltare"))


def later(app: App, by: timedelta) -> App:
    return replace(app, clock=lambda: NOW + by)


def looks(lillby: Lillby) -> int:
    with lillby.app.reading(PEEK) as work:
        return len(work.audit.about(KOMMUN, "audit.view", f"kommun:{KOMMUN}"))


def test_the_log_is_shown_newest_first_with_who_and_what(lillby: Lillby) -> None:
    view = audit_view(lillby.app, AUDITOR)
    assert [one.seq for one in view.rows] == list(range(view.links, max(view.links - ROWS, 0), -1))
    assert view.found == view.links
    assert view.latest_at == NOW
    assert view.rows[0].action == "audit.view"
    assert view.rows[0].actor == AUDITOR.subject
    assert {"run.create", "batch.accepted"} <= set(view.actions)
    assert all(one.payload is not None for one in view.rows)


def test_a_visit_is_written_once(lillby: Lillby) -> None:
    for _ in range(3):
        audit_view(lillby.app, AUDITOR)
    assert looks(lillby) == 1
    audit_view(lillby.app, ADMINISTRATOR)
    assert looks(lillby) == 2
    audit_view(later(lillby.app, VISIT + timedelta(seconds=1)), AUDITOR)
    assert looks(lillby) == 3


ASKED: tuple[tuple[AuditWanted, Callable[[AuditLink], bool]], ...] = (
    (AuditWanted(), lambda _one: True),
    (AuditWanted(action="run.create"), lambda one: one.action == "run.create"),
    (AuditWanted(actor=CONTROLLER.subject), lambda one: one.actor == CONTROLLER.subject),
    (AuditWanted(action="run.create", actor=AUDITOR.subject), lambda _one: False),
    (AuditWanted(first_day=date(2026, 11, 23)), lambda _one: False),
    (AuditWanted(last_day=date(2026, 11, 21)), lambda _one: False),
    (AuditWanted(first_day=date(2026, 11, 22), last_day=date(2026, 11, 22)), lambda _one: True),
)
OF_THE_TEST = {"audit.view", "audit.download"}  # what reading the log adds to it


@pytest.mark.parametrize(("wanted", "keeps"), ASKED, ids=[str(number) for number in range(len(ASKED))])
def test_what_is_asked_for_is_what_is_shown_and_what_the_file_holds(
    lillby: Lillby, wanted: AuditWanted, keeps: Callable[[AuditLink], bool]
) -> None:
    def others(links: Iterable[AuditLink]) -> list[AuditLink]:
        return [one for one in links if one.action not in OF_THE_TEST]

    expected = [one for one in others(audit_file_links(lillby.app, AUDITOR)) if keeps(one)]
    assert others(audit_file_links(lillby.app, AUDITOR, wanted)) == expected
    view = audit_view(lillby.app, AUDITOR, wanted)
    shown = others(view.rows)
    assert shown == expected[: len(shown)]
    assert len(view.rows) == min(view.found, ROWS)


def test_a_day_begins_at_midnight_in_sweden(lillby: Lillby) -> None:
    day = date(2026, 6, 1)
    for offset in (timedelta(seconds=-1), timedelta(0)):
        moment = swedish_midnight(day) + offset
        with lillby.app.writing(AUDITOR) as work:
            work.audit.append(KOMMUN, moment, "x", "run.create", "run:1", {"at": str(offset)})
            work.commit()
    view = audit_view(lillby.app, AUDITOR, AuditWanted(actor="x", first_day=day))
    assert [json.loads(one.payload or "")["at"] for one in view.rows] == ["0:00:00"]
    view = audit_view(lillby.app, AUDITOR, AuditWanted(actor="x", last_day=day - timedelta(days=1)))
    assert [json.loads(one.payload or "")["at"] for one in view.rows] == ["-1 day, 23:59:59"]


def test_pages_follow_each_other_and_hold_every_link_once(lillby: Lillby) -> None:
    with lillby.app.writing(AUDITOR) as work:
        for number in range(2 * ROWS):
            work.audit.append(KOMMUN, NOW, "x", "run.create", f"run:{number}", {})
        work.commit()
    wanted = AuditWanted(actor="x")
    pages = [audit_view(lillby.app, AUDITOR, wanted, page=page).rows for page in (1, 2, 3)]
    assert [len(rows) for rows in pages] == [ROWS, ROWS, 0]
    seqs = [one.seq for rows in pages for one in rows]
    assert seqs == sorted(set(seqs), reverse=True)


def test_taking_the_log_away_as_a_file_is_written_in_it(lillby: Lillby) -> None:
    links = audit_file_links(lillby.app, AUDITOR, AuditWanted(action="run.create"))
    with lillby.app.reading(PEEK) as work:
        (told,) = work.audit.about(KOMMUN, "audit.download", f"kommun:{KOMMUN}")
    assert json.loads(told.payload or "") == {"links": len(links)}


def test_an_erased_payload_is_told_from_one_that_says_nothing_and_the_chain_still_holds(lillby: Lillby) -> None:
    with lillby.app.writing(AUDITOR) as work:
        work.audit.erase_payload(KOMMUN, 1)
        work.commit()
    first = audit_file_links(lillby.app, AUDITOR)[-1]
    assert (first.seq, first.payload) == (1, None)
    assert verify_chain(lillby.app, AUDITOR, KOMMUN).ok


def test_a_changed_link_is_found_and_progress_is_told(lillby: Lillby) -> None:
    told: list[tuple[int, int]] = []
    whole = verify_chain(lillby.app, AUDITOR, KOMMUN, lambda done, of: told.append((done, of)))
    assert (whole.ok, whole.first_broken) == (True, None)
    assert told[-1] == (whole.links, whole.links)
    with UnitOfWork(lillby.engine, EVERYWHERE) as work:
        for (name,) in work.connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).fetchall():
            work.connection.execute(text(f'DROP TRIGGER "{name}"'))
        work.connection.execute(text("UPDATE audit_entry SET actor = 'någon annan' WHERE seq = 2"))
        work.commit()
    broken = verify_chain(lillby.app, AUDITOR, KOMMUN)
    assert (broken.ok, broken.first_broken) == (False, 2)
    newest = verify_chain(lillby.app, AUDITOR, newest=broken.links - 2)
    assert (newest.ok, newest.checked) == (True, broken.links - 2)  # link 2 itself is not among them
    assert verify_chain(lillby.app, AUDITOR, newest=broken.links - 1).first_broken == 2
    assert verify_chain(lillby.app, AUDITOR, newest=10**6).checked == broken.links


def test_only_who_audits_or_administers_reads_the_log(lillby: Lillby) -> None:
    for viewer in (AUDITOR, ADMINISTRATOR):
        audit_view(lillby.app, viewer)
        verify_chain(lillby.app, viewer)
    for ask in (audit_view, verify_chain, audit_file_links):
        with pytest.raises(ForbiddenError, match="händelseloggen"):
            ask(lillby.app, CONTROLLER)
    with pytest.raises(ForbiddenError):
        audit_view(lillby.app, STRANGER, kommun=KOMMUN)


def test_every_action_that_the_program_writes_has_words(lillby: Lillby) -> None:
    written = audited_actions()
    assert {"run.create", "batch.accepted", "access.grant", "login.begin", "register_rows.view"} <= set(written)
    assert sorted(set(written) - set(ACTION_LABELS)) == []
    assert sorted(set(ACTION_LABELS) - set(written)) == []
    with lillby.app.reading(PEEK) as work:  # what is read from the code is what is written when it runs
        assert {one.action for one in work.audit.entries(KOMMUN)} <= set(written)


def test_an_action_without_words_stands_as_it_is() -> None:
    assert in_words("run.create") == "Räknade en körning"
    assert in_words("något.nytt") == "något.nytt"


def test_the_log_is_read_and_checked_alike_on_each_engine(lillby_on_both: Lillby) -> None:
    view = audit_view(lillby_on_both.app, AUDITOR, AuditWanted(action="run.create", first_day=date(2026, 11, 22)))
    assert [one.about for one in view.rows] == ["run:2", "run:1"]
    assert verify_chain(lillby_on_both.app, AUDITOR).checked == view.links
    assert verify_chain(lillby_on_both.app, AUDITOR, newest=3).ok
    assert audit_file_links(lillby_on_both.app, AUDITOR, AuditWanted(actor=CONTROLLER.subject))
