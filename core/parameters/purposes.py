"""Why rows of elever may be looked at, and which of them are never listed: ``data/parameters/andamal.yaml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import Annotated

from pydantic import Field

from core.base import CoreError, Sentence
from core.parameters.parts import Category, Name, Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part

FLAG = "flag"


class PurposeMissingError(CoreError):
    """Rows of elever were asked for without a purpose from the list."""

    def __init__(self, purpose: str, known: tuple[str, ...]) -> None:
        self.purpose, self.known = purpose, known
        said = (
            Sentence("Ändamålet ”{purpose}” finns inte", purpose=purpose[:40])
            if purpose
            else Sentence("Ändamålet saknas")
        )
        super().__init__(
            Sentence(
                "{said}. Säg varför raderna behövs innan de visas: välj ett av {known}.",
                said=said,
                known=", ".join(known),
            )
        )


class Purpose(Strict):
    """A purpose in force from ``valid_from`` until the day before ``valid_to``."""

    purpose: Name
    label: str
    valid_from: dt.date
    valid_to: dt.date | None = None


class ListedFlags(Strict):
    """Flags that are no sensitive data, so that rows behind them may be listed."""

    reference: Reference
    flags: list[Name]


class PurposeBook(Strict):
    """The whole file."""

    reference: Reference
    same_look_minutes: Annotated[int, Field(ge=0, le=24 * 60)]
    purposes: list[Purpose]
    listed_flags: ListedFlags

    def on(self, day: dt.date) -> tuple[Purpose, ...]:
        """Return the purposes in force on ``day``, in the order of the file."""
        return tuple(
            one for one in self.purposes if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
        )

    def must_hold(self, purpose: str, day: dt.date) -> None:
        """Return if ``purpose`` is in force on ``day``; raises ``PurposeMissingError`` naming those that are."""
        known = tuple(one.purpose for one in self.on(day))
        if purpose not in known:
            raise PurposeMissingError(purpose, known)

    def may_list(self, category: Category) -> bool:
        """Say whether rows may be chosen by what the category asks of them: by no flag that is sensitive data."""
        asked = [one for one in category.where if one.field == FLAG]
        flags = [[one.equals] if one.equals is not None else one.one_of for one in asked]
        return all(some is not None and set(some) <= set(self.listed_flags.flags) for some in flags)


def read_purposes(text: str, file: str) -> PurposeBook:
    """Return the book written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    return read_part(text, file, PurposeBook)[0]


@cache
def load_purposes() -> PurposeBook:
    """Return the book that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "andamal.yaml"
    return read_purposes(path.read_text(encoding="utf-8"), path.name)
