from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import explain, measured_rows, measures_of
from core.base import CoreError
from tests.support.small_amounts import computed, every_month, facts_of, measure, paying_model, run_of

FIGURES = st.fractions(min_value=-1000, max_value=1000, max_denominator=60)


@st.composite
def formulas(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return steps that read elever, figures, prices, amounts and each other, of every kind."""
    steps: list[dict[str, Any]] = []
    text = st.decimals(min_value=-50, max_value=50, places=2).map(str)
    for place in range(draw(st.integers(min_value=1, max_value=5))):
        earlier = [one["step"] for one in steps]
        leaves: list[st.SearchStrategy[dict[str, Any]]] = [
            st.just({"category": "a"}), st.just({"variable": "x"}), st.just({"price": "p", "category": "a"}),
            st.builds(lambda one: {"value": one}, text), st.just({"variable": "unknown", "default": "3"}),
            st.just({"step": "lump"}),
        ]  # fmt: skip
        if earlier:
            leaves.append(
                st.builds(
                    lambda one, on: {"step": one, "on": on},
                    st.sampled_from(earlier),
                    st.sampled_from(["hidden", "shown"]),
                )
            )
            over = [{"over_units": "mean"}, {"over_units": "median", "same": "recipient"}]
            leaves.append(
                st.builds(lambda one, how: {"step": one, **how}, st.sampled_from(earlier), st.sampled_from(over))
            )
        term = st.builds(
            lambda leaf, weight: {**leaf, "weight": weight}, st.one_of(leaves), st.sampled_from(["1", "-0.5"])
        )
        maybe = st.builds(
            lambda one, where: {**one, **where},
            term,
            st.sampled_from([{}, {"where": [{"field": "variable.x", "between": [">0", "*"]}]}]),
        )
        terms = st.lists(maybe, min_size=1, max_size=3)
        kind = draw(st.sampled_from(["combine", "ratio", "sliding"]))
        step = measure(f"s{place}", kind, yields=draw(st.sampled_from(["count", "base", "amount"])))
        if kind == "combine":
            step |= {"how": draw(st.sampled_from(["sum", "product", "min", "max"])), "of": draw(terms)}
        elif kind == "ratio":
            step |= {"numerator": draw(terms), "denominator": draw(terms), "if_zero": "1"}
        else:
            points = draw(
                st.lists(st.tuples(st.integers(-40, 40), text), min_size=1, max_size=3, unique_by=lambda one: one[0])
            )
            step |= {
                "of": draw(maybe), "combine": draw(st.sampled_from(["sum", "max", "product"])),
                "curves": [{"points": [[str(x), y] for x, y in sorted(points)]}, {"points": [["0", "1"], ["0", "2"]]}],
            }  # fmt: skip
        if draw(st.booleans()):
            step |= {"at_least": "-20", "at_most": "1000"}
        if draw(st.booleans()):
            step["rounding"] = {
                "places": draw(st.integers(-1, 3)), "where": draw(st.sampled_from(["shown", "value"])),
                "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
            }  # fmt: skip
        steps.append(step)
    return steps


@given(formulas(), st.lists(st.integers(0, 9), min_size=12, max_size=12), st.integers(1, 12), FIGURES)
def test_the_tree_of_every_value_and_every_amount_computes_what_the_engine_computed(
    steps: list[dict[str, Any]], elever: list[int], through: int, x: Fraction
) -> None:
    lump = {"step": "lump", "kind": "per_unit", "categories": ["a"], "amount": "1200"}
    model = paying_model([lump, *steps], prices=[{"step": "p", "values": {"a": "100.5"}, "rounding": {"to": "ore"}}])
    n = [[elever], every_month(4)]
    index = {"x": {"e0": x, "e1": Fraction(2)}, "unknown": {"e1": Fraction(1)}}
    data, allocated = run_of(model, n, through=through, index=index)
    facts = facts_of(data, allocated, n, 0)
    for line in facts.lines:  # every node recomputes itself, and the root must equal the stored öre
        assert explain(line.key, facts).value == Fraction(line.amount_ore, 100)
    for row in measured_rows(allocated.measures, ["e0", "e1"]):
        if row.enhet == "e0":
            assert explain(f"measure:{row.step}|{row.period}", facts).value == row.shown
    paid = sum(line.amount_ore for line in facts.lines)
    assert explain("total", facts).value == Fraction(paid, 100)


@given(formulas(), FIGURES)
def test_rows_that_are_stored_give_the_same_measures_back(steps: list[dict[str, Any]], x: Fraction) -> None:
    lump = {"step": "lump", "kind": "per_unit", "categories": ["a"], "amount": "1200"}
    model = paying_model([lump, *steps], prices=[{"step": "p", "values": {"a": "100.5"}}])
    _, allocated = run_of(model, [every_month(4)], index={"x": {"e0": x}})
    rows = measured_rows(allocated.measures, ["e0"])
    found = {name: one for name, one in allocated.measures.items() if one.values}
    assert measures_of(rows, ["e0"]) == found


def test_a_tree_goes_down_to_elever_figures_and_what_the_model_says() -> None:
    steps = [
        measure(
            "andel", "ratio", yields="ratio", numerator=[{"variable": "behov"}], denominator=[{"category": "a"}],
            rounding={"places": 2}, label="Andel",
        ),
        measure(
            "niva", "sliding", yields="factor", of={"step": "andel"}, curves=[{"points": [["0.1", "0"], ["0.5", "1"]]}],
            label="Nivå",
        ),
        measure(
            "bidrag", how="product", yields="amount", of=[{"step": "niva"}, {"category": "a"}, {"value": "1000"}],
            at_most="1900", label="Bidrag",
        ),
    ]  # fmt: skip
    data, allocated = computed(*steps, elever=[9], variables={"behov": {"e0": "3"}})
    n = [every_month(9)]
    said = "\n".join(explain("total", facts_of(data, allocated, n, 0)).lines()).replace("\xa0", " ")
    for text in (
        "Bidrag: 1 900 kr/år (minst av",
        "Högst: 1 900 kr/år",
        "Nivå: 0,575",
        "på linjen mellan två punkter",
        "Andel: 0,33",
        "Andel, före avrundning: 0,3333",
        "behov: 3",
        "Räknade elever, månad för månad: 108 elevmånader",
        "Tal i modellen: 1 000",
    ):
        assert text in said, said


def test_a_secret_figure_is_used_but_its_tree_is_not_shown() -> None:
    data, allocated = computed(
        measure("s", how="sum", yields="amount", of=[{"variable": "x", "weight": "100"}]), variables={"x": {"e0": "7"}}
    )
    facts = replace(facts_of(data, allocated, [every_month(10)], 0), secret_index=frozenset({"s"}))
    said = "\n".join(explain("step:s", facts).lines())
    assert "visas inte" not in said.split("\n", maxsplit=1)[0]
    assert "x: 7" not in said
    with pytest.raises(CoreError):
        explain("measure:s|2026", facts)
