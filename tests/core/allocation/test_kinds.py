from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import GivenAmount, IndexMissingError, OwnShare, PoolWithoutWeightError, UnitFacts, allocate
from core.allocation.columns import half_up_columns, times
from core.base import half_up
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from core.allocation import Allocated

POOL = {"kind": "weighted_pool", "step": "pott"}
BOTH = [{"category": name, "where": [{"field": "arskurs", "=": name}]} for name in ("a", "b")]
PRICED = {"kind": "per_elev", "step": "grund", "prices": ["p"]}


def amounts(allocated: Allocated) -> dict[tuple[str, str, str], int]:
    """Return öre by enhet, step and category."""
    return {(line.enhet, line.step, line.category): line.amount_ore for line in allocated.lines()}


class TestPerElev:
    def test_pays_yearly_elever_times_price_rounded_to_the_ore_on_each_line(self) -> None:
        model = paying_model([PRICED], prices=[{"step": "p", "values": {"a": "57400"}}])
        _, allocated = run_of(model, [[[10] * 8 + [9] * 4]])
        assert amounts(allocated) == {("e0", "p", "a"): half_up(5_740_000 * (80 + 36), 12)}

    def test_a_price_for_one_recipient_pays_no_other(self) -> None:
        price = {"step": "p", "values": {"a": "100"}, "recipients": ["fristaende_hemma"]}
        units = [UnitFacts("e0", "", "egen"), UnitFacts("e1", "", "fristaende_hemma")]
        _, allocated = run_of(paying_model([PRICED], prices=[price]), [every_month(1)] * 2, units=units)
        assert amounts(allocated) == {("e1", "p", "a"): 10_000}

    def test_each_price_list_pays_its_own_months(self) -> None:
        lists = {"var": date(2026, 1, 1), "host": date(2026, 7, 1)}
        price = {"step": "p", "values": {"a": {"var": "1200", "host": "2400"}}}
        _, allocated = run_of(paying_model([PRICED], prices=[price], lists=lists), [every_month(1)], through=9)
        assert [(one.period, one.amount_ore) for one in allocated.lines()] == [("var", 60_000), ("host", 60_000)]

    def test_a_price_that_64_bits_cannot_hold_is_exact(self) -> None:
        prices: list[dict[str, Any]] = [
            {"step": "q", "values": {"a": "99999999999"}},
            {"step": "p", "of": ["q"], "factor": "0.333333333333333333"},
        ]
        _, allocated = run_of(paying_model([{**PRICED, "price_on": "hidden"}], prices=prices), [every_month(7)])
        (line,) = allocated.lines()
        exact = 7 * 9_999_999_999_900 * Fraction("0.333333333333333333")
        assert max(line.rate_num, line.rate_den) > 2**63
        assert line.amount_ore == half_up(exact.numerator, exact.denominator)

    def test_the_hidden_price_is_paid_where_the_model_says_so(self) -> None:
        steps = [{"step": "p", "values": {"a": "100.004"}, "rounding": {"to": "krona"}}]
        shown, hidden = (
            run_of(paying_model([{**PRICED, "price_on": on}], prices=steps), [every_month(1000)])[1].total_ore
            for on in ("shown", "hidden")
        )
        assert (shown, hidden) == (10_000_000, 10_000_400)


