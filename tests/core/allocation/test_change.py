"""Why did it change: parts that add up to the öre for any two runs, whatever differs between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import GivenAmount, UnitFacts, step_totals
from core.allocation.change import PARTS, decompose
from core.allocation.change_blend import Blend
from core.allocation.change_game import shapley
from core.allocation.change_reuse import totals_where_possible
from tests.core.allocation.test_engine import UNITS, N, counts, given_rows, models, slow
from tests.support.small_amounts import LISTS, every_month, paying_model
from tests.support.small_changes import side_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.allocation.change import Decomposition
    from core.allocation.change_sides import Side
    from core.allocation.columns import Column
    from core.parameters import FundingModel

    Steps = Sequence[Mapping[str, Any]]

indexes = st.dictionaries(
    st.sampled_from([one.enhet for one in UNITS]), st.fractions(Fraction(1, 2), 2, max_denominator=9)
)
SHARED = {"volume", "mix", "correction", "price", "index", "rule", "guarantee"}


@st.composite
def sides(draw: st.DrawFn) -> Side:
    """Give a run of a random model; a unit may be missing, or be there without elever."""
    n: N = draw(counts)
    if draw(st.booleans()):
        n[2] = [[0] * 12 for _ in n[2]]
    rows: list[GivenAmount] = draw(given_rows)
    kind, through = draw(st.sampled_from(["utfall", "budget"])), draw(st.integers(1, 12))
    side = side_of(draw(models()), n, kind=kind, through=through, units=UNITS, index={"i": draw(indexes)}, given=rows)
    return side.without(draw(st.sampled_from([(), ("cederna",)])))


def cells(found: Decomposition) -> Column:
    """Return the sum of all parts, exact."""
    whole = np.zeros(found.before.shape, object)
    for one in found.parts:
        whole = whole + one.num.astype(object) * Fraction(1, one.den)
    return whole


@slow
@given(sides(), sides())
def test_the_parts_add_up_to_the_last_ore_in_every_unit_and_step(before: Side, after: Side) -> None:
    found = decompose(before, after)
    assert (cells(found) == found.after - found.before).all()
    assert {one.part for one in found.parts} <= set(PARTS)
    for totals, side in ((found.before, before), (found.after, after)):
        by_unit = dict(zip(found.frame.enhet_ids, totals.sum(axis=1).tolist(), strict=True))
        assert {enhet: ore for enhet, ore in by_unit.items() if ore} == {
            enhet: ore for enhet, ore in step_totals(side.data).by_unit().items() if ore
        }
    whole = sum((Fraction(num, den) for _, _, _, num, den in found.rows()), Fraction(0))
    assert whole == int(found.after.sum() - found.before.sum())
    for enhet in found.frame.enhet_ids:
        place = found.frame.enhet_ids.index(enhet)
        assert sum(found.of_unit(enhet).values()) == int((found.after - found.before)[place].sum())


@slow
@given(sides(), sides())
def test_the_change_back_has_the_opposite_parts(before: Side, after: Side) -> None:
    after = replace(after, data=replace(after.data, given=before.data.given))
    there, back = decompose(before, after), decompose(after, before)
    places = [back.frame.steps.index(step) for step in there.frame.steps]
    for part in ("months", "units", *SHARED):
        forth = sum(one.num.astype(object) * Fraction(1, one.den) for one in there.parts if one.part == part)
        home = sum(one.num.astype(object) * Fraction(1, one.den) for one in back.parts if one.part == part)
        turned = home[:, places] if isinstance(home, np.ndarray) else home
        assert np.all(forth == -turned)


@slow
@given(sides())
def test_between_a_run_and_itself_nothing_has_changed(side: Side) -> None:
    assert decompose(side, side).parts == ()


GAME = st.dictionaries(st.frozensets(st.sampled_from("abcd")), st.integers(-(10**9), 10**9), min_size=0, max_size=16)


@given(GAME, st.permutations("abcd"))
def test_a_part_is_the_mean_over_all_orders_whatever_order_is_asked_in(
    worth: dict[frozenset[str], int], asked: Sequence[str]
) -> None:
    def value(chosen: frozenset[str]) -> Column:
        return np.array([worth.get(chosen, 0)], np.int64)

    parts, den = shapley(asked, value)
    for player in "abcd":
        gains = []
        for order in permutations("abcd"):
            earlier = frozenset(order[: order.index(player)])
            gains.append(worth.get(earlier | {player}, 0) - worth.get(earlier, 0))
        assert Fraction(int(parts[player][0]), den) == Fraction(sum(gains), len(gains))


@given(GAME, st.integers(-(10**6), 10**6))
def test_who_changes_nothing_has_no_part_and_who_does_the_same_has_the_same(
    worth: dict[frozenset[str], int], each: int
) -> None:
    def value(chosen: frozenset[str]) -> Column:
        twins = len(chosen & {"x", "y"})
        return np.array([worth.get(chosen & {"a", "b"}, 0) + each * twins], np.int64)

    parts, den = shapley(["a", "b", "x", "y", "null"], value)
    assert parts["null"][0] == 0
    assert parts["x"][0] == parts["y"][0] == each * den


def test_sums_beyond_64_bits_are_shared_exactly() -> None:
    parts, den = shapley(["a", "b"], lambda chosen: np.array([2**61 * len(chosen)], np.int64))
    assert [int(parts[one][0]) for one in "ab"] == [2**61 * den] * 2


PRICES = [{"step": "p", "values": {"a": "100", "b": "200"}}]
AMOUNTS = [{"kind": "per_elev", "step": "bas", "prices": ["p"]}]


def plain(amounts: Steps = AMOUNTS, prices: Steps = PRICES, lists: Mapping[str, date] = LISTS) -> FundingModel:
    """Return a model of two categories at 100 and 200 kronor."""
    return paying_model(amounts, prices=prices, categories=["a", "b"], lists=lists)


def change(before: Side, after: Side, enhet: str = "e0") -> dict[str, Fraction]:
    """Return a unit's parts in kronor."""
    return {part: value / 100 for part, value in decompose(before, after).of_unit(enhet).items()}


