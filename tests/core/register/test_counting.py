from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import CalendarUndatedError, load_holidays
from core.register import contiguous, count_plans
from core.register.plain import PlainSpell, counted_days
from tests.support.small_amounts import paying_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters import FundingModel

YEAR_DAYS = [date(2026, 1, 1) + timedelta(days=place) for place in range(365)]


def model(*rules: dict[str, Any], where: Sequence[dict[str, Any]] = ()) -> FundingModel:
    """Return a model with a category for each rule, all but the first supplements."""
    categories = [
        {"category": f"a{n}", "counting": rule["rule"], "where": list(where), "overlapping": n > 0}
        for n, rule in enumerate(rules)
    ]
    return paying_model([], counting=rules, categories=categories)


def test_a_month_is_counted_on_its_day_or_the_weekday_before_that_is_no_holiday() -> None:
    rule = {"rule": "r", "kind": "monthly", "day": 6, "fallback": "weekday_before"}
    (plan,) = count_plans(model(rule), 6, load_holidays())
    assert [str(day) for day in plan.days] == [
        "2026-01-05",  # trettondagen
        "2026-02-06", "2026-03-06",
        "2026-04-02",  # annandag påsk: back over Easter to Maundy Thursday
        "2026-05-06",
        "2026-06-05",  # the national day is a Saturday
    ]  # fmt: skip
    assert plan.spans == {month: (month - 1, month) for month in range(1, 7)}
    assert (plan.divisor, plan.every_day, plan.august_year) == (12, False, None)


def test_a_fixed_date_decides_the_months_it_names_and_no_others_are_counted() -> None:
    dates = [
        {"date": date(2026, 2, 13), "months": list(range(1, 7))},
        {"date": date(2026, 10, 15), "months": list(range(7, 13))},
    ]
    rule = {"rule": "r", "kind": "fixed_dates", "dates": dates}
    (plan,) = count_plans(model(rule), 6, frozenset())
    assert (plan.days, plan.spans) == ((date(2026, 2, 13),), dict.fromkeys(range(1, 7), (0, 1)))
    (plan,) = count_plans(model(rule), 12, frozenset())
    assert plan.spans[12] == (1, 2)


SUBSTITUTES = [{"month": 6, "counts_as": 5}, {"month": 7, "counts_as": 9}, {"month": 8, "counts_as": 9}]


def test_a_month_takes_another_months_count_once_that_month_is_counted() -> None:
    rule = {"rule": "r", "kind": "monthly", "day": 15, "substitutes": SUBSTITUTES}
    (plan,) = count_plans(model(rule), 8, frozenset())
    assert [day.month for day in plan.days] == [1, 2, 3, 4, 5, 7, 8]  # July and August on their own days so far
    assert (plan.spans[6], plan.spans[7], plan.spans[8]) == (plan.spans[5], (5, 6), (6, 7))
    (plan,) = count_plans(model(rule), 12, frozenset())
    assert [day.month for day in plan.days] == [1, 2, 3, 4, 5, 9, 10, 11, 12]
    assert plan.spans[7] == plan.spans[8] == plan.spans[9] == (5, 6)


def test_a_counting_day_in_the_year_before_has_its_own_month() -> None:
    rule = {"rule": "r", "kind": "fixed_dates", "dates": [{"date": date(2025, 10, 15), "months": list(range(1, 13))}]}
    (plan,) = count_plans(model(rule), 12, frozenset())
    assert (plan.days, plan.month_of(plan.days[0]), plan.months) == ((date(2025, 10, 15),), -2, range(-2, 13))
    first = {"rule": "r", "kind": "monthly", "day": 1, "fallback": "weekday_before"}
    (plan,) = count_plans(model(first), 12, load_holidays())
    assert (plan.days[0], plan.month_of(plan.days[0]), plan.months.start) == (date(2025, 12, 31), 0, 0)


def test_days_enrolled_are_all_days_and_a_year_of_them_is_one_elev() -> None:
    (plan,) = count_plans(model({"rule": "r", "kind": "days"}), 12, frozenset())
    assert list(plan.days) == YEAR_DAYS
    assert (plan.spans[2], plan.divisor, plan.every_day) == ((31, 59), 365, True)


