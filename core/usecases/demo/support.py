"""Individual support as decided sums: per unit, verksamhet and month, never per elev.

Decisions run by term. A unit's number follows its size and its index; sums are the deciders'
own and come in whole kronor. Both egen and fristaende units in Lindvik have them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.base import Month, half_up
from core.usecases.demo.draw import draw, whole
from core.usecases.demo.levels import SUPPORT, uprated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.base import Verksamhet
    from core.usecases.demo.register import Register
    from core.usecases.demo.units import DemoUnit

HEADERS = ("steg", "enhet", "verksamhet", "manad", "antal_beslut", "belopp_kr")
STEP = "individuellt_stod"
_TERMS = {"vår": ((2, 15), range(1, 7)), "höst": ((10, 15), range(7, 13))}
_INDEX_SCALE = 100 * 1000


def support_rows(register: Register, year: int) -> Iterator[tuple[str, ...]]:
    """Yield the decided sums of a year, every month of it: decisions are made ahead."""
    for term, (day, months) in _TERMS.items():
        sizes = register.sizes(date(year, *day))
        for enhet, verksamhet in sorted(sizes):
            unit = register.units.get(enhet)
            if unit.is_in_lindvik and verksamhet in SUPPORT:
                yield from _term(unit, verksamhet, sizes[enhet, verksamhet], (year, term, months))


def _term(unit: DemoUnit, verksamhet: Verksamhet, size: int, when: tuple[int, str, range]) -> Iterator[tuple[str, ...]]:
    year, term, months = when
    decisions = _decisions(unit, verksamhet, size, year, term)
    if not decisions:
        return
    levels = SUPPORT[verksamhet]
    monthly = sum(
        whole(levels.low_kr, levels.high_kr, "stöd", unit.enhet, verksamhet, year, number)
        for number in range(decisions)
    )
    for number in months:
        yield (
            STEP,
            unit.enhet,
            verksamhet.value,
            str(Month(year, number)),
            str(decisions),
            str(uprated(monthly, year)),
        )


def _decisions(unit: DemoUnit, verksamhet: Verksamhet, size: int, year: int, term: str) -> int:
    """Return the expected number for size and index, a third more or less by chance."""
    expected = size * SUPPORT[verksamhet].per_mille * (50 + unit.index_in(year) // 2)
    swing = 67 + int(draw("beslut", unit.enhet, verksamhet, year, term) * 67)
    return half_up(expected * swing, _INDEX_SCALE * 100)
