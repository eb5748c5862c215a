"""What law forbids is refused with its paragraph; what a model said before is advice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.parameters import FigureChange, apply_figures, lawful, refused
from tests.support.cases import cases
from tests.support.models import published_model
from tests.support.small_amounts import paying_model

if TYPE_CHECKING:
    from core.parameters import FundingModel


def _model(given: dict[str, Any]) -> FundingModel:
    return paying_model(given.get("amounts", ()), prices=given.get("prices", ()))


@pytest.mark.parametrize("case", cases("parameters/lawful"), ids=lambda case: case["name"])
def test_law(case: dict[str, Any]) -> None:
    model = _model(case["given"])
    trial = apply_figures(model, [FigureChange(address=where, value=to) for where, to in case["try"].items()])
    found = lawful(model, trial)
    assert [(one.where, one.severity) for one in found] == [(one["where"], one["severity"]) for one in case["expect"]]
    for one, expected in zip(found, case["expect"], strict=True):
        assert expected["source"] in one.source.title, "lagrummet står i fyndet"
        assert one.source.kind == "law"
        assert one.reason.endswith((".", "?"))
    assert len(refused(found)) == sum(one["severity"] == "refused" for one in case["expect"])


def test_an_addition_for_a_year_that_is_over_cannot_be_changed() -> None:
    step = {"step": "tillskott", "kind": "addition", "amount": "1000", "categories": ["a"], "first_month": 9,
            "decided": date(2026, 9, 1), "recipients": ["egen", "fristaende_hemma", "fristaende_annan"]}  # fmt: skip
    model = paying_model([step])
    more = apply_figures(model, [FigureChange(address="amounts/tillskott/amount", value="2000")])
    assert refused(lawful(model, more, date(2026, 12, 31))) == ()
    found = refused(lawful(model, more, date(2027, 1, 1)))
    assert [one.where for one in found] == ["tillskott"]
    assert "HFD 2015:53" in found[0].source.title


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_lindviks_models_are_lawful_as_they_stand(year: int) -> None:
    model = published_model(f"lindvik/{year}.yaml")
    assert lawful(model, model) == ()
