from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation.price_explain import PriceExplainer
from core.allocation.prices import (
    MissingPlannedCountError,
    Price,
    PriceKey,
    PriceMissingError,
    PriceRow,
    PriceTable,
    StoredPriceUnknownError,
    compute_prices,
)
from core.base import CoreError, DerivationBrokenError, Recipient, read_number
from core.parameters import ModelFaultyError
from tests.support.models import cases, published_model, small_model, small_model_read

if TYPE_CHECKING:
    from random import Random

RAISES: dict[str, type[CoreError]] = {
    "MissingPlannedCountError": MissingPlannedCountError,
    "ModelFaultyError": ModelFaultyError,
}


def table_of(case: dict[str, Any]) -> tuple[Any, PriceTable, dict[str, Fraction]]:
    lists = case.get("lists", ["2026"])
    model = small_model_read(case["prices"], case.get("categories", ["a"]), lists)
    planned = {category: Fraction(count) for category, count in case.get("planned", {}).items()}
    return model, compute_prices(model, planned or None), planned


def key_of(case: dict[str, Any], expected: dict[str, Any]) -> PriceKey:
    price_list = expected.get("list", case.get("lists", ["2026"])[0])
    return PriceKey(expected["step"], expected.get("category", "a"), expected.get("recipient", "egen"), price_list)


@pytest.mark.parametrize("case", cases("allocation/prices"), ids=lambda case: case["name"])
def test_prices_follow_the_case_table(case: dict[str, Any]) -> None:
    if "raises" in case:
        with pytest.raises(RAISES[case["raises"]]):
            table_of(case)
        return
    model, table, planned = table_of(case)
    for expected in case["expect"]:
        key = key_of(case, expected)
        price = table.get(*key)
        if expected.get("absent"):
            assert price is None
            continue
        assert price is not None
        if "exact" in expected:
            assert price.exact == read_number(expected["exact"]) * 100
        if "shown" in expected:
            assert price.shown_ore == read_number(expected["shown"]) * 100
        assert PriceExplainer(model, table, planned).price(key).value == Fraction(price.shown_ore, 100)
        assert PriceExplainer(model, table, planned).price(key, "hidden").value == price.exact / 100


figures = st.integers(0, 10**7).map(lambda ore: f"{ore // 100}.{ore % 100:02d}")
rates = st.integers(0, 10_000).map(lambda parts: f"{parts // 10_000}.{parts % 10_000:04d}")


@given(first=figures, second=figures, rate=rates)
def test_a_markup_on_a_sum_is_the_sum_of_the_markups(first: str, second: str, rate: str) -> None:
    model = small_model(
        [
            {"step": "ett", "values": {"a": first}},
            {"step": "tva", "values": {"a": second}},
            {"step": "pa_ett", "kind": "markup", "of": ["ett"], "rate": rate},
            {"step": "pa_tva", "kind": "markup", "of": ["tva"], "rate": rate},
            {"step": "pa_bada", "kind": "markup", "of": ["ett", "tva"], "rate": rate},
        ]
    )
    exact = {price.step: price.exact for price in compute_prices(model) if price.recipient == "egen"}
    assert exact["pa_bada"] == exact["pa_ett"] + exact["pa_tva"]


@given(st.integers(-(10**7), 10**7), st.sampled_from(["krona", "10kr", "100kr", "1000kr"]))
def test_an_exact_half_goes_away_from_zero(steps: int, to: str) -> None:
    size = {"krona": 100, "10kr": 1_000, "100kr": 10_000, "1000kr": 100_000}[to]
    ore = abs(steps) * size + size // 2
    figure = f"{ore // 100}.{ore % 100:02d}"
    step: dict[str, Any] = {"step": "pris", "rounding": {"to": to, "where": "shown"}, "values": {"a": figure}}
    sign = 1
    if steps < 0:
        step["kind"], sign = "deduction", -1
    (price,) = (one for one in compute_prices(small_model([step])) if one.recipient == "egen")
    assert price.shown_ore == sign * (abs(steps) + 1) * size
    assert price.exact == sign * ore


