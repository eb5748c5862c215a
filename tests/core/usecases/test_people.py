"""Roles are given for days, ended at once, never one's own, and each change stands in the chain without a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import ForbiddenError, Resource, may
from core.base import CoreError, day_after
from core.store import AccountUnknownError, GrantRecord
from core.usecases import people
from core.usecases.people_names import PersonNameError, clean_name
from core.usecases.people_reading import access_page, own_roles, people_view
from core.usecases.people_writing import AccountStateError
from core.usecases.role_days import NewRole, RoleAlreadyHeldError, RoleDaysError, days_of, ends_soon, standing
from core.usecases.role_scopes import RoleNotGivableError, ScopeUnknownError
from tests.support.reaching import PEEK
from tests.support.small_kommun import AUDITOR, CEDERN, CHIEF, CITIZEN, CONTROLLER, KOMMUN, NOW, REKTOR_A1, STRANGER
from tests.support.small_people import (
    ADMIN,
    EMBLA,
    JOAR,
    NY,
    OTHER_ADMIN,
    REKTOR_OF_A1,
    RUNE,
    WORKER,
    peopled,
    person,
    role,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.access import Actor
    from core.usecases.context import App
    from core.usecases.people_views import GrantView
    from tests.support.databases import DatabaseMaker
    from tests.support.small_people import Peopled

TODAY = NOW.date()


def chain(town: Peopled) -> list[tuple[str, str, str, dict[str, object]]]:
    with town.app.reading(PEEK) as work:
        assert work.audit.first_broken(KOMMUN) is None
        return [
            (one.actor, one.action, one.subject, json.loads(one.payload or "")) for one in work.audit.entries(KOMMUN)
        ]


def roles_of(town: Peopled, subject: str, standing: str = "now") -> dict[int, GrantView]:
    view = people_view(town.app, ADMIN, KOMMUN)
    return {one.number: one for one in view.grants if one.subject == subject and one.standing == standing}


def test_a_role_is_given_read_and_ended_and_the_chain_tells_who_did_it(town_on_both: Peopled) -> None:
    town = town_on_both
    new = replace(REKTOR_OF_A1, last_day=date(2026, 12, 31))
    number = people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, new)
    (shown,) = (one for one in roles_of(town, JOAR.subject).values() if one.number == number)
    assert (shown.name, shown.role_label, shown.scope_name) == ("Joar Silverhage", "rektor", "Alskolan")
    assert (shown.first_day, shown.last_day, shown.given_by) == (TODAY, date(2026, 12, 31), "Embla Rönnklint")
    assert people.end_role(town.app, OTHER_ADMIN, KOMMUN, number) == 2
    (ended,) = roles_of(town, JOAR.subject, "ended").values()
    assert (ended.number, ended.ended_at, ended.ended_by) == (number, NOW, "Rune Bäckalg")
    facts = {"role": "rektor", "scope_kind": "enhet", "scope_id": "A1", "valid_from": "2026-11-22"}
    facts |= {"valid_to": "2027-01-01", "subject": JOAR.subject}
    assert chain(town)[-2:] == [
        (EMBLA.subject, "access.grant", f"grant:{number}", facts),
        (RUNE.subject, "access.end", f"grant:{number}", {**facts, "withdrawn": []}),
    ]


def test_the_chain_holds_no_name_and_no_id_of_the_login_provider(town: Peopled) -> None:
    people.close_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    people.open_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    whole = json.dumps(chain(town), ensure_ascii=False)
    for one in (EMBLA, RUNE, JOAR):
        assert one.name not in whole
        assert one.issuer_subject not in whole
        assert one.issuer not in whole


def test_a_command_leaves_the_name_of_the_operating_systems_user_as_a_fact(town: Peopled) -> None:
    people.give_role(town.app, town.command, KOMMUN, JOAR.subject, REKTOR_OF_A1, os_user="root")
    actor, _, _, facts = chain(town)[-1]
    assert (actor, facts["os_user"]) == ("kommandorad:drift", "root")


CHANGES: dict[str, Callable[[App, Actor, str], object]] = {
    "give_role": lambda app, viewer, subject: people.give_role(app, viewer, KOMMUN, subject, REKTOR_OF_A1),
    "give_jav": lambda app, viewer, subject: people.give_role(app, viewer, KOMMUN, subject, role("jav", "enhet", "A1")),
    "end_role": lambda app, viewer, subject: people.end_role(
        app, viewer, KOMMUN, {EMBLA.subject: 1, RUNE.subject: 2, JOAR.subject: 3}[subject]
    ),
    "close_account": lambda app, viewer, subject: people.close_account(app, viewer, KOMMUN, subject),
    "open_account": lambda app, viewer, subject: people.open_account(app, viewer, KOMMUN, subject),
    "make_account": lambda app, viewer, subject: people.make_account(
        app, viewer, KOMMUN, replace(JOAR, subject=subject)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_what_is_their_own_and_is_told_why(town: Peopled, change: str) -> None:
    before = chain(town)
    with pytest.raises(ForbiddenError, match="Det här gäller dig själv"):
        CHANGES[change](town.app, ADMIN, EMBLA.subject)
    assert chain(town) == before


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("viewer", [CONTROLLER, CHIEF, AUDITOR, REKTOR_A1, CITIZEN, STRANGER])
def test_only_a_systemforvaltare_of_the_kommun_changes_anything(town: Peopled, change: str, viewer: Actor) -> None:
    before = chain(town)
    with pytest.raises(ForbiddenError):
        CHANGES[change](town.app, viewer, JOAR.subject)
    assert chain(town) == before


def test_the_list_is_for_who_may_see_it_and_the_auditor_changes_nothing(town: Peopled) -> None:
    assert people_view(town.app, ADMIN, KOMMUN).may_edit
    read = people_view(town.app, AUDITOR, KOMMUN)
    assert not read.may_edit
    assert not any(one.may_end for one in read.grants)
    for viewer in (CONTROLLER, CHIEF, REKTOR_A1, CITIZEN, STRANGER):
        with pytest.raises(ForbiddenError):
            people_view(town.app, viewer, KOMMUN)


def test_the_page_shows_everybody_to_who_may_see_them_and_oneself_to_others(town: Peopled) -> None:
    for viewer in (ADMIN, AUDITOR):
        page = access_page(town.app, viewer, KOMMUN)
        assert (page.people, page.own) == (people_view(town.app, viewer, KOMMUN), None)
    page = access_page(town.app, WORKER, KOMMUN)
    assert (page.people, page.own) == (None, own_roles(town.app, WORKER, KOMMUN))
    for viewer in (CITIZEN, STRANGER):
        with pytest.raises(ForbiddenError):
            access_page(town.app, viewer, KOMMUN)


def test_the_list_offers_an_end_to_the_roles_of_others_only(town: Peopled) -> None:
    view = people_view(town.app, ADMIN, KOMMUN)
    assert {one.subject: one.may_end for one in view.grants} == {
        EMBLA.subject: False, RUNE.subject: True, JOAR.subject: True,
    }  # fmt: skip
    assert [one.name for one in view.accounts if one.is_self] == ["Embla Rönnklint"]
    assert view.administrators == 2


@pytest.mark.parametrize(
    ("new", "fault", "said"),
    [
        (role("kejsare"), RoleNotGivableError, "Rollen ”kejsare” går inte att ge"),
        (role("rektor"), RoleNotGivableError, "Rollen rektor ges inte för kommun. Den kan gälla: enhet."),
        (role("medborgare", "allman", ""), RoleNotGivableError, "går inte att ge"),
        (role("rektor", "planet", "X"), RoleNotGivableError, "ges inte för planet"),
        (role("rektor", "enhet", "Z9"), ScopeUnknownError, "Enhet ”Z9” finns inte"),
        (role("omradeschef", "omrade", "Västra"), ScopeUnknownError, "Område ”Västra” finns inte"),
        (role("huvudman", "huvudman", "555555-5555"), ScopeUnknownError, "Huvudman ”555555-5555” finns inte"),
        (role("controller", "kommun", "9902"), ScopeUnknownError, "Kommun ”9902” finns inte"),
    ],
)
def test_a_role_that_would_give_nothing_is_not_given(
    town: Peopled, new: NewRole, fault: type[CoreError], said: str
) -> None:
    with pytest.raises(fault, match=said):
        people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, new)
    assert len(roles_of(town, JOAR.subject)) == 1


def test_what_the_register_holds_can_be_given(town: Peopled) -> None:
    for new in (role("omradeschef", "omrade", "Norra"), role("huvudman", "huvudman", CEDERN), REKTOR_OF_A1):
        people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, new)
    named = {one.scope_name for one in roles_of(town, JOAR.subject).values()}
    assert named == {"Lillby", "Norra", "Cedern AB", "Alskolan"}


def test_every_role_offered_gives_or_takes_some_right_where_it_is_offered(town: Peopled) -> None:
    roles = people_view(town.app, ADMIN, KOMMUN).roles
    assert {one.role for one in roles} >= {"rektor", "controller", "systemforvaltare", "jav"}
    assert "medborgare" not in {one.role for one in roles}
    assert [one.role for one in roles if one.only_denies] == ["jav"]
    for one in roles:
        for scope in one.scopes:
            account = person(f"prov-{one.role}-{scope.kind}-{scope.scope_id}", "Prov Provsson")
            people.make_account(town.app, ADMIN, KOMMUN, account)
            new = role(one.role, scope.kind, scope.scope_id)
            assert people.give_role(town.app, ADMIN, KOMMUN, account.subject, new)


def test_the_same_role_is_not_given_twice_over_the_same_days(town: Peopled) -> None:
    spring = replace(REKTOR_OF_A1, first_day=date(2027, 1, 1), last_day=date(2027, 6, 30))
    first = people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, spring)
    for overlapping in (REKTOR_OF_A1, replace(spring, first_day=date(2027, 6, 30), last_day=date(2027, 7, 1))):
        with pytest.raises(RoleAlreadyHeldError, match=f"nummer {first}"):
            people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, overlapping)
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, replace(spring, first_day=date(2027, 7, 1), last_day=None))
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, replace(spring, scope_id="A3"))
    people.end_role(town.app, ADMIN, KOMMUN, first)
    assert people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, spring) == first + 3


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (TODAY - timedelta(days=1), None, "kan inte börja före i dag"),
        (TODAY, TODAY - timedelta(days=1), "ligger före den första"),
        (None, date(9999, 12, 31), "Välj dagar före"),
        (date(2100, 1, 1), None, "Välj dagar före"),
    ],
)
def test_days_that_no_role_can_have(first: date | None, last: date | None, said: str) -> None:
    with pytest.raises(RoleDaysError, match=said):
        days_of(replace(REKTOR_OF_A1, first_day=first, last_day=last), TODAY)


DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(0, 900), st.integers(0, 900), DAYS)
def test_a_grant_holds_exactly_on_its_days(today: date, wait: int, length: int, asked: date) -> None:
    first, last = today + timedelta(days=wait), today + timedelta(days=wait + length)
    days = days_of(replace(REKTOR_OF_A1, first_day=first, last_day=last), today)
    given = GrantRecord(
        kommun=KOMMUN, number=1, subject="p:x", role="rektor", scope_kind="enhet", scope_id="A1",
        valid_from=days.valid_from, valid_to=days.valid_to, given_at=NOW, given_by="p:y",
    )  # fmt: skip
    assert (standing(given, asked) == "now") == (first <= asked <= last)
    assert (standing(given, asked) == "coming") == (asked < first)
    assert days.valid_to == day_after(last)
    assert standing(replace(given, ended_at=NOW), asked) == "ended"
    assert ends_soon(given, asked) == (first <= asked <= last and (last - asked).days < 30)


@settings(deadline=None)  # asks a database
@given(day=st.integers(-3, 40))
def test_what_the_list_says_is_what_the_database_answers_on_every_day(shared_town: Peopled, day: int) -> None:
    at = shared_town.lillby.at(datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(days=day))
    listed = {one.number for one in people_view(at, ADMIN, KOMMUN).grants if one.standing == "now"}
    with shared_town.app.reading(WORKER) as work:
        answered = {one.number for one in work.people.own_grants(TODAY + timedelta(days=day))}
    assert answered == {one for one in listed if one > 2}


@pytest.fixture(scope="module")
def shared_town(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peopled]:
    """Give people whose controller has roles that begin and end on different days, one has been taken back."""
    database = database_maker.make("sqlite", "migrated")
    town = peopled(database.url, tmp_path_factory.mktemp("people"))
    for at, (first, last) in enumerate(((0, 0), (1, 9), (5, None), (10, 30), (0, 39)), 1):
        end = None if last is None else TODAY + timedelta(days=last)
        new = NewRole(
            role="rektor", scope_kind="enhet", scope_id=f"A{at}" if at < 4 else f"B{at - 3}",
            first_day=TODAY + timedelta(days=first), last_day=end,
        )  # fmt: skip
        people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, new)
    people.end_role(town.app, ADMIN, KOMMUN, 8)
    yield town
    town.lillby.engine.dispose()
    database_maker.drop(database)


def test_a_day_is_a_swedish_day(town: Peopled) -> None:
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, replace(REKTOR_OF_A1, last_day=date(2026, 11, 22)))
    before, after = (datetime(2026, 11, 22, hour, 59, tzinfo=UTC) for hour in (22, 23))
    for moment, held in ((before, 2), (after, 1)):
        view = people_view(town.lillby.at(moment), ADMIN, KOMMUN)
        assert sum(one.subject == JOAR.subject and one.standing == "now" for one in view.grants) == held


def test_ending_a_role_only_ever_removes(town: Peopled) -> None:
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, REKTOR_OF_A1)
    for number in (4, 3):
        before = roles_of(town, JOAR.subject)
        people.end_role(town.app, ADMIN, KOMMUN, number)
        after = roles_of(town, JOAR.subject)
        assert after == {key: value for key, value in before.items() if key != number}
    with pytest.raises(people.GrantEndedError, match="nummer 3"):
        people.end_role(town.app, ADMIN, KOMMUN, 3)
    with pytest.raises(people.GrantUnknownError, match="nummer 99"):
        people.end_role(town.app, ADMIN, KOMMUN, 99)


def test_the_last_administrator_is_not_removed_by_page_but_by_command(town_on_both: Peopled) -> None:
    town = town_on_both
    assert people.end_role(town.app, OTHER_ADMIN, KOMMUN, 1) == 1
    with pytest.raises(people.LastAdministratorError, match="sista systemförvaltare"):
        people.end_role(town.app, ADMIN, KOMMUN, 2)  # the tab is still open, the role is gone
    with pytest.raises(people.LastAdministratorError, match="sista systemförvaltare"):
        people.close_account(town.app, ADMIN, KOMMUN, RUNE.subject)
    assert people_view(town.app, ADMIN, KOMMUN).administrators == 1
    assert people.close_account(town.app, town.command, KOMMUN, RUNE.subject) == 0


def test_an_administrator_whose_account_is_closed_or_whose_role_has_not_begun_does_not_count(town: Peopled) -> None:
    coming = replace(role("systemforvaltare"), first_day=TODAY + timedelta(days=1))
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, coming)
    people.close_account(town.app, ADMIN, KOMMUN, RUNE.subject)
    with pytest.raises(people.LastAdministratorError):
        people.end_role(town.app, OTHER_ADMIN, KOMMUN, 1)


def test_a_closed_account_has_no_roles_and_gets_none_back(town_on_both: Peopled) -> None:
    town = town_on_both
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, role("jav", "enhet", "A1"))
    people.close_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    assert [one.role for one in roles_of(town, JOAR.subject).values()] == ["jav"]
    with pytest.raises(AccountStateError, match="stängt"):
        people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, REKTOR_OF_A1)
    with pytest.raises(AccountStateError, match="stängt"):
        people.close_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    people.open_account(town.app, ADMIN, KOMMUN, JOAR.subject)
    assert [one.role for one in roles_of(town, JOAR.subject).values()] == ["jav"]
    with pytest.raises(AccountStateError, match="redan öppet"):
        people.open_account(town.app, ADMIN, KOMMUN, JOAR.subject)


def test_who_has_no_account_is_given_no_role(town: Peopled) -> None:
    with pytest.raises(AccountUnknownError):
        people.give_role(town.app, ADMIN, KOMMUN, NY.subject, REKTOR_OF_A1)
    with pytest.raises(AccountUnknownError):
        people.close_account(town.app, ADMIN, KOMMUN, NY.subject)


def test_an_account_is_made_once(town: Peopled) -> None:
    assert people.make_account(town.app, town.command, KOMMUN, NY)
    assert not people.make_account(town.app, town.command, KOMMUN, NY)


def test_whoever_has_a_role_reports_jav_for_oneself_and_loses_rights_at_once(town_on_both: Peopled) -> None:
    town = town_on_both
    a1 = Resource("enhet", KOMMUN, "A1", "999900-9907", "Norra")
    assert may(WORKER, "register_rows.view", a1).allowed
    number = people.report_own_jav(town.app, WORKER, KOMMUN, "enhet", "A1")
    with town.app.reading(WORKER) as work:
        held = work.people.own_grants(TODAY)
    assert [(one.role, one.scope_id) for one in held] == [("controller", KOMMUN), ("jav", "A1")]
    assert chain(town)[-1][:3] == (JOAR.subject, "access.jav", f"grant:{number}")
    with pytest.raises(ForbiddenError):
        people.end_role(town.app, WORKER, KOMMUN, number)
    people.end_role(town.app, ADMIN, KOMMUN, number)
    people.report_own_jav(town.app, ADMIN, KOMMUN, "enhet", "A1")
    with pytest.raises(ForbiddenError, match="gäller dig själv"):
        people.end_role(town.app, ADMIN, KOMMUN, number + 1)


def test_jav_is_reported_in_what_exists_by_who_has_a_role_and_an_account(town: Peopled) -> None:
    with pytest.raises(ScopeUnknownError):
        people.report_own_jav(town.app, WORKER, KOMMUN, "enhet", "Z9")
    with pytest.raises(RoleNotGivableError):
        people.report_own_jav(town.app, WORKER, KOMMUN, "kommun", KOMMUN)
    with pytest.raises(AccountUnknownError):
        people.report_own_jav(town.app, CONTROLLER, KOMMUN, "enhet", "A1")
    with pytest.raises(ForbiddenError, match="ingen roll"):
        people.report_own_jav(town.app, CITIZEN, KOMMUN, "enhet", "A1")
    with pytest.raises(ForbiddenError, match="ingen roll"):
        people.report_own_jav(town.app, STRANGER, KOMMUN, "enhet", "A1")


def test_everybody_reads_their_own_roles_and_nobody_elses(town: Peopled) -> None:
    view = own_roles(town.app, WORKER, KOMMUN)
    assert [(one.role, one.scope_name) for one in view.grants] == [("controller", "Lillby")]
    assert view.jav is not None
    assert {"A1", "B1"} <= {one.scope_id for one in view.jav.scopes}
    without_account = own_roles(town.app, REKTOR_A1, KOMMUN)
    assert (without_account.grants, without_account.jav) == ((), None)
    for viewer in (CITIZEN, STRANGER):
        with pytest.raises(ForbiddenError):
            own_roles(town.app, viewer, KOMMUN)


@pytest.mark.parametrize("name", ["", "  ", "anna@lillby.example", "Anna 800101-1234", "x" * 101, "Anna\x00"])
def test_a_name_is_no_address_and_no_identity_number(name: str) -> None:
    with pytest.raises(PersonNameError, match="Skriv för- och efternamn"):
        clean_name(name)
    assert clean_name("  Anna   Ek ") == "Anna Ek"
