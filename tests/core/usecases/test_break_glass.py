"""The way in when the login provider is down; on both engines."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from core.access import ForbiddenError, Resource, may
from core.usecases import break_glass
from core.usecases.break_glass import (
    HOURS,
    MAX_FAILURES,
    LocalAccountError,
    close_account,
    has_open_account,
    open_account,
)
from core.usecases.login_views import Ended, SignedIn
from core.usecases.operators import administering, named, operator_of
from core.usecases.sign_in import log_out, sign_in
from tests.support.logging_in import LIMITS, NEIGHBOUR, audit, moment
from tests.support.reaching import PEEK
from tests.support.small_kommun import CONTROLLER, KOMMUN, NOW, founded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.access import Actor
    from core.usecases.break_glass import Opened
    from core.usecases.context import App
    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

WRONG = "fel-fel-fel"
MEMORY_KB, PASSES = 65_536, 3
"""What a guess costs at the least: the second of the two choices of RFC 9106, section 4."""


@pytest.fixture
def costly() -> None:
    """Let passwords cost what they do in the program: for who tests just that."""


@pytest.fixture(autouse=True)
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let passwords cost next to nothing, except for who asks for ``costly``."""
    break_glass._nobodys_hash.cache_clear()
    if "costly" not in request.fixturenames:
        monkeypatch.setattr(break_glass, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    break_glass._nobodys_hash.cache_clear()


@pytest.fixture
def lillby(database: Database, tmp_path: Path) -> Lillby:
    """Give Lillby, set up."""
    return founded(database.url, tmp_path)


def operator(app: App) -> Actor:
    return named(administering(operator_of(app, KOMMUN)), "eva")


def opened(lillby: Lillby, name: str = "jour", role: str = "controller", hours: int = HOURS) -> Opened:
    return open_account(lillby.app, operator(lillby.app), name, role, hours)


def actions(lillby: Lillby) -> list[tuple[str, str, dict[str, object]]]:
    return [(one.action, one.subject.split(":")[0], json.loads(one.payload or "{}")) for one in audit(lillby.app)]


def test_an_account_is_opened_with_a_password_that_is_nowhere(lillby: Lillby, costly: None) -> None:
    made = opened(lillby)
    assert made.expires_at == NOW + timedelta(hours=4)
    assert len(made.password) == 29
    with lillby.app.reading(PEEK) as work:
        (account,) = work.local_accounts.list(KOMMUN)
        (person,) = work.people.accounts(KOMMUN)
    kind, _, cost = account.password_hash.split("$")[1:4]
    memory, passes, _ = (int(one.partition("=")[2]) for one in cost.split(","))
    assert (kind, memory >= MEMORY_KB, passes >= PASSES) == ("argon2id", True, True)
    assert made.password not in repr(account)
    assert (person.name, person.subject) == ("Lokalt konto jour", account.subject)
    (link,) = audit(lillby.app)
    assert (link.action, link.subject, link.actor) == ("local.open", "local:jour", "kommandorad:eva")
    assert made.password not in str(link)


def test_no_two_passwords_are_alike(lillby: Lillby) -> None:
    assert opened(lillby).password != opened(lillby, "jour2").password


def test_who_says_the_password_is_in_with_the_role_until_the_account_closes(lillby: Lillby) -> None:
    made = opened(lillby, hours=1)
    proof = break_glass.log_in_locally(lillby.app, KOMMUN, " Jour ", made.password)
    assert proof is not None
    found = sign_in(lillby.app, proof, LIMITS)
    assert isinstance(found, SignedIn)
    assert found.ends_at == made.expires_at
    assert may(found.actor, "basis.view", Resource("kommun", KOMMUN)).allowed
    assert isinstance(sign_in(lillby.at(moment(8, 29)), proof, LIMITS), SignedIn)
    assert isinstance(sign_in(lillby.at(moment(8, 58)), proof, LIMITS), SignedIn)
    assert sign_in(lillby.at(moment(9)), proof, LIMITS) == Ended("expired", proof)
    assert [one[0] for one in actions(lillby)] == ["local.open", "login.begin", "login.end"]


def test_it_rests_no_longer_than_any_other_login(lillby: Lillby) -> None:
    proof = break_glass.log_in_locally(lillby.app, KOMMUN, "jour", opened(lillby).password)
    assert proof is not None
    assert sign_in(lillby.at(moment(8, 30)), proof, LIMITS) == Ended("idle", proof)


def test_logging_out_ends_it(lillby: Lillby) -> None:
    proof = break_glass.log_in_locally(lillby.app, KOMMUN, "jour", opened(lillby).password)
    assert proof is not None
    log_out(lillby.app, proof)
    assert sign_in(lillby.app, proof, LIMITS) == Ended("logout", proof)


@pytest.mark.parametrize(("name", "password"), [("jour", WRONG), ("ingen", WRONG), ("", ""), ("jour' OR 1=1 --", "x")])
def test_a_wrong_name_is_not_told_from_a_wrong_password(lillby: Lillby, name: str, password: str) -> None:
    opened(lillby)
    assert break_glass.log_in_locally(lillby.app, KOMMUN, name, password) is None
    with lillby.app.reading(PEEK) as work:
        assert [one.failures for one in work.local_accounts.list(KOMMUN)] == [1]
    action, _, facts = actions(lillby)[-1]
    assert (action, facts) == ("local.failed", {})
    assert audit(lillby.app)[-1].subject in {"local:jour", "local:?"}


def test_five_failures_close_every_open_account_but_throw_nobody_out(lillby: Lillby) -> None:
    made = opened(lillby)
    opened(lillby, "jour2")
    inside = break_glass.log_in_locally(lillby.app, KOMMUN, "jour", made.password)
    assert inside is not None
    for attempt in range(MAX_FAILURES):
        assert has_open_account(lillby.app)
        break_glass.log_in_locally(lillby.app, KOMMUN, ("ingen", "jour")[attempt % 2], WRONG)
    assert not has_open_account(lillby.app)
    assert break_glass.log_in_locally(lillby.app, KOMMUN, "jour", made.password) is None
    assert isinstance(sign_in(lillby.app, inside, LIMITS), SignedIn)
    closed = [one.subject for one in audit(lillby.app) if one.action == "local.close"]
    assert closed == ["local:jour", "local:jour2"]


def test_without_an_open_account_nothing_is_written_whatever_is_tried(lillby: Lillby) -> None:
    for _ in range(MAX_FAILURES + 1):
        assert break_glass.log_in_locally(lillby.app, KOMMUN, "jour", WRONG) is None
    assert actions(lillby) == []
    assert not has_open_account(lillby.app)


def test_an_unknown_name_takes_as_long_as_a_known_one(lillby: Lillby, costly: None) -> None:
    """A hash is computed either way: the time of both is far above that of looking up a name."""
    opened(lillby)
    break_glass.log_in_locally(lillby.app, KOMMUN, "ingen", WRONG)  # the first has the decoy to make

    def cost(name: str) -> float:
        before = time.thread_time()
        break_glass.log_in_locally(lillby.app, KOMMUN, name, WRONG)
        return time.thread_time() - before

    known, unknown = cost("jour"), cost("ingen")
    assert 0.5 < known / unknown < 2


def test_time_closes_it(lillby: Lillby) -> None:
    made = opened(lillby, hours=1)
    later = lillby.at(NOW + timedelta(hours=1))
    assert not has_open_account(later)
    assert break_glass.log_in_locally(later, KOMMUN, "jour", made.password) is None
    with later.reading(PEEK) as work:
        (grant,) = work.people.grants(KOMMUN)
    assert grant.valid_to == NOW.date() + timedelta(days=1)


def test_a_command_closes_it_and_who_is_in_is_out(lillby: Lillby) -> None:
    made = opened(lillby)
    proof = break_glass.log_in_locally(lillby.app, KOMMUN, "jour", made.password)
    assert proof is not None
    close_account(lillby.app, operator(lillby.app), "jour")
    assert sign_in(lillby.app, proof, LIMITS) == Ended("account", proof)
    assert break_glass.log_in_locally(lillby.app, KOMMUN, "jour", made.password) is None
    with pytest.raises(LocalAccountError, match="inget öppet"):
        close_account(lillby.app, operator(lillby.app), "jour")


def test_it_can_be_opened_again_with_another_role_and_password(lillby: Lillby) -> None:
    first = opened(lillby)
    with pytest.raises(LocalAccountError, match="redan öppet"):
        opened(lillby)
    close_account(lillby.app, operator(lillby.app), "jour")
    second = opened(lillby, role="revisor")
    assert break_glass.log_in_locally(lillby.app, KOMMUN, "jour", first.password) is None
    proof = break_glass.log_in_locally(lillby.app, KOMMUN, "jour", second.password)
    assert proof is not None
    found = sign_in(lillby.app, proof, LIMITS)
    assert isinstance(found, SignedIn)
    assert [grant.role for grant in found.actor.roles] == ["revisor"]


def test_it_opens_one_kommun_and_no_other(lillby: Lillby) -> None:
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(NEIGHBOUR)
        work.commit()
    made = opened(lillby)
    assert break_glass.log_in_locally(lillby.app, NEIGHBOUR.kommun, "jour", made.password) is None
    assert has_open_account(lillby.app)
    assert audit(lillby.app, NEIGHBOUR.kommun) == []


@pytest.mark.parametrize(
    ("name", "role", "hours", "said"),
    [
        ("J", "controller", 4, "2–30 tecken"),
        ("../etc", "controller", 4, "2–30 tecken"),
        ("jour", "rektor", 4, "gäller inte för en hel kommun"),
        ("jour", "kung", 4, "gäller inte för en hel kommun"),
        ("jour", "controller", 25, "1–24 timmar"),
        ("jour", "controller", 0, "1–24 timmar"),
    ],
)
def test_what_does_not_fit_is_refused(lillby: Lillby, name: str, role: str, hours: int, said: str) -> None:
    with pytest.raises(LocalAccountError, match=said):
        opened(lillby, name, role, hours)
    assert actions(lillby) == []


def test_only_who_administers_access_opens_one(lillby: Lillby) -> None:
    with pytest.raises(ForbiddenError):
        open_account(lillby.app, CONTROLLER, "jour", "controller")
    with pytest.raises(ForbiddenError):
        close_account(lillby.app, CONTROLLER, "jour")
