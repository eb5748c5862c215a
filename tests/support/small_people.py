"""People of Lillby: two systemförvaltare, a controller and a newcomer, as a login provider would name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Actor
from core.access.subjects import subject_of
from core.usecases import people
from core.usecases.operators import administering, named, operator_of
from core.usecases.people_views import Person
from core.usecases.role_days import NewRole
from tests.support.small_kommun import BOTH_YEARS, KOMMUN, UNITS, founded, grant

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from core.usecases.context import App
    from tests.support.small_kommun import Lillby

ISSUER = "https://inloggning.lillby.example"


def person(key: str, name: str) -> Person:
    """Return somebody as the login provider names them."""
    return Person(subject_of(ISSUER, key), ISSUER, key, name)


EMBLA, RUNE = person("e-1", "Embla Rönnklint"), person("r-2", "Rune Bäckalg")
JOAR, NY = person("j-3", "Joar Silverhage"), person("n-4", "Nyanna Törnskata")
ADMIN = Actor(EMBLA.subject, EMBLA.name, (grant("systemforvaltare"),))
OTHER_ADMIN = Actor(RUNE.subject, RUNE.name, (grant("systemforvaltare"),))
WORKER = Actor(JOAR.subject, JOAR.name, (grant("controller"),))


def role(role: str, scope_kind: str = "kommun", scope_id: str = KOMMUN, *, last: date | None = None) -> NewRole:
    """Return a role from today."""
    return NewRole(role=role, scope_kind=scope_kind, scope_id=scope_id, last_day=last)


REKTOR_OF_A1 = role("rektor", "enhet", "A1")


@dataclass(frozen=True, slots=True)
class Peopled:
    """Lillby with its register and people; grants 1 and 2 are the administrators', 3 the controller's."""

    lillby: Lillby
    app: App
    command: Actor


def commanded(lillby: Lillby) -> Peopled:
    """Return Lillby with who has its command line."""
    return Peopled(lillby, lillby.app, administering(named(operator_of(lillby.app, KOMMUN), "drift")))


def staffed(url: str, folder: Path) -> Lillby:
    """Return Lillby with two systemförvaltare and a controller, given their roles by command."""
    lillby = founded(url, folder)
    lillby.deliver("units", UNITS, BOTH_YEARS)
    town = commanded(lillby)
    for one, code in ((EMBLA, "systemforvaltare"), (RUNE, "systemforvaltare"), (JOAR, "controller")):
        people.make_account(town.app, town.command, KOMMUN, one)
        people.give_role(town.app, town.command, KOMMUN, one.subject, role(code))
    return lillby


def peopled(url: str, folder: Path) -> Peopled:
    """Return the same with who has its command line."""
    return commanded(staffed(url, folder))
