"""Signing in: who gets in with what, how it ends, and what the audit chain says; on both engines."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from core.access import Resource, may
from core.access.logins import Limits
from core.store import OutOfReachError
from core.usecases.login_views import Ended, SignedIn, Unknown
from core.usecases.sign_in import SEEN_PATIENCE_MS, log_out, narrowed, role_words, sign_in
from tests.support.logging_in import (
    LIMITS,
    NEIGHBOUR,
    add_account,
    add_role,
    audit,
    login_of,
    moment,
    proof,
    subject,
)
from tests.support.reaching import PEEK
from tests.support.small_kommun import BOTH_YEARS, KOMMUN, NOW, UNITS, founded

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.login_views import Outcome
    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby


@pytest.fixture
def lillby(database: Database, tmp_path: Path) -> Lillby:
    """Give Lillby with its units, and Anna as rektor of A1."""
    found = founded(database.url, tmp_path)
    found.deliver("units", UNITS, BOTH_YEARS)
    add_account(found.app)
    add_role(found.app, "rektor", "enhet", "A1")
    return found


def at(lillby: Lillby, hour: int, minute: int = 0, sub: str = "anna") -> Outcome:
    """Return what happens when the login of eight o'clock is used at another time."""
    return sign_in(lillby.at(moment(hour, minute)), proof(sub), LIMITS)


def actions(lillby: Lillby, kommun: str = KOMMUN) -> list[tuple[str, dict[str, object]]]:
    return [(one.action, json.loads(one.payload or "{}")) for one in audit(lillby.app, kommun)]


def test_who_has_a_role_today_is_let_in_with_it(lillby: Lillby) -> None:
    found = sign_in(lillby.app, proof(), LIMITS)
    assert isinstance(found, SignedIn)
    assert found.actor.subject == subject()
    assert found.actor.display_name == "Anna"
    assert found.kommuner == ((KOMMUN, "Lillby"),)
    assert found.ends_at == NOW + timedelta(hours=8)
    assert may(found.actor, "allocation.view", Resource("enhet", KOMMUN, "A1")).allowed
    refused = may(found.actor, "register_rows.view", Resource("enhet", KOMMUN, "A2", name="Björkskolan"))
    assert "Alskolan" in refused.reason
    assert role_words(found, KOMMUN) == (("rektor", "Alskolan"),)


def test_what_roles_are_called_is_remembered_but_never_whether_they_are_held(lillby: Lillby) -> None:
    first = sign_in(lillby.app, proof(), LIMITS)
    assert isinstance(first, SignedIn)
    assert sign_in(lillby.app, proof(), LIMITS, first) == first
    number = add_role(lillby.app, "controller", "kommun", KOMMUN)
    more = sign_in(lillby.app, proof(), LIMITS, first)
    assert isinstance(more, SignedIn)
    assert [grant.role for grant in more.actor.roles] == ["rektor", "controller"]
    with lillby.app.writing(PEEK) as work:
        work.people.end_grant(KOMMUN, number, NOW, "prov")
        work.people.end_grant(KOMMUN, 1, NOW, "prov")
        work.commit()
    assert isinstance(sign_in(lillby.app, proof(), LIMITS, more), Unknown)
    add_account(lillby.app, "bo")
    add_role(lillby.app, "rektor", "enhet", "A1", sub="bo")
    other = sign_in(lillby.app, proof("bo"), LIMITS, first)
    assert isinstance(other, SignedIn)
    assert other.actor.subject == subject("bo")


def test_a_huvudman_is_called_by_its_name(lillby: Lillby) -> None:
    add_account(lillby.app, "bo")
    add_role(lillby.app, "huvudman", "huvudman", "999907-0011", sub="bo")
    found = sign_in(lillby.app, proof("bo"), LIMITS)
    assert isinstance(found, SignedIn)
    assert role_words(found, KOMMUN) == (("enskild huvudman", "Cedern AB"),)


