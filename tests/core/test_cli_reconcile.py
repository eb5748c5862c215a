"""The command reconcile: every line with both sides, and the code that says something differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.core.test_cli import demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.core.test_cli import Cli


def test_the_demos_delivery_with_another_total_is_the_only_thing_that_differs(demo: Cli) -> None:  # noqa: F811
    result = demo("reconcile")
    assert result.exit_code == 3
    assert " 1 skiljer" in result.stdout
    assert "Boken: skillnad 0,00\u00a0kr." in result.stdout
    assert "ingen huvudbok är inläst" in result.stdout
    assert "elevregister_2026-03.csv" in result.stdout


def test_a_budget_run_adds_up_and_ends_with_zero(demo: Cli) -> None:  # noqa: F811
    budget = next(one for one in json.loads(demo("runs", "--json").stdout) if one["kind"] == "budget")
    result = demo("reconcile", budget["number"], "--json")
    assert result.exit_code == 0, result.output
    view = json.loads(result.stdout)
    assert (view["differs"], view["books_difference_ore"]) == (0, 0)
    assert {one["group"] for one in view["lines"]} >= {"rader", "potter", "priser", "utbetalt", "huvudbok"}


def test_a_run_that_is_not_there_is_a_fault_in_a_sentence(demo: Cli) -> None:  # noqa: F811
    result = demo("reconcile", 999)
    assert result.exit_code == 1
    assert "999" in result.stderr
