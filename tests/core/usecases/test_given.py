"""An outsider with the model, the given figures of a run and its own counts gets its own öre."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import read_number
from core.bootstrap import build
from core.parameters import WeightedPool, load_model
from core.settings import Settings
from core.usecases.evaluate import evaluate
from core.usecases.given import given_of_run
from core.usecases.operators import operator_of
from core.usecases.personas import personas
from core.usecases.unit_in_run import UnitNotInRunError
from tests.support.databases import Database, demo_environment
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from pathlib import Path

    from core.allocation import Line
    from core.parameters import FundingModel
    from core.store import RunUnitRecord
    from core.usecases.context import App

UTFALL_2024 = 2


@pytest.fixture
def app(sqlite_demo: Database, tmp_path: Path) -> App:
    return build(Settings.from_environment(demo_environment(sqlite_demo.url, tmp_path)))


def units_row(model: FundingModel, unit: RunUnitRecord, lines: list[Line]) -> dict[str, str]:
    """Return what a huvudman writes of its own unit: counts, index, decided amounts, recipient, landsbygd."""
    counts = {line.category: str(line.quantity) for line in lines if line.kind == "per_elev"}
    pools = {step.step: step.factor.index for step in model.amounts if isinstance(step, WeightedPool) and step.factor}
    index = {
        pools[line.step]: str(line.factor)
        for line in lines
        if line.step in pools and not json.loads(line.detail).get("index_default")
    }
    decided: dict[str, Fraction] = {}
    for line in lines:
        if line.kind == "given":
            decided[line.step] = decided.get(line.step, Fraction(0)) + Fraction(line.amount_ore, 100)
    fields = {"recipient": unit.recipient, "landsbygd": "ja" if unit.landsbygd else "nej", "enhet": unit.enhet}
    assert model.units is not None
    row = {"enhet": unit.enhet}
    for column in model.units.columns:
        if column.category:
            row[column.column] = counts.get(column.category, "0")
        elif column.index:
            row[column.column] = index.get(column.index, "")
        elif column.given:
            row[column.column] = f"{float(decided.get(column.given, 0)):.2f}".replace(".", ",")
        else:
            row[column.column] = fields.get(column.field or "", ",".join(unit.verksamheter))
    return row


@pytest.mark.parametrize("enhet", ["G01", "G12", "F01"])
def test_a_huvudman_recomputes_its_own_unit_to_the_ore_from_what_the_kommun_gives(
    app: App, tmp_path: Path, enhet: str
) -> None:
    operator = operator_of(app)
    with app.reading(PEEK) as work:
        record = work.runs.get("9901", UTFALL_2024)
        unit = work.runs.unit("9901", UTFALL_2024, enhet)
        lines = work.runs.lines("9901", UTFALL_2024, enhet)
    assert unit is not None
    model = load_model(record.model_text, "2024.yaml")
    row = units_row(model, unit, lines)
    with (tmp_path / "enheter.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, row, delimiter=";")
        writer.writeheader()
        writer.writerow(row)
    (tmp_path / "korning.json").write_bytes(given_of_run(app, operator, UTFALL_2024, enhet))
    amounts = evaluate(record.model_text, "2024.yaml", tmp_path / "enheter.csv", tmp_path / "korning.json")
    assert amounts.total_ore == unit.total_ore
    mine = [
        (one[amounts.header.index("step")], read_number(one[amounts.header.index("value")]) * 100)
        for one in amounts.rows
    ]
    assert sorted(mine) == sorted((line.step, Fraction(line.amount_ore)) for line in lines)


def test_the_given_figures_of_a_unit_hold_no_other_units_remainders(app: App) -> None:
    content = json.loads(given_of_run(app, operator_of(app), UTFALL_2024, "G01"))
    assert {enhet for pool in content["pools"] for enhet in pool["remainders"]} <= {"G01"}
    everyone = json.loads(given_of_run(app, operator_of(app), UTFALL_2024))
    assert len({enhet for pool in everyone["pools"] for enhet in pool["remainders"]}) > 1


def test_a_rektor_gets_the_given_figures_of_the_own_unit_only(app: App) -> None:
    rektor = next(one.actor for one in personas() if one.key == "rektor_lerbacken")
    assert given_of_run(app, rektor, UTFALL_2024, "G01")
    for enhet in ("G02", None):
        with pytest.raises(ForbiddenError):
            given_of_run(app, rektor, UTFALL_2024, enhet)


def test_a_unit_that_the_run_does_not_hold_is_a_sentence(app: App) -> None:
    with pytest.raises(UnitNotInRunError, match="Z99"):
        given_of_run(app, operator_of(app), UTFALL_2024, "Z99")
