"""How long records are kept and what happens then, as dated data: ``data/parameters/gallring.yaml``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, ParametersFaultyError, fault_at, read_part

MONTHS = 12
RecordClass = Literal[
    "draft_runs", "turned_down", "enrolments", "referens", "case_amounts", "staff", "batch_issues", "questions",
    "batch_reasons", "payment_reasons", "spoken_reasons", "looks", "invitations", "logins", "accounts",
]  # fmt: skip
Happens = Literal["rows", "text", "payload"]


class RetentionRule(Strict):
    """What is kept for ``keep_months`` from the day that ``counted_from`` says, and what is erased then."""

    record_class: RecordClass = Field(alias="class")
    label: str
    keep_months: Annotated[int, Field(ge=1, le=1200)]
    counted_from: str
    happens: Happens
    why: str
    reference: Reference

    def until(self, today: dt.date) -> dt.date:
        """Return the last day that is due on ``today``: what counts from then or earlier is kept no longer."""
        month = today.year * MONTHS + today.month - 1 - self.keep_months
        year, number = divmod(month, MONTHS)
        day = today.day
        while True:
            try:
                return dt.date(year, number + 1, day)
            except ValueError:  # the month is shorter
                day -= 1


class Kept(Strict):
    """What is never erased."""

    what: str
    why: str


class RetentionBook(Strict):
    """The whole file, the classes in the order in which they are carried out."""

    valid_from: dt.date
    reference: Reference
    rules: list[RetentionRule]
    kept: list[Kept]


def read_retention(text: str, file: str) -> RetentionBook:
    """Return the book written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    book, lined = read_part(text, file, RetentionBook)
    classes = [rule.record_class for rule in book.rules]
    faults = [
        fault_at(
            file, lined.line_of(("rules", place, "class")), "class", ("rules", place, "class"),
            f"klassen ”{one}” står två gånger. Ta bort den ena raden.",
        )
        for place, one in enumerate(classes)
        if one in classes[:place]
    ]  # fmt: skip
    if faults:
        raise ParametersFaultyError(file, faults)
    return book


@cache
def load_retention() -> RetentionBook:
    """Return the book that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "gallring.yaml"
    return read_retention(path.read_text(encoding="utf-8"), path.name)
