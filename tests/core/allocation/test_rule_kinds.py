from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.allocation import CaseAmount, OwnShare, UnitFacts, allocate, explain
from core.allocation.change import decompose
from core.allocation.kinds import (
    AdditionWithoutUnitsError,
    GuaranteeUnfinancedError,
    MeanNotGivenError,
    NobodyToAverageError,
    PoolWithoutWeightError,
)
from core.base import CoreError, kronor
from tests.support.models import cases
from tests.support.small_amounts import MONTHS, every_month, facts_of, paying_model, run_of
from tests.support.small_changes import side_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.allocation import Allocated, AllocationInput
    from core.parameters import FundingModel

GRUND = {"kind": "per_elev", "step": "grund", "prices": ["p"]}
PRICE = [{"step": "p", "values": {"a": "10000"}}]


def ran(case: Mapping[str, Any]) -> tuple[AllocationInput, Allocated, list[Any]]:
    """Return what a case gives, and its counts."""
    model = paying_model(
        case["amounts"],
        prices=case.get("prices", ()),
        categories=case.get("categories", ["a"]),
        **({"lists": case["lists"]} if "lists" in case else {}),
    )
    ids = sorted(case["units"], key=str.encode)
    omraden = case.get("omraden", {})
    units = [UnitFacts(one, one, case["units"][one], omrade=omraden.get(one)) for one in ids]
    n = [case["months"][one] if "months" in case else every_month(*case["elever"][one]) for one in ids]
    through = case.get("through", MONTHS)
    n = [[[*months[:through], *[0] * (MONTHS - through)] for months in unit] for unit in n]
    index = {
        name: {enhet: Fraction(value) for enhet, value in values.items()}
        for name, values in case.get("index", {}).items()
    }
    rows = [
        CaseAmount(one["step"], one["decision"], one["enhet"], "grundskola", month, kronor(one["kr"]), one["elev"])
        for one in case.get("cases", ())
        for month in range(one["from"], one["to"] + 1)
    ]
    data, _ = run_of(model, n, units=units, through=through, index=index, cases=rows)
    return data, allocate(data), n


@pytest.mark.parametrize("case", cases("allocation/rule_kinds"), ids=lambda case: case["name"])
def test_what_is_computed_by_hand_is_computed_and_every_tree_adds_up(case: Mapping[str, Any]) -> None:
    if "raises" in case:
        with pytest.raises(CoreError) as raised:
            ran(case)
        assert case["raises"] in str(raised.value).replace("\u00a0", " ")
        return
    data, allocated, n = ran(case)
    names = {step for steps in case["expect"].values() for step in steps}
    found: dict[str, dict[str, int]] = {}
    for line in allocated.lines():
        if line.step in names:
            found.setdefault(line.enhet, {}).setdefault(line.step, 0)
            found[line.enhet][line.step] += line.amount_ore
    expected = {enhet: {step: kronor(kr) for step, kr in steps.items()} for enhet, steps in case["expect"].items()}
    assert found == {enhet: steps for enhet, steps in expected.items() if steps}
    for place in range(len(data.units)):
        tree = explain("total", facts_of(data, allocated, n, place))  # every node recomputes itself
        assert tree.value * 100 == allocated.totals[data.units[place].enhet]


def guaranteed(elever: Sequence[int], last_year: Mapping[str, int], **step: str) -> tuple[AllocationInput, Allocated]:
    guarantee: dict[str, Any] = {"kind": "guarantee", "step": "garanti", "of": ["p"], "categories": ["a"], **step}
    if "floor" in step or "ceiling" in step or "share" in step:
        guarantee["baseline"] = {"variable": "forra"}
    model = paying_model([GRUND, guarantee], prices=PRICE)
    index = {"forra": {enhet: Fraction(kr) for enhet, kr in last_year.items()}}
    return run_of(model, [every_month(one) for one in elever], index=index)


