from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.usecases.demo.register import Register
    from tests.core.usecases.demo.conftest import Delivered


def planned(delivered: Delivered, month: str, *keys: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for row in delivered.rows(f"planerat_antal_{month[:4]}.csv"):
        if row["manad"] == month:
            found[tuple(row[key] for key in keys)] += int(row["antal"])
    return found


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize("month", [2, 5, 9])
def test_the_plan_is_near_what_came_but_not_the_same(
    delivered: Delivered, register: Register, year: int, month: int
) -> None:
    plan = planned(delivered, f"{year}-{month:02d}", "verksamhet")
    came = Counter((spell.verksamhet.value,) for spell in register.on(date(year, month, 15)))
    assert plan != came
    for verksamhet in ("forskola", "forskoleklass", "grundskola", "fritidshem", "gymnasieskola"):
        assert plan[verksamhet,] == pytest.approx(came[verksamhet,], rel=0.05), verksamhet


def test_every_month_of_the_year_is_planned(delivered: Delivered) -> None:
    for year in (2024, 2025, 2026):
        months = {row["manad"] for row in delivered.rows(f"planerat_antal_{year}.csv")}
        assert months == {f"{year}-{month:02d}" for month in range(1, 13)}


def test_a_closing_nobody_knew_of_is_planned_as_open_and_an_opening_from_august(delivered: Delivered) -> None:
    assert planned(delivered, "2025-11", "enhet")["G15",] > 20
    assert planned(delivered, "2026-01", "enhet")["G15",] == 0
    assert planned(delivered, "2025-07", "enhet")["F26",] == 0
    assert planned(delivered, "2025-09", "enhet")["F26",] > 40


def test_forskola_is_planned_by_the_middle_of_the_birth_year_and_the_rest_by_arskurs(delivered: Delivered) -> None:
    for row in delivered.rows("planerat_antal_2026.csv"):
        by_age = row["verksamhet"] in {"forskola", "pedagogisk_omsorg"}
        assert by_age == row["fodelsemanad"].endswith("-06") == bool(row["timmar_per_vecka"]) == (not row["arskurs"])


def test_the_autumn_of_the_plan_has_everybody_a_year_older(delivered: Delivered) -> None:
    spring, autumn = (planned(delivered, month, "enhet", "arskurs", "verksamhet") for month in ("2026-05", "2026-09"))
    for arskurs in ("1", "2", "3", "4", "5"):
        assert autumn["G01", str(int(arskurs) + 1), "grundskola"] == pytest.approx(
            spring["G01", arskurs, "grundskola"], abs=6
        )


def test_nobody_in_forskola_is_planned_older_than_five_when_august_comes(delivered: Delivered) -> None:
    born = {
        int(row["fodelsemanad"][:4])
        for row in delivered.rows("planerat_antal_2026.csv")
        if row["manad"] >= "2026-08" and row["fodelsemanad"]
    }
    assert born == {2021, 2022, 2023, 2024, 2025}
