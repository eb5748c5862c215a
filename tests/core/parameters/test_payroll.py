from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from core.parameters.payroll import PayrollTable, PayrollUndatedError, load_payroll
from core.parameters.strict import read_part

TWO = """
employer_share:
  - {valid_from: 2009-01-01, share: "0.3142", reference: {kind: law, title: socialavgiftslagen}}
  - {valid_from: 2027-01-01, share: "0.32", reference: {kind: law, title: socialavgiftslagen}}
"""


def test_the_share_that_comes_with_the_program_is_the_one_in_law() -> None:
    share = load_payroll().employer_share_on(date(2026, 11, 22))
    assert share == Fraction(3142, 10_000)
    assert all(one.reference.kind == "law" for one in load_payroll().employer_share)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2009, 1, 1), "0.3142"), (date(2026, 12, 31), "0.3142"), (date(2027, 1, 1), "0.32")],
)
def test_a_new_share_holds_from_its_first_day(day: date, expected: str) -> None:
    table, _ = read_part(TWO, "personalkostnad.yaml", PayrollTable)
    assert table.employer_share_on(day) == Fraction(expected)


def test_a_day_before_the_first_share_says_where_to_add_one() -> None:
    table, _ = read_part(TWO, "personalkostnad.yaml", PayrollTable)
    with pytest.raises(PayrollUndatedError, match=r"2008-12-31.*personalkostnad\.yaml") as found:
        table.employer_share_on(date(2008, 12, 31))
    assert found.value.day == date(2008, 12, 31)
