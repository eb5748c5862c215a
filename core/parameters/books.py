"""The books of a model: the decided budget, what changed it in the year, and what lies beside the lines. In kronor."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Literal

from pydantic import model_validator

from core.base import Kostnadsslag  # noqa: TC001 - the same
from core.parameters.parts import Figure, Name, Reference, Strict
from core.parameters.step import Enum

FRAMES = frozenset({"tillaggsbudget", "overskott", "underskott"})
"""Kinds that change the decided budget: they stand beside it, not beside the lines."""
DATED = FRAMES | {"riktat_statsbidrag"}
"""Kinds that say from when they hold, and by which decision."""


class BookTerm(Strict):
    """A named term of the books: a decided amount, or what the lines of a kostnadsslag sum to.

    ``of_lines`` with ``sign: minus`` is an income such as momsersättning. A tilläggsbudget, and a surplus or deficit
    carried over, add to (a deficit takes from) the decided budget from ``valid_from``; a targeted state grant is a
    term beside the lines, with ``sign: minus`` as the income it is.
    """

    term: Name
    label: str
    kind: Literal[
        "central",
        "reserve",
        "momsersattning",
        "riktat_statsbidrag",
        "overskott",
        "underskott",
        "tillaggsbudget",
        "interkommunal_ersattning",
        "other",
    ]
    amount: Figure | None = None
    of_lines: Annotated[Kostnadsslag, Enum] | None = None
    sign: Literal["plus", "minus"] = "plus"
    valid_from: dt.date | None = None
    reference: Reference | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> BookTerm:
        if (self.amount is None) == (self.of_lines is None):
            msg = "en bokterm har antingen amount eller of_lines"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _dated(self) -> BookTerm:
        if self.kind in DATED and (self.amount is None or self.valid_from is None or self.reference is None):
            msg = f"en bokterm av slaget {self.kind} har amount, valid_from och reference (beslutet)"
            raise ValueError(msg)
        if self.kind in FRAMES and self.sign == "minus":
            msg = "en ram skrivs utan sign: ett underskott dras av, övriga läggs till"
            raise ValueError(msg)
        return self

    @property
    def is_frame(self) -> bool:
        """Whether the term changes the decided budget, rather than standing beside the lines."""
        return self.kind in FRAMES

    @property
    def is_taken(self) -> bool:
        """Whether the term is counted below zero on its side."""
        return self.sign == "minus" or self.kind == "underskott"

    @property
    def named(self) -> str:
        """The label with its decision's day and paragraph, where it is dated."""
        if self.kind not in DATED or self.reference is None:
            return self.label
        said = [str(self.reference.date or self.valid_from), self.reference.paragraph]
        return f"{self.label}, {' '.join(one for one in said if one)}"


class Books(Strict):
    """The decided budget and the terms beside the lines that together make it up, in kronor."""

    decided: Figure
    reference: Reference
    terms: list[BookTerm]

    @model_validator(mode="after")
    def _named_once(self) -> Books:
        names = [one.term for one in self.terms]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"posten {', '.join(twice)} står två gånger i böckerna. Ge en av dem ett annat namn"
            raise ValueError(msg)
        return self
