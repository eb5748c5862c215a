"""A stored run is the engine's input again: what it gives is what was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.allocation import step_totals
from core.base import year_range
from core.usecases.rebuilt import input_of_run
from tests.support.reaching import PEEK
from tests.support.small_kommun import INDEX_HEADER, KOMMUN, YEAR

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby


@pytest.mark.parametrize(("year", "kind"), [(YEAR, "budget"), (YEAR, "utfall"), (2025, "budget"), (2025, "utfall")])
def test_a_stored_run_computed_again_gives_its_stored_lines(shared_lillby: Lillby, year: int, kind: str) -> None:
    number = shared_lillby.runs[year, kind]
    with shared_lillby.app.reading(PEEK) as work:
        found = step_totals(input_of_run(work, work.runs.get(KOMMUN, number)))
        stored = {row[:2]: row[2] for row in work.runs.sums(KOMMUN, number, "enhet", "step")}
        units = {one.enhet: one.total_ore for one in work.runs.units(KOMMUN, number)}
    assert found.by_unit() == units
    by_step = {
        (enhet, step): int(found.ore[place, column])
        for place, enhet in enumerate(found.enhet_ids)
        for column, step in enumerate(found.steps)
        if found.ore[place, column]
    }
    assert by_step == {key: ore for key, ore in stored.items() if ore}


def test_deliveries_after_the_run_are_not_seen(lillby: Lillby) -> None:
    number = lillby.runs[YEAR, "utfall"]
    with lillby.app.reading(PEEK) as work:
        before = input_of_run(work, work.runs.get(KOMMUN, number))
    lillby.deliver("index", INDEX_HEADER + "socio;SCB;2;2026;hogre_mer;100;elev;nej;A1;500\n", year_range(YEAR))
    with lillby.app.reading(PEEK) as work:
        after = input_of_run(work, work.runs.get(KOMMUN, number))
    assert after.index == before.index
    assert step_totals(after).by_unit() == step_totals(before).by_unit()
