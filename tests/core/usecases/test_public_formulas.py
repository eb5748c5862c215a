"""Two foreign formulas, written as models and evaluated with no code of their own, against their states' answers."""

from __future__ import annotations

import csv
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.usecases.evaluate import evaluate
from tests.support.models import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EXAMPLES = ROOT / "data" / "models" / "examples"
Values = dict[tuple[str, ...], dict[str, Fraction]]


def answers(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def evaluated(model: str, units: Path, keys: Sequence[str]) -> Values:
    """Return the value of every step by unit."""
    values: Values = defaultdict(dict)
    result = evaluate((EXAMPLES / model).read_text("utf-8"), model, units)
    for row in result.rows:
        cells = dict(zip(result.header, row, strict=True))
        values[tuple(cells[key] for key in keys)][cells["step"]] = Fraction(cells["value"])
    return values


MINNESOTA = ("district_no", "district_type", "site_no")
LINES = ("adjusted_count", "concentration", "factor", "pupil_units", "revenue")


def test_every_line_of_every_site_in_minnesota_is_the_states_own(reference_data: Path) -> None:
    path = reference_data / "public_formulas" / "mn_compensatory_revenue" / "sites_fy2021.csv"
    values = evaluated("minnesota_2021.yaml", path, MINNESOTA)
    sites = answers(path)
    assert len(sites) == len(values) == 2319
    for site in sites:
        mine = values[tuple(site[key] for key in MINNESOTA)]
        assert mine == {line: Fraction(site[line]) for line in LINES}, site
    assert sum(mine["revenue"] for mine in values.values()) == Fraction("535168701.12")


@pytest.fixture(scope="module")
def texas(request: pytest.FixtureRequest) -> tuple[list[dict[str, str]], Mapping[str, Mapping[str, Fraction]]]:
    reference: Path = request.getfixturevalue("reference_data")
    path = reference / "public_formulas" / "tx_foundation_2017" / "districts.csv"
    values = evaluated("texas_2017.yaml", path, ("district_id",))
    return answers(path), {key[0]: steps for key, steps in values.items()}


Texas = tuple[list[dict[str, str]], dict[str, dict[str, Fraction]]]


def ordinary(texas: Texas) -> list[tuple[dict[str, str], dict[str, Fraction]]]:
    districts = [(one, texas[1][one["district_id"]]) for one in texas[0] if one["charter"] == "N"]
    assert len(districts) == 1023
    return districts


@pytest.mark.parametrize("price", ["basic_allotment", "indexed_allotment", "adjusted_allotment"])
def test_every_price_step_of_every_ordinary_district_in_texas_is_the_states_own(texas: Texas, price: str) -> None:
    for district, mine in ordinary(texas):
        assert mine[price] == Fraction(district[f"official_{price}"]), district["district"]


def test_the_bilingual_line_is_exact_for_all_districts_that_have_it(texas: Texas) -> None:
    assert len(texas[0]) == 1191
    without = 0
    for district in texas[0]:
        if Fraction(district["ada_bilingual"]) == 0 and Fraction(district["official_bilingual_line"]) != 0:
            without += 1  # three charters have the line printed, but no count to compute it from
            continue
        assert texas[1][district["district_id"]]["bilingual"] == Fraction(district["official_bilingual_line"])
    assert without == 3


def test_every_total_in_texas_is_within_four_dollars(texas: Texas) -> None:
    exact = 0
    for district, mine in ordinary(texas):
        difference = abs(mine["tier1_cost"] - Fraction(district["official_tier1_cost"]))
        assert difference <= 4, district["district"]
        exact += not difference
    assert exact == 686


def test_the_total_of_every_charter_is_within_four_dollars_of_what_it_has_counts_for(texas: Texas) -> None:
    for district in texas[0]:
        if district["charter"] == "Y":
            mine = texas[1][district["district_id"]]
            unseen = Fraction(district["official_bilingual_line"]) - mine["bilingual"]
            assert abs(mine["tier1_cost"] + unseen - Fraction(district["official_tier1_cost"])) <= 4


def test_the_weighted_attendance_agrees_to_a_ten_thousandth(texas: Texas) -> None:
    for district, mine in ordinary(texas):
        official = Fraction(district["official_weighted_ada"])
        assert abs(mine["weighted_ada"] - official) <= official * Fraction(11, 100_000), district["district"]


def test_the_total_is_the_sum_of_the_lines_that_are_paid(texas: Texas) -> None:
    paid = {
        "regular", "special_education", "mainstream", "residential", "state_schools", "non_public", "career", "gifted",
        "compensatory", "pregnancy", "bilingual", "high_school", "adv_cte", "early_intervention", "ap_tests",
        "new_facilities", "transport",
    }  # fmt: skip
    for mine in texas[1].values():
        assert mine["tier1_cost"] == sum(value for step, value in mine.items() if step in paid)
