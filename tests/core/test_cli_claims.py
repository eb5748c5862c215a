"""The command claims: both directions with ground and basis, and the same sums as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.core.test_cli import demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.core.test_cli import Cli


def test_claims_stand_by_kommun_ground_and_basis(demo: Cli) -> None:  # noqa: F811
    result = demo("claims")
    assert result.exit_code == 0, result.output
    assert "att kräva" in result.stdout
    assert "det lägre av två" in result.stdout
    assert "andrahandsmottagen" in result.stdout


def test_the_sums_as_json_are_those_of_the_lines(demo: Cli) -> None:  # noqa: F811
    view = json.loads(demo("claims", "--json").stdout)
    for direction in ("to_claim", "to_pay"):
        lines = sum(one["amount_ore"] or 0 for one in view["lines"] if one["direction"] == direction)
        sums = sum(one["amount_ore"] or 0 for one in view["sums"] if one["direction"] == direction)
        assert lines == sums == view[f"{direction}_ore"]
    assert view["has_rules"]