class TestPool:
    @given(
        pool=st.integers(0, 10**9),
        n=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6),
        weights=st.tuples(*[st.sampled_from(["0.5", "1", "1.37"])] * 2),
        index=st.lists(st.fractions(Fraction(1, 3), 200, max_denominator=50), min_size=6, max_size=6),
        through=st.integers(1, 12),
    )
    def test_hands_out_the_pot_exactly_and_nobody_is_an_ore_from_the_exact_share(
        self, pool: int, n: list[tuple[int, int]], weights: tuple[str, str], index: list[Fraction], through: int
    ) -> None:
        step = {**POOL, "pool": str(pool), "categories": ["a", "b"], "weights": dict(zip("ab", weights, strict=True))}
        model = paying_model([{**step, "factor": {"index": "i"}}], categories=BOTH)
        values = {f"e{place}": value for place, value in enumerate(index)}
        if not any(map(sum, n)):
            with pytest.raises(PoolWithoutWeightError):
                run_of(model, [every_month(*one) for one in n], index={"i": values}, through=through)
            return
        _, allocated = run_of(model, [every_month(*one) for one in n], index={"i": values}, through=through)
        (solved,) = allocated.pools
        lines = list(allocated.lines())
        assert allocated.total_ore == solved.pool_ore == half_up(pool * 100 * through, 12)
        assert sum(line.remainder_ore for line in lines) == solved.remainder_ore
        for line in lines:
            exact = line.quantity * line.rate * line.factor
            assert abs(line.amount_ore - exact) < 1
            assert line.before_ore == exact // 1
            assert line.remainder_ore in {0, 1}

    def test_the_last_ore_goes_to_the_largest_remainder_and_at_a_tie_to_the_first_id(self) -> None:
        model = paying_model([{**POOL, "pool": "1", "categories": ["a"]}])
        _, allocated = run_of(model, [every_month(1)] * 3)
        assert [(line.enhet, line.amount_ore) for line in allocated.lines()] == [("e0", 34), ("e1", 33), ("e2", 33)]

    def test_a_unit_without_elever_and_a_recipient_it_is_not_for_get_nothing(self) -> None:
        model = paying_model([{**POOL, "pool": "100", "categories": ["a"], "recipients": ["egen"]}])
        units = [UnitFacts("e0", "", "egen"), UnitFacts("e1", "", "egen"), UnitFacts("e2", "", "fristaende_hemma")]
        _, allocated = run_of(model, [every_month(2), every_month(0), every_month(9)], units=units)
        assert amounts(allocated) == {("e0", "pott", "alla"): 10_000}

    def test_a_missing_index_value_is_an_error_unless_the_model_has_a_default_which_is_then_told(self) -> None:
        step = {**POOL, "pool": "100", "categories": ["a"], "factor": {"index": "i"}}
        with pytest.raises(IndexMissingError, match="Enheten e1 saknar värde i indexet i"):
            run_of(paying_model([step]), [every_month(1)] * 2, index={"i": {"e0": Fraction(150)}})
        step["factor"] = {"index": "i", "default": "50"}
        _, allocated = run_of(paying_model([step]), [every_month(1)] * 2, index={"i": {"e0": Fraction(150)}})
        assert [(one.amount_ore, one.detail) for one in allocated.lines()] == [
            (7_500, "{}"),
            (2_500, '{"index_default":true}'),
        ]

    def test_a_huvudman_recomputes_its_own_share_without_the_others_counts(self) -> None:
        model = paying_model([{**POOL, "pool": "1000", "categories": ["a"]}])
        n = [every_month(one) for one in (7, 11, 3)]
        data, whole = run_of(model, n)
        (solved,) = whole.pools
        mine = next(line for line in whole.lines() if line.enhet == "e1")
        alone, _ = run_of(model, [n[1]], units=[data.units[1]])
        own = OwnShare(solved.pool_ore, solved.weight, {"e1": mine.remainder_ore})
        alone.shares = {("pott", "2026"): own}
        assert list(allocate(alone).lines()) == [mine]


class TestPerUnit:
    STEP: ClassVar[dict[str, Any]] = {"kind": "per_unit", "step": "liten", "categories": ["a"]}

    def test_pays_for_the_months_with_a_counted_elev(self) -> None:
        model = paying_model([{**self.STEP, "amount": "1200"}])
        _, allocated = run_of(model, [[[0] * 7 + [3] * 5], every_month(0)])
        assert [(one.enhet, one.quantity, one.amount_ore) for one in allocated.lines()] == [
            ("e0", Fraction(5, 12), 50_000)
        ]

    @pytest.mark.parametrize(
        ("condition", "paid"),
        [
            ({"field": "landsbygd", "=": "ja"}, ["e0"]),
            ({"field": "recipient", "in": ["egen"]}, ["e0", "e1"]),
            ({"field": "verksamhet", "=": "grundskola"}, ["e1", "e2"]),
            ({"field": "omrade", "=": "Norra"}, ["e2"]),
            ({"field": "enhet", "in": ["e1", "e2"]}, ["e1", "e2"]),
            ({"field": "size", "between": ["5", "10"]}, ["e1"]),
            ({"field": "size", "=": "20"}, ["e2"]),
        ],
        ids=lambda value: str(value) if isinstance(value, dict) else "",
    )
    def test_pays_units_that_meet_every_condition(self, condition: dict[str, Any], paid: list[str]) -> None:
        units = [
            UnitFacts("e0", "", "egen", ("forskola",), landsbygd=True),
            UnitFacts("e1", "", "egen", ("grundskola", "fritidshem")),
            UnitFacts("e2", "", "fristaende_hemma", ("grundskola",), omrade="Norra"),
        ]
        model = paying_model([{**self.STEP, "amount": "1200", "where": [condition]}])
        _, allocated = run_of(model, [every_month(one) for one in (2, 7, 20)], units=units)
        assert [line.enhet for line in allocated.lines()] == paid

    @pytest.mark.parametrize(("elever", "paid"), [(10, [40_000]), (11, [20_000]), (30, [20_000]), (31, [])])
    def test_the_smallest_size_that_holds_decides_the_sum(self, elever: int, paid: list[int]) -> None:
        sizes = [{"up_to": 30, "amount": "200"}, {"up_to": 10, "amount": "400"}]
        _, allocated = run_of(paying_model([{**self.STEP, "size_steps": sizes}]), [every_month(elever)])
        assert [line.amount_ore for line in allocated.lines()] == paid

    def test_size_is_the_mean_of_the_counted_months(self) -> None:
        sizes = [{"up_to": 10, "amount": "1200"}]
        model = paying_model([{**self.STEP, "size_steps": sizes}])
        _, allocated = run_of(model, [[[12, 8] + [99] * 10]], through=2)
        assert [(line.amount_ore, line.detail) for line in allocated.lines()] == [(20_000, '{"size":"10"}')]


