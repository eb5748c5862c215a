from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.register import Classifier, Counter, CountGroups, Counts, PlannedRow, RowFields, count_plans, planned_counts
from core.register.counts import NO_CATEGORY, NOT_OURS, UNKNOWN_ENHET
from core.register.plain import PlainSpell, counted_days
from tests.support.small_amounts import paying_model

if TYPE_CHECKING:
    from core.parameters import FundingModel
    from core.register import CountPlan

ENHET_IDS = ("egen", "fristaende")
CATEGORIES: list[dict[str, Any]] = [
    {"category": "yngre", "where": [{"field": "age", "between": ["0", "7"]}]},
    {"category": "aldre", "where": [{"field": "age", "between": ["8", "20"]}]},
    {"category": "flagga", "where": [{"field": "flag", "=": "x"}], "overlapping": True},
    {"category": "fritids", "verksamhet": "fritidshem"},
]
RULES: dict[str, dict[str, Any]] = {
    "monthly": {"rule": "r", "kind": "monthly", "day": 15, "august_from_july": True},
    "fixed": {
        "rule": "r", "kind": "fixed_dates",
        "dates": [{"date": date(2026, 2, 15), "months": [1, 2, 3, 4, 5, 6]},
                  {"date": date(2026, 10, 15), "months": [7, 8, 9, 10, 11, 12]}],
    },
    "year_before": {
        "rule": "r", "kind": "fixed_dates", "dates": [{"date": date(2025, 10, 15), "months": list(range(1, 13))}],
    },
    "substituted": {
        "rule": "r", "kind": "monthly", "day": 1, "fallback": "weekday_before", "august_from_july": True,
        "substitutes": [{"month": 6, "counts_as": 5}, {"month": 7, "counts_as": 9}, {"month": 8, "counts_as": 9}],
    },
    "days": {"rule": "r", "kind": "days"},
}  # fmt: skip
HOLIDAYS = frozenset({date(2025, 12, 25), date(2026, 1, 1)})


@dataclass(frozen=True)
class Row:
    """A row of the register, as the tests make them up."""

    spell: PlainSpell
    fields: RowFields
    row_hash: int


def groups_of(rows: list[Row], plan: CountPlan) -> CountGroups:
    """Return rows as the store gives them: their places among the plan's days."""
    found = CountGroups()
    for one in rows:
        (days,) = counted_days([one.spell], plan.days, plan.august_year)
        if days:
            places = [place for place, day in enumerate(plan.days) if day in days]
            for name in RowFields.__slots__:
                getattr(found, name).append(getattr(one.fields, name))
            found.enhet.append(one.spell.enhet)
            found.start.append(places[0])
            found.stop.append(places[-1] + 1)
            found.n.append(1)
            found.hash_sum.append(one.row_hash)
    return found


def counted(model: FundingModel, rows: list[Row], *batches: list[Row]) -> Counts:
    """Count rows the way a run does."""
    plans = count_plans(model, 12, HOLIDAYS)
    names = [one.category for one in model.categories]
    counts = Counts.empty(ENHET_IDS, names, ["r"] * len(names), [plans[0].divisor] * len(names), 12)
    counter = Counter(counts, model.categories, ["egen"], 2026)
    for plan in plans:
        for some in (rows, *batches):
            counter.add(plan, 0, groups_of(some, plan))
    return counter.finish()