def test_more_elever_with_the_same_shares_is_volume_alone() -> None:
    before, after = (side_of(plain(), [every_month(*n)], kind="budget") for n in ((3, 4), (6, 8)))
    assert change(before, after) == {"volume": 1100}


def test_other_categories_of_the_same_number_is_mix_alone() -> None:
    before, after = (side_of(plain(), [every_month(*n)], kind="budget") for n in ((4, 4), (2, 6)))
    assert change(before, after) == {"mix": 200}


def test_volume_and_mix_at_once_share_what_they_do_together() -> None:
    # 4+4 → 12+0: volume first 8→12 at half each: +600, then mix −600; mix first −400, then +400: (600+400)/2, −500
    before, after = (side_of(plain(), [every_month(*n)], kind="budget") for n in ((4, 4), (12, 0)))
    assert change(before, after) == {"volume": 500, "mix": -500}


def test_a_price_list_by_another_name_at_the_same_prices_is_no_change() -> None:
    before = side_of(plain(lists={"gammal": date(2026, 1, 1)}), [every_month(3, 4)])
    after = side_of(plain(lists={"ny": date(2026, 1, 1)}), [every_month(3, 4)])
    assert change(before, after) == {}


def test_price_and_volume_share_what_they_do_together_and_a_list_within_the_year_is_price() -> None:
    dearer = [{"step": "p", "values": {"a": {"var": "100", "host": "120"}, "b": {"var": "200", "host": "240"}}}]
    before = side_of(plain(), [every_month(2, 0)], kind="budget")
    lists = {"var": date(2026, 1, 1), "host": date(2026, 7, 1)}
    after = side_of(plain(prices=dearer, lists=lists), [every_month(4, 0)], kind="budget")
    assert change(before, after) == {"volume": 210, "price": 30}


POOL = {"kind": "weighted_pool", "step": "pott", "pool": "1000", "categories": ["a"], "factor": {"index": "i"}}


def test_an_index_moves_money_between_units_and_a_larger_pot_is_a_rule() -> None:
    first, later = ({"i": {"e0": Fraction(one), "e1": Fraction(1)}} for one in (1, 3))
    before = side_of(plain([POOL]), [every_month(5, 0)] * 2, index=first)
    moved = side_of(plain([POOL]), [every_month(5, 0)] * 2, index=later)
    assert change(before, moved) == {"index": 250}
    assert change(before, moved, "e1") == {"index": -250}
    larger = side_of(plain([{**POOL, "pool": "2000"}]), [every_month(5, 0)] * 2, index=later)
    # index at 1 000 or at 2 000: 250 or 500; pot at half or three quarters: 500 or 750
    assert change(before, larger) == {"index": 375, "rule": 625}


def test_a_new_step_is_a_rule_and_what_it_reads_that_the_year_before_lacks_is_not_an_index() -> None:
    before = side_of(plain(), [every_month(5, 0)])
    after = side_of(plain([*AMOUNTS, POOL]), [every_month(5, 0)], index={"i": {"e0": Fraction(7)}})
    assert change(before, after) == {"rule": 1000}