@st.composite
def chains(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw price steps that build on each other, with every way of rounding."""
    steps: list[dict[str, Any]] = [{"step": "s0", "values": {"a": draw(figures), "b": draw(figures)}}]
    for number in range(1, draw(st.integers(2, 6))):
        of = draw(st.lists(st.sampled_from([f"s{one}" for one in range(number)]), min_size=1, unique=True))
        step: dict[str, Any] = {"step": f"s{number}", "of": of, "on": draw(st.sampled_from(["hidden", "shown"]))}
        kind = draw(st.sampled_from(["per_elev", "markup", "deduction"]))
        if kind == "per_elev":
            step |= {"factor": draw(rates), "divisor": draw(st.sampled_from(["1", "2", "12", "178"]))}
            step |= {"weights": {"a": draw(rates)}}
        else:
            step |= {"kind": kind, "rate": draw(rates)}
        step["rounding"] = {
            "to": draw(st.sampled_from(["ore", "krona", "100kr"])),
            "where": draw(st.sampled_from(["shown", "value"])),
        }
        step["recipients"] = draw(st.lists(st.sampled_from([one.value for one in Recipient]), min_size=1, unique=True))
        steps.append(step)
    return steps


@given(chains())
def test_the_tree_of_any_price_recomputes_to_what_is_stored(steps: list[dict[str, Any]]) -> None:
    model = small_model(steps, ["a", "b"])
    table = compute_prices(model)
    explainer = PriceExplainer(model, table, {})
    for price in table:
        assert explainer.price(price.key, "shown").value * 100 == price.shown_ore
        assert explainer.price(price.key, "hidden").value * 100 == price.exact


@given(chains(), st.randoms(use_true_random=False))
def test_the_order_in_which_recipients_are_written_changes_no_price(
    steps: list[dict[str, Any]], random: Random
) -> None:
    shuffled = [
        {**step, "recipients": random.sample(step["recipients"], len(step["recipients"]))}
        if "recipients" in step
        else step
        for step in steps
    ]
    first, second = compute_prices(small_model(steps, ["a", "b"])), compute_prices(small_model(shuffled, ["a", "b"]))
    assert list(first) == list(second)


@given(chains(), st.randoms(use_true_random=False))
def test_the_table_is_rebuilt_from_its_stored_rows_in_any_order(steps: list[dict[str, Any]], random: Random) -> None:
    model = small_model(steps, ["a", "b"])
    table = compute_prices(model)
    rows = list(table.rows())
    random.shuffle(rows)
    assert list(PriceTable.from_rows(model, rows)) == list(table)


def test_prices_come_in_the_order_of_the_model() -> None:
    model = small_model([{"step": "z", "values": {"b": "1", "a": "2"}}, {"step": "y", "of": ["z"]}], ["b", "a"])
    table = compute_prices(model)
    order = [(price.step, price.category, price.recipient) for price in table]
    assert order[:5] == [
        ("z", "b", "egen"),
        ("z", "b", "fristaende_hemma"),
        ("z", "b", "fristaende_annan"),
        ("z", "b", "annan_kommun"),
        ("z", "a", "egen"),
    ]
    assert len(table) == 16


def test_a_stored_price_that_the_model_does_not_know_is_refused() -> None:
    model = small_model([{"step": "bas", "values": {"a": "1"}}])
    with pytest.raises(StoredPriceUnknownError, match="verify-run"):
        PriceTable.from_rows(model, [PriceRow("annat", "a", "egen", "2026", 100, 1, 100, "kr/elev")])


def test_a_price_that_does_not_exist_says_which() -> None:
    table = compute_prices(small_model([{"step": "bas", "values": {"a": "1"}}]))
    with pytest.raises(PriceMissingError, match="kategorin b"):
        table[PriceKey("bas", "b", "egen", "2026")]


def test_a_stored_price_changed_afterwards_breaks_its_tree() -> None:
    model = small_model(
        [{"step": "bas", "values": {"a": "1000"}}, {"step": "adm", "kind": "markup", "of": ["bas"], "rate": "0.03"}]
    )
    table = compute_prices(model)
    key = PriceKey("adm", "a", "egen", "2026")
    forged = dict(table.by_key)
    forged[key] = Price(*key, Fraction(3100), 3100, "kr/elev")
    with pytest.raises(DerivationBrokenError):
        PriceExplainer(model, PriceTable(forged)).price(key)
    base = PriceKey("bas", "a", "egen", "2026")
    forged = {**table.by_key, base: Price(*base, Fraction(100_001), 100_001, "kr/elev")}
    with pytest.raises(DerivationBrokenError):
        PriceExplainer(model, PriceTable(forged)).price(key)


def test_the_tree_reads_aloud_as_the_rule() -> None:
    model = published_model("lindesberg/2023_grundbelopp.yaml")
    table = compute_prices(model)
    tree = PriceExplainer(model, table).price(PriceKey("grundbelopp", "fritidshem", "fristaende_hemma", "2023"))
    text = "\n".join(tree.lines()).replace("\u00a0", " ")
    assert text.startswith("Grundbelopp per år, Fritidshem: 32 479 kr/elev (avrundat)")
    assert "Påslag 3 %: 0,03 av underlaget (skolförordningen (2011:185) 14 kap. 4 och 5 §§" in text
    assert "Avgår genomsnittlig avgift, Fritidshem: −7 349 kr/elev (Lindesbergs kommuns publicerade" in text
    assert "modell lindesberg.grundbelopp 2023 version 1, steg avgift" in text
    assert dict(tree.facts) == {"mottagare": "Fristående enhet i kommunen", "prislista": "Prislista 2023"}


def test_a_price_solved_from_a_budget_shows_budget_and_planned_elever() -> None:
    model = small_model(
        [{"step": "undervisning", "from_budget": {"a": "103300000"}, "rounding": {"to": "100kr", "where": "value"}}]
    )
    planned = {"a": Fraction(1800)}
    tree = PriceExplainer(model, compute_prices(model, planned), planned).price(
        PriceKey("undervisning", "a", "egen", "2026")
    )
    quotient = tree.children[0]
    assert (tree.op, quotient.op) == ("round", "quotient")
    assert [child.label for child in quotient.children] == ["Budget", "Planerat antal elever"]
    with pytest.raises(MissingPlannedCountError, match="saknas"):
        PriceExplainer(model, compute_prices(model, planned)).price(PriceKey("undervisning", "a", "egen", "2026"))


def test_an_uprated_price_shows_the_earlier_list_and_the_factor() -> None:
    model = published_model("nacka/2024_grundskola.yaml")
    tree = PriceExplainer(model, compute_prices(model)).price(PriceKey("grundbelopp", "grundskola.1_3", "egen", "2024"))
    product = tree.children[0]
    assert [child.value for child in product.children] == [Fraction(83154), Fraction("1.035")]
    assert "Prislista från 1 juli 2023" in product.children[1].label