def by_hand(model: FundingModel, rows: list[Row]) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Return (elever, sum of hashes) by enhet, category and month: row by row and day by day."""
    (plan,) = count_plans(model, 12, HOLIDAYS)
    classifier = Classifier(model.categories, 2026, range(-11, 13))
    sums: dict[tuple[str, str, int], tuple[int, int]] = {}
    for one in rows:
        if one.spell.enhet not in ENHET_IDS or not (one.fields.home or one.spell.enhet == "egen"):
            continue
        (days,) = counted_days([one.spell], plan.days, plan.august_year)
        for place, first, after in classifier.segments(one.fields):
            for month, (low, high) in plan.spans.items():
                held = [day for day in plan.days[low:high] if day in days and first <= month_of(day) < after]
                key = (one.spell.enhet, model.categories[place].category, month)
                n, hashes = sums.get(key, (0, 0))
                sums[key] = (n + len(held), hashes + len(held) * one.row_hash)
    return {key: (n, hashes % 2**64) for key, (n, hashes) in sums.items() if n}


def month_of(day: date) -> int:
    """Return the month of a day, counted on from January 2026: December before it is 0."""
    return (day.year - 2026) * 12 + day.month


def as_dict(counts: Counts) -> dict[tuple[str, str, int], tuple[int, int]]:
    return {
        (counts.enhet_ids[e], counts.category_ids[c], m + 1): (int(counts.n[e, c, m]), int(counts.rows_hash[e, c, m]))
        for e, c, m in np.argwhere(counts.n).tolist()
    }


DAYS = st.dates(date(2025, 8, 1), date(2027, 1, 31))


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    made = []
    for _ in range(draw(st.integers(0, 12))):
        first, after = sorted(draw(st.lists(DAYS, min_size=2, max_size=2, unique=True)))
        spell = PlainSpell(draw(st.sampled_from((*ENHET_IDS, "okand"))), first, draw(st.sampled_from((after, None))))
        fields = RowFields(
            draw(st.sampled_from(("grundskola", "fritidshem"))), draw(st.sampled_from((None, "1", "4"))),
            draw(st.none() | st.sampled_from((201703, 201809, 201812))), None, None, None,
            draw(st.sampled_from(("", "x", "x,y"))), None, home=draw(st.booleans()),
        )  # fmt: skip
        made.append(Row(spell, fields, draw(st.integers(0, 2**48 - 1))))
    return made


@given(st.sampled_from(sorted(RULES)), rows(), rows())
def test_the_columns_count_what_a_plain_loop_over_rows_and_days_counts(
    rule: str, some: list[Row], more: list[Row]
) -> None:
    model = paying_model([], counting=[RULES[rule]], categories=CATEGORIES)
    assert as_dict(counted(model, some, more)) == by_hand(model, [*some, *more])


@given(rows())
def test_every_row_that_is_not_counted_on_all_its_days_is_reported_with_its_reason(some: list[Row]) -> None:
    model = paying_model([], counting=[RULES["days"]], categories=CATEGORIES)
    (plan,) = count_plans(model, 12, frozenset())
    expect: dict[tuple[str, str, str], int] = {}
    classifier = Classifier(model.categories, 2026)

    def claimed(row: Row) -> list[range]:
        """Return the months in which a category, not only a supplement, counts the row."""
        found = classifier.segments(row.fields)
        return [range(first, after) for place, first, after in found if not model.categories[place].overlapping]

    for one in some:
        (days,) = counted_days([one.spell], plan.days, None)
        if not days:
            continue
        enhet = one.spell.enhet
        if enhet == "okand":
            reason = UNKNOWN_ENHET
        elif not one.fields.home and enhet != "egen":
            reason = NOT_OURS
        elif any(not claims(model, classifier, one, day) for day in counted_days([one.spell], plan.days, None)[0]):
            reason = NO_CATEGORY
        else:
            continue
        key = (reason, enhet, one.fields.verksamhet)
        expect[key] = expect.get(key, 0) + 1
    found = counted(model, some).uncounted
    assert [(one.reason, one.enhet, one.verksamhet, one.n) for one in found] == sorted(
        (*key, n) for key, n in expect.items()
    )


def claims(model: FundingModel, classifier: Classifier, row: Row, day: date) -> bool:
    """Say whether a category that is no supplement claims the row on the day."""
    return any(
        first <= day.month < after and not model.categories[place].overlapping
        for place, first, after in classifier.segments(row.fields)
    )


def test_a_row_that_only_a_supplement_counts_or_not_all_year_is_reported() -> None:
    year = PlainSpell("egen", date(2026, 1, 1), None)
    narrow = [{"category": "f", "where": [{"field": "age", "between": ["0", "7"]}]}, CATEGORIES[2]]
    model = paying_model([], counting=[RULES["monthly"]], categories=narrow)
    grows = Row(year, RowFields("grundskola", "1", 201809, None, None, None, "", None, home=True), 1)
    only_x = Row(year, RowFields("grundskola", "1", None, None, None, None, "x", None, home=True), 2)
    counts = counted(model, [grows, only_x])
    assert as_dict(counts)["egen", "flagga", 12] == (1, 2)
    assert counts.n[0, 0].tolist() == [1] * 7 + [0] * 5  # eight years old from August
    assert [(one.reason, one.n) for one in counts.uncounted] == [(NO_CATEGORY, 2)]


def test_a_supplement_by_a_rule_of_its_own_neither_reports_nor_doubles_its_verksamhet() -> None:
    own = {"category": "x", "counting": "s", "overlapping": True, "where": [{"field": "flag", "=": "x"}]}
    rules = [RULES["monthly"], {**RULES["days"], "rule": "s"}]
    model = paying_model([], counting=rules, categories=[{"category": "alla"}, own])
    fields = RowFields("grundskola", "1", None, None, None, None, "", None, home=True)
    counts = counted(model, [Row(PlainSpell("egen", date(2026, 1, 1), None), fields, 1)])
    assert counts.uncounted == []
    assert counts.by_arskurs == {"egen": {"grundskola|1": [1] * 12}}


def test_headcounts_are_kept_by_arskurs_or_year_of_birth() -> None:
    spell = PlainSpell("egen", date(2026, 3, 1), date(2026, 6, 1))
    one = Row(spell, RowFields("grundskola", "4", 201603, None, None, None, "", None, home=True), 1)
    other = Row(spell, RowFields("fritidshem", None, 201603, None, None, None, "", None, home=True), 2)
    model = paying_model([], counting=[RULES["monthly"]], categories=CATEGORIES)
    months = [0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert counted(model, [one, other]).by_arskurs == {"egen": {"grundskola|4": months, "fritidshem|f. 2016": months}}
    twice = counted(model, [one], [one]).by_arskurs
    assert twice == {"egen": {"grundskola|4": [2 * n for n in months]}}


def test_no_groups_count_nothing() -> None:
    model = paying_model([], counting=[RULES["monthly"]], categories=CATEGORIES)
    counts = counted(model, [])
    assert (int(counts.n.sum()), counts.uncounted, counts.by_arskurs) == (0, [], {})


def planned(*rows: tuple[str, str, int, int]) -> Counts:
    """Count planned (enhet, verksamhet, month, n)."""
    model = paying_model([], categories=[{"category": "a"}])
    counts = Counts.empty(ENHET_IDS, ["a"], ["plan"], [12], 12)
    made = (
        PlannedRow(enhet, RowFields(verksamhet, "1", None, None, None, None, "", None, home=True), month, n, 7)
        for enhet, verksamhet, month, n in rows
    )
    return planned_counts(counts, model.categories, made, 2026)


def test_planned_elever_are_summed_by_month_with_the_rows_behind_them() -> None:
    counts = planned(("egen", "grundskola", 1, 20), ("egen", "grundskola", 1, 5), ("fristaende", "grundskola", 1, 3))
    assert as_dict(counts) == {("egen", "a", 1): (25, 14), ("fristaende", "a", 1): (3, 7)}


def test_a_planned_row_without_category_or_enhet_is_reported() -> None:
    counts = planned(("borta", "grundskola", 1, 3), ("egen", "forskola", 2, 4), ("egen", "forskola", 3, 4))
    assert [(one.reason, one.enhet, one.verksamhet, one.n) for one in counts.uncounted] == [
        (NO_CATEGORY, "egen", "forskola", 8),
        (UNKNOWN_ENHET, "borta", "grundskola", 3),
    ]
