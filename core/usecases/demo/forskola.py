"""Lives in förskola and pedagogisk omsorg: from about one and a half years to the summer of the year turning six.

Hours change with the parents' work and leave; some change unit, some go from pedagogisk omsorg
to förskola at four, and the unit that opens in August 2025 takes over children from its
neighbours.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from core.base import Verksamhet
from core.usecases.demo.dates import FIRST_YEAR, REGISTER_ENDS, lasar_starts, month_after
from core.usecases.demo.draw import chance, pick, shared_out, whole
from core.usecases.demo.spells import Spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.usecases.demo.people import Person
    from core.usecases.demo.units import DemoUnits

Held = TypeVar("Held")
ATTENDS = 0.955
HOURS = {15: 13, 25: 10, 30: 19, 35: 23, 40: 26, 45: 9}
CHANGES_HOURS = 0.22
CHANGES_UNIT = 0.045
LEAVES_OMSORG_AT = 4
OPENED = "F26"
OPENS = date(2025, 8, 1)
RELIEVED = ("F01", "F02", "F12")
"""The full förskolor near the new one, and the share of their children who move to it when it opens."""
RELIEF = 0.24
GUESTS = 3
_GUEST_UNITS = {"F25": 3, "F19": 2, "F08": 2, "F15": 1}
_FIRST_BORN = 2018
_START_WEIGHTS = {1: 5, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 0, 8: 12, 9: 5, 10: 3, 11: 2, 12: 1}
_EARLIEST_AGE, _LATEST_AGE = 12, 27  # months
_AUGUST = 8
_GENERAL_FROM_AGE = 3
GENERAL_HOURS = 15
"""Fifteen hours a week: allmän förskola, and the entitlement of children whose parents are on leave or seek work."""


def forskola_lives(people: Iterable[Person], units: DemoUnits) -> Iterator[Spell]:
    """Yield the spells in förskola and pedagogisk omsorg."""
    for born, cohort in _cohorts(people).items():
        starts = {person.elev: _start(person) for person in cohort}
        first = _first_units(cohort, starts, units, born)
        for person in cohort:
            yield from _life(person, units, starts[person.elev], first[person.elev])


def _cohorts(people: Iterable[Person]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    for person in people:
        is_guest = person.guest == "grundskola" and int(person.elev[-3:]) < GUESTS
        attends = is_guest or (person.guest is None and chance(ATTENDS, "i förskola", person.elev))
        if attends and person.born >= _FIRST_BORN:
            found.setdefault(person.born, []).append(person)
    return found


def _start(person: Person) -> date:
    earliest = date(person.born, person.month, 1)
    months = [month_after(earliest, age) for age in range(_EARLIEST_AGE + 1, _LATEST_AGE)]
    chosen = pick({month: _START_WEIGHTS[month.month] for month in months}, "börjar", person.elev)
    day = chosen.replace(day=whole(1, 12, "börjar dag", person.elev))
    return max(day, month_after(person.arrives, 1)) if person.arrives else day


def _first_units(cohort: list[Person], starts: dict[str, date], units: DemoUnits, born: int) -> dict[str, str]:
    takers = [one for one in units if one.verksamheter[0] in {Verksamhet.FORSKOLA, Verksamhet.PEDAGOGISK_OMSORG}]
    first: dict[str, str] = {}
    for year, is_after in ((OPENS.year - 1, False), (OPENS.year, True)):
        group = [one.elev for one in cohort if not one.guest and (starts[one.elev] >= OPENS) is is_after]
        first |= shared_out(group, units.weights(takers, year), "förskola", born, year)
    return first | {one.elev: pick(_GUEST_UNITS, "gäst", one.elev) for one in cohort if one.guest}


def _life(person: Person, units: DemoUnits, start: date, first: str) -> Iterator[Spell]:
    year = person.born + 6
    stop = date(year, _AUGUST, 1) if chance(0.6, "slutar i juli", person.elev) else lasar_starts(year)
    if start >= stop:
        return  # came to Lindvik too old for förskola
    moves = _moves(person, units, start, first)
    hours = _hours(person, start)
    days = sorted({start, stop, *(day for day in (*moves, *hours) if start < day < stop)})
    for begins, ends in pairwise(days):
        if ends <= date(FIRST_YEAR, 1, 1) or begins >= REGISTER_ENDS:
            continue
        enhet = _in_force(moves, begins)
        weekly = _in_force(hours, begins)
        yield Spell(
            person=person,
            enhet=enhet,
            verksamhet=units.get(enhet).verksamheter[0],
            arskurs="",
            start=begins,
            stop=ends,
            hours=weekly,
            source_category=_category(person, weekly, begins),
        )


def _moves(person: Person, units: DemoUnits, start: date, first: str) -> dict[date, str]:
    """Return the unit by the day it begins to be the child's."""
    moves = {start: first}
    now = first
    for year in range(start.year + 1, person.born + 6):
        august = lasar_starts(year)
        leaves_omsorg = now == "P01" and year - person.born == LEAVES_OMSORG_AT
        if leaves_omsorg or chance(CHANGES_UNIT, "byter förskola", person.elev, year):
            day = (
                august if leaves_omsorg else date(year, (2, 4, 9, 10)[whole(0, 3, "bytesmånad", person.elev, year)], 1)
            )
            now = moves[day] = _another(person, units, now, year)
        elif year == OPENS.year and now in RELIEVED and start < OPENS and chance(RELIEF, "avlastning", person.elev):
            now = moves[august] = OPENED
    return moves


def _another(person: Person, units: DemoUnits, now: str, year: int) -> str:
    takers = (one for one in units.of(Verksamhet.FORSKOLA) if one.is_in_lindvik and one.enhet != now)
    return pick(units.weights(takers, year - 1), "till förskola", person.elev, year)


def _hours(person: Person, start: date) -> dict[date, int]:
    """Return the hours per week by the day they begin to hold."""
    hours = {start: pick(HOURS, "timmar", person.elev)}
    for year in range(start.year + 1, person.born + 6):
        if chance(CHANGES_HOURS, "ändrar timmar", person.elev, year):
            month = whole(1, 12, "ändrar månad", person.elev, year)
            hours[date(year, month, 1)] = pick(HOURS, "nya timmar", person.elev, year)
    return hours


def _in_force(by_day: dict[date, Held], day: date) -> Held:
    return by_day[max(begins for begins in by_day if begins <= day)]


def _category(person: Person, hours: int, day: date) -> str:
    if hours > GENERAL_HOURS:
        return "arbete_studier"
    if day.year - person.born >= _GENERAL_FROM_AGE and chance(0.5, "allmän", person.elev):
        return "allman"
    return pick({"foraldraledig": 7, "arbetssokande": 3}, "skäl", person.elev, day.year)
