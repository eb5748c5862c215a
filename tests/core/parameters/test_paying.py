"""The days that money and appeals hang on are dated data, and fall on days when somebody is there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import Month
from core.parameters import load_holidays
from core.parameters.paying import PayingUndatedError, appeal_terms_on, payment_terms_on, voucher_terms_on

HOLIDAYS = load_holidays()
months = st.builds(Month, st.integers(2024, 2027), st.integers(1, 12))
days = st.dates(date(2024, 1, 1), date(2027, 11, 30))


@given(months)
def test_a_month_is_paid_on_the_banking_day_on_or_before_its_day(month: Month) -> None:
    terms = payment_terms_on(month.first_day)
    paid = terms.pay_on(month, HOLIDAYS)
    assert paid <= month.first_day.replace(day=terms.pay_day)
    assert paid.weekday() < 5
    assert paid not in HOLIDAYS
    assert Month.of(paid) == month
    assert terms.object_until(paid) > paid


@given(days)
def test_the_time_to_appeal_is_at_least_three_weeks_and_ends_on_a_weekday(delivered: date) -> None:
    last = appeal_terms_on(delivered).last_day(delivered, HOLIDAYS)
    assert timedelta(weeks=3) <= last - delivered <= timedelta(weeks=3, days=6)
    assert last.weekday() < 5
    assert last not in HOLIDAYS


@pytest.mark.parametrize(
    ("month", "paid"),
    [
        (Month(2026, 2), date(2026, 2, 20)),
        (Month(2026, 6), date(2026, 6, 18)),  # the 20th is a Saturday, and the day before is midsommarafton
        (Month(2026, 9), date(2026, 9, 18)),  # a Sunday
    ],
)
def test_days_as_the_calendar_has_them(month: Month, paid: date) -> None:
    assert payment_terms_on(month.first_day).pay_on(month, HOLIDAYS) == paid


@pytest.mark.parametrize("terms_on", [payment_terms_on, voucher_terms_on, appeal_terms_on])
def test_a_day_before_the_first_value_is_refused_with_the_file_to_mend(terms_on: object) -> None:
    with pytest.raises(PayingUndatedError, match=r"data/parameters/.*\.yaml"):
        terms_on(date(2019, 12, 31))  # type: ignore[operator]
