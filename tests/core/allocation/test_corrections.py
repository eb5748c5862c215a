"""Months said anew: which differ, why, which wait; and what the books carry them out of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allocation import (
    Corrected,
    Correction,
    Said,
    blocks_of,
    by_elev_and_other,
    corrections_of,
    difference_of,
    less,
    lines_until,
    monthly,
    payments_of,
    quantities_of,
    utfall_books,
)
from tests.support.small_amounts import MONTHS, divisors, paying_model, run_of

if TYPE_CHECKING:
    from core.allocation import Allocated, AllocationInput, BookLine
    from core.parameters import FundingModel

LABELS = {name: name for name in ("bas", "socioekonomi", "struktur", "individ")}
Counts = list[list[list[int]]]


def model_at(price: int, pool: int) -> FundingModel:
    """Return a price by elev, a pot by elev, and a lump sum by unit."""
    return paying_model(
        [
            {"kind": "per_elev", "step": "grund", "prices": ["p"]},
            {
                "kind": "weighted_pool", "step": "pott", "pool": str(pool), "categories": ["a"],
                "dimension": "socioekonomi",
            },
            {"kind": "per_unit", "step": "enhet", "amount": "1000", "categories": ["a"], "dimension": "struktur"},
        ],
        prices=[{"step": "p", "values": {"a": str(price)}, "rounding": {"to": "ore"}}],
    )  # fmt: skip


@dataclass
class Ran:
    """A run without a database."""

    n: Counts
    through: int
    data: AllocationInput
    allocated: Allocated

    @property
    def paid(self) -> list[tuple[str, int, str, int]]:
        return payments_of(self.data, self.allocated.blocks, np.array(self.n))

    def said(self) -> Said:
        by_month = {
            (f"e{unit}", month + 1): frozenset({("a", n, 12)} if n else set())
            for unit, (months,) in enumerate(self.n)
            for month, n in enumerate(months)
        }
        prices = {"2026": frozenset(self.data.prices.rows())}
        return Said(
            monthly(self.paid), by_month, {f"e{u}": "egen" for u in range(len(self.n))}, prices, self.data.model
        )


def ran(model: FundingModel, n: Counts, through: int) -> Ran:
    cut = [[[one if month < through else 0 for month, one in enumerate(months)] for months in unit] for unit in n]
    return Ran(cut, through, *run_of(model, cut, through=through))


def planned(model: FundingModel, plan: Counts, through: int) -> AllocationInput:
    """Return the plan of the months up to ``through``, as ``model`` pays it."""
    data, _ = run_of(model, plan)
    return replace(data, quantities=quantities_of(model, np.array(plan), divisors(model), through))


def books_of(first: Ran, second: Ran, plan: Counts, decided: FundingModel) -> tuple[list[BookLine], list[Correction]]:
    """Return the second run's books against a budget of ``plan`` at ``decided``, and its corrections of the first."""
    model, until = second.data.model, first.through
    found = corrections_of(first.said(), second.said(), until, 1)

    def split(data: AllocationInput, n: Counts) -> tuple[int, dict[str, int]]:
        return by_elev_and_other(lines_until(data, blocks_of(data).blocks, np.array(n), until))

    ours, theirs = split(second.data, second.n), split(first.data, first.n)
    plan_ours = split(planned(model, plan, second.through), plan)
    plan_theirs = split(planned(first.data.model, plan, second.through), plan)
    corrected = Corrected(
        sum(one.difference_ore for one in found), ours[0] - theirs[0], less(ours[1], theirs[1]),
        plan_ours[0] - plan_theirs[0], less(plan_ours[1], plan_theirs[1]),
    )  # fmt: skip
    through = blocks_of(planned(model, plan, second.through)).blocks
    before = None if model == decided else blocks_of(planned(decided, plan, second.through)).blocks
    budget = run_of(decided, plan)[1].total_ore
    return utfall_books(budget, through, second.allocated.blocks, LABELS, before, corrected), found


def year(*elever: int) -> list[list[int]]:
    return [list(elever) + [elever[-1]] * (MONTHS - len(elever))]


counts = st.lists(st.integers(0, 9), min_size=MONTHS, max_size=MONTHS).map(lambda months: [months])
units = st.lists(counts, min_size=2, max_size=3).map(lambda rest: [year(5), *rest])  # somebody shares the pot


@settings(max_examples=25)
@given(
    n=st.tuples(units, units, units).map(lambda three: [one[:3] + [year(1)] * (3 - len(one)) for one in three]),
    prices=st.tuples(*[st.integers(1, 90_000)] * 3),
    pools=st.tuples(*[st.integers(0, 100_000)] * 3),
    months=st.tuples(st.integers(1, MONTHS), st.integers(1, MONTHS)).map(sorted),
)
def test_the_books_close_with_the_corrections_as_their_own_term_whatever_was_corrected(
    n: list[Counts], prices: tuple[int, int, int], pools: tuple[int, int, int], months: list[int]
) -> None:
    plan, before, after = n
    decided, then, now = (model_at(price, pool) for price, pool in zip(prices, pools, strict=True))
    first, second = ran(then, before, months[0]), ran(now, after, months[1])
    books, found = books_of(first, second, plan, decided)
    terms = {one.term: one.amount_ore for one in books}
    assert difference_of(books) == 0
    assert terms["rattelser"] == sum(one.difference_ore for one in found)
    old, new = (
        sum(ore for (_, month), ore in run.said().paid.items() if month <= months[0]) for run in (first, second)
    )
    assert terms["rattelser"] == new - old
    assert second.allocated.total_ore == sum(one.amount_ore for one in books if one.side == "right")


