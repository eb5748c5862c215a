from __future__ import annotations

import dataclasses
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import Derivation, DerivationBrokenError, Source, leaf, product, quotient, rounded, total

MODEL = Source("model", "modell 2026")
NUMBERS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000)
LEAVES = NUMBERS.map(lambda value: leaf("l", "Tal", value, "kr", MODEL))


def _combine(children: st.SearchStrategy[Derivation]) -> st.SearchStrategy[Derivation]:
    several = st.lists(children, min_size=1, max_size=3)
    positive = st.fractions(min_value=1, max_value=1000, max_denominator=100).map(
        lambda value: leaf("d", "Nämnare", value, "elever", MODEL)
    )
    return (
        several.map(lambda nodes: total("s", "Summa", "kr", nodes))
        | several.map(lambda nodes: product("p", "Produkt", "kr", *nodes))
        | st.builds(lambda top, bottom: quotient("q", "Kvot", "kr", top, bottom), children, positive)
        | children.map(lambda node: rounded("r", "Avrundat", node, Fraction(100)))
    )


TREES = st.recursive(LEAVES, _combine, max_leaves=12)


@given(TREES)
def test_every_node_of_a_tree_recomputes_to_its_own_value(tree: Derivation) -> None:
    for _, node in tree.walk():
        assert node.recompute() == node.value


@given(TREES, NUMBERS.filter(bool))
def test_a_node_whose_value_is_changed_cannot_be_built(tree: Derivation, change: Fraction) -> None:
    for _, node in tree.walk():
        if node.op != "leaf":
            with pytest.raises(DerivationBrokenError) as raised:
                dataclasses.replace(node, value=node.value + change)
            assert (raised.value.stated, raised.value.computed) == (node.value + change, node.value)


@given(TREES, NUMBERS.filter(bool))
def test_a_changed_child_is_noticed_where_it_is_summed(tree: Derivation, change: Fraction) -> None:
    other = leaf("x", "Annat", tree.value + change, tree.unit, MODEL)
    summed = total("s", "Summa", "kr", [tree])
    with pytest.raises(DerivationBrokenError):
        dataclasses.replace(summed, children=(other,))


def test_a_root_must_equal_the_stored_amount() -> None:
    root = product("g", "Undervisning", "kr", leaf("n", "Elever", Fraction(158), "elever", MODEL), _price())
    assert root.must_equal(Fraction(9_069_200)) is root
    with pytest.raises(DerivationBrokenError, match="verify-run"):
        root.must_equal(Fraction(9_069_201))


def _price() -> Derivation:
    budget = leaf("b", "Budget", Fraction(103_300_000), "kr", Source("decision", "beslut § 212", detail="rad 3"))
    planned = leaf("e", "Planerade elever", Fraction(1_800), "elever", MODEL)
    exact = quotient("q", "Budget per elev", "kr/elev", budget, planned)
    return rounded("r", "Pris", exact, Fraction(100), note="närmaste 100 kr")


def test_the_price_of_the_wireframe_rounds_to_the_nearest_hundred() -> None:
    price = _price()
    assert price.value == 57_400
    assert [line.replace("\u00a0", " ") for line in price.lines()] == [
        "Pris: 57 400 kr/elev (avrundat)",
        "  Budget per elev: 57 388,8889 kr/elev (kvot)",
        "    Budget: 103 300 000 kr (beslut § 212, rad 3)",
        "    Planerade elever: 1 800 elever (modell 2026)",
    ]


def test_the_tree_as_json_keeps_exact_values_and_sources() -> None:
    tree = _price().to_json()
    assert json.loads(json.dumps(tree)) == tree
    exact = tree["children"][0]  # type: ignore[index]  # the tree has one child
    assert exact["value"] == "516500/9"
    assert exact["children"][0]["source"] == {"kind": "decision", "title": "beslut § 212", "detail": "rad 3"}
    assert tree["note"] == "närmaste 100 kr"


@pytest.mark.parametrize(
    ("pot", "weight", "whole", "extra", "expect"),
    [
        (10_000, 1, 3, Fraction(1, 100), "3333.34"),
        (10_000, 1, 3, Fraction(0), "3333.33"),
        (-10_000, 1, 3, Fraction(0), "-3333.33"),
    ],
)
def test_a_share_is_floored_to_the_ore_and_its_remainder_is_a_part_of_its_own(
    pot: int, weight: int, whole: int, extra: Fraction, expect: str
) -> None:
    parts = tuple(
        leaf(str(place), "Del", value, "kr", MODEL)
        for place, value in enumerate((Fraction(pot), Fraction(weight), Fraction(whole), extra))
    )
    assert Derivation("a", "Andel", "share", Fraction(expect), "kr", parts).value == Fraction(expect)


def test_a_sealed_node_stands_for_itself_and_says_why() -> None:
    node = Derivation(
        "i", "Individuellt stöd", "sum", Fraction(5), "kr", sealed="9 beslut, visas ej", facts=(("beslut", "9"),)
    )
    assert node.sentence() == "Individuellt stöd: 5 kr (summa; 9 beslut, visas ej)"
    assert node.to_json()["sealed"] == "9 beslut, visas ej"
    assert node.to_json()["facts"] == {"beslut": "9"}


@pytest.mark.parametrize("op", ["leaf", "quotient", "round", "share"])
def test_an_operation_with_the_wrong_number_of_children_is_a_bug(op: str) -> None:
    child = leaf("l", "Tal", Fraction(1), "kr", MODEL)
    with pytest.raises(ValueError, match="children"):
        Derivation("x", "X", op, Fraction(1), "kr", (child, child, child))  # type: ignore[arg-type]  # an op of the list