class TestRates:
    def test_a_markup_and_a_deduction_are_taken_on_the_units_own_earlier_amounts(self) -> None:
        steps: list[dict[str, Any]] = [
            PRICED,
            {"kind": "markup", "step": "moms", "of": ["p"], "rate": "0.06", "recipients": ["fristaende_hemma"]},
            {"kind": "deduction", "step": "centralt", "of": ["p"], "rate": "0.25", "recipients": ["egen"]},
        ]
        units = [UnitFacts("e0", "", "egen"), UnitFacts("e1", "", "fristaende_hemma")]
        model = paying_model(steps, prices=[{"step": "p", "values": {"a": "100.01"}, "rounding": {"to": "ore"}}])
        _, allocated = run_of(model, [every_month(1), every_month(2)], units=units)
        assert amounts(allocated) == {
            ("e0", "p", "a"): 10_001,
            ("e1", "p", "a"): 20_002,
            ("e0", "centralt", "alla"): -2_500,  # 2 500,25 öre
            ("e1", "moms", "alla"): 1_200,  # 1 200,12 öre
        }


class TestGiven:
    STEP: ClassVar[dict[str, Any]] = {
        "kind": "given",
        "step": "stod",
        "kostnadsslag": "tillaggsbelopp",
        "dimension": "individ",
    }
    ROWS = (
        GivenAmount("stod", "e0", "grundskola", 1, 2, 100_001),
        GivenAmount("stod", "e0", "grundskola", 3, 5, 50_000),
        GivenAmount("stod", "e0", "fritidshem", 3, 1, 7),
        GivenAmount("stod", "e0", "grundskola", 9, 9, 1_000_000),
        GivenAmount("annat", "e0", "grundskola", 1, 1, 1),
        GivenAmount("stod", "borta", "grundskola", 1, 1, 1),
    )

    def test_decided_sums_of_the_counted_months_are_paid_as_they_are(self) -> None:
        _, allocated = run_of(paying_model([self.STEP]), [every_month(1)], given=self.ROWS, through=6)
        assert [(one.verksamhet, one.amount_ore, one.detail) for one in allocated.lines()] == [
            ("fritidshem", 7, '{"decisions":1}'),
            ("grundskola", 150_001, '{"decisions":5}'),
        ]

    @pytest.mark.parametrize("key", ["rate", "factor", "pool", "amount", "weights"])
    def test_no_model_can_scale_what_was_decided_for_an_elev(self, key: str) -> None:
        with pytest.raises(ValueError, match="Extra inputs are not permitted"):
            paying_model([{**self.STEP, key: "0.9"}])


@given(st.lists(st.tuples(st.integers(-(10**30), 10**30), st.integers(1, 10**20)), min_size=1))
def test_columns_round_half_up_as_one_number_does(pairs: list[tuple[int, int]]) -> None:
    wide = any(abs(number) >= 2**62 for pair in pairs for number in pair)
    top, bottom = (np.array(side, object if wide else np.int64) for side in zip(*pairs, strict=True))
    assert half_up_columns(top, bottom).tolist() == [half_up(*pair) for pair in pairs]


@given(st.lists(st.tuples(*[st.integers(-(2**62), 2**62)] * 3)))
def test_products_of_columns_never_overflow(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array([row[place] for row in rows], np.int64) for place in range(3)]
    assert times(*columns).tolist() == [a * b * c for a, b, c in rows]
