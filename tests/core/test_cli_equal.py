"""The command equal: findings, amounts and paragraphs, and the code that says there are some."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.core.test_cli import demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from tests.core.test_cli import Cli


def test_equal_names_findings_with_amounts_and_ends_with_three(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("equal", "--year", 2026)
    assert result.exit_code == 3
    assert "skillnader saknar grund" in result.stdout
    assert "per elev" in result.stdout
    assert "skollagen (2010:800) 10 kap. 37 §" in result.stdout
    assert "Fristående enhet i kommunen" in result.stdout


def test_equal_as_json_holds_the_same(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("equal", "--year", 2026, "--kind", "budget", "--json")
    view = json.loads(result.stdout)
    assert result.exit_code == 3
    assert {one["recipient"] for one in view["findings"]} <= {"fristaende_hemma", "fristaende_annan", "annan_kommun"}
    assert view["run"]["kind"] == "budget"
    hemma = next(one for one in view["years"] if one["recipient"] == "fristaende_hemma")
    assert hemma["unexplained_ore"] == 0


def test_a_year_without_a_run_is_a_fault_in_a_sentence(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("equal", "--year", 2031)
    assert result.exit_code == 1
    assert "Inga beslut för 2031" in result.stderr
