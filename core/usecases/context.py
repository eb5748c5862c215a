"""What every use case is given: the way to the database, the clock, the holiday table, the key.

Nothing here is global; ``core.bootstrap`` builds one ``App`` and tests build their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Resource, may, require
from core.base import CoreError, Sentence
from core.store import Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from pathlib import Path

    from core.access import Actor
    from core.parameters.roles import Action
    from core.store import RunUnitRecord, UnitOfWork
    from core.store.records import UnitRecord


@dataclass(frozen=True, slots=True)
class App:
    """The program, wired once.

    ``reading`` and ``writing`` open a unit of work that reaches as far as the actor's roles; ``clock`` gives the
    moment (UTC); ``pseudonym_key`` the key of the pseudonyms; ``version`` the code's own version, recorded beside runs.
    """

    reading: Callable[[Actor], UnitOfWork]
    writing: Callable[[Actor], UnitOfWork]
    clock: Callable[[], datetime]
    holidays: frozenset[date]
    pseudonym_key: Callable[[], bytes]
    data_folder: Path
    version: str


def reach_of(actor: Actor) -> Reach:
    """Return how far the store may be asked on behalf of ``actor``."""
    return Reach(actor.kommuner, actor.subject)


class NoSuchKommunError(CoreError):
    """The viewer has no kommun to look at, or names one that is not there."""

    def __init__(self, kommun: str | None) -> None:
        self.kommun = kommun
        what = (
            Sentence("Kommunen {kommun} finns inte i databasen.", kommun=kommun)
            if kommun
            else Sentence("Databasen innehåller ingen kommun än.")
        )
        super().__init__(
            Sentence("{what} Läs in demokommunen (python -m core demo) eller lägg upp kommunen.", what=what)
        )


def kommun_of(viewer: Actor) -> str:
    """Return the kommun whose books the viewer looks at: the first of those granted."""
    kommuner = sorted(viewer.kommuner)
    if not kommuner:
        raise NoSuchKommunError(None)
    return kommuner[0]


def must(viewer: Actor, action: Action, kommun: str) -> None:
    """Return if the viewer may do ``action`` for the kommun as a whole; raises ``ForbiddenError``."""
    require(viewer, action, Resource("kommun", kommun))


def matter(kommun: str, huvudman: str, enheter: Iterable[str]) -> tuple[Resource, ...]:
    """Return what a decision or payment is about, as access sees it: its huvudman and each of its enheter.

    Whoever is disqualified by jäv in one of them is disqualified in the whole.
    """
    about = Resource("matter", kommun, None, huvudman)
    return (about, *(Resource("matter", kommun, enhet, huvudman) for enhet in sorted(enheter)))


def must_in(viewer: Actor, action: Action, about: Iterable[Resource]) -> None:
    """Return if the viewer may do ``action`` to every part of a matter; raises ``ForbiddenError``."""
    for resource in about:
        require(viewer, action, resource)


def may_in(viewer: Actor, action: Action, about: Iterable[Resource]) -> bool:
    """Say whether the viewer may do ``action`` to every part of a matter."""
    return all(may(viewer, action, resource).allowed for resource in about)


def unit_resource(kommun: str, unit: UnitRecord | RunUnitRecord, verksamhet: str | None = None) -> Resource:
    """Return a unit as access sees it: all of its verksamheter, or the one that the question is about.

    The only place, with the next, that makes a question about an enhet: none forgets what a grant may be over.
    """
    asked = unit.verksamheter if verksamhet is None else (verksamhet,)
    return Resource("enhet", kommun, unit.enhet, unit.huvudman, unit.omrade, unit.name, tuple(asked))


def unknown_unit(kommun: str, enhet: str) -> Resource:
    """Return a unit that no register knows as access sees it: only a grant over the unit itself or more holds it."""
    return Resource("enhet", kommun, enhet)
