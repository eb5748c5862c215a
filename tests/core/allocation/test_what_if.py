"""What a trial does to every unit: identities that hold for any trial, and small ones worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allocation import (
    BelowZeroError,
    NegativeIndexError,
    TrialBase,
    TrialTargetError,
    UnitFacts,
    allocate,
    at_solved_prices,
    effects,
    elever_of,
    tried,
)
from core.parameters import CountChange, FigureChange, IndexChange
from tests.support.small_amounts import divisors, paying_model, run_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters import Change, FundingModel

CATEGORIES = ("a", "b", {"category": "fritids", "verksamhet": "fritidshem"}, {"category": "ny", "overlapping": True})
MODEL = paying_model(
    [
        {"step": "grund", "kind": "per_elev", "prices": ["bas", "moms", "lost"]},
        {"step": "pott", "kind": "weighted_pool", "pool": "90000", "categories": ["a", "b"], "weights": {"b": "1.5"},
         "factor": {"index": "behov", "default": "100"}},
        {"step": "litet", "kind": "per_unit", "categories": ["a", "b"],
         "size_steps": [{"up_to": 10, "amount": "5000"}, {"up_to": 20, "amount": "2000"}]},
        {"step": "centralt", "kind": "deduction", "of": ["bas", "pott"], "rate": "0.02", "recipients": ["egen"]},
    ],
    prices=[
        {"step": "bas", "values": {"a": "60000", "b": "71000.50", "fritids": "30000"}},
        {"step": "moms", "kind": "markup", "of": ["bas"], "rate": "0.06", "recipients": ["fristaende_hemma"]},
        {"step": "lost", "from_budget": {"ny": "100000"}},
    ],
    categories=CATEGORIES,
)  # fmt: skip
UNITS = (
    UnitFacts("e0", "Alen", "egen"),
    UnitFacts("e1", "Björken", "egen"),
    UnitFacts("e2", "Cedern", "fristaende_hemma"),
)
N = [
    [[12] * 12, [5] * 12, [4] * 12, [1] * 12],
    [[7] * 12, [0] * 12, [0] * 12, [2] * 12],
    [[9] * 12, [9] * 12, [3] * 12, [0] * 12],
]


def base_of(model: FundingModel = MODEL, through: int = 12, *, plans: bool = True) -> TrialBase:
    data, _ = run_of(model, N, units=UNITS, through=through, index={"behov": {"e0": Fraction(120), "e2": Fraction(75)}})
    n = np.array(N, np.int64)
    n[:, :, through:] = 0
    sums = n.sum(axis=(0, 2)).tolist()
    planned = {one.category: Fraction(sums[place], 12) for place, one in enumerate(model.categories)}
    return TrialBase(data, n, tuple(divisors(model)), through, planned, plans)


BASE = base_of()

figures = st.builds(
    FigureChange,
    address=st.sampled_from(
        ["prices/bas/values/a", "prices/lost/from_budget/ny", "amounts/pott/pool", "amounts/pott/weights/b"]
    ),
    value=st.decimals(0, 200_000, places=2).map(str),
)
counts = st.builds(
    CountChange, enhet=st.sampled_from(["e0", "e1", "e2"]), category=st.sampled_from(["a", "b", "fritids", "ny"]),
    from_month=st.integers(1, 12), n=st.integers(1, 40),
)  # fmt: skip
indexes = st.builds(
    IndexChange, index=st.just("behov"), enhet=st.sampled_from(["e0", "e1", "e2"]), value=st.integers(1, 300).map(str)
)
trials = st.lists(st.one_of(figures, counts, indexes), max_size=5, unique_by=lambda one: one.target)


@given(trials)
def test_whatever_is_tried_the_units_effects_add_up_to_the_kommuns(changes: Sequence[Change]) -> None:
    found = effects(BASE, tried(BASE, changes))
    assert sum(one.difference_ore for one in found.units) == found.difference_ore
    assert found.winners + found.losers + found.unchanged == len(UNITS)
    assert sum(one.difference_ore for one in found.steps) == found.difference_ore


@given(trials)
def test_a_trial_gives_each_unit_what_its_lines_would_say(changes: Sequence[Change]) -> None:
    trial = tried(BASE, changes)
    assert {one.enhet: one.trial_ore for one in effects(BASE, trial).units} == allocate(trial.data).totals


@given(trials)
def test_trying_twice_is_trying_once(changes: Sequence[Change]) -> None:
    once = tried(BASE, changes)
    twice = tried(once, changes)
    assert effects(once, twice).difference_ore == 0
    assert allocate(once.data).root_hash == allocate(twice.data).root_hash


@given(trials)
@settings(max_examples=50)
def test_a_trial_touches_nothing_of_what_it_started_from(changes: Sequence[Change]) -> None:
    before = allocate(BASE.data).root_hash
    tried(BASE, changes)
    assert allocate(BASE.data).root_hash == before
    assert (BASE.n == np.array(N)).all()


@given(st.sampled_from(["e0", "e1", "e2"]), st.sampled_from(["a", "b", "ny"]), st.integers(1, 12), st.integers(1, 30))
def test_opposite_changes_cancel(enhet: str, category: str, month: int, delta: int) -> None:
    more = CountChange(enhet=enhet, category=category, from_month=month, delta=delta)
    back = more.model_copy(update={"delta": -delta})
    assert allocate(tried(tried(BASE, [more]), [back]).data).root_hash == allocate(BASE.data).root_hash


def test_a_trial_without_changes_is_the_run_to_the_ore() -> None:
    trial = tried(BASE, [])
    assert trial.data.prices is BASE.data.prices
    assert allocate(trial.data).root_hash == allocate(BASE.data).root_hash
    assert effects(BASE, trial).steps == ()


def test_one_elev_more_from_august_is_worth_five_months_of_its_price() -> None:
    free = paying_model([{"step": "grund", "kind": "per_elev", "prices": ["bas"]}],
                        prices=[{"step": "bas", "values": {"a": "60000"}}], categories=CATEGORIES)  # fmt: skip
    base = base_of(free)
    found = effects(base, tried(base, [CountChange(enhet="e0", category="a", from_month=8, delta=1)]))
    assert [one.difference_ore for one in found.units] == [2_500_000, 0, 0]  # 60 000 kr × 5/12
    assert (found.winners, found.losers, found.unchanged) == (1, 0, 2)


def test_a_day_counted_category_counts_the_days_of_the_month() -> None:
    by_day = paying_model(
        [{"step": "grund", "kind": "per_elev", "prices": ["bas"]}], prices=[{"step": "bas", "values": {"a": "36500"}}],
        counting=[{"rule": "dagar", "kind": "days"}],
    )  # fmt: skip
    data, _ = run_of(by_day, [[[31, 28, 31] + [0] * 9]])
    base = TrialBase(data, np.array([[[31, 28, 31] + [0] * 9]]), (365,), 12, {}, plans=False)
    found = effects(base, tried(base, [CountChange(enhet="e0", category="a", from_month=12, delta=1)]))
    assert found.difference_ore == 31 * 100 * 100  # 100 kr a day


def test_a_price_solved_from_a_budget_follows_the_plan_of_a_budget_run_and_no_other() -> None:
    more = [CountChange(enhet="e0", category="ny", delta=3)]
    plan, paid = base_of(), base_of(plans=False)
    # 100 000 kr on 3 elever are 33 333 kr each; on 6 they are 16 667 each: 3 kr more, by rounding to whole kronor
    assert effects(plan, tried(plan, more)).difference_ore == 300
    assert effects(paid, tried(paid, more)).difference_ore == 3 * 3_333_300


def test_a_pot_at_todays_price_pays_one_more_elev_without_taking_from_the_others() -> None:
    pools = allocate(BASE.data).pools
    held = at_solved_prices(BASE, pools)
    more = [CountChange(enhet="e0", category="a", delta=1)]
    shared, alone = effects(BASE, tried(BASE, more)), effects(held, tried(held, more))
    assert [one.difference_ore < 0 for one in shared.units] == [False, True, True], "potten räcker till fler"
    assert [one.difference_ore for one in alone.units][1:] == [0, 0]
    assert alone.units[0].difference_ore > shared.units[0].difference_ore


def test_elever_are_counted_once_and_fritidshem_only_where_there_is_nothing_else() -> None:
    assert elever_of(BASE) == {"e0": 17, "e1": 7, "e2": 18}


def test_what_one_elev_carries_is_compared_and_not_only_the_sum() -> None:
    found = effects(BASE, tried(BASE, [CountChange(enhet="e1", category="a", delta=1)])).units[1]
    assert found.per_elev_ore == pytest.approx(found.trial_ore / 8 - found.base_ore / 7, abs=1)
    assert found.share == Fraction(found.difference_ore, found.base_ore)


def test_nobody_to_divide_by_is_absent_and_not_zero() -> None:
    found = effects(BASE, tried(BASE, [CountChange(enhet="e1", category="a", n=0)])).units[1]
    assert found.per_elev_ore is None


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (CountChange(enhet="e9", category="a", delta=1), TrialTargetError, "enheten e9"),
        (CountChange(enhet="e0", category="z", delta=1), TrialTargetError, "kategorin z"),
        (CountChange(enhet="e0", category="a", from_month=11, delta=1), TrialTargetError, "till och med månad 10"),
        (CountChange(enhet="e0", category="a", delta=-13), BelowZeroError, "har 12 elever i a månad 1"),
        (IndexChange(index="annat", enhet="e0", value="1"), TrialTargetError, "indexet annat"),
        (IndexChange(index="behov", enhet="e9", value="1"), TrialTargetError, "enheten e9"),
        (IndexChange(index="behov", enhet="e0", value="-1"), NegativeIndexError, "mindre än noll"),
    ],
)
def test_what_the_run_does_not_have_cannot_be_changed(change: Change, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tried(base_of(through=10), [change])
