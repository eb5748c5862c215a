from __future__ import annotations

from collections import Counter

import pytest

from core.usecases.demo.draw import chance, draw, pick, shared_out, shuffled, whole


def test_a_draw_belongs_to_what_it_is_about_and_to_nothing_else() -> None:
    assert draw("flytt", "lv-2015-0001", 2025) == draw("flytt", "lv-2015-0001", 2025) == pytest.approx(0.815816718)
    assert draw("flytt", "lv-2015-0001", 2025) != draw("flytt", "lv-2015-0001", 2026)


def test_draws_spread_evenly() -> None:
    shares = [chance(0.2, "prov", number) for number in range(5_000)]
    assert sum(shares) / 5_000 == pytest.approx(0.2, abs=0.02)
    assert {whole(1, 6, "tärning", number) for number in range(200)} == {1, 2, 3, 4, 5, 6}


def test_a_pick_follows_its_weights_and_never_takes_what_weighs_nothing() -> None:
    picked = Counter(pick({"a": 3, "b": 1, "c": 0}, "val", number) for number in range(4_000))
    assert picked["c"] == 0
    assert picked["a"] / 4_000 == pytest.approx(0.75, abs=0.03)
    with pytest.raises(ValueError, match="nothing to pick"):
        pick({"a": 0}, "val")


def test_items_are_shared_out_to_within_one_and_all_of_them() -> None:
    items = [f"elev {number}" for number in range(101)]
    given = shared_out(items, {"G01": 1, "G02": 1}, "intag")
    assert sorted(given) == sorted(items)
    assert sorted(Counter(given.values()).values()) == [50, 51]
    assert shuffled(items, "intag") == shuffled(reversed(items), "intag") != items
