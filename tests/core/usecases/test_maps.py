from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.usecases.maps import NO_SHAPES, map_view
from tests.support.small_kommun import CITIZEN, REKTOR_A1

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby


def test_units_with_coordinates_are_placed_and_the_others_named(shared_lillby: Lillby) -> None:
    view = map_view(shared_lillby.app, CITIZEN)
    assert [(one.enhet, one.latitude, one.longitude) for one in view.units] == [
        ("A1", 59.1, 15.1),
        ("A2", 59.2, 15.2),
        ("B1", 59.3, 15.3),
    ]
    assert view.units[0].elever == Fraction(48, 10)
    assert view.missing == ("Dungen", "Ekskolan", "Fröets förskola", "Grannskolan")


def test_a_kommun_without_a_map_of_its_own_is_drawn_on_nothing(shared_lillby: Lillby) -> None:
    assert map_view(shared_lillby.app, REKTOR_A1).shapes == NO_SHAPES


def test_a_kommun_draws_its_own_map_from_its_file(lillby: Lillby) -> None:
    folder = lillby.folder / "data"
    (folder / "maps").mkdir(parents=True)
    shapes = {"type": "FeatureCollection", "features": [{"type": "Feature"}]}
    (folder / "maps" / "9907.geojson").write_text(json.dumps(shapes), encoding="utf-8")
    assert map_view(replace(lillby.app, data_folder=folder), CITIZEN).shapes == shapes


def test_before_any_run_the_units_have_no_number_of_elever(undecided_lillby: Lillby) -> None:
    assert {one.elever for one in map_view(undecided_lillby.app, CITIZEN).units} == {None}
