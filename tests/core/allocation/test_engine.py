"""Whole runs of made-up models: every amount explained, every payment in place, every change found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.allocation import (
    GivenAmount,
    NoSuchAmountError,
    UnitFacts,
    blocks_of,
    budget_books,
    difference_of,
    explain,
    payments_of,
    quantities_of,
    unit_hashes,
    utfall_books,
)
from core.allocation.engine import FigureTooLongError, must_fit
from core.allocation.lines import LINE_COLUMNS
from core.base import DerivationBrokenError, Dimension, half_up, label
from tests.support.small_amounts import divisors, every_month, facts_of, paying_model, run_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation import Allocated, AllocationInput
    from core.parameters import FundingModel

UNITS = (
    UnitFacts("ask", "Ask", "egen", ("grundskola",), landsbygd=True),
    UnitFacts("björk", "Björk", "fristaende_hemma", ("grundskola",)),
    UnitFacts("cederna", "Cederna", "egen", ("grundskola", "fritidshem")),
)
LABELS = {one.value: label(one) for one in Dimension}
COUNTING: list[dict[str, Any]] = [{"rule": "den_15", "kind": "monthly", "day": 15}, {"rule": "dagar", "kind": "days"}]
CATEGORIES: list[dict[str, Any]] = [
    {"category": "a", "where": [{"field": "arskurs", "=": "1"}]},
    {"category": "b", "where": [{"field": "arskurs", "=": "2"}]},
    {"category": "c", "counting": "dagar", "verksamhet": "fritidshem"},
]
figures = st.decimals("0.01", 99_999, places=2).map(str)
rates = st.decimals("0.01", "0.99", places=2).map(str)
roundings = st.builds(
    lambda to, where: {"to": to, "where": where},
    st.sampled_from(["ore", "krona", "10kr"]),
    st.sampled_from(["shown", "value"]),
)


@st.composite
def models(draw: st.DrawFn) -> FundingModel:
    """Give a model with every kind of step, one or two price lists, and prices given, solved, built and marked up."""
    lists = {"var": date(2026, 1, 1)}
    if draw(st.booleans()):
        lists["host"] = date(2026, draw(st.integers(2, 12)), 1)
    prices: list[dict[str, Any]] = [
        {"step": "p1", "values": {name: draw(figures) for name in "abc"}, "rounding": draw(roundings)},
        {"step": "p2", "from_budget": {"a": draw(figures)}, "rounding": draw(roundings)},
        {"step": "p3", "of": ["p1", "p2"], "on": draw(st.sampled_from(["hidden", "shown"])), "factor": draw(rates),
         "weights": {"b": draw(rates)}, "divisor": draw(st.sampled_from(["1", "2"])), "rounding": draw(roundings)},
        {"step": "p4", "kind": "markup", "of": ["p1", "p3"], "rate": draw(rates), "recipients": ["fristaende_hemma"]},
        {"step": "p5", "kind": "deduction", "of": ["p1"], "rate": draw(rates), "recipients": ["egen"]},
    ]  # fmt: skip
    amounts: list[dict[str, Any]] = [
        {"kind": "per_elev", "step": "bas", "prices": ["p1", "p2", "p3", "p4", "p5"],
         "price_on": draw(st.sampled_from(["hidden", "shown"]))},
        {"kind": "weighted_pool", "step": "pott", "pool": draw(figures), "categories": ["a", "b"],
         "weights": {"b": draw(rates)}, "factor": {"index": "i", "default": draw(rates)}, "dimension": "socioekonomi"},
        {"kind": "per_unit", "step": "liten", "categories": ["a", "b"], "dimension": "struktur",
         "size_steps": [{"up_to": 20, "amount": draw(figures)}, {"up_to": 9999, "amount": draw(figures)}]},
        {"kind": "markup", "step": "moms", "of": ["pott", "liten"], "rate": draw(rates), "dimension": "struktur"},
        {"kind": "given", "step": "stod", "kostnadsslag": "tillaggsbelopp", "dimension": "individ"},
        {"kind": "deduction", "step": "centralt", "of": ["p1", "pott"], "rate": draw(rates)},
    ]  # fmt: skip
    return paying_model(amounts, prices=prices, categories=CATEGORIES, counting=COUNTING, lists=lists)


elever = st.lists(st.integers(0, 40), min_size=12, max_size=12)
counts = st.lists(st.tuples(elever, elever, elever).map(list), min_size=3, max_size=3).filter(
    lambda n: all(
        sum(sum(unit[c]) for unit in n) and all(sum(unit[0][m] for unit in n) for m in range(12)) for c in (0, 1)
    )
)
given_rows = st.lists(
    st.builds(
        GivenAmount, st.just("stod"), st.sampled_from([one.enhet for one in UNITS]), st.just("grundskola"),
        st.integers(1, 12), st.integers(1, 4), st.integers(0, 10**8),
    ),
    max_size=5,
)  # fmt: skip
N = list[list[list[int]]]
slow = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def whole_run(
    model: FundingModel, n: N, rows: Sequence[GivenAmount], through: int = 12
) -> tuple[AllocationInput, Allocated]:
    """Return the run of three units, one of them without an index value."""
    index = {"i": {"ask": Fraction(113, 100), "björk": Fraction(7, 9)}}
    return run_of(model, n, units=UNITS, through=through, index=index, given=rows)


@slow
@given(models(), counts, given_rows, st.integers(1, 12))
def test_the_tree_of_any_amount_recomputes_to_the_stored_ore(
    model: FundingModel, n: N, rows: list[GivenAmount], through: int
) -> None:
    data, allocated = whole_run(model, n, rows, through)
    for place, unit in enumerate(UNITS):
        facts = facts_of(data, allocated, n, place)
        tree = explain("total", facts)
        assert tree.value == Fraction(allocated.totals[unit.enhet], 100)
        for _, node in tree.walk():
            assert node.recompute() == node.value
            assert node.children or node.source is not None or node.op == "sum"
        for line in facts.lines:
            assert explain(line.key, facts).value == Fraction(line.amount_ore, 100)


@slow
@given(models(), counts, given_rows, st.integers(1, 12))
def test_what_is_paid_month_by_month_is_the_amount_in_whole_kronor_but_for_one_settlement(
    model: FundingModel, n: N, rows: list[GivenAmount], through: int
) -> None:
    data, allocated = whole_run(model, n, rows, through)
    kept = np.array(n)
    kept[:, :, through:] = 0
    paid: dict[str, int] = {}
    for enhet, month, kind, ore in payments_of(data, allocated.blocks, kept):
        assert 1 <= month <= through
        assert kind == "settlement" or ore % 100 == 0
        paid[enhet] = paid.get(enhet, 0) + ore
    assert {enhet: ore for enhet, ore in paid.items() if ore} == {e: ore for e, ore in allocated.totals.items() if ore}


@slow
@given(models(), counts, counts, given_rows, st.integers(1, 12))
def test_the_books_of_an_utfall_run_close_with_every_term_named(
    model: FundingModel, planned: N, real: N, rows: list[GivenAmount], through: int
) -> None:
    plan, budget = whole_run(model, planned, rows)
    data, _ = whole_run(model, real, rows, through)
    data.prices = plan.prices
    cut = replace(plan, quantities=quantities_of(model, np.array(planned), divisors(model), through))
    books = utfall_books(budget.total_ore, blocks_of(cut).blocks, blocks_of(data).blocks, LABELS)
    assert difference_of(books) == 0
    assert len({one.term for one in books}) == len(books)
    settled = next(one.amount_ore for one in books if one.term == "avrundning")
    assert abs(settled) <= 2 + sum(map(len, blocks_of(cut).blocks)) + sum(map(len, blocks_of(data).blocks))


def test_the_books_of_a_budget_run_close_when_the_decision_holds_what_the_lines_and_terms_come_to() -> None:
    reference = {"kind": "decision", "title": "KF"}
    terms = [
        {"term": "reserv", "label": "Reserv", "kind": "reserve", "amount": "500"},
        {
            "term": "moms",
            "label": "Momsersättning",
            "kind": "momsersattning",
            "of_lines": "mervardesskatt",
            "sign": "minus",
        },
    ]
    model = paying_model(
        [{"kind": "per_elev", "step": "bas", "prices": ["p", "m"]}],
        prices=[
            {"step": "p", "from_budget": {"a": "10000"}, "rounding": {"to": "krona", "where": "value"}},
            {"step": "m", "kind": "markup", "of": ["p"], "rate": "0.06", "kostnadsslag": "mervardesskatt"},
        ],
        books={"decided": "10500", "reference": reference, "terms": terms},
    )
    _, allocated = run_of(model, [every_month(7)])  # 10 000 ÷ 7 = 1 428,57, paid as 1 429
    books = budget_books(model, allocated.blocks, {"a": Fraction(7)})
    assert {one.term: one.amount_ore for one in books} == {
        "rader.grundskola": 7 * (142_900 + 8_600),
        "reserv": 50_000,
        "moms": -7 * 8_600,
        "avrundning": 1_000_000 - 7 * 142_900,
        "beslutad_budget": 1_050_000,
    }
    assert difference_of(books) == 0
    assert budget_books(paying_model([]), [], {}) == []
    left_out = budget_books(model, allocated.blocks, {"a": Fraction(8)})  # an elev that the price was divided by
    assert next(one.amount_ore for one in left_out if one.term == "avrundning") == 875_000 - 7 * 142_900
    assert difference_of(left_out) == -125_000


PAID = {"kind": "per_elev", "step": "bas", "prices": ["p"]}
POT = {"kind": "weighted_pool", "step": "pott", "pool": "1000", "categories": ["a"]}
MODEL = paying_model([PAID, POT], prices=[{"step": "p", "values": {"a": "100"}}])


@given(
    place=st.integers(0, 5),
    changes=st.dictionaries(
        st.sampled_from(["quantity_num", "rate_num", "factor_den", "before_ore", "amount_ore", "remainder_ore"]),
        st.integers(-3, 3).filter(bool), min_size=1,
    ),
)  # fmt: skip
def test_a_changed_amount_or_quantity_or_both_changes_the_hash_of_its_unit_only(
    place: int, changes: dict[str, int]
) -> None:
    _, allocated = run_of(MODEL, [every_month(one) for one in (3, 5, 8)])
    row = list(allocated.rows[place])
    for name, by in changes.items():
        at = LINE_COLUMNS.index(name)
        row[at] = int(str(row[at])) + by
    changed = unit_hashes([tuple(row) if n == place else one for n, one in enumerate(allocated.rows)])
    assert {enhet for enhet in changed if changed[enhet] != allocated.hashes[enhet]} == {row[0]}


def test_a_hash_is_the_same_whatever_order_the_lines_are_read_in() -> None:
    _, allocated = run_of(MODEL, [every_month(one) for one in (3, 5, 8)])
    assert unit_hashes(reversed(allocated.rows)) == allocated.hashes


def test_lines_come_unit_by_unit_in_the_order_of_their_position() -> None:
    _, allocated = run_of(MODEL, [every_month(one) for one in (3, 5, 8)])
    places = [(line.enhet, line.position) for line in allocated.lines()]
    assert places == sorted(places)
    assert [line.as_tuple() for line in allocated.lines()] == allocated.rows


def test_the_same_input_gives_the_same_root_hash_and_another_elev_another() -> None:
    one, other = (run_of(MODEL, [every_month(n)])[1].root_hash for n in (3, 4))
    assert run_of(MODEL, [every_month(3)])[1].root_hash == one != other


def test_a_stored_amount_that_was_changed_is_not_explained_away() -> None:
    n = [every_month(one) for one in (3, 5)]
    data, allocated = run_of(MODEL, n)
    facts = facts_of(data, allocated, n, 0)
    forged = replace(facts, lines=[replace(line, amount_ore=line.amount_ore + 1) for line in facts.lines])
    with pytest.raises(DerivationBrokenError):
        explain("total", forged)


def test_an_amount_that_is_not_there_is_said_so() -> None:
    n = [every_month(3)]
    data, allocated = run_of(MODEL, n)
    with pytest.raises(NoSuchAmountError, match="line:borta"):
        explain("line:borta|a|2026", facts_of(data, allocated, n, 0))


def test_a_unit_without_amounts_has_a_total_of_nothing() -> None:
    n = [every_month(3), every_month(0)]
    data, allocated = run_of(MODEL, n)
    assert explain("total", facts_of(data, allocated, n, 1)).value == 0 == allocated.totals["e1"]


def test_a_dimension_and_a_step_are_parts_of_the_total() -> None:
    n = [every_month(3)]
    data, allocated = run_of(MODEL, n)
    facts = facts_of(data, allocated, n, 0)
    assert explain("dim:bas", facts).value == explain("total", facts).value
    assert explain("step:p", facts).value == Fraction(half_up(3 * 12 * 10_000, 12), 100)


def test_an_exact_figure_that_no_database_keeps_is_refused_with_its_step() -> None:
    primes = (999_983, 999_979, 999_961)
    model = paying_model([{**POT, "factor": {"index": "i"}}])
    index = {"i": {f"e{place}": Fraction(100 * prime + 1, prime) for place, prime in enumerate(primes)}}
    data, allocated = run_of(model, [every_month(1)] * 3, index=index)
    assert allocated.total_ore == 100_000
    with pytest.raises(FigureTooLongError, match="pott"):
        must_fit(data.prices, allocated)
    usual, allocated = run_of(MODEL, [every_month(1)] * 3)
    must_fit(usual.prices, allocated)
