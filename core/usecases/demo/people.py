"""Who lives in Lindvik: cohorts by birth year, those who move in and out, newly arrived, and guests.

A person is an id, a birth month, the days of arriving and leaving, and the home municipality.
Ids are invented running numbers and cannot be mistaken for personnummer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.usecases.demo.dates import day_in_year, lasar_starts
from core.usecases.demo.draw import chance, pick, whole
from core.usecases.demo.units import HOGLIDA, LINDVIK, STRANDMARK

COHORTS = {
    2004: 640, 2005: 655, 2006: 665, 2007: 680, 2008: 700, 2009: 715, 2010: 720, 2011: 715, 2012: 710, 2013: 705,
    2014: 700, 2015: 690, 2016: 670, 2017: 650, 2018: 605, 2019: 560, 2020: 530, 2021: 505, 2022: 485, 2023: 475,
    2024: 465, 2025: 455,
}  # fmt: skip
"""Residents by birth year: falling births are already in the förskolor and on their way up."""
MOVES_IN = MOVES_OUT = 0.012
STAYS_AFTER_MOVE = 0.25
"""Of those who move away, the share that stays at the unit with a new hemkommun until the läsår ends."""
GUESTS_PER_COHORT = 7
GYMNASIE_GUESTS_PER_COHORT = 85
NEWLY_ARRIVED_YEARS = 4
"""At most four years, and only one who came after the autumn of the year turning seven (skollagen 3 kap. 12 a §)."""
_MOVING_YEARS = (2023, 2024, 2025, 2026)
_NEWLY_ARRIVED_AGE = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the register; ``guest`` says which part of the register a neighbour's elev comes for."""

    elev: str
    born: int
    month: int
    home: str
    arrives: date | None = None
    departs: date | None = None
    moves_to: str | None = None
    newly_arrived: date | None = None
    guest: str | None = None

    @property
    def birth_month(self) -> str:
        """Birth year and month as the register writes them."""
        return f"{self.born}-{self.month:02d}"

    def is_newly_arrived(self, day: date) -> bool:
        """Say whether the person counts as newly arrived on ``day``."""
        came = self.newly_arrived
        return came is not None and came <= day and day.year - came.year < NEWLY_ARRIVED_YEARS


def population() -> list[Person]:
    """Return everybody, by birth year; the same people every time."""
    people: list[Person] = []
    for born, size in COHORTS.items():
        residents = [_resident(born, number) for number in range(size)]
        movers = [_mover(born, year, n) for year in _MOVING_YEARS if born < year for n in range(round(size * MOVES_IN))]
        guests = [_guest(born, number, "grundskola") for number in range(GUESTS_PER_COHORT)]
        guests += [_guest(born, number, "gymnasieskola") for number in range(GYMNASIE_GUESTS_PER_COHORT)]
        people += residents + movers + guests
    return people


def _departure(elev: str, first: int) -> tuple[date | None, str | None]:
    for year in _MOVING_YEARS:
        if year >= first and chance(MOVES_OUT, "flyttar ut", elev, year):
            stays = chance(STAYS_AFTER_MOVE, "går kvar", elev)
            return day_in_year(year, "ut", elev), pick({STRANDMARK: 3, HOGLIDA: 2}, "till", elev) if stays else None
    return None, None


def _resident(born: int, number: int) -> Person:
    elev = f"lv-{born}-{number:04d}"
    departs, moves_to = _departure(elev, 2023)
    newly = None
    if chance(0.014, "nyanländ", elev) and born <= _MOVING_YEARS[0] - _NEWLY_ARRIVED_AGE:
        newly = date(whole(max(born + _NEWLY_ARRIVED_AGE, 2020), 2023, "kom", elev), whole(1, 7, "kom månad", elev), 1)
    return Person(elev, born, whole(1, 12, "född", elev), LINDVIK, None, departs, moves_to, newly)


def _mover(born: int, year: int, number: int) -> Person:
    elev = f"lv-{born}-{year}-{number:02d}"
    arrives = lasar_starts(year) if chance(0.45, "till läsåret", elev) else day_in_year(year, "in", elev)
    departs, moves_to = _departure(elev, year + 1)
    newly = arrives if born <= year - _NEWLY_ARRIVED_AGE and chance(0.5, "nyanländ", elev) else None
    return Person(elev, born, whole(1, 12, "född", elev), LINDVIK, arrives, departs, moves_to, newly)


def _guest(born: int, number: int, guest: str) -> Person:
    elev = f"gr-{born}-{guest[:2]}{number:03d}"
    home = pick({STRANDMARK: 3, HOGLIDA: 2}, "hemkommun", elev)
    return Person(elev, born, whole(1, 12, "född", elev), home, guest=guest)