def test_somebody_without_an_account_is_known_and_shown_nothing(
    lillby: Lillby, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = sign_in(lillby.app, proof("okand"), LIMITS)
        sign_in(lillby.app, proof("okand"), LIMITS)
    assert isinstance(found, Unknown)
    assert not found.has_account
    assert actions(lillby) == []
    assert len(caplog.records) == 1
    assert "okand" not in caplog.text
    assert subject("okand") not in caplog.text


def test_an_account_without_a_role_opens_nothing(lillby: Lillby) -> None:
    add_account(lillby.app, "bo")
    found = sign_in(lillby.app, proof("bo"), LIMITS)
    assert isinstance(found, Unknown)
    assert found.has_account


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "lets_in"),
    [
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 23), None, False),
        (date(2026, 1, 1), date(2026, 11, 22), False),
        (date(2026, 1, 1), date(2026, 11, 23), True),
    ],
)
def test_a_role_counts_on_its_days(lillby: Lillby, valid_from: date, valid_to: date | None, *, lets_in: bool) -> None:
    add_account(lillby.app, "bo")
    add_role(lillby.app, "controller", "kommun", KOMMUN, sub="bo", valid_from=valid_from, valid_to=valid_to)
    assert isinstance(at(lillby, 8, 1, "bo"), SignedIn if lets_in else Unknown)


def test_a_role_taken_back_is_gone_at_the_next_run(lillby: Lillby) -> None:
    add_account(lillby.app, "bo")
    number = add_role(lillby.app, "controller", "kommun", KOMMUN, sub="bo")
    assert isinstance(at(lillby, 8, 1, "bo"), SignedIn)
    with lillby.app.writing(PEEK) as work:
        work.people.end_grant(KOMMUN, number, NOW, "prov")
        work.commit()
    assert isinstance(at(lillby, 8, 1, "bo"), Unknown)


def test_a_closed_account_ends_the_login(lillby: Lillby) -> None:
    assert isinstance(at(lillby, 8), SignedIn)
    with lillby.app.writing(PEEK) as work:
        work.people.set_account(KOMMUN, subject(), state="closed", closed_at=NOW, closed_by="prov")
        work.commit()
    assert at(lillby, 8, 1) == Ended("account", proof())
    assert actions(lillby) == [("login.begin", {"how": "kommun"}), ("login.end", {"why": "account"})]


def test_who_has_a_closed_account_in_one_kommun_and_an_open_one_in_another_sees_the_other(lillby: Lillby) -> None:
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(NEIGHBOUR)
        work.people.set_account(KOMMUN, subject(), state="closed", closed_at=NOW, closed_by="prov")
        work.commit()
    add_account(lillby.app, kommun=NEIGHBOUR.kommun)
    add_role(lillby.app, "controller", "kommun", NEIGHBOUR.kommun, kommun=NEIGHBOUR.kommun)
    found = at(lillby, 8)
    assert isinstance(found, SignedIn)
    assert found.kommuner == ((NEIGHBOUR.kommun, "Granne"),)


def test_an_actor_is_narrowed_to_one_kommun_and_the_store_with_it(lillby: Lillby) -> None:
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(NEIGHBOUR)
        work.commit()
    add_account(lillby.app, kommun=NEIGHBOUR.kommun)
    add_role(lillby.app, "huvudman", "huvudman", "999907-0011", kommun=NEIGHBOUR.kommun)
    found = at(lillby, 8)
    assert isinstance(found, SignedIn)
    assert found.kommuner == ((KOMMUN, "Lillby"), (NEIGHBOUR.kommun, "Granne"))
    one = narrowed(found, NEIGHBOUR.kommun)
    assert one.kommuner == {NEIGHBOUR.kommun}
    assert one.display_name == "Anna"
    with lillby.app.reading(one) as work, pytest.raises(OutOfReachError):
        work.people.accounts(KOMMUN)
    assert narrowed(found, "0180").kommuner == frozenset()
    assert [action for action, _ in actions(lillby, NEIGHBOUR.kommun)] == ["login.begin"]


