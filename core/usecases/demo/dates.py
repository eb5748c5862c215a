"""The years of Lindvik and when its läsår begin; the register ends where the demo's today lies."""

from __future__ import annotations

from datetime import date, timedelta

from core.usecases.demo.draw import whole

YEARS = (2024, 2025, 2026)
FIRST_YEAR = 2023
"""Lives are drawn from this year's läsår on: the plan for 2024 was made on the autumn register of 2023."""
JULY = 7
REGISTER_ENDS = date(2026, 11, 1)
"""The first day nothing is known of."""
_STARTS = {
    2022: date(2022, 8, 15),
    2023: date(2023, 8, 14),
    2024: date(2024, 8, 12),
    2025: date(2025, 8, 11),
    2026: date(2026, 8, 10),
}


def lasar_starts(year: int) -> date:
    """Return the day the autumn term of ``year`` begins, always before the count on the 15th: new elever start then."""
    return _STARTS.get(year, date(year, 8, 12))


def lasar_of(day: date) -> int:
    """Return the year in which the läsår of ``day`` started: it runs from July to June."""
    return day.year if day.month >= JULY else day.year - 1


def first_of_july(year: int) -> date:
    """Return the day those who stay at their unit move up an årskurs, and those who leave have left."""
    return date(year, JULY, 1)


def day_in_lasar(year: int, *about: object) -> date:
    """Return a drawn day from September to May of the läsår that starts in ``year``."""
    first = date(year, 9, 1)
    return first + timedelta(days=whole(0, (date(year + 1, 5, 31) - first).days, "dag", year, *about))


def day_in_year(year: int, *about: object) -> date:
    """Return a drawn day of the year, outside the summer when nobody moves in a register."""
    day = whole(1, 28, "dag", year, *about)
    month = (1, 2, 3, 4, 5, 9, 10, 11)[whole(0, 7, "månad", year, *about)]
    return date(year, month, day)


def month_after(day: date, months: int) -> date:
    """Return the first day of the month ``months`` after the one ``day`` lies in."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
