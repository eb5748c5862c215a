"""Roles of one person that contradict one another are told where the roles are given and read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from core.access import Actor, ForbiddenError
from core.usecases import people
from core.usecases.people_contradictions import contradictions
from core.usecases.people_reading import own_roles, people_view
from core.usecases.role_days import RoleDaysError
from core.usecases.role_scopes import RoleNotGivableError
from tests.support.small_kommun import KOMMUN, NOW, grant
from tests.support.small_people import ADMIN, JOAR, REKTOR_OF_A1, WORKER, peopled, role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.usecases.people_views import ClosedBy
    from tests.support.databases import Database
    from tests.support.small_people import Peopled

POLITICIAN = role("fortroendevald")
ROWS = ("individual.view", "register_rows.view")


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Iterator[Peopled]:
    found = peopled(database.url, tmp_path)
    yield found
    found.lillby.engine.dispose()


def closed(town: Peopled) -> dict[int, tuple[ClosedBy, ...]]:
    return {one.number: one.closed for one in people_view(town.app, ADMIN, KOMMUN).grants if one.closed}


def codes(found: ClosedBy) -> tuple[str, ...]:
    return tuple(code for code, _ in found.actions)


def test_before_a_role_is_given_it_is_told_what_it_closes_and_after_it_stands_at_the_role(town: Peopled) -> None:
    assert closed(town) == {}
    (told,) = contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, POLITICIAN)
    assert (told.role, told.scope_name, told.closed.role, told.closed.number) == (
        "controller", "Lillby", "fortroendevald", None,
    )  # fmt: skip
    assert (codes(told.closed), told.closed.where) == (ROWS, ())
    number = people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, POLITICIAN)
    assert closed(town) == {3: (replace(told.closed, number=number),)}
    (own,) = [one for one in own_roles(town.app, WORKER, KOMMUN).grants if one.closed]
    assert own.closed == closed(town)[3]


def test_what_the_new_role_loses_to_an_old_one_is_told_as_well(town: Peopled) -> None:
    number = people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, POLITICIAN)
    (told,) = contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, REKTOR_OF_A1)
    assert (told.role, told.scope_name, told.closed.number) == ("rektor", "Alskolan", number)
    assert told.closed.where == ()


def test_a_role_in_one_unit_names_the_unit(town: Peopled) -> None:
    (told,) = contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, role("elevhalsa", "enhet", "A1"))
    assert (codes(told.closed), told.closed.where) == (ROWS, ("Alskolan",))


def test_jav_and_roles_that_only_add_up_contradict_nothing(town: Peopled) -> None:
    for new in (REKTOR_OF_A1, role("handlaggare"), role("jav", "enhet", "A1")):
        assert contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, new) == ()
        people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, new)
    assert closed(town) == {}


def test_roles_that_never_hold_on_the_same_day_do_not_meet(town: Peopled) -> None:
    today = NOW.date()
    soon = replace(REKTOR_OF_A1, last_day=today + timedelta(days=9))
    later = replace(POLITICIAN, first_day=today + timedelta(days=10))
    people.end_role(town.app, ADMIN, KOMMUN, 3)
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, soon)
    assert contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, later) == ()
    people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, later)
    assert closed(town) == {}
    assert contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, POLITICIAN)


def test_an_ended_role_closes_nothing_more(town: Peopled) -> None:
    number = people.give_role(town.app, ADMIN, KOMMUN, JOAR.subject, POLITICIAN)
    people.end_role(town.app, ADMIN, KOMMUN, number)
    assert closed(town) == {}


def test_only_who_gives_roles_asks_and_what_cannot_be_given_is_refused(town: Peopled) -> None:
    auditor = Actor("p:revisor", "Revisorn", (grant("revisor"),))
    with pytest.raises(ForbiddenError):
        contradictions(town.app, auditor, KOMMUN, JOAR.subject, POLITICIAN)
    with pytest.raises(RoleNotGivableError):
        contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, role("ordforande"))
    with pytest.raises(RoleDaysError):
        contradictions(town.app, ADMIN, KOMMUN, JOAR.subject, replace(POLITICIAN, first_day=date(2020, 1, 1)))
