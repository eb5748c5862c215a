"""The commands what-if and scenario-…: the same effects as the page, law's own code, and editions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.core.test_cli import demo, folder  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.test_cli import Cli

POT = "amounts/grundskola.socioekonomi/pool"


def test_what_if_says_the_sum_and_who_wins(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("what-if", 5, "--set", f"{POT}=60 000 000")
    assert result.exit_code == 0, result.stderr
    assert "14 enheter får mer, 0 mindre, 38 lika mycket." in result.stdout
    assert "Kvar av beslutad budget" in result.stdout


def test_what_if_as_json_adds_up(demo: Cli, tmp_path: Path) -> None:  # noqa: F811  # a fixture
    file = tmp_path / "andringar.json"
    file.write_text(
        json.dumps([{"kind": "count", "enhet": "G01", "category": "grundskola.4_6", "from_month": 8, "delta": 2}])
    )
    view = json.loads(demo("what-if", 6, "--change", file, "--json").stdout)
    assert sum(one["difference_ore"] for one in view["units"]) == view["difference_ore"]
    assert view["winners"] + view["losers"] + view["unchanged"] == len(view["units"])


def test_law_ends_with_three_and_its_paragraph(demo: Cli) -> None:  # noqa: F811  # a fixture
    result = demo("what-if", 5, "--set", "prices/grundskola.administration/rate=0,05")
    assert result.exit_code == 3
    assert "Lagen hindrar: Administration är 5 %." in result.stdout
    assert "14 kap. 4" in result.stdout


def test_every_figure_is_listed_with_its_address(demo: Cli) -> None:  # noqa: F811  # a fixture
    assert POT in demo("what-if", 5, "--list").stdout
    rows = json.loads(demo("what-if", 5, "--list", "--json").stdout)
    assert {"law", "namnd", "forvaltning"} == {one["decided_by"] for one in rows}


def test_a_setting_without_value_and_an_address_that_is_none_are_faults(demo: Cli) -> None:  # noqa: F811  # a fixture
    assert demo("what-if", 5, "--set", "books/decided").exit_code == 2
    result = demo("what-if", 5, "--set", "books/finns_inte=1")
    assert result.exit_code == 1
    assert "inget tal på adressen" in result.stderr


def test_a_scenario_is_saved_listed_compared_verified_and_not_overwritten(demo: Cli) -> None:  # noqa: F811
    first = json.loads(demo("scenario-save", 5, "Större pott", "--set", f"{POT}=60000000", "--json").stdout)
    second = json.loads(demo("scenario-save", 5, "Mindre pott", "--set", f"{POT}=45000000", "--json").stdout)
    assert "Större pott" in demo("scenarios").stdout
    compared = demo("scenario-compare", first["number"], second["number"])
    assert "52300000 → 60000000, 45000000" in compared.stdout
    assert demo("verify-run", first["run"]).exit_code == 0
    over = ("--over", first["number"], "--edition", 7)
    result = demo("scenario-save", 5, "Störst", "--set", f"{POT}=70000000", *over)
    assert result.exit_code == 1
    assert "sparade en nyare version" in result.stderr
    assert demo("scenario-save", 5, "Störst", "--set", f"{POT}=70000000", "--over", 1).exit_code == 2
