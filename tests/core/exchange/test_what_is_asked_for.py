"""What deliveries ask for: an index with all that it takes to read it, and nothing about anybody's health."""

from __future__ import annotations

import re

import pytest

from core.exchange import CONTRACTS
from core.exchange.contracts import CellKind

HEALTH = re.compile(r"diagnos|halsa|hälsa|sjuk|funktions|medicin|omdome|anteckning|fritext|motivering", re.IGNORECASE)
INDEX = {column.field: column for column in CONTRACTS["index"].columns}


@pytest.mark.parametrize("field", ["source", "version", "year", "direction", "mean", "weighting", "publishable"])
def test_an_index_file_says_where_its_values_come_from_and_how_they_are_read(field: str) -> None:
    assert INDEX[field].required
    assert INDEX[field].per_index  # one and the same for all units of an index, or the file is refused


def test_which_way_an_index_points_is_one_of_two_words() -> None:
    assert INDEX["direction"].codes == ("hogre_mer", "hogre_mindre")


@pytest.mark.parametrize("kind", CONTRACTS)
def test_no_delivery_asks_about_health_or_has_room_for_a_note_on_an_elev(kind: str) -> None:
    columns = CONTRACTS[kind].columns
    assert [one.header for one in columns if HEALTH.search(f"{one.header} {one.field}")] == []
    if any(one.header == "elev" for one in columns):
        assert [one.header for one in columns if one.cell is CellKind.TEXT and one.header != "grupp"] == []
