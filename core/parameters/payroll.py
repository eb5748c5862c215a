"""What an employer pays on top of pay, as dated data: ``data/parameters/personalkostnad.yaml``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from fractions import Fraction  # noqa: TC003 - the same
from functools import cache

from core.base import CoreError, Sentence, read_number
from core.parameters.parts import Figure, Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part


class PayrollUndatedError(CoreError):
    """No share is in force on the day asked for."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        super().__init__(
            Sentence(
                "Arbetsgivaravgiften saknar värde den {day}. Lägg till ett daterat värde med hänvisning i "
                "data/parameters/personalkostnad.yaml.",
                day=day,
            )
        )


class EmployerShare(Strict):
    """From ``valid_from``, the employer's contributions as a share of pay."""

    valid_from: dt.date
    share: Figure
    reference: Reference


class PayrollTable(Strict):
    """The whole file."""

    employer_share: list[EmployerShare]

    def employer_share_on(self, day: dt.date) -> Fraction:
        """Return the share in force on ``day``; raises ``PayrollUndatedError``."""
        valid = [one for one in self.employer_share if one.valid_from <= day]
        if not valid:
            raise PayrollUndatedError(day)
        return read_number(max(valid, key=lambda one: one.valid_from).share)


@cache
def load_payroll() -> PayrollTable:
    """Return the table that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "personalkostnad.yaml"
    table, _ = read_part(path.read_text(encoding="utf-8"), path.name, PayrollTable)
    return table
