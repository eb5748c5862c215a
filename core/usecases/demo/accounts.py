"""Who has an account in Lindvik: the personas with their roles, a second systemförvaltare, and what pages should show.

A persona's subject is its key, which no login provider can give: nobody logs in as one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.usecases import invitations, people
from core.usecases.operators import OPERATOR
from core.usecases.people_views import Person
from core.usecases.personas import personas
from core.usecases.role_days import NewRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store import UnitOfWork
    from core.usecases.context import App

ISSUER = "demo"
PUBLIC = "medborgare"
OPENED_AT = datetime(2026, 1, 7, 9, tzinfo=UTC)
CHANGED_AT = datetime(2026, 8, 14, 12, tzinfo=UTC)
INVITED_AT = datetime(2026, 11, 18, 13, tzinfo=UTC)
ADMINISTRATOR = "systemforvaltare"
SECOND = Person("systemforvaltare_2", ISSUER, "systemforvaltare_2", "Runar Vidsjö")
LAST_DAYS = {("rektor_forskolor", "F03"): date(2026, 12, 18)}
"""A headship that is held for somebody else for a time."""


def is_open(work: UnitOfWork, kommun: str) -> bool:
    """Say whether the last that this module does is done."""
    return bool(work.people.invitations(kommun))


def let_in(app: App, kommun: str) -> None:
    """Give the personas their accounts and roles, once; what is done already stays as it is."""
    founder = _administrator(f"{OPERATOR}:demo", "demo", kommun)
    embla = _administrator(ADMINISTRATOR, ADMINISTRATOR, kommun)
    with app.reading(founder) as work:
        if is_open(work, kommun):
            return
        held = {(one.subject, one.role, one.scope_id): one for one in work.people.grants(kommun)}
    opening, then = _at(app, OPENED_AT), _at(app, CHANGED_AT)
    for person, roles in _everybody(kommun):
        people.make_account(opening, founder, kommun, person)
        for one in roles:
            if (person.subject, one.role, one.scope_id) not in held:
                people.give_role(opening, founder, kommun, person.subject, one)
    former = held.get(("handlaggare", "controller", kommun))
    if former is None or former.ended_at is None:  # somebody who has changed work
        role = NewRole(role="controller", scope_kind="kommun", scope_id=kommun)
        number = former.number if former else people.give_role(opening, embla, kommun, "handlaggare", role)
        people.end_role(then, embla, kommun, number)
    if ("rektor_forskolor", "rektor", "F05") not in held:
        coming = NewRole(role="rektor", scope_kind="enhet", scope_id="F05", first_day=date(2027, 1, 1))
        people.give_role(then, embla, kommun, "rektor_forskolor", coming)
    new = NewRole(role="rektor", scope_kind="enhet", scope_id="G04", first_day=date(2027, 1, 11))
    invitations.invite(_at(app, INVITED_AT), embla, kommun, "Nora Fjällvide", new)


def _everybody(kommun: str) -> Iterator[tuple[Person, list[NewRole]]]:
    for persona in personas():
        if persona.key != PUBLIC:
            roles = [
                NewRole(role=one.role, scope_kind=one.scope_kind, scope_id=one.scope_id,
                        last_day=LAST_DAYS.get((persona.key, one.scope_id)))
                for one in persona.actor.roles
            ]  # fmt: skip
            yield Person(persona.key, ISSUER, persona.key, persona.display_name), roles
    yield SECOND, [NewRole(role=ADMINISTRATOR, scope_kind="kommun", scope_id=kommun)]


def _administrator(subject: str, name: str, kommun: str) -> Actor:
    return Actor(subject, name, (Grant(ADMINISTRATOR, "kommun", kommun, kommun),))


def _at(app: App, moment: datetime) -> App:
    return replace(app, clock=lambda: moment)
