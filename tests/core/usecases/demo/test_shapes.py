from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from core.usecases.demo.shapes import map_text
from core.usecases.demo.units import read_units

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.demo.units import DemoUnit

Ring = list[list[float]]


@pytest.fixture
def features(demo_data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((demo_data / "9901.geojson").read_text(encoding="utf-8"))["features"]
    return found


def polygons(features: list[dict[str, Any]], layer: str) -> dict[str, Ring]:
    chosen = [one for one in features if one["properties"]["layer"] == layer]
    return {one["properties"]["name"]: one["geometry"]["coordinates"][0] for one in chosen}


def place(unit: DemoUnit) -> tuple[float, float]:
    return float(unit.row["longitud"].replace(",", ".")), float(unit.row["latitud"].replace(",", "."))


def inside(point: tuple[float, float], ring: Ring) -> bool:
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            crossings += 1
    return crossings % 2 == 1


def test_the_file_is_what_the_rules_draw(demo_data: Path) -> None:
    assert (demo_data / "9901.geojson").read_text(encoding="utf-8") == map_text()


def test_every_unit_lies_in_its_omrade_or_its_neighbour_and_none_in_the_lake(
    demo_data: Path, features: list[dict[str, Any]]
) -> None:
    areas = polygons(features, "omrade") | polygons(features, "neighbour")
    neighbours = {"9902": "Strandmark", "9903": "Höglida"}
    for unit in read_units(demo_data):
        found = [name for name, ring in areas.items() if inside(place(unit), ring)]
        assert found == [neighbours.get(unit.lageskommun, unit.omrade)], unit.enhet
        assert not any(inside(place(unit), ring) for ring in polygons(features, "lake").values())


def test_the_municipality_is_the_sum_of_its_six_omraden(features: list[dict[str, Any]]) -> None:
    def area(ring: Ring) -> float:
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2

    omraden = polygons(features, "omrade")
    assert len(omraden) == 6
    assert sum(map(area, omraden.values())) == pytest.approx(area(polygons(features, "kommun")["Lindvik"]), rel=1e-3)


def test_the_map_lies_in_open_sea(features: list[dict[str, Any]]) -> None:
    for layer in ("kommun", "neighbour", "omrade", "lake"):
        for ring in polygons(features, layer).values():
            assert all(18.9 < longitude < 20.0 and 61.7 < latitude < 62.2 for longitude, latitude in ring)
