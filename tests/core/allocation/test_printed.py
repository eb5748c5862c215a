from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.allocation.prices import compute_prices
from core.allocation.printed import check_printed
from core.base import kronor
from tests.support.models import cases, published_model, small_model

STEPS: list[dict[str, Any]] = [
    {"step": "bas", "values": {"a": "80637"}},
    {"step": "administration", "kind": "markup", "of": ["bas"], "rate": "0.03", "recipients": ["fristaende_hemma"]},
]


@pytest.mark.parametrize("case", cases("allocation/printed"), ids=lambda case: case["name"])
def test_printed_figures_are_compared_and_never_adjusted(case: dict[str, Any]) -> None:
    printed = {"step": "administration", "category": "a", "recipient": "fristaende_hemma", **case["printed"]}
    if case.get("faulty"):
        with pytest.raises(ValidationError):
            small_model(STEPS, printed=[printed])
        return
    model = small_model(STEPS, printed=[printed])
    (result,) = check_printed(model, compute_prices(model))
    expected = case["expect"]
    difference = None if expected["difference"] is None else kronor(expected["difference"])
    assert (result.verdict, result.difference_ore, result.is_fault) == (
        expected["verdict"],
        difference,
        expected["is_fault"],
    )
    assert result.printed_ore == kronor(printed["value"])


def test_a_source_error_keeps_its_note_and_the_corrected_row_agrees() -> None:
    model = published_model("lindesberg/2023_grundbelopp.yaml")
    results = check_printed(model, compute_prices(model))
    flagged = [result for result in results if result.verdict == "source_error"]
    assert len(flagged) == 4
    assert all(result.note and "80 637" in result.note for result in flagged)
    corrected = {
        result.key.step: result
        for result in results
        if result.key.category == "grundskola.4_6" and result.key.recipient == "fristaende_hemma"
    }
    for result in flagged:
        beside = corrected[result.key.step]
        assert (beside.verdict, beside.printed_ore) == ("agrees", result.printed_ore)
