from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from core.allocation import PriceKey, compute_prices
from core.allocation.price_explain import PriceExplainer
from core.parameters import advise, load_model
from core.parameters.advice import advice
from tests.support.models import ROOT, small_model, small_model_read
from tests.support.small_amounts import paying_model

if TYPE_CHECKING:
    from pathlib import Path

FEE: dict[str, Any] = {"step": "avgift", "kind": "deduction", "kostnadsslag": "avgift", "values": {"a": "10601"}}
VAT: dict[str, Any] = {"step": "moms", "kind": "markup", "kostnadsslag": "mervardesskatt", "rate": "0.06"}
BASE: dict[str, Any] = {"step": "g", "values": {"a": "100000"}}
SUM: dict[str, Any] = {"step": "delsumma", "of": ["g", "avgift"]}


@pytest.mark.parametrize(
    ("steps", "warned"),
    [
        ([BASE, FEE, {**VAT, "of": ["g", "avgift"]}], 1),
        ([BASE, FEE, SUM, {**VAT, "of": ["delsumma"]}], 1),  # by way of a sum
        ([BASE, {**VAT, "of": ["g"]}, FEE], 0),
    ],
)
def test_a_fee_taken_off_before_tax_is_warned_of_but_not_refused(steps: list[dict[str, Any]], warned: int) -> None:
    model = small_model_read(steps)
    text = yaml.safe_dump(model.model_dump(mode="json", by_alias=True, exclude_none=True), allow_unicode=True)
    issues = advise(model, text, "liten.yaml")
    assert [one.severity for one in issues] == ["warning"] * warned
    assert all("SKR:s råd är att dra avgiften sist" in one.message for one in issues)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "data" / "models").glob("*/*.yaml")), ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_no_model_that_comes_with_the_program_is_warned_of(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not advise(load_model(text, file.name), text, file.name)


def test_a_price_says_why_no_fee_is_taken_off_where_the_kommun_collects_it() -> None:
    collected = {"fristaende_hemma": "kommun"}
    model = small_model(
        [BASE, {**FEE, "label": "Avgift", "collected_by": collected}, {"step": "netto", "of": ["g", "avgift"]}]
    )
    prices = compute_prices(model)
    home, away = (
        PriceExplainer(model, prices).price(PriceKey("netto", "a", recipient, "2026"))
        for recipient in ("fristaende_hemma", "fristaende_annan")
    )
    assert [home.value, away.value] == [100_000, 89_399]
    assert home.note == "Avgift: dras inte av, för kommunen tar själv ut avgiften."
    assert away.note is None


def test_administration_on_decided_individual_amounts_is_warned_of_but_tax_is_not() -> None:
    steps: list[dict[str, Any]] = [
        {"kind": "case_amounts", "step": "tillagg", "kostnadsslag": "tillaggsbelopp"},
        {"kind": "markup", "step": "adm", "kostnadsslag": "administration", "of": ["tillagg"], "rate": "0.03"},
        {"kind": "markup", "step": "moms", "kostnadsslag": "mervardesskatt", "of": ["tillagg"], "rate": "0.06"},
    ]
    found = advice(paying_model(steps))
    assert [(path[:2], "ingen administration" in said) for path, said in found] == [(("amounts", 1), True)]
