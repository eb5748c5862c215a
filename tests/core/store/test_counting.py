"""The count in SQL against its plain twin, which walks row by row and day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.base import BatchMode
from core.register import COUNT_FIELDS, CountGroups, CountQuery
from core.store.tables import EnrolmentRow
from core.store.work import UnitOfWork
from tests.core.store.rows import ENROLMENT_COLUMNS, KOMMUN, accepted, enrol, enrolment, lindvik
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Engine

MONTHLY = tuple(date(2026, month, 15) for month in range(1, 13))
EVERY_DAY = tuple(date(2026, 6, 20) + timedelta(days=place) for place in range(90))
FIELDS = ("arskurs", "birth_month", "hours", "flags")
Counted = dict[tuple[Any, ...], tuple[int, int]]


def query(batch: int, days: tuple[date, ...] = MONTHLY, **other: Any) -> CountQuery:  # noqa: ANN401  # any column may be named
    values: dict[str, Any] = {"later_deltas": (), "verksamheter": ("grundskola", "fritidshem"), "fields": FIELDS}
    return CountQuery(kommun=KOMMUN, batch=batch, days=days, **{**values, **other})


def by_day(groups: CountGroups) -> Counted:
    """Spread groups over their days: (facts, day) → (number, sum of hashes)."""
    numbers: Counter[tuple[Any, ...]] = Counter()
    hashes: Counter[tuple[Any, ...]] = Counter()
    facts = zip(
        groups.enhet, groups.verksamhet, *(getattr(groups, name) for name in COUNT_FIELDS), groups.home, strict=True
    )
    for key, start, stop, n, hash_sum in zip(facts, groups.start, groups.stop, groups.n, groups.hash_sum, strict=True):
        assert start < stop
        for day in range(start, stop):
            numbers[*key, day] += n
            hashes[*key, day] += hash_sum
    return {key: (n, hashes[key]) for key, n in numbers.items()}


def twin(rows: Iterable[Sequence[Any]], asked: CountQuery) -> Counted:
    """Count in plain Python what ``asked`` declares."""
    named = [dict(zip(ENROLMENT_COLUMNS, row, strict=True)) for row in rows]
    gone = {row["elev"] for row in named if row["batch"] in asked.later_deltas}
    mine = [
        {**row, "first": row["valid_from"], "after": row["valid_to"] or "9999-12-31"}
        for row in named
        if row["batch"] == asked.batch and row["verksamhet"] in asked.verksamheter and row["elev"] not in gone
    ]
    if asked.august_year is not None:
        _move(mine, asked.august_year)
    numbers: Counter[tuple[Any, ...]] = Counter()
    hashes: Counter[tuple[Any, ...]] = Counter()
    for row in mine:
        facts = [row[name] if name in asked.fields else None for name in COUNT_FIELDS]
        for place, day in enumerate(asked.days):
            if row["first"] <= day.isoformat() < row["after"]:
                key = (row["enhet"], row["verksamhet"], *facts, row["hemkommun"] == asked.kommun, place)
                numbers[key] += 1
                hashes[key] += row["row_hash"]
    return {key: (n, hashes[key]) for key, n in numbers.items()}


def _move(rows: list[dict[str, Any]], year: int) -> None:
    july, august, september = f"{year}-07-01", f"{year}-08-01", f"{year}-09-01"
    moves = []
    starting = [row for row in rows if august <= row["valid_from"] < september]
    firsts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(starting, key=lambda one: (one["valid_from"], one["row"])):
        firsts.setdefault((row["elev"], row["verksamhet"]), row)
    for row in firsts.values():
        before = [
            one
            for one in rows
            if (one["elev"], one["verksamhet"]) == (row["elev"], row["verksamhet"])
            and one["valid_to"] is not None
            and july < one["valid_to"] <= row["valid_from"]
        ]
        if any(one["enhet"] == row["enhet"] for one in before):
            moves.append((row, "first", max(one["valid_to"] for one in before)))
            continue
        moves.append((row, "first", july))
        moves += [(one, "after", july) for one in before]
    for row, what, day in moves:
        row[what] = min(row[what], day)


def count(engine: Engine, rows: Sequence[Sequence[Any]], asked: CountQuery) -> Counted:
    """Count ``rows`` by the store, and check that the twin agrees."""
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        accepted(work)
        accepted(work, mode=BatchMode.DELTA.value)
        enrol(work, rows)
        counted = by_day(work.count(asked))
    assert counted == twin(rows, asked)
    return counted


def numbers(counted: Counted, enhet: str) -> dict[int, int]:
    """Return counted elever of a unit by day's place."""
    found: Counter[int] = Counter()
    for key, (n, _) in counted.items():
        if key[0] == enhet:
            found[key[-1]] += n
    return dict(found)


