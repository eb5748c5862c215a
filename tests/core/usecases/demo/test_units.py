from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.base import Verksamhet
from core.usecases.demo.units import MEAN_INDEX, DemoUnits, read_units

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.demo.register import Register


@pytest.fixture
def units(demo_data: Path) -> DemoUnits:
    return read_units(demo_data)


def test_lindvik_has_the_units_it_should_in_2026(units: DemoUnits) -> None:
    here = [unit for unit in units if unit.is_in_lindvik and not unit.closes]
    assert Counter(unit.verksamheter[0] for unit in here if unit.verksamheter[0] != "grundskola") == {
        Verksamhet.FORSKOLA: 26,
        Verksamhet.PEDAGOGISK_OMSORG: 1,
        Verksamhet.FORSKOLEKLASS: 12,
        Verksamhet.ANPASSAD_GRUNDSKOLA: 1,
        Verksamhet.GYMNASIESKOLA: 2,
    }
    assert sum(Verksamhet.GRUNDSKOLA in unit.verksamheter for unit in here) == 14


def test_a_fifth_of_the_units_are_fristaende_and_one_huvudman_has_two(units: DemoUnits) -> None:
    here = [unit for unit in units if unit.is_in_lindvik and not unit.closes]
    enskilda = Counter(unit.row["huvudman"] for unit in here if not unit.is_kommunal)
    assert sum(enskilda.values()) / len(here) == pytest.approx(0.2, abs=0.02)
    assert sorted(enskilda.values())[-2:] == [1, 2]


def test_ids_and_codes_cannot_be_real(units: DemoUnits) -> None:
    assert len({unit.enhet for unit in units}) == len({unit.row["namn"] for unit in units}) == len(units)
    codes = [unit.row["skolenhetskod"] for unit in units if unit.row["skolenhetskod"]]
    assert all(code.startswith("0099") for code in codes)  # real ones begin with 1–9
    assert len(set(codes)) == len(codes)
    assert all(unit.row["huvudman"].startswith("9999") for unit in units)
    assert {unit.lageskommun for unit in units} == {"9901", "9902", "9903"}


def test_no_unit_bears_the_name_of_a_real_one(units: DemoUnits, reference_data: Path) -> None:
    listed = json.loads((reference_data / "skolverket" / "listed_school_units_1.json").read_text(encoding="utf-8"))
    real = {one["name"].casefold() for one in listed["json"]["body"]["_embedded"]["listedSchoolUnits"]}
    assert len(real) == 50
    assert real & {unit.row["namn"].casefold() for unit in units} == set()


@pytest.mark.parametrize(("kinds", "prefix"), [({"forskoleklass", "grundskola"}, "G"), ({"forskola"}, "F")])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_an_index_has_mean_100_by_elever_and_a_wide_spread(
    register: Register, kinds: set[str], prefix: str, year: int
) -> None:
    values = {
        unit.enhet: unit.index[year] for unit in register.units if unit.enhet.startswith(prefix) and year in unit.index
    }
    sizes = Counter(
        spell.enhet
        for spell in register.on(date(year - 1, 10, 15))
        if spell.verksamhet in kinds and spell.enhet in values
    )
    mean = sum(values[enhet] * n for enhet, n in sizes.items()) / sizes.total()
    assert mean == pytest.approx(MEAN_INDEX, abs=1)
    assert min(values.values()) < 65
    assert max(values.values()) > 160


def test_one_grundskola_has_no_index_and_lerbacken_has_112(units: DemoUnits) -> None:
    open_units = [unit for unit in units.of(Verksamhet.GRUNDSKOLA) if unit.is_in_lindvik and not unit.closes]
    assert [unit.enhet for unit in open_units if 2026 not in unit.index] == ["G10"]
    assert units.get("G01").index == {2024: 121, 2025: 118, 2026: 112}
    assert units.get("G10").index_in(2026) == MEAN_INDEX


def test_small_rural_units_exist_in_both_forskola_and_grundskola(units: DemoUnits) -> None:
    assert {unit.verksamheter[0] for unit in units if unit.is_landsbygd} == {
        Verksamhet.FORSKOLA,
        Verksamhet.FORSKOLEKLASS,
    }
