from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import NotANumberError, NotWholeOreError, format_kr, format_number, kronor, read_number
from tests.support.cases import cases

ERRORS = {
    "NotANumberError": NotANumberError,
    "NotWholeOreError": NotWholeOreError,
}
NBSP = "\u00a0"


@pytest.mark.parametrize("case", cases("base/money"), ids=lambda case: case["name"])
def test_kronor_are_read_and_written_as_the_table_says(case: dict[str, Any]) -> None:
    if "raises" in case:
        with pytest.raises(ERRORS[case["raises"]]) as raised:
            kronor(case["text"])
        assert vars(raised.value)["text"] == case["text"]
        assert "Skriv" in str(raised.value) or "Ange" in str(raised.value)
    else:
        assert kronor(case["text"]) == case["ore"]
        assert format_kr(case["ore"]).replace(NBSP, " ") == case["shown"]


@given(st.integers(-(10**12), 10**12))
def test_an_amount_written_and_read_again_is_the_same(ore: int) -> None:
    for decimals in (None, True):
        assert kronor(format_kr(ore, decimals=decimals).removesuffix("kr")) == ore


@given(st.integers(-(10**12), 10**12))
def test_whole_kronor_are_rounded_half_away_from_zero(ore: int) -> None:
    whole = (abs(ore) + 50) // 100
    shown = kronor(format_kr(ore, decimals=False).removesuffix("kr"))
    assert shown == (whole if ore >= 0 else -whole) * 100


def test_less_than_half_a_krona_below_zero_is_shown_without_a_minus() -> None:
    assert format_kr(-40, decimals=False) == f"0{NBSP}kr"
    assert format_kr(-50, decimals=False) == f"−1{NBSP}kr"


@given(st.fractions(max_denominator=9999))
def test_a_number_is_written_within_half_of_its_last_decimal(value: Fraction) -> None:
    assert abs(read_number(format_number(value)) - value) <= Fraction(1, 20_000)


def test_trailing_zeros_are_dropped_and_places_can_be_none() -> None:
    assert format_number(Fraction(5, 2)) == "2,5"
    assert format_number(Fraction(5, 2), places=0) == "3"
    assert format_number(Fraction(-1, 10**9)) == "0"
    assert format_number(Fraction(1234567)) == f"1{NBSP}234{NBSP}567"


@given(st.text(max_size=12))
def test_a_text_is_a_number_or_refused_by_name(text: str) -> None:
    try:
        read_number(text)
    except NotANumberError as error:
        assert error.text == text  # noqa: PT017 - either outcome is right, neither is a crash
