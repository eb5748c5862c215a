"""An invitation gives its role once, to whoever says the code in time, and tells a wrong guess nothing."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.access import ForbiddenError
from core.access.subjects import subject_of
from core.store.tables import InvitationRow
from core.usecases import people
from core.usecases.invitation_codes import ALPHABET, LENGTH, digest_of, new_code
from core.usecases.invitations import (
    CodeNotValidError,
    InvitationNotOpenError,
    OwnAccountClosedError,
    invite,
    redeem,
    withdraw,
)
from core.usecases.people_names import PersonNameError
from core.usecases.people_reading import people_view
from core.usecases.role_days import RoleAlreadyHeldError, RoleDaysError
from core.usecases.role_scopes import RoleNotGivableError, ScopeUnknownError
from tests.support.reaching import PEEK
from tests.support.small_kommun import AUDITOR, CHIEF, CITIZEN, CONTROLLER, KOMMUN, NOW, REKTOR_A1, STRANGER
from tests.support.small_people import (
    ADMIN,
    EMBLA,
    JOAR,
    NY,
    OTHER_ADMIN,
    REKTOR_OF_A1,
    RUNE,
    person,
    role,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.base import CoreError
    from core.usecases.people_views import InvitationView, Person
    from core.usecases.role_days import NewRole
    from tests.support.small_people import Peopled

TODAY = NOW.date()


def invitations(town: Peopled) -> tuple[InvitationView, ...]:
    return people_view(town.app, ADMIN, KOMMUN).invitations


def state_of_everything(town: Peopled) -> tuple[int, int, list[str], str | None]:
    with town.app.reading(PEEK) as work:
        used = [one.used_by or "" for one in work.people.invitations(KOMMUN)]
        last = work.audit.entries(KOMMUN)[-1].hash
        return len(work.people.accounts(KOMMUN)), len(work.people.grants(KOMMUN)), used, last


def test_somebody_new_says_the_code_and_has_an_account_and_the_role(town_on_both: Peopled) -> None:
    town = town_on_both
    invited = invite(town.app, ADMIN, KOMMUN, "Nyanna T", replace(REKTOR_OF_A1, last_day=date(2027, 6, 30)))
    given = redeem(town.app, NY, invited.code)
    assert (given.kommun_name, given.role_label, given.scope_name) == ("Lillby", "rektor", "Alskolan")
    assert (given.first_day, given.last_day) == (TODAY, date(2027, 6, 30))
    view = people_view(town.app, ADMIN, KOMMUN)
    (account,) = (one for one in view.accounts if one.subject == NY.subject)
    assert account.name == "Nyanna Törnskata"
    (held,) = (one for one in view.grants if one.subject == NY.subject)
    assert (held.role, held.scope_id, held.standing, held.given_by) == ("rektor", "A1", "now", "Embla Rönnklint")
    assert [(one.state, one.used_by) for one in view.invitations] == [("used", "Nyanna Törnskata")]
    with town.app.reading(PEEK) as work:
        assert work.audit.first_broken(KOMMUN) is None
        made, used = work.audit.entries(KOMMUN)[-2:]
        assert (made.actor, made.action, made.subject) == (EMBLA.subject, "access.invite", "invitation:1")
        assert (used.actor, used.action, used.subject) == (NY.subject, "access.redeem", f"grant:{held.number}")
        facts = json.loads(used.payload or "")
        assert (facts["invitation"], facts["account_made"]) == (1, True)
        assert "Nyanna" not in f"{made.payload}{used.payload}"


def test_the_code_is_long_shown_once_and_stored_as_its_digest(town: Peopled) -> None:
    invited = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1)
    bare = invited.code.replace("-", "")
    assert re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", bare)
    assert len(bare) >= 20
    with town.lillby.engine.connect() as connection:
        stored = connection.execute(select(InvitationRow.__table__)).one()
    assert stored.code_hash == digest_of(invited.code)
    assert not any(text in str(tuple(stored)) for text in (invited.code, bare))
    assert invited.expires_at == NOW + timedelta(days=14)


@given(st.lists(st.none(), min_size=2, max_size=20))
def test_codes_differ_and_are_read_however_they_are_typed(several: list[None]) -> None:
    codes = [new_code() for _ in several]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert digest_of(f"  {code.lower().replace('-', ' ')}\n") == digest_of(code)


def used_code(town: Peopled) -> str:
    code = invite(town.app, ADMIN, KOMMUN, "Någon Annan", REKTOR_OF_A1).code
    redeem(town.app, person("annan", "Någon Annan"), code)
    return code


def expired_code(town: Peopled) -> str:
    then = town.lillby.at(NOW - timedelta(days=14))
    return invite(then, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1).code


def withdrawn_code(town: Peopled) -> str:
    invited = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1)
    withdraw(town.app, OTHER_ADMIN, KOMMUN, invited.number)
    return invited.code


def spent_code(town: Peopled) -> str:
    """Return the code of a role whose last day was yesterday."""
    then = town.lillby.at(NOW - timedelta(days=2))
    return invite(then, ADMIN, KOMMUN, NY.name, replace(REKTOR_OF_A1, last_day=TODAY - timedelta(days=1))).code


def wrong_code(_town: Peopled) -> str:
    return new_code()


BAD = (wrong_code, used_code, expired_code, withdrawn_code, spent_code)


@pytest.mark.parametrize("make", BAD)
def test_a_code_that_opens_nothing_is_answered_alike_whatever_the_cause(town_on_both: Peopled, make: object) -> None:
    assert callable(make)
    code = make(town_on_both)
    before = state_of_everything(town_on_both)
    with pytest.raises(CodeNotValidError) as refused:
        redeem(town_on_both.app, NY, code)
    assert str(refused.value) == str(CodeNotValidError())
    assert code not in str(refused.value)
    assert state_of_everything(town_on_both) == before


@pytest.mark.parametrize("text", ["", " ", "-", "\x00", "' OR 1=1 --", "<script>", "å" * 10_000, "🐟", "%", "_"])
def test_whatever_is_typed_as_a_code_is_only_a_wrong_code(town: Peopled, text: str) -> None:
    invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1)
    with pytest.raises(CodeNotValidError):
        redeem(town.app, NY, text)


def test_of_two_who_say_the_code_at_once_one_gets_the_role(town_on_both: Peopled) -> None:
    town = town_on_both
    for turn in range(4):
        code = invite(
            town.app, ADMIN, KOMMUN, NY.name, replace(REKTOR_OF_A1, scope_id=("A1", "A3", "B1", "F1")[turn])
        ).code
        racers = [person(f"tävlande-{turn}-{at}", "Tävlande") for at in range(4)]
        start = Barrier(len(racers))

        def run(one: Person, start: Barrier = start, code: str = code) -> str | None:
            start.wait()
            try:
                redeem(town.app, one, code)
            except CodeNotValidError:
                return None
            return one.subject

        with ThreadPoolExecutor(len(racers)) as pool:
            winners = [one for one in pool.map(run, racers) if one]
        assert len(winners) == 1
        with town.app.reading(PEEK) as work:
            subjects = {one.subject for one in racers}
            assert [one.subject for one in work.people.accounts(KOMMUN) if one.subject in subjects] == winners
            assert [one.subject for one in work.people.grants(KOMMUN) if one.subject in subjects] == winners
            assert work.audit.first_broken(KOMMUN) is None


def test_two_administrators_who_end_each_other_at_once_do_not_leave_the_kommun_without(
    town_on_both: Peopled,
) -> None:
    town = town_on_both
    start = Barrier(2)

    def end(viewer: Actor, number: int) -> bool:
        start.wait()
        try:
            people.end_role(town.app, viewer, KOMMUN, number)
        except people.LastAdministratorError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(end, (ADMIN, OTHER_ADMIN), (2, 1)))
    assert sorted(done) == [False, True]
    assert people_view(town.app, ADMIN, KOMMUN).administrators == 1


def test_nobody_gives_themselves_a_role_by_an_invitation_of_their_own(town: Peopled) -> None:
    code = invite(town.app, ADMIN, KOMMUN, EMBLA.name, role("controller")).code
    before = state_of_everything(town)
    with pytest.raises(ForbiddenError, match="Du har själv gjort inbjudan"):
        redeem(town.app, EMBLA, code)
    assert state_of_everything(town) == before
    redeem(town.app, RUNE, code)


def test_the_invitations_of_an_administrator_who_leaves_are_withdrawn(town: Peopled) -> None:
    one = invite(town.app, OTHER_ADMIN, KOMMUN, NY.name, role("systemforvaltare"))
    kept = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1)
    people.close_account(town.app, ADMIN, KOMMUN, RUNE.subject)
    with pytest.raises(CodeNotValidError):
        redeem(town.app, NY, one.code)
    assert redeem(town.app, NY, kept.code).role_label == "rektor"
    with town.app.reading(PEEK) as work:
        (closed,) = work.audit.about(KOMMUN, "access.close", f"account:{RUNE.subject}")
    assert json.loads(closed.payload or "") == {"ended": [2], "withdrawn": [one.number]}


def test_who_has_an_account_gets_another_role_and_a_closed_account_is_not_opened_by_a_code(town: Peopled) -> None:
    code = invite(town.app, ADMIN, KOMMUN, JOAR.name, REKTOR_OF_A1).code
    people.close_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    before = state_of_everything(town)
    with pytest.raises(OwnAccountClosedError, match="stängt"):
        redeem(town.app, JOAR, code)
    assert state_of_everything(town) == before
    people.open_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    redeem(town.app, JOAR, code)
    again = invite(town.app, ADMIN, KOMMUN, JOAR.name, REKTOR_OF_A1).code
    with pytest.raises(RoleAlreadyHeldError):
        redeem(town.app, JOAR, again)
    assert [one.state for one in invitations(town)] == ["open", "used"]


def test_a_late_start_begins_when_it_is_redeemed_and_an_early_one_when_it_should(town: Peopled) -> None:
    now = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1).code
    later = invite(town.app, ADMIN, KOMMUN, NY.name, replace(role("controller"), first_day=date(2027, 1, 1))).code
    week = town.lillby.at(NOW + timedelta(days=7))
    assert redeem(week, NY, now).first_day == TODAY + timedelta(days=7)
    assert redeem(week, NY, later).first_day == date(2027, 1, 1)
    assert {one.standing for one in people_view(week, ADMIN, KOMMUN).grants if one.subject == NY.subject} == {
        "now", "coming",
    }  # fmt: skip


def test_an_address_that_the_provider_sends_as_a_name_is_not_kept(town: Peopled) -> None:
    code = invite(town.app, ADMIN, KOMMUN, "Nyanna Törnskata", REKTOR_OF_A1).code
    redeem(town.app, replace(NY, name="nyanna@lillby.example"), code)
    assert "Nyanna Törnskata" in {one.name for one in people_view(town.app, ADMIN, KOMMUN).accounts}


def test_the_same_person_at_two_providers_is_two_accounts(town: Peopled) -> None:
    issuer = "https://annan.example"
    other = replace(NY, issuer=issuer, subject=subject_of(issuer, NY.issuer_subject))
    for one in (NY, other):
        redeem(town.app, one, invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1).code)
    assert sum(one.name == NY.name for one in people_view(town.app, ADMIN, KOMMUN).accounts) == 2


def test_an_invitation_is_withdrawn_once(town: Peopled) -> None:
    number = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1).number
    withdraw(town.app, ADMIN, KOMMUN, number)
    for one in (number, 99):
        with pytest.raises(InvitationNotOpenError, match=f"Inbjudan {one}"):
            withdraw(town.app, ADMIN, KOMMUN, one)
    assert [one.state for one in invitations(town)] == ["withdrawn"]


@pytest.mark.parametrize("viewer", [CONTROLLER, CHIEF, AUDITOR, REKTOR_A1, CITIZEN, STRANGER])
def test_only_a_systemforvaltare_invites_and_withdraws(town: Peopled, viewer: Actor) -> None:
    number = invite(town.app, ADMIN, KOMMUN, NY.name, REKTOR_OF_A1).number
    before = state_of_everything(town)
    with pytest.raises(ForbiddenError):
        invite(town.app, viewer, KOMMUN, NY.name, REKTOR_OF_A1)
    with pytest.raises(ForbiddenError):
        withdraw(town.app, viewer, KOMMUN, number)
    assert state_of_everything(town) == before


@pytest.mark.parametrize(
    ("name", "new", "fault"),
    [
        ("ny@lillby.example", REKTOR_OF_A1, PersonNameError),
        (NY.name, role("rektor", "enhet", "Z9"), ScopeUnknownError),
        (NY.name, role("rektor"), RoleNotGivableError),
        (NY.name, role("jav", "enhet", "A1"), RoleNotGivableError),
        (NY.name, replace(REKTOR_OF_A1, last_day=date(2020, 1, 1)), RoleDaysError),
    ],
)
def test_what_could_not_be_given_is_not_offered(town: Peopled, name: str, new: NewRole, fault: type[CoreError]) -> None:
    with pytest.raises(fault):
        invite(town.app, ADMIN, KOMMUN, name, new)
    assert invitations(town) == ()