def test_a_plan_asks_for_the_fields_that_its_categories_need_and_arskurs() -> None:
    where: list[dict[str, Any]] = [
        {"field": "age", "between": ["1", "2"]},
        {"field": "flag", "=": "x"},
        {"field": "home", "=": "ja"},
    ]
    rule = {"rule": "r", "kind": "monthly", "day": 15, "august_from_july": True}
    (plan,) = count_plans(model(rule, where=where), 12, frozenset())
    assert (plan.fields, plan.verksamheter, plan.august_year) == (
        ("arskurs", "birth_month", "flags"),
        ("grundskola",),
        2026,
    )


def test_each_rule_that_is_used_has_a_plan() -> None:
    rules: list[dict[str, Any]] = [{"rule": "r1", "kind": "monthly", "day": 1}, {"rule": "r2", "kind": "days"}]
    kinds = ("grundskola", "fritidshem")
    categories = [{"category": one, "counting": f"r{n + 1}", "verksamhet": one} for n, one in enumerate(kinds)]
    plans = count_plans(paying_model([], counting=rules, categories=categories), 12, frozenset())
    assert [(plan.rule, plan.verksamheter) for plan in plans] == [("r1", ("grundskola",)), ("r2", ("fritidshem",))]


def test_a_weekday_before_in_a_year_without_a_table_of_holidays_is_refused_not_guessed() -> None:
    rule = {"rule": "r", "kind": "monthly", "day": 15, "fallback": "weekday_before"}
    with pytest.raises(CalendarUndatedError, match="2026"):
        count_plans(model(rule), 12, frozenset({date(2025, 12, 25)}))


@given(st.sets(st.integers(0, 40)))
def test_runs_of_consecutive_numbers_hold_every_number_once(places: set[int]) -> None:
    runs = contiguous(sorted(places))
    assert [one for low, high in runs for one in range(low, high)] == sorted(places)
    assert all(high < low for (_, high), (low, _) in pairwise(runs))


AUGUST = [
    ("den som börjar i augusti räknas från 1 juli", [("A", "2026-08-17", None)], {"A": (7, 12)}),
    ("den som flyttar i augusti räknas i juli bara på den nya enheten",
     [("A", "2025-08-15", "2026-08-10"), ("B", "2026-08-10", None)], {"A": (1, 6), "B": (7, 12)}),
    ("den som stannar räknas utan avbrott",
     [("A", "2025-08-15", "2026-07-05"), ("A", "2026-08-17", None)], {"A": (1, 12)}),
    ("den som slutar i juni och börjar i augusti räknas från juli",
     [("A", "2025-08-15", "2026-06-12"), ("B", "2026-08-17", None)], {"A": (1, 5), "B": (7, 12)}),
    ("den som börjar i september räknas från september", [("A", "2026-09-01", None)], {"A": (9, 12)}),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "rows", "expect"), AUGUST, ids=[case[0] for case in AUGUST])
def test_the_rule_of_july_and_august(
    _name: str, rows: list[tuple[str, str, str | None]], expect: dict[str, tuple[int, int]]
) -> None:
    days = [date(2026, month, 15) for month in range(1, 13)]
    spells = [PlainSpell(e, date.fromisoformat(a), date.fromisoformat(b) if b else None) for e, a, b in rows]
    months: dict[str, list[int]] = {}
    for spell, counted in zip(spells, counted_days(spells, days, 2026), strict=True):
        months.setdefault(spell.enhet, []).extend(day.month for day in counted)
    assert {enhet: sorted(found) for enhet, found in months.items() if found} == {
        enhet: list(range(first, last + 1)) for enhet, (first, last) in expect.items()
    }


@st.composite
def one_after_another(draw: st.DrawFn) -> list[PlainSpell]:
    """Give the rows of an elev in a verksamhet, at one enhet at a time."""
    edges = sorted(draw(st.sets(st.dates(date(2025, 8, 1), date(2026, 12, 31)), min_size=2, max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [PlainSpell(draw(st.sampled_from("ABC")), first, after) for first, after in pairs]


@given(one_after_another(), st.booleans())
def test_an_elev_counts_at_most_once_per_verksamhet_and_day(spells: list[PlainSpell], august: bool) -> None:  # noqa: FBT001
    counted = counted_days(spells, YEAR_DAYS, 2026 if august else None)
    every = [day for days in counted for day in days]
    assert len(every) == len(set(every))
    if not august:
        held = {day for day in YEAR_DAYS if any(spell.holds(day) for spell in spells)}
        assert set(every) == held
