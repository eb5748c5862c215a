from __future__ import annotations

from datetime import MAXYEAR, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import DateRange, Month, NotAMonthError, day_after, year_range

MONTHS = st.builds(Month, st.integers(1, MAXYEAR - 1), st.integers(1, 12))
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_a_month_is_read_as_written() -> None:
    month = Month.parse("2026-03")
    assert (month.year, month.number, str(month)) == (2026, 3, "2026-03")
    assert month.first_day == date(2026, 3, 1)
    assert Month.of(date(2026, 3, 31)) == month == Month.from_code(202603)
    assert month.code == 202603


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "0000-05", "9999-05", "2026-3", "202603", "2026-03-01", "", "mars"]
)
def test_what_is_not_a_month_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(NotAMonthError, match="till exempel 2026-03"):
        Month.parse(text)


def test_february_has_a_leap_day_every_fourth_year() -> None:
    assert [Month(year, 2).days for year in (2023, 2024, 2100)] == [28, 29, 28]


@given(MONTHS)
def test_the_next_month_starts_where_this_one_ends(month: Month) -> None:
    if month < Month(MAXYEAR - 1, 12):
        assert month.first_day + timedelta(days=month.days) == month.next().first_day
        assert month < month.next()


@given(DAYS, DAYS)
def test_a_range_holds_its_first_day_and_not_its_end(first: date, second: date) -> None:
    start, end = sorted((first, second))
    whole = DateRange(start, end)
    assert whole.holds(start) == (start < end)
    assert not whole.holds(end)
    assert DateRange(start).holds(end)
    assert not whole.holds(start - timedelta(days=1))


@given(DAYS, st.integers(1, 400), DAYS, st.integers(1, 400))
def test_ranges_overlap_when_some_day_lies_in_both(first: date, length: int, second: date, other: int) -> None:
    one = DateRange(first, first + timedelta(days=length))
    two = DateRange(second, second + timedelta(days=other))
    shared = any(two.holds(first + timedelta(days=number)) for number in range(length))
    assert one.overlaps(two) == two.overlaps(one) == shared


def test_a_range_without_an_end_overlaps_everything_after_it() -> None:
    assert DateRange(date(2026, 1, 1)).overlaps(DateRange(date(2030, 1, 1)))
    assert not DateRange(date(2026, 1, 1)).overlaps(DateRange(date(2025, 1, 1), date(2026, 1, 1)))


def test_the_calendar_year_ends_before_the_next() -> None:
    assert year_range(2026) == DateRange(date(2026, 1, 1), date(2027, 1, 1))
    assert day_after(date(2026, 12, 31)) == date(2027, 1, 1)
