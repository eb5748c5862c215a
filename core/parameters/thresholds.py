"""Below which numbers a figure is not printed, as dated data: ``data/parameters/trosklar.yaml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import Annotated

from pydantic import Field

from core.base import CoreError, Sentence
from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part


class ThresholdUndatedError(CoreError):
    """No threshold is in force on the day asked for."""

    def __init__(self, name: str, day: dt.date) -> None:
        self.name, self.day = name, day
        super().__init__(
            Sentence(
                "Tröskeln {name} saknar värde den {day}, så inget kan skrivas ut. Lägg till ett daterat värde med "
                "hänvisning i data/parameters/trosklar.yaml.",
                name=name,
                day=day,
            )
        )


class Threshold(Strict):
    """From ``valid_from``, a figure that rests on fewer than ``fewest`` is not printed."""

    valid_from: dt.date
    fewest: Annotated[int, Field(ge=2)]
    reference: Reference


class ThresholdTable(Strict):
    """The whole file."""

    individual_support: list[Threshold]

    def individual_support_on(self, day: dt.date) -> Threshold:
        """Return the threshold of individual support in force on ``day``; raises ``ThresholdUndatedError``."""
        begun = [one for one in self.individual_support if one.valid_from <= day]
        if not begun:
            raise ThresholdUndatedError("individual_support", day)
        return max(begun, key=lambda one: one.valid_from)


def read_thresholds(text: str, file: str) -> ThresholdTable:
    """Return the table written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    return read_part(text, file, ThresholdTable)[0]


@cache
def load_thresholds() -> ThresholdTable:
    """Return the thresholds that come with the program, read once."""
    path = PARAMETERS_FOLDER / "trosklar.yaml"
    return read_thresholds(path.read_text(encoding="utf-8"), path.name)
