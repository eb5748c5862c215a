"""What a person may be called in our tables: a name, never an address or an identity number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence
from core.usecases.operators import person_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.store import AccountRecord

LONGEST = 100
_DIGITS = re.compile(r"\d{6}")


class PersonNameError(CoreError):
    """The name is empty, too long, or something else than a name."""

    def __init__(self, why: str) -> None:
        super().__init__(
            Sentence("Namnet {why}. Skriv för- och efternamn, utan e-postadress och personnummer.", why=why)
        )


def clean_name(said: str) -> str:
    """Return a name without space around it; raises ``PersonNameError``."""
    name = " ".join(said.split())
    if not name:
        raise PersonNameError(Sentence("är tomt"))
    if len(name) > LONGEST:
        raise PersonNameError(Sentence("är längre än {longest} tecken", longest=LONGEST))
    if "@" in name or _DIGITS.search(name) or not name.isprintable():
        raise PersonNameError(Sentence("ser inte ut som ett namn"))
    return name


def name_or(said: str, otherwise: str) -> str:
    """Return what the login provider calls a person, or ``otherwise`` when that is no name (some send an address)."""
    try:
        return clean_name(said)
    except PersonNameError:
        return clean_name(otherwise)


def names_of(accounts: Iterable[AccountRecord]) -> dict[str, str]:
    """Return the names by subject."""
    return {one.subject: one.name for one in accounts}


def called(subject: str, names: dict[str, str]) -> str:
    """Return what a reader calls whoever did something: a person, or the command line under the name that was given."""
    named = person_of(subject)
    if named is not None:
        return f"Kommandoraden ({named})" if named else "Kommandoraden"
    return names.get(subject, subject)
