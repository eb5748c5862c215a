"""The fast sums are the sums of the lines, whatever the model and the counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import GivenAmount, blocks_of, step_totals
from core.allocation.columns import int_column, sums_at
from tests.core.allocation.test_engine import UNITS, N, counts, given_rows, models, slow, whole_run
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from core.parameters import FundingModel


@slow
@given(models(), counts, given_rows, st.integers(1, 12))
def test_sums_by_unit_and_step_are_those_of_the_stored_lines(
    model: FundingModel, n: N, rows: list[GivenAmount], through: int
) -> None:
    data, allocated = whole_run(model, n, rows, through)
    found = step_totals(data)
    by_line: dict[tuple[str, str], int] = {}
    for line in allocated.lines():
        by_line[line.enhet, line.step] = by_line.get((line.enhet, line.step), 0) + line.amount_ore
    assert found.enhet_ids == tuple(one.enhet for one in UNITS)
    assert found.steps == tuple(block.facts.step for block in blocks_of(data).blocks)
    for place, enhet in enumerate(found.enhet_ids):
        for column, step in enumerate(found.steps):
            assert found.ore[place, column] == by_line.get((enhet, step), 0)
    assert step_totals(data).by_unit() == allocated.totals
    assert sum(found.by_step().values()) == allocated.total_ore


def test_a_model_that_pays_nothing_gives_every_unit_nothing() -> None:
    data, _ = run_of(paying_model([]), [every_month(3)])
    assert step_totals(data).steps == ()
    assert step_totals(data).by_unit() == {"e0": 0}


def test_amounts_longer_than_64_bits_are_summed_exactly() -> None:
    model = paying_model([{"kind": "given", "step": "stod", "dimension": "individ"}])
    data, _ = run_of(model, [every_month(1)])
    rows = [GivenAmount("stod", "e0", "grundskola", month, 1, 2**62) for month in range(1, 13)]
    assert step_totals(replace(data, given=rows)).by_unit() == {"e0": 12 * 2**62}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**70), 2**70)), max_size=20))
def test_sums_at_places_never_overflow(values: list[tuple[int, int]]) -> None:
    places = np.array([place for place, _ in values], np.int64)
    sums = sums_at(places, int_column([value for _, value in values]), 4)
    assert sums.tolist() == [sum(value for place, value in values if place == one) for one in range(4)]


def test_a_markup_on_a_base_that_is_no_whole_kronor_keeps_its_terms_in_lowest_terms() -> None:
    model = paying_model(
        [
            {"kind": "given", "step": "stod", "dimension": "individ"},
            {"kind": "markup", "step": "moms", "of": ["stod"], "rate": "0.06", "dimension": "individ"},
        ]
    )
    data, _ = run_of(model, [every_month(1)])
    block = blocks_of(replace(data, given=[GivenAmount("stod", "e0", "grundskola", 1, 1, 12_350)])).blocks[1]
    assert Fraction(block.quantity_num[0], block.quantity_den[0]) == Fraction(247, 2)
    assert (block.quantity_num, block.quantity_den, block.amount_ore) == ([247], [2], [741])
