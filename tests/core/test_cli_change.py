"""The command change: parts that add up, of a unit and of the kommun."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from core.cli.change import PARTS
from core.usecases.change import ORDER
from tests.core.test_cli import demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.core.test_cli import Cli


def test_change_shows_the_way_from_one_run_to_another(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("change", "G01", "--from", 4, "--to", 6, "--steps")
    assert result.exit_code == 0, result.stderr
    assert "Lerbäckens skola: körning 4 (utfall 2025) → körning 6 (utfall 2026 till och med månad 10)" in result.stdout
    for word in ("Från", "Räknade månader", "Antal elever", "Index", "Undervisning (grundskola)", "Till"):
        assert word in result.stdout


def test_change_as_json_adds_up_for_the_kommun(demo: Cli) -> None:  # noqa: F811  # a fixture
    view = json.loads(demo("change", "--from", 3, "--to", 5, "--json").stdout)
    assert view["from_ore"] + sum(one["shown_ore"] for one in view["parts"]) == view["to_ore"]
    assert sum(Fraction(one["exact"]) for one in view["parts"]) == view["difference_ore"]
    assert sum(one["difference_ore"] for one in view["units"]) == view["difference_ore"]


def test_the_list_of_the_kommun_is_by_unit(demo: Cli) -> None:  # noqa: F811  # a fixture
    assert "Lerbäckens skola" in demo("change", "--from", 3, "--to", 5).stdout


def test_a_run_that_is_not_there_is_a_fault_in_a_sentence(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("change", "--from", 3, "--to", 99)
    assert result.exit_code == 1
    assert "Körning 99 finns inte" in result.stderr


def test_every_part_has_a_name() -> None:
    assert tuple(PARTS) == ORDER
