"""Interkommunal ersättning: price by ground and basis, never with mervärdesskatt, explained to the öre."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import Line, UnitFacts, compute_prices
from core.allocation.claims import (
    MISSING,
    Elsewhere,
    claims_of,
    explain_claim,
    paid_elsewhere,
    repriced,
)
from core.base import Recipient, Source, kronor
from tests.support.cases import cases
from tests.support.models import REFERENCE
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from core.parameters import FundingModel

ENSKILDA = ["fristaende_hemma", "fristaende_annan"]
COUNTED = Source("batch", "elevregister")
GROUND_OF = {
    "onskemal": "vardnadshavarens_onskemal",
    "sarskilda_skal": "sarskilda_skal",
    "avtal": "avtal",
    "forstahand": "forstahandsmottagen",
    "andrahand": "andrahandsmottagen",
    "variant": "sarskild_variant",
}
PRICES: list[dict[str, Any]] = [
    {"step": "undervisning", "values": {"a": "60000"}},
    {"step": "lokal", "kostnadsslag": "lokalkostnader", "values": {"a": "12000"}},
    {"step": "adm", "kind": "markup", "kostnadsslag": "administration", "of": ["undervisning", "lokal"],
     "rate": "0.03"},
    {"step": "moms", "kind": "markup", "kostnadsslag": "mervardesskatt", "of": ["undervisning", "lokal", "adm"],
     "rate": "0.06", "recipients": ENSKILDA},
    {"step": "avgift", "kind": "deduction", "kostnadsslag": "avgift", "values": {"a": "7900"},
     "recipients": [*ENSKILDA, "annan_kommun"]},
]  # fmt: skip


def model_of(case: dict[str, Any]) -> FundingModel:
    """Return a model with the case's rule; without a basis the rule is for another code."""
    told: dict[str, Any] = {key: case[key] for key in ("prices", "by_kommun", "values") if key in case}
    known = case["registered"] in GROUND_OF
    rule: dict[str, Any] = {
        "verksamhet": case["verksamhet"],
        "ground": GROUND_OF[case["registered"]] if known else "avtal",
        "registered": [case["registered"]] if known else ["avtal"],
        "basis": case.get("basis", "agreement"),
        "reference": REFERENCE,
        **(told or {"values": {"a": "1"}}),
    }
    return paying_model(
        [{"step": "grundbelopp", "kind": "per_elev", "prices": [one["step"] for one in PRICES]}],
        prices=PRICES,
        categories=[{"category": "a", "verksamhet": case["verksamhet"]}],
        ike={"rules": [rule]},
    )


@pytest.mark.parametrize("case", cases("allocation/claims"), ids=lambda case: case["name"])
def test_cases_of_claims(case: dict[str, Any]) -> None:
    model = model_of(case)
    prices = compute_prices(model)
    elev = Elsewhere(case.get("hemkommun", "9902"), "A1", "a", "2026", case["registered"], Fraction(case["n"]))
    (claim,) = claims_of(model, prices, [elev])
    expect = case["expect"]
    assert claim.ground == expect["ground"]
    if "missing" in expect:
        assert (claim.basis, claim.amount_ore) == (MISSING, 0)
        assert f'"missing":"{expect["missing"]}"' in claim.detail
        return
    assert claim.basis == case["basis"]
    assert claim.price == kronor(expect["price"])
    assert claim.amount_ore == kronor(expect["amount"])
    tree = explain_claim(claim, model, prices, COUNTED)
    assert tree.value == Fraction(claim.amount_ore, 100)
    assert "Mervärdesskatt" not in "".join(node.label for _, node in tree.walk())


def test_two_codes_of_one_ground_go_together() -> None:
    model = paying_model(
        [{"step": "grundbelopp", "kind": "per_elev", "prices": ["undervisning"]}],
        prices=PRICES[:1],
        ike={
            "rules": [
                {"verksamhet": "grundskola", "ground": "avtal", "registered": ["avtal", "samverkan"],
                 "basis": "agreement", "values": {"a": "1000"}, "reference": REFERENCE}
            ]
        },
    )  # fmt: skip
    half = Fraction(1, 2)
    elever = [Elsewhere("9902", "A1", "a", "2026", code, half) for code in ("avtal", "samverkan")]
    (claim,) = claims_of(model, compute_prices(model), elever)
    assert (claim.n, claim.amount_ore) == (Fraction(1), 100_000)


def test_a_supplement_without_a_price_of_its_own_is_no_claim() -> None:
    model = paying_model(
        [{"step": "grundbelopp", "kind": "per_elev", "prices": ["undervisning"]}],
        prices=PRICES[:1],
        categories=["a", {"category": "b", "overlapping": True, "where": [{"field": "flag", "=": "x"}]}],
        ike={"rules": [{"verksamhet": "grundskola", "ground": "avtal", "registered": ["avtal"],
                        "basis": "receiver_cost", "prices": ["undervisning"], "reference": REFERENCE}]},
    )  # fmt: skip
    elever = [Elsewhere("9902", "A1", name, "2026", "avtal", Fraction(1)) for name in ("a", "b")]
    assert [one.category for one in claims_of(model, compute_prices(model), elever)] == ["a"]


def test_what_we_pay_elsewhere_is_the_runs_own_lines_and_nothing_else() -> None:
    model = paying_model(
        [
            {"step": "grundbelopp", "kind": "per_elev", "prices": [one["step"] for one in PRICES]},
            {"step": "pott", "kind": "weighted_pool", "pool": "900", "categories": ["a"]},
        ],
        prices=PRICES,
    )
    units = [UnitFacts(one.value, one.value, one.value, ("grundskola",)) for one in Recipient]
    _, allocated = run_of(model, [every_month(3) for _ in units], units=units)
    lines: list[Line] = list(allocated.lines())
    claims = paid_elsewhere(lines, {("annan_kommun", "a", "2026"): Fraction(3)}, {"annan_kommun": "9902"})
    assert sum(one.amount_ore for one in claims) == allocated.totals["annan_kommun"]
    by = {one.category: one for one in claims}
    assert by["a"].price == kronor("66260")  # 60 000 + 12 000 + 2 160 − 7 900, without mervärdesskatt
    assert (by["a"].n, by["a"].other_kommun) == (Fraction(3), "9902")


@given(st.fractions(0, 500), st.integers(0, 10**8))
def test_a_claim_priced_anew_is_the_same(n: Fraction, ore: int) -> None:
    model = model_of(cases("allocation/claims")[0])
    (claim,) = claims_of(model, compute_prices(model), [Elsewhere("9902", "A1", "a", "2026", "onskemal", n)])
    assert repriced(claim) == claim
    assert abs(claim.amount_ore - claim.n * claim.price) <= Fraction(1, 2)
    assert ore >= 0
