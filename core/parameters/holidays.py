"""Swedish public holidays as dated data, and the counting day that a rule's fallback gives.

A year outside the table is refused: counting on a holiday nobody listed would be a plausible
wrong answer. Source: lagen (1989:253) om allmänna helgdagar, ``data/parameters/helgdagar.yaml``.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Literal

from core.base import CoreError, Month, Sentence
from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, ParametersFaultyError, fault_at, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.check import Fault

SATURDAY = 5


class CalendarUndatedError(CoreError):
    """The holiday table does not reach the year asked for."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            Sentence(
                "Helgdagarna för {year} saknas, så mätdagen kan inte bestämmas. Lägg till årets helgdagar i "
                "data/parameters/helgdagar.yaml och flytta valid_to.",
                year=year,
            )
        )


class Holiday(Strict):
    """One day and its name in the law."""

    date: dt.date
    name: str


class HolidayTable(Strict):
    """The whole file: complete for every calendar year from ``valid_from`` up to ``valid_to``."""

    valid_from: dt.date
    valid_to: dt.date
    reference: Reference
    holidays: list[Holiday]


def read_holidays(text: str, file: str) -> HolidayTable:
    """Return the table written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    table, lined = read_part(text, file, HolidayTable)
    faults = list(_faults(table))
    if faults:
        found = [fault_at(file, lined.line_of(path), "helgdagar", path, text) for path, text in faults]
        raise ParametersFaultyError(file, found)
    return table


def _faults(table: HolidayTable) -> Iterator[Fault]:
    seen: set[dt.date] = set()
    for place, day in enumerate(table.holidays):
        if day.date in seen:
            yield ("holidays", place), f"{day.date} står två gånger. Ta bort en av raderna."
        if not table.valid_from <= day.date < table.valid_to:
            yield (
                ("holidays", place),
                f"{day.date} ligger utanför tabellens tid. Rätta dagen eller valid_to.",
            )
        seen.add(day.date)
    years = {day.year for day in seen}
    for year in range(table.valid_from.year, table.valid_to.year):
        if year not in years:
            yield ("holidays",), f"{year} saknar helgdagar. Lägg till årets dagar eller flytta valid_to."


@cache
def load_holidays() -> frozenset[dt.date]:
    """Return the public holidays that come with the program, read once."""
    path = PARAMETERS_FOLDER / "helgdagar.yaml"
    table = read_holidays(path.read_text(encoding="utf-8"), path.name)
    return frozenset(day.date for day in table.holidays)


def ordinary_weekday(day: dt.date, holidays: frozenset[dt.date]) -> bool:
    """Say whether ``day`` is a Monday–Friday and no holiday; raises ``CalendarUndatedError``."""
    if not any(holiday.year == day.year for holiday in holidays):
        raise CalendarUndatedError(day.year)
    return day.weekday() < SATURDAY and day not in holidays


def counting_day(
    year: int, month: int, day: int, fallback: Literal["none", "weekday_before"], holidays: frozenset[dt.date]
) -> dt.date:
    """Return the day that counts in a month: ``day``, or the month's last day when it is shorter.

    With ``weekday_before``, a day that is no ordinary weekday gives way to the nearest one before it.
    """
    chosen = dt.date(year, month, min(day, Month(year, month).days))
    while fallback == "weekday_before" and not ordinary_weekday(chosen, holidays):
        chosen -= dt.timedelta(days=1)
    return chosen
