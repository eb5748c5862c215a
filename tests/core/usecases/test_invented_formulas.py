"""Formulas of the kinds that states use, written as models alone and worked out by hand."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from core.parameters import load_model
from core.usecases.evaluate import evaluate
from tests.support.cases import cases

if TYPE_CHECKING:
    from pathlib import Path

CASES = cases("allocation/measures")


def values(case: dict[str, Any], folder: Path) -> dict[str, dict[str, Fraction]]:
    """Return what every step shows by unit."""
    path = folder / "enheter.csv"
    path.write_text(case["units"], "utf-8")
    result = evaluate(case["model"], "formel.yaml", path)
    decimal = {";": ","}.get(result.delimiter, ".")
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for row in result.rows:
        cells = dict(zip(result.header, row, strict=True))
        found[row[0]][cells["step"]] = Fraction(cells["value"].replace(decimal, "."))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_formula_gives_what_is_worked_out_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    expected = {
        unit: {step: Fraction(value) for step, value in steps.items()} for unit, steps in case["expected"].items()
    }
    assert values(case, tmp_path) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_rows_stand_in_the_order_of_the_steps(case: dict[str, Any], tmp_path: Path) -> None:
    steps = [one.step for one in load_model(case["model"], "formel.yaml").amounts]
    for shown in values(case, tmp_path).values():
        assert list(shown) == [step for step in steps if step in shown]
