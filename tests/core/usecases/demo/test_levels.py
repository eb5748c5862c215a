from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from core.usecases.demo.levels import (
    EMPLOYER_COST_PER_MILLE,
    KR_PER_ELEV_2024,
    TEACHING,
    TEACHING_BESIDE_STAFF_KR,
    uprated,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.usecases.demo.conftest import Delivered

COSTS = "Grundskola_-_Kostnader_per_kommun_2024_Kommun.csv"
COLUMNS = {"totalt": "Totalt per elev", "undervisning": "Undervisning per elev", "lokaler": "Lokaler per elev"}


@pytest.fixture(scope="module")
def national(reference_data: Path) -> dict[str, float]:
    """Kronor per elev in the country's kommunala grundskolor 2024, weighted by elever."""
    lines = (reference_data / "skolverket" / COSTS).read_text(encoding="utf-8-sig").splitlines()
    begins = next(number for number, line in enumerate(lines) if line.startswith("Kommun;"))
    sums: Counter[str] = Counter()
    elever: Counter[str] = Counter()
    for row in csv.DictReader(lines[begins:], delimiter=";"):
        number = "".join((row["Genomsnittligt elevantal"] or "").split())
        for name, column in COLUMNS.items():
            amount = "".join((row[column] or "").split())
            if number.isdigit() and amount.isdigit():
                sums[name] += int(number) * int(amount)
                elever[name] += int(number)
    return {name: sums[name] / elever[name] for name in COLUMNS}


@pytest.fixture(scope="module")
def per_elev(delivered: Delivered) -> dict[str, float]:
    """What Lindvik's own grundskolor cost per elev in 2024 by the delivered staff and premises."""
    own = {
        row["enhet"]
        for row in delivered.rows("enheter_2024.csv")
        if (row["huvudmannatyp"], row["lageskommun"]) == ("kommunal", "9901")
    }
    register = delivered.rows("elevregister_2024.csv")
    elever = {
        row["elev"]
        for row in register
        if row["enhet"] in own
        and row["verksamhet"] == "grundskola"
        and row["fran_och_med"] <= "2024-10-15"
        and not "" < row["till_och_med"] < "2024-10-15"
    }
    posts = [
        row for row in delivered.rows("personal_2024.csv") if row["enhet"] in own and row["verksamhet"] == "grundskola"
    ]
    pay = sum(
        float(row["heltidstjanster"].replace(",", ".")) * int(row["manadslon_kr"])
        for row in posts
        if row["yrkesgrupp"] in TEACHING
    )
    rent = sum(
        int(row["hyra_kr_per_ar"])
        for row in delivered.rows("lokaler_2024.csv")
        if row["enhet"] in own and row["verksamhet"] == "grundskola"
    )
    teaching = pay * 12 * EMPLOYER_COST_PER_MILLE / 1000
    return {"undervisning": teaching / len(elever) + TEACHING_BESIDE_STAFF_KR, "lokaler": rent / len(elever)}


@pytest.mark.parametrize("name", list(COLUMNS))
def test_targets_are_the_countrys_means(national: dict[str, float], name: str) -> None:
    assert KR_PER_ELEV_2024[name] == pytest.approx(national[name], rel=0.005)


@pytest.mark.parametrize("name", ["undervisning", "lokaler"])
def test_lindviks_staff_and_premises_cost_what_the_targets_say(per_elev: dict[str, float], name: str) -> None:
    assert per_elev[name] == pytest.approx(KR_PER_ELEV_2024[name], rel=0.02)


def test_levels_are_uprated_to_whole_units_halves_up() -> None:
    assert uprated(40_900, 2024) == 40_900
    assert uprated(40_900, 2025) == 42_168  # 42 167,9
    assert uprated(500, 2025) == 516  # 515,5


def test_individual_support_is_about_fifty_million_a_year_and_about_ten_decisions_at_lerbacken(
    delivered: Delivered,
) -> None:
    for year in (2024, 2025, 2026):
        rows = delivered.rows(f"individuellt_stod_{year}.csv")
        assert sum(int(row["belopp_kr"]) for row in rows) == pytest.approx(50_000_000, rel=0.1)
        assert all(6 <= int(row["antal_beslut"]) <= 12 for row in rows if row["enhet"] == "G01")
        assert len({row["manad"] for row in rows}) == 12


def test_enskilda_huvudman_do_not_tell_their_pay(delivered: Delivered) -> None:
    kommunal = {row["enhet"]: row["huvudmannatyp"] == "kommunal" for row in delivered.rows("enheter_2026.csv")}
    assert all(bool(row["manadslon_kr"]) == kommunal[row["enhet"]] for row in delivered.rows("personal_2026.csv"))
