"""The operator of the command line: an actor like any other, controller and förvaltningschef in one kommun.

Who can reach the database by command can carry out what the kommun has decided; each act is in the audit chain.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import NOBODY, Actor, Grant
from core.base import CoreError
from core.usecases.context import NoSuchKommunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.usecases.context import App

OPERATOR = "kommandorad"


class KommunNotChosenError(CoreError):
    """The database holds several kommuner and none was named."""

    def __init__(self, kommuner: Sequence[str]) -> None:
        self.kommuner = tuple(kommuner)
        super().__init__(f"Databasen har flera kommuner: {', '.join(kommuner)}. Välj en med --kommun.")


class NameMissingError(CoreError):
    """Nobody was named as who does it."""

    def __init__(self) -> None:
        super().__init__("Skriv vem som gör det, till exempel --by anna. Två olika namn behövs för fyra ögon.")


def operator_of(app: App, kommun: str | None = None) -> Actor:
    """Return the operator of ``kommun``, or of the only kommun in the database.

    Raises ``NoSuchKommunError`` and ``KommunNotChosenError``.
    """
    with app.reading(NOBODY) as work:
        known = {one.kommun: one.name for one in work.kommuner.list()}
    if kommun is None and len(known) > 1:
        raise KommunNotChosenError(sorted(known))
    chosen = next(iter(known), None) if kommun is None else kommun
    if chosen is None or chosen not in known:
        raise NoSuchKommunError(kommun)
    roles = (Grant(role, "kommun", chosen, chosen, known[chosen]) for role in ("controller", "forvaltningschef"))
    return Actor(OPERATOR, "Kommandoraden", tuple(roles))


def named(operator: Actor, name: str) -> Actor:
    """Return the operator as the person of that name.

    One person however the name is written: case and spaces make no second pair of eyes. Raises ``NameMissingError``.
    """
    said = " ".join(unicodedata.normalize("NFKC", name).split())
    if not said:
        raise NameMissingError
    return replace(operator, subject=f"{operator.subject}:{said.casefold()}", display_name=said)


def administering(operator: Actor) -> Actor:
    """Return the operator with the role systemförvaltare alone: who reaches the database by command makes the first."""
    (kommun,) = operator.kommuner
    return replace(operator, roles=(Grant("systemforvaltare", "kommun", kommun, kommun),))


def person_of(subject: str) -> str | None:
    """Return the name behind a subject of the command line ("" when none was given), None for any other subject."""
    operator, _, name = subject.partition(":")
    return name if operator == OPERATOR else None