def test_an_elev_counts_from_the_first_day_up_to_the_day_after_the_last(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2026-02-15", "2026-04-15")]
    assert numbers(count(engine, rows, query(1)), "G01") == {1: 1, 2: 1}


def test_a_row_between_two_counting_days_counts_on_none(engine: Engine) -> None:
    assert count(engine, [enrolment(1, 2, "a", "G01", "2026-02-16", "2026-03-15")], query(1)) == {}


def test_alike_rows_become_one_group_with_the_sum_of_their_hashes(engine: Engine) -> None:
    rows = [enrolment(1, row, f"e{row}", "G01", "2025-08-15", row_hash=2**48 - row) for row in range(2, 7)]
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        accepted(work)
        enrol(work, rows)
        groups = work.count(query(1))
    assert (groups.n, groups.start, groups.stop) == ([5], [0], [12])
    assert groups.hash_sum == [5 * 2**48 - 20]
    assert groups.source_category == [None]


def test_a_batch_without_rows_and_a_query_without_days_give_no_groups(engine: Engine) -> None:
    assert count(engine, [], query(1)) == {}
    with UnitOfWork(engine, EVERYWHERE) as work:
        assert work.count(query(1, ())).n == []


def test_elever_that_a_later_delta_names_are_left_out_of_the_snapshot(engine: Engine) -> None:
    rows = [
        enrolment(1, 2, "a", "G01", "2025-08-15"),
        enrolment(1, 3, "b", "G01", "2025-08-15"),
        enrolment(2, 2, "a", "G02", "2025-08-15"),
    ]
    assert numbers(count(engine, rows, query(1, later_deltas=(2,))), "G01") == dict.fromkeys(range(12), 1)


def test_an_elev_from_another_kommun_is_told_apart(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2025-08-15", hemkommun="9902"), enrolment(1, 3, "b", "G01", "2025-08-15")]
    assert {key[-2] for key in count(engine, rows, query(1))} == {False, True}


def test_days_enrolled_are_counted_day_by_day(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2026-06-30", "2026-07-03"), enrolment(1, 3, "b", "G02", "2020-01-01")]
    counted = count(engine, rows, query(1, EVERY_DAY, every_day=True))
    assert numbers(counted, "G01") == {10: 1, 11: 1, 12: 1}
    assert numbers(counted, "G02") == dict.fromkeys(range(90), 1)


JULY, AUGUST = 6, 7


def test_who_starts_in_august_counts_from_july(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2026-08-17")]
    assert min(numbers(count(engine, rows, query(1, august_year=2026)), "G01")) == JULY


def test_who_moves_in_august_counts_in_july_at_the_new_enhet_only(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2025-08-15", "2026-08-17"), enrolment(1, 3, "a", "G02", "2026-08-17")]
    counted = count(engine, rows, query(1, august_year=2026))
    assert max(numbers(counted, "G01")) == JULY - 1
    assert min(numbers(counted, "G02")) == JULY


def test_who_goes_up_a_grade_at_the_same_enhet_stays_in_the_old_grade_until_then(engine: Engine) -> None:
    rows = [
        enrolment(1, 2, "a", "G01", "2025-08-15", "2026-08-01"),
        enrolment(1, 3, "a", "G01", "2026-08-01", arskurs="5"),
    ]
    counted = count(engine, rows, query(1, august_year=2026))
    assert {key[-1] for key in counted if key[2] == "5"} == set(range(AUGUST, 12))
    assert {key[-1] for key in counted if key[2] == "4"} == set(range(AUGUST))


def test_a_gap_over_the_summer_at_the_same_enhet_is_bridged(engine: Engine) -> None:
    rows = [enrolment(1, 2, "a", "G01", "2025-08-15", "2026-07-02"), enrolment(1, 3, "a", "G01", "2026-08-17")]
    assert numbers(count(engine, rows, query(1, august_year=2026)), "G01") == dict.fromkeys(range(12), 1)


def test_another_verksamhet_is_not_touched_by_a_start_in_august(engine: Engine) -> None:
    rows = [
        enrolment(1, 2, "a", "G01", "2025-08-15", "2026-08-17", verksamhet="fritidshem"),
        enrolment(1, 3, "a", "G02", "2026-08-17"),
    ]
    assert max(numbers(count(engine, rows, query(1, august_year=2026)), "G01")) == AUGUST


DAYS: tuple[str, ...] = (
    "2025-08-15", "2026-06-15", "2026-06-30", "2026-07-01", "2026-07-10", "2026-07-15", "2026-07-20", "2026-08-01",
    "2026-08-03", "2026-08-15", "2026-08-16", "2026-08-20", "2026-08-31", "2026-09-01", "2026-10-15",
)  # fmt: skip


@st.composite
def enrolments(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    rows = []
    for row in range(2, draw(st.integers(2, 9))):
        first, after = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True)))
        rows.append(
            enrolment(
                draw(st.sampled_from((1, 1, 1, 1, 2))), row, draw(st.sampled_from("ab")),
                draw(st.sampled_from(("G01", "G02", "G03"))), first, draw(st.sampled_from((after, after, None))),
                arskurs=draw(st.sampled_from(("4", None))), row_hash=draw(st.integers(0, 2**48 - 1)),
                verksamhet=draw(st.sampled_from(("grundskola", "grundskola", "fritidshem", "forskola"))),
            )
        )  # fmt: skip
    return rows


@pytest.mark.parametrize("days", [MONTHLY, MONTHLY[:7], MONTHLY[8:9], EVERY_DAY])
@given(rows=enrolments(), deltas=st.booleans(), august=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_count_in_sql_is_the_count_of_its_plain_twin(
    engine: Engine, days: tuple[date, ...], rows: list[tuple[Any, ...]], *, deltas: bool, august: bool
) -> None:
    asked = query(
        1, days, later_deltas=(2,) if deltas else (), august_year=2026 if august else None, every_day=days is EVERY_DAY
    )
    count(engine, rows, asked)


def test_the_columns_of_the_builder_are_those_of_the_table() -> None:
    assert set(ENROLMENT_COLUMNS) == set(EnrolmentRow.__table__.columns.keys())
