from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import distribute, distribute_with_remainders, half_up, round_fraction
from tests.support.cases import cases

POTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.dictionaries(st.text("abcÅåBC01", min_size=1, max_size=4), st.integers(0, 10**6), min_size=1).filter(
    lambda weights: sum(weights.values()) > 0
)


@pytest.mark.parametrize("case", cases("base/half_up"), ids=lambda case: case["name"])
def test_halves_go_away_from_zero(case: dict[str, Any]) -> None:
    assert half_up(case["numerator"], case["denominator"]) == case["expect"]


@given(st.integers(), st.integers(1))
def test_a_rounded_number_is_within_half_and_mirrors_its_negative(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert 2 * abs(rounded * denominator - numerator) <= denominator
    assert half_up(-numerator, denominator) == -rounded


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_that_is_not_positive_is_a_bug(denominator: int) -> None:
    with pytest.raises(ValueError, match="denominator"):
        half_up(1, denominator)


@given(st.fractions(), st.sampled_from([Fraction(1), Fraction(100), Fraction(10_000), Fraction(1, 3)]))
def test_a_fraction_is_rounded_to_a_multiple_of_the_step(value: Fraction, step: Fraction) -> None:
    rounded = round_fraction(value, step)
    assert (rounded / step).denominator == 1
    assert abs(rounded - value) <= step / 2


@pytest.mark.parametrize("case", cases("base/distribute"), ids=lambda case: case["name"])
def test_a_pot_is_shared_as_the_table_says(case: dict[str, Any]) -> None:
    if case.get("raises"):
        with pytest.raises(ValueError, match="weight"):
            distribute(case["pot"], case["weights"])
    else:
        assert distribute(case["pot"], case["weights"]) == case["expect"]


@given(POTS, WEIGHTS)
def test_every_ore_is_handed_out_and_none_twice(pot: int, weights: dict[str, int]) -> None:
    assert sum(distribute(pot, weights).values()) == pot


@given(POTS, WEIGHTS)
def test_no_enhet_is_a_whole_ore_from_its_exact_share(pot: int, weights: dict[str, int]) -> None:
    whole = sum(weights.values())
    for enhet, share in distribute(pot, weights).items():
        assert abs(share * whole - pot * weights[enhet]) < whole


@given(POTS, WEIGHTS)
def test_the_order_in_which_enheter_are_named_does_not_matter(pot: int, weights: dict[str, int]) -> None:
    assert distribute(pot, dict(reversed(weights.items()))) == distribute(pot, weights)


@given(POTS, WEIGHTS)
def test_equal_remainders_go_by_bytes(pot: int, weights: dict[str, int]) -> None:
    whole = sum(weights.values())
    _, extra = distribute_with_remainders(pot, weights)
    rest = {enhet: abs(pot) * weight % whole for enhet, weight in weights.items()}
    for got in (enhet for enhet in weights if extra[enhet]):
        for without in (enhet for enhet in weights if not extra[enhet]):
            assert (-rest[got], got.encode()) < (-rest[without], without.encode())


@given(POTS, WEIGHTS)
def test_remainders_are_one_ore_each_and_said_apart(pot: int, weights: dict[str, int]) -> None:
    shares, extra = distribute_with_remainders(pot, weights)
    assert shares == distribute(pot, weights)
    assert set(extra.values()) <= ({0, 1} if pot >= 0 else {0, -1})
    assert sum(bool(one) for one in extra.values()) < len(weights)
