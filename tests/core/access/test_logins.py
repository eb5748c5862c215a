from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.logins import Limits, why_not_begun, why_over

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = Limits(timedelta(hours=8), timedelta(minutes=30))
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("signed", "expires", "why"),
    [
        (-5, 55, None),
        (0, 60, None),
        (4, 64, None),
        (-9 * 60, 60, "stale"),
        (-8 * 60, 60, "stale"),
        (-90, -30, "expired"),
        (-60, 0, "expired"),
        (10, 70, "unproved"),
    ],
)
def test_a_login_never_seen_before_begins_only_while_it_is_fresh(signed: int, expires: int, why: str | None) -> None:
    assert why_not_begun(NOW + signed * MINUTE, NOW + expires * MINUTE, NOW, LIMITS) == why


@pytest.mark.parametrize(
    ("began", "seen", "why"),
    [(-479, -29, None), (-480, -1, "life"), (-60, -30, "idle"), (-600, -600, "life"), (0, 0, None)],
)
def test_a_login_goes_on_for_a_day_without_half_an_hours_rest(began: int, seen: int, why: str | None) -> None:
    assert why_over(NOW + began * MINUTE, NOW + seen * MINUTE, NOW, LIMITS) == why


@given(
    began=st.integers(0, 2000), seen=st.integers(0, 2000), later=st.integers(0, 2000),
    life=st.integers(1, 720), idle=st.integers(1, 120),
)  # fmt: skip
def test_what_is_over_stays_over(began: int, seen: int, later: int, life: int, idle: int) -> None:
    limits = Limits(life * MINUTE, idle * MINUTE)
    begun, rested = NOW - began * MINUTE, NOW - min(began, seen) * MINUTE
    if why_over(begun, rested, NOW, limits):
        assert why_over(begun, rested, NOW + later * MINUTE, limits)
