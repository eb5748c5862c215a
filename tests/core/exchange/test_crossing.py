"""The check across rows against a plain one that compares every pair."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exchange import SHARED_PLACEMENT, crossing
from tests.support.deliveries import csv_of, deliver, enrolment

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2025, 12, 28)
Placement = tuple[str, str, str, bool, int, int | None]
placements = st.lists(
    st.tuples(
        st.sampled_from(["prov-1", "prov-2"]),
        st.sampled_from(["G001", "G002"]),
        st.sampled_from(["grundskola", "fritidshem"]),
        st.booleans(),
        st.integers(0, 6),
        st.none() | st.integers(0, 4),
    ),
    max_size=8,
)


def cells(placement: Placement) -> list[str]:
    elev, enhet, verksamhet, shared, start, days = placement
    first = DAY + timedelta(start)
    return enrolment(
        elev=elev,
        enhet=enhet,
        verksamhet=verksamhet,
        flaggor=SHARED_PLACEMENT if shared else "",
        fran_och_med=first.isoformat(),
        till_och_med="" if days is None else (first + timedelta(days)).isoformat(),
    )


def share_a_day(one: Placement, other: Placement) -> bool:
    ends = [start + (99 if days is None else days) for *_, start, days in (one, other)]
    return one[4] <= ends[1] and other[4] <= ends[0]


def clash(one: Placement, other: Placement) -> bool:
    same_place = one[0] == other[0] and one[2] == other[2]
    both_shared_apart = one[3] and other[3] and one[1] != other[1]
    return same_place and share_a_day(one, other) and not both_shared_apart


@given(found=placements)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_an_elev_stands_at_most_once_per_verksamhet_and_day(found: list[Placement], tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", *map(cells, found)))
    told = [
        {issue.row, int(str(issue.found).removeprefix("rad "))}
        for issue in delivered.found.issues
        if issue.code == "period-overlap"
    ]
    by_day = sorted(enumerate(found, 2), key=lambda one: (one[1][4], one[0]))
    clashing = [(number, other) for (other, one), (number, two) in combinations(by_day, 2) if clash(one, two)]

    assert all(pair in [{*both} for both in clashing] for pair in told)  # nobody is told without cause
    assert len(told) == len({number for number, _ in clashing})  # and each row that comes too early is told once


@pytest.mark.parametrize("records_per_share", [1, 2, 1000])
def test_the_answer_does_not_depend_on_how_the_records_are_shared_out(
    records_per_share: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "RECORDS_PER_SHARE", records_per_share)
    rows = [cells((f"prov-{number % 5}", "G001", "grundskola", False, 0, None)) for number in range(8)]
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", *rows))

    assert delivered.faults == [(row, None, "period-overlap") for row in (7, 8, 9)]
    assert [issue.found for issue in delivered.found.issues] == ["rad 2", "rad 3", "rad 4"]


def test_the_day_after_the_last_is_free(tmp_path: Path) -> None:
    rows = [
        enrolment(fran_och_med="1965-08-01", till_och_med="2026-03-31"),
        enrolment(enhet="G002", fran_och_med="2026-04-01"),
    ]
    assert deliver(tmp_path, "enrolments", csv_of("enrolments", *rows)).faults == []


def test_a_shared_placement_needs_the_flag_on_both_rows(tmp_path: Path) -> None:
    rows = [enrolment(flaggor=SHARED_PLACEMENT), enrolment(enhet="G002")]

    assert deliver(tmp_path, "enrolments", csv_of("enrolments", *rows)).faults == [(3, None, "period-overlap")]


def test_a_shared_placement_is_not_twice_at_one_unit(tmp_path: Path) -> None:
    rows = [enrolment(flaggor=SHARED_PLACEMENT), enrolment(flaggor=f"nyanland,{SHARED_PLACEMENT}")]

    assert deliver(tmp_path, "enrolments", csv_of("enrolments", *rows)).faults == [(3, None, "period-overlap")]


def test_a_faulty_row_does_not_also_clash(tmp_path: Path) -> None:
    rows = [enrolment(), enrolment(hemkommun="1")]

    assert deliver(tmp_path, "enrolments", csv_of("enrolments", *rows)).faults == [(3, "hemkommun", "code-malformed")]


def test_a_unit_has_one_name_for_each_day(tmp_path: Path) -> None:
    unit = ["G001", "", "Provskolan", "grundskola", "9999009901", "Lindvik", "kommunal", "9901", "", "", "", ""]
    rows = [[*unit, "2020-01-01", "2025-12-31"], [*unit, "2026-01-01", ""], [*unit, "2026-06-01", ""]]

    assert deliver(tmp_path, "units", csv_of("units", *rows)).faults == [(4, None, "period-overlap")]


def test_a_planned_group_stands_once_a_month(tmp_path: Path) -> None:
    group = ["G001", "grundskola", "4", "", "", "", "", "nyanland"]
    rows = [[*group, "2026-01", "20"], [*group, "2026-02", "20"], [*group, "2026-01", "21"]]

    assert deliver(tmp_path, "planned_counts", csv_of("planned_counts", *rows)).faults == [(4, None, "row-duplicate")]


def test_more_sharing_flags_than_are_remembered_are_still_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossing, "REMEMBERED", 2)
    rows = [
        enrolment(elev=f"prov-{number // 2}", enhet=f"G00{number % 2 + 1}", flaggor=f"{SHARED_PLACEMENT},f{number}")
        for number in range(10)
    ]
    assert deliver(tmp_path, "enrolments", csv_of("enrolments", *rows)).faults == []