def test_a_pot_for_a_category_that_nobody_had_before_is_not_handed_out_in_what_never_was() -> None:
    late = {**POOL, "categories": ["b"], "factor": None}
    before = side_of(plain(), [every_month(5, 0)], kind="budget")
    after = side_of(plain([*AMOUNTS, late]), [every_month(0, 5)], kind="budget")
    assert change(before, after) == {"mix": 500 + 500, "rule": 500}


def test_a_unit_that_opens_has_its_whole_amount_there_and_others_what_it_took_from_the_pot() -> None:
    pool = plain([{**POOL, "factor": None}])
    units = tuple(UnitFacts(enhet, enhet, "egen") for enhet in ("e0", "e1"))
    before = side_of(pool, [every_month(5, 0)], units=units[:1])
    after = side_of(pool, [every_month(5, 0), every_month(15, 0)], units=units)
    assert change(before, after) == {"units": -750}
    assert change(before, after, "e1") == {"units": 750}
    assert change(after, before) == {"units": 750}
    waiting = side_of(pool, [every_month(5, 0), every_month(0, 0)], units=units)
    assert change(waiting, after, "e1") == {"units": 750}


def test_months_that_only_one_run_counts_come_first() -> None:
    before, after = side_of(plain(), [every_month(6, 0)]), side_of(plain(), [every_month(6, 0)], through=10)
    assert change(before, after) == {"months": -100}
    assert change(after, before) == {"months": 100}


def test_within_a_year_counts_that_a_later_delivery_changed_are_a_correction() -> None:
    late = [[[6] * 6 + [8] * 6, [0] * 12]]
    first = side_of(plain(), [every_month(6, 0)], through=9)
    assert change(first, side_of(plain(), late)) == {"months": 200, "correction": 50}
    assert change(first, side_of(plain(), late, kind="budget")) == {"months": 200, "volume": 50}


def test_decided_amounts_are_a_part_of_their_own_with_what_is_computed_on_them() -> None:
    steps: Steps = [
        *AMOUNTS,
        {"kind": "given", "step": "stod", "dimension": "individ"},
        {"kind": "markup", "step": "moms", "of": ["stod"], "rate": "0.06", "dimension": "individ"},
    ]
    before = side_of(plain(), [every_month(1, 0)])
    given_now = [GivenAmount("stod", "e0", "grundskola", 3, 1, 500_000)]
    after = side_of(plain(steps), [every_month(1, 0)], given=given_now)
    found = decompose(before, after)
    assert {row[1:3]: Fraction(row[3], row[4]) for row in found.rows()} == {
        ("decided", "stod"): 500_000,
        ("rule", "moms"): 30_000,
    }
    more = replace(after, data=replace(after.data, given=[replace(given_now[0], amount_ore=600_000)]))
    assert change(after, more) == {"decided": 1060}


def test_counting_by_day_and_by_month_are_weighed_alike() -> None:
    counting: Steps = [{"rule": "den_15", "kind": "monthly", "day": 15}, {"rule": "dagar", "kind": "days"}]
    by_day = {"category": "b", "counting": "dagar", "overlapping": True}
    model = paying_model(AMOUNTS, prices=PRICES, categories=[{"category": "a"}, by_day], counting=counting)
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    before = side_of(model, [[[6] * 12, [2 * one for one in days]]], kind="budget")
    after = side_of(model, [[[12] * 12, [4 * one for one in days]]], kind="budget")
    assert change(before, after) == {"volume": 1000}


def test_elever_counted_on_top_follow_the_number_they_are_a_share_of() -> None:
    model = paying_model(AMOUNTS, prices=PRICES, categories=[{"category": "a"}, {"category": "b", "overlapping": True}])
    before = side_of(model, [every_month(10, 2)], kind="budget")
    assert change(before, side_of(model, [every_month(20, 4)], kind="budget")) == {"volume": 1400}
    assert change(before, side_of(model, [every_month(10, 3)], kind="budget")) == {"mix": 200}


FACTORS = st.frozensets(st.sampled_from(["volume", "mix", "price", "index", "rule", "guarantee"]))


@slow
@given(sides(), sides(), st.lists(FACTORS, min_size=2, max_size=6))
def test_a_mixture_that_shares_steps_with_another_gives_what_it_gives_computed_by_itself(
    before: Side, after: Side, chosen: list[frozenset[str]]
) -> None:
    through = min(before.through, after.through)
    both = set(before.enhet_ids) & set(after.enhet_ids)
    alike = [side.through_month(through).without(set(side.enhet_ids) - both) for side in (before, after)]
    blend = Blend(*alike)
    for factors in chosen:
        alone = totals_where_possible(blend.input(factors))
        shared = blend.totals(factors)
        assert shared.by_step() == alone.by_step()
        assert shared.by_unit() == alone.by_unit()
