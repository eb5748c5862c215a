from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from pages.components.map_view import opening
from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_map_asks_no_tile_host_for_anything(screen: Screen) -> None:
    deck = json.loads(screen("map").get("deck_gl_json_chart")[0].proto.json)
    assert deck.get("mapProvider") is None
    assert "http" not in json.dumps(deck)


def test_a_map_that_has_not_changed_is_sent_the_same(screen: Screen) -> None:
    """Layers without a name are given a drawn one, and the browser then draws the whole map anew at every click."""
    first, second = (screen("map").get("deck_gl_json_chart")[0].proto for _ in range(2))
    assert (first.json, first.id) == (second.json, second.id)


def test_the_map_has_words_and_a_table_beside_it(screen: Screen) -> None:
    test = screen("map")
    assert "2 enheter utsatta" in test.get("deck_gl_json_chart")[0].proto.alt
    shown = words(test)
    assert "Kartan visar 2 enheter. 1 av dem har en annan huvudman." in shown
    assert shown.rindex("Förskolan Lärkan") < shown.rindex("Lerbäckens skola")


def test_a_unit_without_a_place_is_named(screen: Screen) -> None:
    assert "Granviks förskola saknar koordinater" in words(screen("map"))


def test_a_map_without_units_shows_only_the_table(screen: Screen, answer: Answer) -> None:
    answer("maps.map_view", lambda *_: replace(fakes.MAP, units=(), missing=()))
    test = screen("map")
    assert not test.get("deck_gl_json_chart")
    assert no_bug(test)


def test_who_may_not_see_the_map_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se kartan.")

    answer("maps.map_view", refuse)
    assert "Din roll ger inte rätt att se kartan." in words(screen("map"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    assert "The map shows 2 units. 1 of them has another provider." in words(screen("map", query={"lang": "en"}))


def test_the_map_opens_with_the_whole_outline_in_the_picture() -> None:
    ring = [[19.0, 61.8], [20.0, 61.8], [20.0, 62.2], [19.0, 62.2], [19.0, 61.8]]
    outline = {"type": "Feature", "properties": {"layer": "kommun"}, "geometry": {"coordinates": [ring]}}
    seen = opening(replace(fakes.MAP, shapes={"type": "FeatureCollection", "features": [outline]}))
    assert (seen.longitude, seen.latitude) == (19.5, 62.0)
    pixels = 512 * 2**seen.zoom
    assert pixels * 1.0 / 360 < 820
    assert 350 < pixels * 0.4 / 360 / 0.469 < 520  # a degree of latitude is drawn 1 / cos 62° as long


def test_a_map_without_an_outline_opens_on_its_units() -> None:
    seen = opening(replace(fakes.MAP, shapes={"type": "FeatureCollection", "features": []}))
    places = [unit.longitude for unit in fakes.MAP.units]
    assert min(places) < seen.longitude < max(places)
