"""How far back a correction of counts is paid as it is found, as dated data: ``data/parameters/rattelser.yaml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import Annotated

from pydantic import Field

from core.base import CoreError, Sentence
from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part


class CorrectionWindowUndatedError(CoreError):
    """No window is in force on the day asked for."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        super().__init__(
            Sentence(
                "Hur långt tillbaka rättelser betalas saknar värde den {day}. Lägg till ett daterat värde med "
                "hänvisning i data/parameters/rattelser.yaml.",
                day=day,
            )
        )


class CorrectionWindow(Strict):
    """From ``valid_from``, corrections of counts at most ``months`` back are paid as they are found."""

    valid_from: dt.date
    months: Annotated[int, Field(ge=0, le=12)]
    reference: Reference


class CorrectionTable(Strict):
    """The whole file."""

    months_back: list[CorrectionWindow]

    def months_back_on(self, day: dt.date) -> CorrectionWindow:
        """Return the window in force on ``day``; raises ``CorrectionWindowUndatedError``."""
        begun = [one for one in self.months_back if one.valid_from <= day]
        if not begun:
            raise CorrectionWindowUndatedError(day)
        return max(begun, key=lambda one: one.valid_from)


def read_correction_window(text: str, file: str) -> CorrectionTable:
    """Return the table written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    return read_part(text, file, CorrectionTable)[0]


@cache
def load_correction_window() -> CorrectionTable:
    """Return the window that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "rattelser.yaml"
    return read_correction_window(path.read_text(encoding="utf-8"), path.name)
