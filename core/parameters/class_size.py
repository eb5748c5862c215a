"""How many elever a class holds and what one more class costs: the kommun's rule of thumb, as dated data."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import Annotated

from pydantic import Field

from core.base import Verksamhet, kronor
from core.parameters.parts import Figure, Reference, Strict
from core.parameters.step import Enum
from core.parameters.strict import PARAMETERS_FOLDER, read_part


class ClassSize(Strict):
    """From ``valid_from``: at most ``most`` elever of an årskurs in a class, and kronor a year for one class more."""

    valid_from: dt.date
    verksamheter: list[Annotated[Verksamhet, Enum]]
    most: int = Field(ge=1, le=100)
    class_cost: Figure
    reference: Reference

    @property
    def class_cost_ore(self) -> int:
        """What one class more costs a year, in öre."""
        return kronor(self.class_cost)

    def classes(self, elever: int) -> int:
        """Return how many classes so many elever of an årskurs make."""
        return -(-elever // self.most)


class ClassSizes(Strict):
    """The whole file."""

    class_sizes: list[ClassSize]

    def on(self, day: dt.date, verksamhet: str) -> ClassSize | None:
        """Return what holds for a verksamhet on ``day``; ``None`` where there is no rule of thumb."""
        known = [one for one in self.class_sizes if one.valid_from <= day and verksamhet in one.verksamheter]
        return max(known, key=lambda one: one.valid_from, default=None)


@cache
def load_class_sizes() -> ClassSizes:
    """Return the rules of thumb that come with the program, read once."""
    path = PARAMETERS_FOLDER / "klassgrans.yaml"
    sizes, _ = read_part(path.read_text(encoding="utf-8"), path.name, ClassSizes)
    return sizes