def test_a_login_lives_a_working_day_however_often_it_is_used(lillby: Lillby) -> None:
    for minutes in range(0, 480, 29):
        assert isinstance(at(lillby, 8 + minutes // 60, minutes % 60), SignedIn)
    assert at(lillby, 16) == Ended("life", proof())
    assert at(lillby, 16, 1) == Ended("life", proof())
    assert actions(lillby) == [("login.begin", {"how": "kommun"}), ("login.end", {"why": "life"})]


def test_half_an_hours_rest_ends_it_for_good(lillby: Lillby) -> None:
    assert isinstance(at(lillby, 8), SignedIn)
    assert isinstance(at(lillby, 8, 29), SignedIn)
    assert at(lillby, 8, 59) == Ended("idle", proof())
    assert at(lillby, 8, 59) == Ended("idle", proof())
    assert actions(lillby)[1:] == [("login.end", {"why": "idle"})]


def test_the_limits_are_settings(lillby: Lillby) -> None:
    short = Limits(timedelta(hours=1), timedelta(minutes=5))
    assert isinstance(sign_in(lillby.app, proof(), short), SignedIn)
    assert sign_in(lillby.at(moment(8, 5)), proof(), short) == Ended("idle", proof())


def test_what_was_seen_is_written_once_a_minute_at_most(lillby: Lillby) -> None:
    at(lillby, 8)
    for seconds, kept in ((30, moment(8)), (59, moment(8)), (60, moment(8, 1)), (90, moment(8, 1))):
        sign_in(lillby.at(moment(8, seconds // 60, seconds % 60)), proof(), LIMITS)
        row = login_of(lillby.app, proof())
        assert row is not None
        assert row.seen_at == kept


def test_no_page_waits_for_an_import_to_write_that_its_reader_was_there(lillby: Lillby) -> None:
    at(lillby, 8)
    with lillby.app.writing(PEEK) as importing:
        importing.connection.execute(select(1))
        said: list[str] = []
        event.listen(lillby.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        found = at(lillby, 8, 5)
    assert isinstance(found, SignedIn)
    locked = lillby.engine.dialect.name == "sqlite"  # PostgreSQL locks the row alone
    assert (f"PRAGMA busy_timeout={SEEN_PATIENCE_MS}" in said) == locked
    row = login_of(lillby.app, proof())
    assert row is not None
    assert row.seen_at == (moment(8) if locked else moment(8, 5))
    assert isinstance(at(lillby, 8, 6), SignedIn)
    row = login_of(lillby.app, proof())
    assert row is not None
    assert row.seen_at == moment(8, 6), "nästa körning skriver det"


def test_an_old_cookie_never_seen_before_is_refused_and_noted(lillby: Lillby) -> None:
    old = proof(at=NOW - timedelta(hours=9), exp=int(NOW.timestamp()) + 3600)
    assert sign_in(lillby.app, old, LIMITS) == Ended("stale", old)
    assert sign_in(lillby.app, old, LIMITS) == Ended("stale", old)
    assert actions(lillby) == [("login.refused", {"why": "stale"})]


def test_a_token_that_has_run_out_is_no_way_in_but_ends_no_login(lillby: Lillby) -> None:
    late = proof(at=NOW - timedelta(minutes=90))
    assert sign_in(lillby.app, late, LIMITS) == Ended("expired", late)
    for minutes in range(0, 120, 20):
        assert isinstance(at(lillby, 8 + minutes // 60, minutes % 60), SignedIn)


def test_the_life_counts_from_when_the_provider_signed(lillby: Lillby) -> None:
    signed = proof(at=NOW - timedelta(minutes=40))
    found = sign_in(lillby.app, signed, LIMITS)
    assert isinstance(found, SignedIn)
    assert found.ends_at == NOW - timedelta(minutes=40) + timedelta(hours=8)


def test_logging_out_ends_the_login_for_every_tab_and_not_the_next_one(lillby: Lillby) -> None:
    assert isinstance(at(lillby, 8), SignedIn)
    log_out(lillby.at(moment(8, 1)), proof())
    assert at(lillby, 8, 2) == Ended("logout", proof())
    log_out(lillby.at(moment(8, 3)), proof())
    assert actions(lillby)[1:] == [("login.end", {"why": "logout"})]
    again = proof(at=moment(8, 4))
    assert isinstance(sign_in(lillby.at(moment(8, 5)), again, LIMITS), SignedIn)


def test_nobody_ends_somebody_elses_login(lillby: Lillby) -> None:
    add_account(lillby.app, "bo")
    assert isinstance(at(lillby, 8), SignedIn)
    stolen = replace(proof("bo"), login=proof().login)
    log_out(lillby.app, stolen)
    assert isinstance(at(lillby, 8, 1), SignedIn)
    row = login_of(lillby.app, proof())
    assert row is not None
    with lillby.app.writing(PEEK) as work, pytest.raises(PermissionError):
        work.logins.begin(row)


def test_a_local_login_is_never_begun_here(lillby: Lillby) -> None:
    assert sign_in(lillby.app, replace(proof(), provider="local"), LIMITS) == Ended(
        "unproved", replace(proof(), provider="local")
    )
    assert login_of(lillby.app, proof()) is None


def test_the_chain_names_nobody(lillby: Lillby) -> None:
    at(lillby, 8)
    (link,) = audit(lillby.app)
    assert link.actor == subject()
    assert link.subject == f"login:{proof().login[:12]}"
    assert "anna" not in f"{link.payload}{link.subject}{link.actor}".lower()
