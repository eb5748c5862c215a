from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import CalendarUndatedError, ParametersFaultyError, counting_day, load_holidays, ordinary_weekday
from core.parameters.holidays import read_holidays
from tests.support.cases import cases

YEARS = range(2023, 2029)
HEAD = "valid_from: 2023-01-01\nvalid_to: 2025-01-01\nreference: {kind: law, title: lagen}\nholidays:\n"


def easter_sunday(year: int) -> date:
    """Return Easter by Carl Friedrich Gauss's rule, written otherwise than the table was made."""
    golden = year % 19
    century = year // 100
    moon = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    weekday = (4 + century - century // 4) % 7
    full = (19 * golden + moon) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * full + weekday) % 7
    if (full, sunday) == (29, 6) or ((full, sunday) == (28, 6) and (11 * moon + 11) % 30 < 19):
        sunday -= 7
    return date(year, 3, 22) + timedelta(days=full + sunday)


def saturday_from(day: date) -> date:
    return next(day + timedelta(days=number) for number in range(7) if (day + timedelta(days=number)).weekday() == 5)


def by_law(year: int) -> set[date]:
    """Return the thirteen days that lagen (1989:253) 1 § names, beside Sundays."""
    easter = easter_sunday(year)
    fixed = {date(year, month, day) for month, day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26))}
    moving = {easter + timedelta(days=days) for days in (-2, 0, 1, 39, 49)}
    return fixed | moving | {saturday_from(date(year, 6, 20)), saturday_from(date(year, 10, 31))}


@pytest.mark.parametrize("year", YEARS)
def test_the_table_holds_the_days_of_the_law_and_no_others(year: int) -> None:
    assert {day for day in load_holidays() if day.year == year} == by_law(year)


def test_the_table_ends_where_it_says() -> None:
    assert {day.year for day in load_holidays()} == set(YEARS)


@pytest.mark.parametrize("case", cases("parameters/counting_days"), ids=lambda case: case["name"])
def test_the_counting_day_is_as_the_table_says(case: dict[str, Any]) -> None:
    found = counting_day(case["year"], case["month"], case["day"], case["fallback"], load_holidays())
    assert found == case["expect"]


@given(st.dates(date(2023, 1, 2), date(2028, 12, 31)))
def test_a_counting_day_is_an_ordinary_weekday_with_none_between(day: date) -> None:
    holidays = load_holidays()
    found = counting_day(day.year, day.month, day.day, "weekday_before", holidays)
    assert ordinary_weekday(found, holidays)
    between = [found + timedelta(days=number) for number in range(1, (day - found).days + 1)]
    assert not any(ordinary_weekday(other, holidays) for other in between)


def test_a_year_outside_the_table_is_refused_with_what_to_do() -> None:
    with pytest.raises(CalendarUndatedError, match=r"Helgdagarna för 2029 saknas.*helgdagar\.yaml") as raised:
        counting_day(2029, 3, 15, "weekday_before", load_holidays())
    assert raised.value.year == 2029


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("  - {date: 2023-01-01, name: nyårsdagen}\n", [(4, "2024 saknar helgdagar.")]),
        (
            "  - {date: 2023-01-01, name: a}\n  - {date: 2023-01-01, name: b}\n  - {date: 2024-01-01, name: c}\n",
            [(6, "2023-01-01 står två gånger.")],
        ),
        (
            "  - {date: 2023-01-01, name: a}\n  - {date: 2024-01-01, name: b}\n  - {date: 2025-01-01, name: c}\n",
            [(7, "2025-01-01 ligger utanför tabellens tid.")],
        ),
        ("  - {date: 2023-01-01, namn: a}\n", [(5, "nyckeln ”name” saknas."), (5, "nyckeln ”namn” finns inte här.")]),
    ],
)
def test_a_faulty_table_names_line_and_remedy(rows: str, faults: list[tuple[int, str]]) -> None:
    with pytest.raises(ParametersFaultyError) as raised:
        read_holidays(HEAD + rows, "helgdagar.yaml")
    found = [(issue.row, issue.message) for issue in raised.value.issues]
    assert len(found) == len(faults)
    for (line, said), (row, text) in zip(found, faults, strict=True):
        assert line == row
        assert said.startswith(text)
