"""A change made by hand for the pages' tests: Lerbäckens skola from 2025 to 2026, bars that add up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.usecases.change_views import ChangePart, ChangeStep, ChangeView, UnitChange
from tests.pages.fakes import BUDGET, LERBACK, RUN

if TYPE_CHECKING:
    from collections.abc import Callable

BEFORE = replace(RUN, number=9, year=2025, state="decided", through_month=12, decision="2024-11-18 § 203")
UNDERVISNING = "grundskola.undervisning"


def _part(part: str, start: int, ore: int, third: int = 0, step: str = UNDERVISNING) -> ChangePart:
    """Return a bar of one step; ``third`` thirds of an öre more than what is shown."""
    exact = ore + Fraction(third, 3)
    steps = (ChangeStep(step, "Undervisning (grundskola)", exact, ore, 2_000_000_00, 2_102_480_000),)
    return ChangePart(part, exact, ore, ore - exact, start, start + ore, steps)


VOLUME = _part("volume", 4_191_389_700, 101_200_000, 1)
PRICE = _part("price", VOLUME.end_ore, 65_500_000, -1)
INDEX = _part("index", PRICE.end_ore, -16_710_000, step="socioekonomi")
RULE = _part("rule", INDEX.end_ore, -29_559_700, step="socioekonomi")
VIEW = ChangeView(
    kommun_name="Lindvik",
    unit=LERBACK,
    run_from=BEFORE,
    run_to=RUN,
    from_ore=4_191_389_700,
    to_ore=RULE.end_ore,
    difference_ore=RULE.end_ore - 4_191_389_700,
    parts=(VOLUME, PRICE, INDEX, RULE),
    elever_from=Fraction(355),
    elever_to=Fraction(369),
)
OF_KOMMUN = replace(
    VIEW,
    unit=None,
    parts=(replace(VOLUME, part="units"), PRICE, INDEX, RULE),
    units=(
        UnitChange("F31", "Förskolan Lärkan", None, 1_000_000, 1_000_000),
        UnitChange("G03", "Lerbäckens skola", VIEW.from_ore, VIEW.to_ore, VIEW.difference_ore),
    ),
    opened=("Förskolan Lärkan",),
    sealed="Individuellt stöd ingår inte i det som visas här.",
)


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the page asks."""
    return {
        "change.change_years": lambda _app, _viewer: (2026, 2025),
        "change.change_kinds": lambda _app, _viewer, _year: ("utfall", "budget"),
        "change.earlier_runs": lambda _app, _viewer, _year, _kind: (RUN, (BEFORE, BUDGET)),
        "change.change_of": lambda _app, _viewer, _from, _to, enhet=None: VIEW if enhet else OF_KOMMUN,
        "change.main_parts": lambda _app, _viewer, _enhet, _year, _kind: VIEW.largest(),
    }
