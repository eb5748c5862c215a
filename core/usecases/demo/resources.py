"""Staff on 15 October and premises, sized by the elever of the day with a spread between units."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.base import Verksamhet, half_up
from core.usecases.demo.draw import whole
from core.usecases.demo.files import decimal_comma
from core.usecases.demo.levels import AREAS, POSTS, SMALL_UNIT, SMALL_UNIT_PER_MILLE, uprated
from core.usecases.demo.planned import MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.usecases.demo.register import Register

STAFF_HEADERS = ("enhet", "verksamhet", "yrkesgrupp", "matdag", "heltidstjanster", "manadslon_kr")
PREMISES_HEADERS = ("enhet", "verksamhet", "yta_m2", "hyra_kr_per_ar", "fran_och_med", "till_och_med")
WITHOUT_PREMISES = frozenset({"F20", "P01"})
"""Enskilda huvudmän who have not told their area and rent."""
_SPREAD = 8  # per cent up or down between units
_QUARTER_POST = 25
_HUNDRED = 100
_AUTUMNS = tuple(date(year, *MEASURED) for year in (2023, 2024, 2025))
_INDEX_LIFT = 4  # a unit at index 200 has a quarter more staff: the socioeconomic money is there to be used


def staff_rows(register: Register, year: int) -> Iterator[tuple[str, ...]]:
    """Yield posts and mean pay by unit, verksamhet and occupation; enskilda huvudmän do not tell their pay."""
    day = date(year, *MEASURED)
    for enhet, verksamhet, size in _sizes(register, day):
        unit = register.units.get(enhet)
        lift = _HUNDRED + (unit.index_in(year) - _HUNDRED) // _INDEX_LIFT
        for post in POSTS.get(verksamhet, ()):
            spread = whole(_HUNDRED - _SPREAD, _HUNDRED + _SPREAD, "tjänster", enhet, verksamhet, post.occupation)
            posts = half_up(size * post.per_100 * spread * lift, _HUNDRED**3 * _QUARTER_POST) * _QUARTER_POST
            pay = (
                uprated(post.pay_kr, year)
                * whole(970, 1030, "lön", enhet, verksamhet, post.occupation)
                // 100_000
                * 100
            )
            if posts:
                shown = str(pay) if unit.is_kommunal else ""
                yield (enhet, verksamhet.value, post.occupation, day.isoformat(), decimal_comma(posts), shown)


def premises_rows(register: Register, year: int) -> Iterator[tuple[str, ...]]:
    """Yield area and yearly rent by unit and verksamhet; the area fits the largest of three autumns."""
    largest = {(enhet, verksamhet): n for enhet, verksamhet, n in _sizes(register, *_AUTUMNS)}
    for enhet, verksamhet, _ in _sizes(register, date(year, 3, 15), date(year, *MEASURED)):
        unit = register.units.get(enhet)
        if enhet in WITHOUT_PREMISES:
            continue
        area, rent = _area(enhet, verksamhet, largest[enhet, verksamhet]), AREAS[verksamhet].rent_kr_per_m2
        per_m2 = uprated(rent, year) * whole(90, 110, "hyra", enhet) // _HUNDRED
        begins = max(unit.opens, date(year, 1, 1)).isoformat()
        ends = min(unit.closes or date.max, date(year, 12, 31)).isoformat()
        yield (enhet, verksamhet.value, str(area), str(area * per_m2), begins, ends)


def _area(enhet: str, verksamhet: Verksamhet, size: int) -> int:
    """Return whole square metres for so many elever; a small grundskola has more room for each."""
    per_elev = AREAS[verksamhet].m2_hundredths * whole(94, 106, "yta", enhet)
    if verksamhet is Verksamhet.GRUNDSKOLA and size < SMALL_UNIT:
        per_elev = per_elev * SMALL_UNIT_PER_MILLE // 1000
    return half_up(size * per_elev, _HUNDRED**2)


def _sizes(register: Register, *days: date) -> list[tuple[str, Verksamhet, int]]:
    """Return the largest number of elever on the days, by unit in Lindvik and verksamhet."""
    found: dict[tuple[str, Verksamhet], int] = {}
    for day in days:
        for (enhet, verksamhet), n in register.sizes(day).items():
            if register.units.get(enhet).is_in_lindvik:
                found[enhet, verksamhet] = max(n, found.get((enhet, verksamhet), 0))
    return [(enhet, verksamhet, n) for (enhet, verksamhet), n in sorted(found.items())]
