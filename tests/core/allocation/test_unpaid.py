"""What pays nothing is told with its reason; and no month of a lump sum is lost between two categories."""

from __future__ import annotations

from core.allocation import GivenAmount, UnitFacts, given_in_vain, unpaid
from tests.support.small_amounts import every_month, paying_model, run_of

STEP = {"kostnadsslag": "undervisning", "dimension": "individ"}
SPRING, AUTUMN = [1] * 6 + [0] * 6, [0] * 6 + [1] * 6


def test_decided_amounts_without_a_step_or_a_unit_to_pay_are_told_and_not_paid() -> None:
    model = paying_model([{"step": "stod", "kind": "given", "recipients": ["egen"], **STEP}])
    units = [UnitFacts("e0", "Enhet 0", "egen"), UnitFacts("e1", "Enhet 1", "fristaende_hemma")]
    given = [
        GivenAmount("stod", "e0", "grundskola", 1, 2, 50_000),
        GivenAmount("stod", "e1", "grundskola", 1, 2, 50_000),
        GivenAmount("stod", "borta", "grundskola", 2, 2, 50_000),
        GivenAmount("stöd", "e0", "grundskola", 1, 2, 50_000),
        GivenAmount("stöd", "e0", "grundskola", 2, 2, 50_000),
    ]
    data, allocated = run_of(model, [every_month(1), every_month(1)], units=units, given=given)
    assert allocated.total_ore == 50_000
    assert [tuple(one) for one in given_in_vain(data)] == [
        ("beslut_utan_mottagare", "borta", "grundskola", 1),
        ("beslut_utan_mottagare", "e1", "grundskola", 1),
        ("beslut_utan_steg", "e0", "grundskola", 2),
    ]


def test_elever_without_a_price_are_told_by_unit_and_verksamhet() -> None:
    prices = [{"step": "undervisning", "values": {"a": "1000"}}]
    model = paying_model(
        [{"step": "per_elev", "kind": "per_elev", "prices": ["undervisning"]}], prices=prices, categories=["a", "b"]
    )
    data, allocated = run_of(model, [every_month(1, 2)])
    assert [tuple(one) for one in unpaid(data, allocated.blocks)] == [("utan_pris", "e0", "grundskola", 24)]


def test_a_lump_sum_is_paid_for_every_month_with_an_elev_of_any_of_its_categories() -> None:
    model = paying_model(
        [{"step": "grund", "kind": "per_unit", "categories": ["a", "b"], "amount": "1200", **STEP}],
        categories=["a", "b"],
    )
    _, followed = run_of(model, [[SPRING, AUTUMN]])
    _, together = run_of(model, [[SPRING, SPRING]])
    assert (followed.total_ore, together.total_ore) == (120_000, 60_000)
