"""Every published figure of the reference material, reproduced by the municipality's own model."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from core.allocation.price_explain import PriceExplainer
from core.allocation.prices import compute_prices
from core.allocation.printed import PrintedResult, check_printed
from core.base import kronor
from tests.support.models import ROOT, cases, published_model

if TYPE_CHECKING:
    from pathlib import Path

    from core.parameters import FundingModel

LISTS: dict[str, dict[str, Any]] = {case["case"]: case for case in cases("allocation/published_price_lists")}
MODELS = sorted({case["model"] for case in LISTS.values()})
SEVERITY = ("exact", "within_1_kr", "source_error")


@dataclass(frozen=True)
class Figure:
    """One published figure of the material, and where our models say it is."""

    row: dict[str, Any]
    name: str

    @property
    def case(self) -> dict[str, Any]:
        return LISTS[self.row["case_id"]]

    @property
    def place(self) -> tuple[str, str, str, str | None]:
        """Row's name in the model, step, recipient and price list (None where the model has one)."""
        step, recipient, *price_list = self.case["figures"][self.name]
        label = self.case.get("rows", {}).get(self.row["row"], self.row["row"])
        return label, step, recipient, price_list[0] if price_list else None

    def holds(self, result: PrintedResult, model: FundingModel) -> bool:
        label, step, recipient, price_list = self.place
        wanted = self.case.get("categories", {}).get(self.name, result.key.category)
        return (result.row, result.key.step, result.key.recipient, result.key.price_list, result.key.category) == (
            label,
            step,
            recipient,
            price_list or model.price_lists[0].list,
            wanted,
        )


@pytest.fixture(scope="module")
def material(reference_data: Path) -> list[dict[str, Any]]:
    text = (reference_data / "price_lists" / "published_price_lists.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text, parse_float=str)
    return found


@pytest.fixture(scope="module")
def figures(material: list[dict[str, Any]]) -> list[Figure]:
    return [Figure(row, name) for row in material for name in row["published"]]


@pytest.fixture(scope="module")
def models() -> dict[str, FundingModel]:
    return {path: published_model(path) for path in MODELS}


@pytest.fixture(scope="module")
def results(models: dict[str, FundingModel]) -> dict[str, tuple[PrintedResult, ...]]:
    return {path: check_printed(model, compute_prices(model)) for path, model in models.items()}


def found(
    figure: Figure, models: dict[str, FundingModel], results: dict[str, tuple[PrintedResult, ...]]
) -> PrintedResult:
    path = figure.case["model"]
    (result,) = [one for one in results[path] if figure.holds(one, models[path])]
    return result


def test_nothing_of_the_material_is_left_out(material: list[dict[str, Any]], figures: list[Figure]) -> None:
    assert len(material) == 50
    assert {row["case_id"] for row in material} == set(LISTS)
    assert (len(LISTS), len({row["municipality"] for row in material})) == (12, 8)
    for figure in figures:
        assert figure.name in figure.case["figures"], figure
    assert len(figures) == 160


def test_every_published_figure_is_reproduced_to_its_stated_residual(
    figures: list[Figure], models: dict[str, FundingModel], results: dict[str, tuple[PrintedResult, ...]]
) -> None:
    for figure in figures:
        result = found(figure, models, results)
        assert result.printed_ore == kronor(str(figure.row["published"][figure.name])), figure.place
        assert result.difference_ore == kronor(str(figure.row["residual_kr"][figure.name])), figure.place
        assert not result.is_fault, figure.place


def test_each_row_has_the_status_the_material_gives_it(
    material: list[dict[str, Any]], models: dict[str, FundingModel], results: dict[str, tuple[PrintedResult, ...]]
) -> None:
    word = {"agrees": "exact", "within_tolerance": "within_1_kr", "source_error": "source_error"}
    for row in material:
        verdicts = [word[found(Figure(row, name), models, results).verdict] for name in row["published"]]
        assert max(verdicts, key=SEVERITY.index) == row["status"], row["row"]


def test_every_control_figure_of_the_models_stands_in_the_material(
    figures: list[Figure], models: dict[str, FundingModel], results: dict[str, tuple[PrintedResult, ...]]
) -> None:
    claimed = Counter((figure.case["model"], found(figure, models, results).key) for figure in figures)
    assert set(claimed.values()) == {1}
    assert set(claimed) == {(path, result.key) for path, several in results.items() for result in several}


def test_each_model_names_the_address_its_figures_were_read_at(
    material: list[dict[str, Any]], models: dict[str, FundingModel]
) -> None:
    for row in material:
        assert row["source_url"] in models[LISTS[row["case_id"]]["model"]].sources


@pytest.mark.parametrize("path", MODELS)
def test_a_published_list_agrees_with_its_own_control_figures(path: str) -> None:
    model = published_model(path)
    results = check_printed(model, compute_prices(model))
    assert results
    assert [result for result in results if result.is_fault] == []


@pytest.mark.parametrize("path", MODELS)
def test_every_price_of_a_published_list_explains_itself(path: str) -> None:
    model = published_model(path)
    table = compute_prices(model)
    explainer = PriceExplainer(model, table, {})
    for price in table:
        tree = explainer.price(price.key, "shown")
        assert tree.value * 100 == price.shown_ore
        for _, node in tree.walk():
            assert node.op != "leaf" or node.source is not None


def test_every_published_model_is_one_of_the_cases() -> None:
    folders = {path.parent.name for path in (ROOT / "data" / "models").glob("*/*.yaml")} - {"lindvik", "examples"}
    files = {
        f"{folder}/{path.name}" for folder in folders for path in (ROOT / "data" / "models" / folder).glob("*.yaml")
    }
    assert files == set(MODELS)
