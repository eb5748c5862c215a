"""The section ike is read strictly: mervärdesskatt is refused with its reason, and nothing is said twice."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.parameters import Ike, IkeRule
from core.parameters.check import check_model
from tests.support.models import REFERENCE
from tests.support.small_amounts import paying_model

RULE: dict[str, Any] = {
    "verksamhet": "grundskola", "ground": "sarskilda_skal", "registered": ["sarskilda_skal"],
    "basis": "receiver_cost", "prices": ["undervisning"], "reference": REFERENCE,
}  # fmt: skip
PRICES: list[dict[str, Any]] = [
    {"step": "undervisning", "values": {"a": "60000"}},
    {"step": "moms", "kind": "markup", "kostnadsslag": "mervardesskatt", "of": ["undervisning"], "rate": "0.06"},
    {"step": "summa", "of": ["undervisning", "moms"]},
    {"step": "bara_egna", "values": {"a": "1"}, "recipients": ["egen"]},
]


def faults(*rules: dict[str, Any]) -> list[str]:
    """Return what is wrong with a model that has these rules."""
    whole = paying_model(
        [{"step": "grund", "kind": "per_elev", "prices": [one["step"] for one in PRICES]}], prices=PRICES
    )
    model = whole.model_copy(update={"ike": Ike.model_validate({"rules": list(rules)})})
    return [text for _, text in check_model(model)]


def test_a_rule_that_names_what_is_there_is_accepted() -> None:
    assert faults(RULE) == []


@pytest.mark.parametrize("step", ["moms", "summa"])
def test_mervardesskatt_is_refused_with_its_reason_also_inside_a_sum(step: str) -> None:
    (fault,) = faults({**RULE, "prices": [step]})
    assert "mervärdesskatt, som aldrig ingår i ersättning mellan kommuner" in fault
    assert "14 kap. 4–5 §§" in fault


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prices": ["okant"]}, "Prissteget ”okant” finns inte"),
        ({"prices": ["bara_egna"]}, "inget pris för annan_kommun"),
        ({"by_kommun": {"9902": {"b": "1"}}}, "kategorin ”b” finns inte i grundskola"),
        ({"values": {"b": "1"}}, "kategorin ”b” finns inte i grundskola"),
        ({"by_kommun": {"9901": {"a": "1"}}}, "den egna kommunen"),
    ],
)
def test_what_the_model_has_not_is_a_fault_with_a_remedy(change: dict[str, Any], said: str) -> None:
    (fault,) = faults({**RULE, **change})
    assert said in fault


def test_one_code_has_one_rule_in_a_verksamhet() -> None:
    (fault,) = faults(RULE, {**RULE, "ground": "avtal"})
    assert "har redan en regel" in fault


@pytest.mark.parametrize(
    ("basis", "needs"),
    [
        ("receiver_cost", "prices"),
        ("home_price", "by_kommun eller prices"),
        ("agreement", "by_kommun eller values eller prices"),
        ("agency_amount", "values"),
        ("lower_of_two", "prices"),
    ],
)
def test_a_basis_without_its_price_is_refused(basis: str, needs: str) -> None:
    bare = {key: value for key, value in RULE.items() if key != "prices"}
    with pytest.raises(ValidationError, match=f"basis {basis} kräver {needs}"):
        IkeRule.model_validate({**bare, "basis": basis})


def test_the_lower_of_two_needs_both() -> None:
    with pytest.raises(ValidationError, match="hemkommunens kostnad"):
        IkeRule.model_validate({**RULE, "basis": "lower_of_two"})
