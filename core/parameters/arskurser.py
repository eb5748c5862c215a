"""Which årskurser there are, as dated data: ``data/parameters/arskurser.yaml``.

Årskurs is a dated concept: from 1 July 2028 there is no förskoleklass, and every årskurs has another number.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import TYPE_CHECKING

from pydantic import Field

from core.base import Verksamhet  # noqa: TC001 - pydantic reads the annotation
from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, ParametersFaultyError, fault_at, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.check import Fault


class ArskurserOfForm(Strict):
    """The årskurser of a verksamhet, in order; none where the verksamhet has ceased."""

    verksamhet: Verksamhet = Field(strict=False)
    arskurser: list[str]


class ArskursPeriod(Strict):
    """What holds from a day until the next period."""

    valid_from: dt.date
    reference: Reference
    forms: list[ArskurserOfForm] = Field(min_length=1)

    def of(self, verksamhet: str) -> tuple[str, ...] | None:
        """Return the årskurser of a verksamhet; ``None`` for one that is not told of."""
        return next((tuple(one.arskurser) for one in self.forms if one.verksamhet == verksamhet), None)


class ArskursTable(Strict):
    """The whole file, periods in date order; the first holds back in time too."""

    periods: list[ArskursPeriod] = Field(min_length=1)

    def on(self, day: dt.date) -> ArskursPeriod:
        """Return the period that holds ``day``."""
        begun = [one for one in self.periods if one.valid_from <= day]
        return begun[-1] if begun else self.periods[0]


def read_arskurser(text: str, file: str) -> ArskursTable:
    """Return the table written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    table, lined = read_part(text, file, ArskursTable)
    faults = list(_faults(table))
    if faults:
        found = [fault_at(file, lined.line_of(path), "arskurser", path, text) for path, text in faults]
        raise ParametersFaultyError(file, found)
    return table


def _faults(table: ArskursTable) -> Iterator[Fault]:
    told = {one.verksamhet for one in table.periods[0].forms}
    for place, period in enumerate(table.periods):
        if place and period.valid_from <= table.periods[place - 1].valid_from:
            text = f"perioden från {period.valid_from} står inte efter den förra. Ordna dem efter dag."
            yield ("periods", place, "valid_from"), text
        if {one.verksamhet for one in period.forms} != told:
            text = "perioden nämner inte samma verksamheter som den första. En som upphör har en tom lista."
            yield ("periods", place, "forms"), text


@cache
def load_arskurser() -> ArskursTable:
    """Return the table that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "arskurser.yaml"
    return read_arskurser(path.read_text(encoding="utf-8"), path.name)
