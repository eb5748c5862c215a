"""Lives in gymnasieskolan: a place in a programme by quota, then years, changes, repeats and early ends.

Introduktionsprogrammet (IM) leads most of its elever on to a national programme after a year.
Neighbours' elever come to Lindvik's two units, and Lindvik's go to the neighbours' for
programmes that Lindvik does not offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Verksamhet
from core.usecases.demo.dates import FIRST_YEAR, day_in_lasar, first_of_july, lasar_starts
from core.usecases.demo.draw import chance, pick, shared_out
from core.usecases.demo.spells import Spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from core.usecases.demo.people import Person

STARTS_AT, LAST_START_AT, LAST_LASAR = 16, 19, 2026
LEVELS = 3
GOES_ON = 0.97
"""Share of a cohort that begins; the rest have moved, work, or begin later."""
PLACES = {
    "Y01/NA": 84, "Y01/TE": 62, "Y01/SA": 78, "Y01/EK": 60, "Y01/ES": 34, "Y01/BF": 34, "Y01/VO": 32, "Y01/EE": 42,
    "Y01/FT": 24, "Y01/BA": 30, "Y01/IM": 58, "Y02/SA": 44, "Y02/EK": 52, "Y02/TE": 26, "Y02/FS": 18,
}  # fmt: skip
"""Places at Lindvik's own two units; shares rather than limits."""
PLACES_ELSEWHERE = {
    "S02/NB": 18, "S02/RL": 12, "S02/VO": 8, "H01/FT": 12, "H01/IN": 10, "H01/NA": 8, "H01/EK": 8, "H02/ES": 16,
    "H02/SA": 12,
}  # fmt: skip
VOCATIONAL = {"Y01/VO": 5, "Y01/BF": 5, "Y01/BA": 4, "Y01/EE": 4, "Y01/FT": 3, "Y02/FS": 3}
AFTER_IM = {"national": 60, "im": 24, "leaves": 16}
CHANGES_PROGRAMME, REPEATS, ENDS_EARLY = 0.035, 0.025, 0.018
STAYS_AT_UNIT = 0.8
"""Of those who change programme, the share that does so within the unit."""


def gymnasium_lives(people: Iterable[Person]) -> Iterator[Spell]:
    """Yield the spells in gymnasieskola."""
    for born, cohort in _cohorts(people).items():
        first = _first_places(cohort, born)
        for person in cohort:
            for spell in _life(person, first[person.elev]):
                if spell.stop > lasar_starts(FIRST_YEAR):
                    yield spell


def _cohorts(people: Iterable[Person]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    for person in people:
        is_guest = person.guest == "gymnasieskola"
        goes_on = is_guest or (person.guest is None and chance(GOES_ON, "till gymnasiet", person.elev))
        if goes_on and person.born + STARTS_AT <= LAST_LASAR:
            found.setdefault(person.born, []).append(person)
    return found


def _first_places(cohort: list[Person], born: int) -> dict[str, str]:
    residents = [one.elev for one in cohort if one.guest is None and one.arrives is None]
    guests = [one.elev for one in cohort if one.guest]
    for_guests = {place: n for place, n in PLACES.items() if not place.endswith("/IM")}
    first = shared_out(residents, PLACES | PLACES_ELSEWHERE, "gymnasieplats", born)
    first |= shared_out(guests, for_guests, "gästplats", born)
    for person in cohort:
        if person.arrives:
            newly = {"Y01/IM": 1} if person.newly_arrived else PLACES
            first[person.elev] = pick(newly, "inflyttad", person.elev)
    return first


def _life(person: Person, place: str) -> Iterator[Spell]:
    level, unit_before = 1, ""
    for year in range(person.born + STARTS_AT, LAST_LASAR + 1):
        start = first_of_july(year) if _unit(place) == unit_before else lasar_starts(year)
        if chance(ENDS_EARLY, "slutar i förtid", person.elev, year):
            yield _spell(person, place, level, start, day_in_lasar(year, "slutar", person.elev))
            return
        if level == 1 and not place.endswith("/IM") and chance(CHANGES_PROGRAMME, "byter program", person.elev, year):
            day = day_in_lasar(year, "programbyte", person.elev)
            yield _spell(person, place, level, start, day)
            start, place = day, _other_programme(person, place)
        following = _next(person, place, level, year)
        yield _spell(person, place, level, start, first_of_july(year + 1))
        if following is None:
            return
        unit_before = _unit(place)
        place, level = following


def _next(person: Person, place: str, level: int, year: int) -> tuple[str, int] | None:
    """Return next läsår's place and level, or None when this läsår was the last."""
    may_start = year + 1 <= person.born + LAST_START_AT
    if place.endswith("/IM"):
        then = pick(AFTER_IM, "efter IM", person.elev, year)
        if then == "national" and may_start:
            return pick(VOCATIONAL, "yrkesprogram", person.elev), 1
        return (place, level + 1) if then == "im" and level < LEVELS else None
    if level == 1 and may_start and chance(REPEATS, "går om", person.elev, year):
        return _other_programme(person, place), 1
    return (place, level + 1) if level < LEVELS else None


def _other_programme(person: Person, place: str) -> str:
    unit = _unit(place)
    same = {other: n for other, n in (PLACES | PLACES_ELSEWHERE).items() if other != place and other.startswith(unit)}
    stays = chance(STAYS_AT_UNIT, "annan enhet", person.elev)
    return pick(
        same if stays else {other: n for other, n in PLACES.items() if other not in {place, "Y01/IM"}},
        "nytt program",
        person.elev,
    )


def _unit(place: str) -> str:
    return place.split("/", maxsplit=1)[0]


def _spell(person: Person, place: str, level: int, start: date, stop: date) -> Spell:
    enhet, programme = place.split("/")
    return Spell(person, enhet, Verksamhet.GYMNASIESKOLA, str(level), start, stop, programme=programme)