def financed(
    elever: Sequence[int], last_year: Mapping[str, int], **step: str
) -> tuple[AllocationInput, Allocated] | GuaranteeUnfinancedError:
    """Return what a guarantee that gainers finance gives, or that they cannot."""
    try:
        return guaranteed(elever, last_year, financed_by="gainers", **step)
    except GuaranteeUnfinancedError as error:
        return error


def sums(allocated: Allocated, step: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in allocated.lines():
        if line.step == step:
            found[line.enhet] = found.get(line.enhet, 0) + line.amount_ore
    return found


some_elever = st.lists(st.integers(1, 300), min_size=1, max_size=6)
some_baselines = st.dictionaries(
    st.sampled_from([f"e{one}" for one in range(6)]), st.integers(0, 4_000_000), max_size=6
)
shares = st.decimals("-0.2", "0.2", places=3).map(str)


class TestGuarantee:
    @given(elever=some_elever, last=some_baselines, floor=shares, ceiling=st.none() | shares)
    @settings(max_examples=60, deadline=None)
    def test_nobody_falls_below_its_floor_and_what_gainers_pay_is_what_others_get(
        self, elever: list[int], last: dict[str, int], floor: str, ceiling: str | None
    ) -> None:
        over = {} if ceiling is None or Fraction(ceiling) < Fraction(floor) else {"ceiling": ceiling}
        found = financed(elever, last, floor=floor, **over)
        if isinstance(found, GuaranteeUnfinancedError):
            assert 0 < found.missing_ore <= found.cost_ore
            return
        data, allocated = found
        moved = sums(allocated, "garanti")
        assert sum(moved.values()) == 0
        formula = sums(allocated, "p")
        for unit in data.units:
            if unit.enhet in last:
                least = last[unit.enhet] * 100 * (1 + Fraction(floor))
                paid = formula.get(unit.enhet, 0) + moved.get(unit.enhet, 0)
                assert least - paid <= Fraction(1, 2)  # the line is whole öre
            else:
                assert unit.enhet not in moved

    @given(elever=some_elever, last=some_baselines, floor=shares)
    @settings(max_examples=40, deadline=None)
    def test_a_floor_that_the_budget_pays_takes_from_nobody(
        self, elever: list[int], last: dict[str, int], floor: str
    ) -> None:
        _, allocated = guaranteed(elever, last, floor=floor)
        assert all(ore > 0 for ore in sums(allocated, "garanti").values())

    @given(elever=some_elever, minimum=st.integers(0, 30_000))
    @settings(max_examples=40, deadline=None)
    def test_the_minimum_holds(self, elever: list[int], minimum: int) -> None:
        data, allocated = guaranteed(elever, {}, minimum=str(minimum))
        for unit, n in zip(data.units, elever, strict=True):
            assert allocated.totals[unit.enhet] == max(10_000, minimum) * n * 100

    @given(order=st.permutations(range(4)))
    @settings(max_examples=20, deadline=None)
    def test_the_order_of_the_units_does_not_matter(self, order: Sequence[int]) -> None:
        elever, last = [80, 120, 117, 90], [1_000_000, 1_000_001, 1_000_000, 880_000]

        def moved(places: Sequence[int]) -> dict[int, int]:
            baselines = {f"e{at}": last[place] for at, place in enumerate(places)}
            step = {"floor": "-0.01", "financed_by": "gainers"}
            _, allocated = guaranteed([elever[place] for place in places], baselines, **step)
            found = sums(allocated, "garanti")
            return {place: found.get(f"e{at}", 0) for at, place in enumerate(places)}

        straight, shuffled = moved(range(4)), moved(order)
        assert all(abs(straight[place] - shuffled[place]) <= 1 for place in range(4))  # a tie's öre follows the id

    @pytest.mark.parametrize("ceiling", [None, "0.05", "0.3"])
    def test_a_huvudman_recomputes_what_it_pays_for_others(self, ceiling: str | None) -> None:
        step = {"floor": "-0.02", "financed_by": "gainers", **({"ceiling": ceiling} if ceiling else {})}
        elever, last = [95, 120, 117], {f"e{one}": 1_000_000 for one in range(3)}
        data, whole = guaranteed(elever, last, **step)
        mine = [line for line in whole.lines() if line.enhet == "e1"]
        alone, _ = guaranteed([elever[1]], {"e0": 1_000_000}, floor="-0.02")
        alone.model, alone.units = data.model, (data.units[1],)
        alone.index = {"forra": {"e1": Fraction(1_000_000)}}
        alone.shares = {
            (one.step, one.period): OwnShare(
                one.pool_ore, one.weight, {line.enhet: line.remainder_ore for line in mine if line.remainder_ore}
            )
            for one in whole.pools
        }
        assert list(allocate(alone).lines()) == mine


class TestPoolMeans:
    @given(
        elever=st.lists(st.integers(1, 60), min_size=3, max_size=6),
        index=st.lists(st.none() | st.integers(1, 300), min_size=6, max_size=6),
        pool=st.integers(1, 10**7),
        below=st.integers(1, 20),
    )
    @settings(max_examples=60, deadline=None)
    def test_the_pool_is_exact_to_the_ore_whatever_stands_in_for_an_index(
        self, elever: list[int], index: list[int | None], pool: int, below: int
    ) -> None:
        mean = {"mean_of": "all"}
        factor = {"index": "i", "default": mean, "small": {"below": str(below), "value": mean}}
        step = {"kind": "weighted_pool", "step": "pott", "pool": str(pool), "categories": ["a"], "factor": factor}
        values = {f"e{place}": Fraction(one) for place, one in enumerate(index) if one is not None}
        own = [n for place, n in enumerate(elever) if f"e{place}" in values and n >= below]
        try:
            _, allocated = run_of(paying_model([step]), [every_month(n) for n in elever], index={"i": values})
        except CoreError:
            assert not own
            return
        assert own
        assert allocated.total_ore == pool * 100

    def test_a_huvudman_gets_the_mean_that_was_taken_over_the_others(self) -> None:
        factor = {"index": "i", "default": {"mean_of": "all"}}
        model = paying_model(
            [{"kind": "weighted_pool", "step": "pott", "pool": "1000", "categories": ["a"], "factor": factor}]
        )
        data, whole = run_of(
            model, [every_month(n) for n in (7, 11, 3)], index={"i": {"e0": Fraction(3), "e2": Fraction(9)}}
        )
        (solved,) = whole.pools
        mine = next(line for line in whole.lines() if line.enhet == "e1")
        assert mine.factor == Fraction(48, 10)  # (7 × 3 + 3 × 9) ÷ 10
        alone, _ = run_of(model, [every_month(11)], units=[data.units[1]], index={"i": {"e1": Fraction(1)}})
        alone.index = {}
        share = OwnShare(solved.pool_ore, solved.weight, {"e1": mine.remainder_ore}, solved.means)
        alone.shares = {("pott", "2026"): share}
        assert list(allocate(alone).lines()) == [mine]
        alone.shares = {("pott", "2026"): OwnShare(solved.pool_ore, solved.weight, {})}
        with pytest.raises(MeanNotGivenError, match="saknar medelvärdet"):
            allocate(alone)


class TestAddition:
    @given(
        own=st.lists(st.integers(0, 90), min_size=1, max_size=4).filter(any),
        other=st.integers(1, 50),
        amount=st.integers(-(10**6), 10**7),
        first=st.integers(1, 12),
        through=st.integers(1, 12),
    )
    @settings(max_examples=60, deadline=None)
    def test_the_own_units_get_every_ore_and_an_enskild_huvudman_the_same_per_elev(
        self, own: list[int], other: int, amount: int, first: int, through: int
    ) -> None:
        step = {
            "kind": "addition", "step": "t", "amount": str(amount), "categories": ["a"], "decided": date(2026, 5, 1),
            "first_month": first,
        }  # fmt: skip
        units = [*[UnitFacts(f"e{at}", "", "egen") for at in range(len(own))], UnitFacts("f", "", "fristaende_hemma")]
        _, allocated = run_of(
            paying_model([step]), [every_month(n) for n in (*own, other)], units=units, through=through
        )
        counted = max(0, through - first + 1)
        mine = {line.enhet: line for line in allocated.lines()}
        exact = Fraction(amount * 100 * counted, 13 - first)
        assert abs(sum(line.amount_ore for line in mine.values() if line.enhet != "f") - exact) <= Fraction(1, 2)
        if counted:
            rounding = Fraction(1, 2) * (1 + Fraction(other, sum(own)))  # of the own units' öre, and of its own
            assert abs(mine["f"].amount_ore - exact * other / sum(own)) <= rounding
        else:
            assert not mine


def test_the_tree_of_a_guarantee_says_what_it_compares_with_and_who_pays() -> None:
    data, allocated = guaranteed([80, 120], {"e0": 1_000_000, "e1": 1_000_000}, floor="-0.02", financed_by="gainers")
    n = [every_month(one) for one in (80, 120)]
    tree = explain("step:garanti", facts_of(data, allocated, n, 0))
    assert tree.children[0].note == "Betalas av de enheter som vinner, i proportion till hur mycket."
    lifted = "\n".join(tree.lines())
    assert "Golvet: en enhet förlorar inte mer än så: 980 000 kr/år" in lifted.replace("\u00a0", " ")
    assert "Belopp att jämföra med: 1 000 000 kr/år" in lifted.replace("\u00a0", " ")
    pays = "\n".join(explain("step:garanti", facts_of(data, allocated, n, 1)).lines())
    assert "Steg, till andras garanti" in pays
    assert "Avgår: det som enheten själv är garanterad" in pays


UNITS = (UnitFacts("a1", "", "egen", omrade="n"), UnitFacts("b1", "", "egen"), UnitFacts("f1", "", "fristaende_hemma"))
LISTS = {"var": date(2026, 1, 1), "host": date(2026, 7, 1)}
kronor_of = st.decimals(0, 90_000, places=2).map(str)
some_shares = st.decimals("-0.3", "0.3", places=3).map(str)
part_of_one = st.decimals(0, 1, places=2).map(str)


@st.composite
def ruled(draw: st.DrawFn) -> FundingModel:
    """Give a model with every step that has a rule of its own."""
    lokal = {"step": "lokal", "kostnadsslag": "lokalkostnader", "values": {"a": draw(kronor_of), "b": draw(kronor_of)}}
    prices: list[dict[str, Any]] = [
        {"step": "p", "values": {"a": draw(kronor_of), "b": draw(kronor_of)}},
        lokal,
        {"kind": "markup", "step": "adm", "of": draw(st.sampled_from([["p"], ["p", "lokal"]])), "rate": "0.03"},
        {
            "kind": "markup",
            "step": "moms",
            "of": ["p", "lokal", "adm"],
            "rate": "0.06",
            "recipients": ["fristaende_hemma"],
        },
    ]
    bounds = {
        "floor": draw(st.none() | some_shares),
        "share": draw(st.none() | part_of_one),
        "minimum": draw(kronor_of),
        "financed_by": draw(st.sampled_from(["budget", "gainers"])),
        "per": draw(st.sampled_from(["elev", "enhet"])),
    }
    amounts: list[dict[str, Any]] = [
        {"kind": "per_elev", "step": "grund", "prices": ["p", "lokal", "adm", "moms"]},
        {"kind": "premises", "step": "faktisk", "price": "lokal", "actual": {"variable": "hyra"},
         "marked_up_by": ["moms"]},
        {"kind": "case_amounts", "step": "tillagg", "kostnadsslag": "tillaggsbelopp"},
        {"kind": "markup", "step": "tillagg_moms", "of": ["tillagg"], "rate": "0.06"},
        {"kind": "addition", "step": "mer", "amount": draw(kronor_of), "categories": ["a", "b"],
         "decided": date(2026, 5, 1), "first_month": draw(st.integers(1, 12)), "marked_up_by": ["adm", "moms"]},
        {"kind": "weighted_pool", "step": "pott", "pool": draw(kronor_of), "quantity": "p",
         "factor": {"index": "hyra", "default": {"mean_of": "all"}, "small": {"below": "3", "value": "100"}}},
        {"kind": "guarantee", "step": "garanti", "of": ["p", "pott"], "categories": ["a", "b"],
         "baseline": {"variable": "forra"}, **{name: one for name, one in bounds.items() if one is not None}},
    ]  # fmt: skip
    return paying_model(amounts, prices=prices, categories=["a", "b"], lists=LISTS)


monthly = st.lists(st.integers(0, 40), min_size=12, max_size=12)
some_index = st.fixed_dictionaries(
    {
        "hyra": st.dictionaries(st.sampled_from(["a1", "f1"]), st.fractions(1, 30_000, max_denominator=4), min_size=1),
        "forra": st.dictionaries(st.sampled_from(["a1", "b1", "f1"]), st.fractions(0, 400_000, max_denominator=4)),
    }
)
some_cases = st.lists(
    st.builds(
        CaseAmount, st.just("tillagg"), st.sampled_from(["B1", "B2"]), st.sampled_from(["a1", "f1"]),
        st.just("grundskola"), st.integers(1, 12), st.integers(0, 10**7), st.sampled_from(["e1", "e2"]),
    ),
    max_size=4,
)  # fmt: skip
some_counts = st.lists(st.tuples(monthly, monthly).map(list), min_size=3, max_size=3)


def counted_through(n: Sequence[Sequence[Sequence[int]]], through: int) -> list[list[list[int]]]:
    return [[[*months[:through], *[0] * (12 - through)] for months in unit] for unit in n]


@given(ruled(), some_counts, some_index, some_cases, st.integers(1, 12))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_tree_of_any_model_of_rules_recomputes_to_the_stored_ore(
    model: FundingModel,
    n: Sequence[Sequence[Sequence[int]]],
    index: dict[str, dict[str, Fraction]],
    rows: list[CaseAmount],
    through: int,
) -> None:
    n = counted_through(n, through)
    try:
        data, allocated = run_of(model, n, units=UNITS, through=through, index=index, cases=rows)
    except (AdditionWithoutUnitsError, GuaranteeUnfinancedError, NobodyToAverageError, PoolWithoutWeightError):
        return
    for place, unit in enumerate(UNITS):
        tree = explain("total", facts_of(data, allocated, n, place))
        assert tree.value * 100 == allocated.totals[unit.enhet]
    decided = sum(row.amount_ore for row in rows if row.month <= through)
    assert sum(sums(allocated, "tillagg").values()) == decided
    for pool in allocated.pools:
        if pool.step == "pott":
            shared = [one.amount_ore for one in allocated.lines() if (one.step, one.period) == ("pott", pool.period)]
            assert sum(shared) == pool.pool_ore
    if model.amounts[-1].financed_by == "gainers":  # type: ignore[union-attr]  # it is the guarantee
        for period in data.quantities.periods:
            moved = [one for one in allocated.lines() if (one.step, one.period) == ("garanti", period)]
            assert sum(one.amount_ore for one in moved) == 0


@given(ruled(), ruled(), st.tuples(some_counts, some_counts), st.tuples(some_index, some_index))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_parts_of_a_change_between_models_of_rules_add_up(
    before: FundingModel,
    after: FundingModel,
    n: tuple[list[list[list[int]]], list[list[list[int]]]],
    index: tuple[dict[str, dict[str, Fraction]], dict[str, dict[str, Fraction]]],
) -> None:
    try:
        sides = [
            side_of(model, counted, units=UNITS, index=own)
            for model, counted, own in zip((before, after), n, index, strict=True)
        ]
    except CoreError:
        return
    found = decompose(*sides)
    whole = np.zeros(found.before.shape, object)
    for one in found.parts:
        whole = whole + one.num.astype(object) * Fraction(1, one.den)
    assert (whole == found.after - found.before).all()