@settings(max_examples=15)
@given(
    n=st.tuples(units, units, units), price=st.integers(1, 5_000), raised=st.integers(1, 5_000), k=st.integers(1, 12)
)
def test_when_only_months_already_said_are_said_anew_every_other_term_stands(
    n: tuple[Counts, Counts, Counts], price: int, raised: int, k: int
) -> None:
    plan, before, after = ([*one, year(1), year(1)][:3] for one in n)
    then, now = model_at(12 * price, 0), model_at(12 * raised, 0)  # whole kronor a month: nothing to round
    first, second = ran(then, before, k), ran(now, after, k)
    books, found = books_of(first, second, plan, then)
    through = blocks_of(planned(then, plan, k)).blocks
    as_it_was = utfall_books(run_of(then, plan)[1].total_ore, through, first.allocated.blocks, LABELS)
    was, terms = ({one.term: one.amount_ore for one in lines} for lines in (as_it_was, books))
    assert abs(terms.pop("andrad_modell", 0)) <= 3 * MONTHS  # a lump sum's month in whole öre
    corrected = terms.pop("rattelser")
    assert corrected == sum(one.difference_ore for one in found)
    for name in ("budget", "ej_raknat", "volym", "ovrigt.socioekonomi", "ovrigt.struktur"):
        assert terms[name] == was[name], name
    assert terms["utbetalt"] - was["utbetalt"] == pytest.approx(
        corrected, abs=3 * MONTHS * 100
    )  # öre to whole kronor by month


def test_volume_is_what_the_months_were_said_to_be_first() -> None:
    model = model_at(12_000, 0)
    first = ran(model, [year(10), year(5)], 2)
    second = ran(model, [year(11, 11, 10), year(5)], 3)  # one more in January and February than was said then
    books, found = books_of(first, second, [year(9), year(5)], model)
    terms = {one.term: one.amount_ore for one in books}
    assert [(one.enhet, one.month, one.difference_ore, one.reasons) for one in found] == [
        ("e0", 1, 100_000, ("counts",)),
        ("e0", 2, 100_000, ("counts",)),
    ]
    assert (terms["volym"], terms["rattelser"]) == (300_000, 200_000)  # one elev above the plan in three months
    assert Fraction(terms["volym"] + terms["rattelser"]) == 500_000


def said(paid: dict[tuple[str, int], int], **more: object) -> Said:
    plain = Said(paid, {}, {"A": "egen", "B": "egen"}, {"2026": frozenset({1})}, model_at(1, 1))
    return replace(plain, **more)  # type: ignore[arg-type]  # as the case says


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        ("units", {"units": {"A": "fristaende_hemma"}}),
        ("counts", {"counts": {("A", 1): frozenset({("a", 2, 12)})}}),
        ("prices", {"prices": {"2026": frozenset({2})}, "model": model_at(2, 1)}),
        ("model", {"model": model_at(1, 2)}),
        ("facts", {"facts": {1: frozenset({7})}}),
        ("pools", {}),
    ],
)
def test_the_reason_is_what_the_two_runs_rest_on_differently(reason: str, more: dict[str, object]) -> None:
    (found,) = corrections_of(said({("A", 1): 100}), said({("A", 1): 300}, **more), 1, 1)
    assert (found.reasons, found.difference_ore) == ((reason,), 200)


def test_counts_and_prices_that_both_changed_are_both_named() -> None:
    now = said({("A", 1): 300}, counts={("A", 1): frozenset({("a", 2, 12)})}, prices={"2026": frozenset({2})})
    (found,) = corrections_of(said({("A", 1): 100}), now, 1, 1)
    assert found.reasons == ("counts", "prices")


def test_an_absent_month_is_not_a_paid_zero_and_later_months_are_no_correction() -> None:
    before, now = said({("A", 1): 100, ("B", 2): 50}), said({("A", 2): 70, ("B", 2): 50, ("B", 3): 90})
    found = corrections_of(before, now, 2, 1)
    assert [(one.enhet, one.month, one.old_ore, one.new_ore) for one in found] == [
        ("A", 1, 100, None),
        ("A", 2, None, 70),
    ]


def test_beyond_the_window_counts_wait_and_prices_never() -> None:
    months = {("A", month): 100 for month in range(1, 5)}
    counted = corrections_of(said(months), said(dict.fromkeys(months, 200)), 4, 3)
    assert [one.waits for one in counted] == [True, True, False, False]
    priced = said(dict.fromkeys(months, 200), prices={"2026": frozenset({2})})
    assert not any(one.waits for one in corrections_of(said(months), priced, 4, 3))
