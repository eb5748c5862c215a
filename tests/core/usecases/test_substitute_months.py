"""Months that take another month's count, through a whole run: counted, shown row by row and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import year_range
from core.usecases import imports, verify
from core.usecases.drill_down import register_rows
from tests.support import small_figures as figures
from tests.support.reaching import PEEK
from tests.support.small_kommun import CONTROLLER, KOMMUN, YEAR, model_text

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

CATEGORIES = ("gs.1_3", "gs.4_6", "gs.ny", "fh")
UNITS = ("A1", "A2", "A3", "B1", "B2", "C1", "F1")
OWN_DAY = "fallback: weekday_before"
TAKEN = {6: 5, 7: 9, 8: 9}
AS_OTHERS = ", ".join(f"{{month: {month}, counts_as: {other}}}" for month, other in TAKEN.items())


def counted_by_hand(enhet: str, category: str, month: int) -> int:
    """Return the hand count of the month whose count the month takes."""
    return figures.COUNTS.get((enhet, category), [0] * 10)[TAKEN.get(month, month) - 1]


def test_june_follows_may_and_july_and_august_follow_september_all_the_way(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.deliver(
        imports.MODEL, model_text().replace(OWN_DAY, f"{OWN_DAY}, substitutes: [{AS_OTHERS}]"), year_range(YEAR)
    )
    lillby.decide(YEAR, "budget")
    run = lillby.allocate(YEAR, "utfall", 10).number
    for enhet in UNITS:
        for category in CATEGORIES:
            rows = [
                register_rows(lillby.app, CONTROLLER, enhet, run, category, month, purpose="kontroll").total
                for month in range(1, 11)
            ]
            assert rows == [counted_by_hand(enhet, category, month) for month in range(1, 11)], (enhet, category)
    with lillby.app.reading(PEEK) as work:
        stored = {(row.category, row.month % 100): row.n for row in work.runs.counts(KOMMUN, run, "A1")}
    assert {(category, month): n for category in CATEGORIES for month in range(1, 11)
            if (n := counted_by_hand("A1", category, month))} == {
        key: n for key, n in stored.items() if key[0] in CATEGORIES
    }  # fmt: skip
    assert verify.verify(lillby.app, CONTROLLER, KOMMUN, run).findings == ()
