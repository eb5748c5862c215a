"""Lives from förskoleklass to årskurs 9, with fritidshem: intake by quota, then moves by chance.

A cohort is shared out over the units by their intake weights to within one elev, so that sizes
stay where the table puts them. After that each elev goes a way of its own: on to the unit's
receiving unit in årskurs 7, to another unit in August or in the middle of a läsår, or to the
anpassade grundskolan from årskurs 1. One who stays at the unit moves up on 1 July; one who is new
there, or in the verksamhet, starts when the term does, in August.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.base import Verksamhet
from core.usecases.demo.dates import FIRST_YEAR, day_in_lasar, first_of_july, lasar_starts
from core.usecases.demo.draw import chance, draw, pick, shared_out
from core.usecases.demo.spells import Spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.usecases.demo.people import Person
    from core.usecases.demo.units import DemoUnit, DemoUnits

LAST_ARSKURS = 9
STARTS_AT = 6
LAST_LASAR = 2026
MOVES_IN_AUGUST = 0.015
MOVES_IN_LASAR = 0.018
OTHER_CHOICE_IN_7 = 0.07
HELPED_ON = {"G01": 60, "G11": 40}
"""Where the elever of a unit that closes are offered a place."""
GUEST_UNITS = {"G05": 3, "G11": 3, "G12": 2, "G13": 2, "G01": 1, "A01": 1}
UPPER = {"G02": 28, "G03": 60, "G05": 32, "G06": 60, "G11": 20, "G12": 30, "G13": 28, "S03": 3}
"""What is chosen by those who do not follow the class to årskurs 7, and by those who move in late."""
ANPASSAD = "A01"
IN_FRITIDSHEM = (0.86, 0.86, 0.84, 0.77, 0.48, 0.22, 0.09)
"""Share of årskurs F–6 with a place at fritidshem; who has one in an årskurs had one in those before."""
LEAVES_FRITIDSHEM = 0.04


@dataclass(frozen=True, slots=True)
class Stay:
    """One läsår, or part of one, at a unit: ``start`` and ``stop`` are set when it is a part."""

    lasar: int
    arskurs: int
    unit: DemoUnit
    start: date | None = None
    stop: date | None = None


def grundskola_lives(people: Iterable[Person], units: DemoUnits) -> Iterator[Spell]:
    """Yield the spells in förskoleklass, grundskola, anpassad grundskola and fritidshem."""
    for born, cohort in _cohorts(people).items():
        first = _first_units(cohort, units, born + STARTS_AT)
        for person in cohort:
            stays = [stay for stay in _stays(person, units, first[person.elev]) if stay.lasar >= FIRST_YEAR]
            yield from _spells(person, stays)
            yield from _fritidshem(person, stays)


def _cohorts(people: Iterable[Person]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    for person in people:
        in_time = FIRST_YEAR - LAST_ARSKURS <= person.born + STARTS_AT <= LAST_LASAR
        if in_time and person.guest in {None, "grundskola"}:
            found.setdefault(person.born, []).append(person)
    return found


def _first_units(cohort: list[Person], units: DemoUnits, year: int) -> dict[str, str]:
    takers = [one for one in units if Verksamhet.FORSKOLEKLASS in one.verksamheter or one.enhet == ANPASSAD]
    weights = units.weights(takers, year)
    residents = [person.elev for person in cohort if person.guest is None and person.arrives is None]
    first = shared_out(residents, weights, "intag", year)
    for person in cohort:
        if person.guest:
            first[person.elev] = pick(GUEST_UNITS, "gäst", person.elev)
        elif person.arrives:
            leaning = {enhet: weight * _pull(units.get(enhet), person) for enhet, weight in weights.items()}
            first[person.elev] = pick(leaning, "inflyttad", person.elev)
    return first


def _pull(unit: DemoUnit, person: Person) -> int:
    """Return how much a unit draws: newly arrived mostly settle where the index is high."""
    return unit.index_in(2025) ** 2 if person.newly_arrived else 1


def _stays(person: Person, units: DemoUnits, first: str) -> Iterator[Stay]:
    unit = units.get(first)
    began = person.born + STARTS_AT
    for arskurs in range(LAST_ARSKURS + 1):
        year = began + arskurs
        if year > LAST_LASAR:
            return
        here = _forskoleklass_of(person, units, year) if unit.enhet == ANPASSAD and arskurs == 0 else unit
        if unit.enhet != ANPASSAD:
            here = unit = _unit_in_august(person, units, unit, arskurs, year)
        moved = _unit_after_move(person, units, here, arskurs, year) if here is unit and year >= FIRST_YEAR else here
        if moved is here:
            yield Stay(year, arskurs, here)
            continue
        day = day_in_lasar(year, "byte", person.elev)
        yield Stay(year, arskurs, here, stop=day)
        yield Stay(year, arskurs, moved, start=day)
        unit = moved


def _forskoleklass_of(person: Person, units: DemoUnits, year: int) -> DemoUnit:
    takers = [one for one in units.of(Verksamhet.FORSKOLEKLASS) if one.is_in_lindvik]
    return units.get(pick(units.weights(takers, year), "förskoleklass", person.elev))


def _unit_in_august(person: Person, units: DemoUnits, unit: DemoUnit, arskurs: int, year: int) -> DemoUnit:
    if unit.closes and unit.closes < lasar_starts(year):
        unit = units.get(pick(HELPED_ON, "stängd", person.elev))
    if arskurs not in unit.arskurser:
        other = chance(OTHER_CHOICE_IN_7, "annat val", person.elev)
        return units.get(pick(UPPER, "åk 7", person.elev) if other else unit.goes_on)
    if arskurs and chance(MOVES_IN_AUGUST, "byter i augusti", person.elev, year):
        return _another(person, units, unit, arskurs, year)
    return unit


def _unit_after_move(person: Person, units: DemoUnits, unit: DemoUnit, arskurs: int, year: int) -> DemoUnit:
    if unit.enhet != ANPASSAD and chance(MOVES_IN_LASAR, "byter i läsåret", person.elev, year):
        return _another(person, units, unit, arskurs, year)
    return unit


def _another(person: Person, units: DemoUnits, unit: DemoUnit, arskurs: int, year: int) -> DemoUnit:
    """Return another unit with the årskurs; a unit about to close takes nobody new."""
    upper = {enhet: weight * 10 for enhet, weight in UPPER.items()}
    lower = units.weights((one for one in units.of(Verksamhet.FRITIDSHEM) if arskurs in one.arskurser), year)
    weights = upper if arskurs > len(IN_FRITIDSHEM) - 1 else lower
    left = {
        enhet: n for enhet, n in weights.items() if enhet not in {unit.enhet, ANPASSAD} and not units.get(enhet).closes
    }
    return units.get(pick(left, "till enhet", person.elev, year))


def _spells(person: Person, stays: list[Stay]) -> Iterator[Spell]:
    for before, stay, then in zip([None, *stays[:-1]], stays, [*stays[1:], None], strict=True):
        verksamhet = _verksamhet(stay)
        trains = verksamhet is Verksamhet.ANPASSAD_GRUNDSKOLA and chance(0.35, "ämnesområden", person.elev)
        yield Spell(
            person=person,
            enhet=stay.unit.enhet,
            verksamhet=verksamhet,
            arskurs=str(stay.arskurs or "F"),
            start=stay.start or _start_of(stay, before),
            stop=stay.stop or _end_of(stay, then, person),
            flags="amnesomraden" if trains else "",
        )


def _verksamhet(stay: Stay) -> Verksamhet:
    if stay.arskurs == 0:
        return Verksamhet.FORSKOLEKLASS
    return Verksamhet.ANPASSAD_GRUNDSKOLA if stay.unit.enhet == ANPASSAD else Verksamhet.GRUNDSKOLA


def _start_of(stay: Stay, before: Stay | None) -> date:
    """Return when a läsår begins: 1 July for one who was there already, else when the term begins."""
    stays = before is not None and before.unit is stay.unit and _verksamhet(before) is _verksamhet(stay)
    return first_of_july(stay.lasar) if stays else lasar_starts(stay.lasar)


def _end_of(stay: Stay, then: Stay | None, person: Person) -> date:
    """Return when a läsår ends: 30 June, but half of those who change unit are written out when the next begins."""
    year = stay.lasar + 1
    moves = then is not None and then.unit is not stay.unit and stay.arskurs not in {0, LAST_ARSKURS}
    closes = stay.unit.closes is not None and stay.unit.closes < lasar_starts(year)
    if moves and not closes and chance(0.5, "skrivs ut sent", person.elev, year):
        return lasar_starts(year)
    return first_of_july(year)


def _fritidshem(person: Person, stays: list[Stay]) -> Iterator[Spell]:
    """Yield the places at fritidshem, at the unit where the elev goes: from 1 July, or 1 August for one who is new."""
    wish = draw("fritidshem", person.elev)
    for before, stay in zip([None, *stays[:-1]], stays, strict=True):
        if stay.arskurs >= len(IN_FRITIDSHEM) or wish >= IN_FRITIDSHEM[stay.arskurs]:
            continue
        new = before is None or before.unit is not stay.unit
        start = stay.start or (date(stay.lasar, 8, 1) if new else first_of_july(stay.lasar))
        stop = stay.stop or first_of_july(stay.lasar + 1)
        if chance(LEAVES_FRITIDSHEM, "slutar på fritidshem", person.elev, stay.lasar):
            stop = min(stop, day_in_lasar(stay.lasar, "slutar", person.elev))
        if start < stop:
            yield Spell(person, stay.unit.enhet, Verksamhet.FRITIDSHEM, str(stay.arskurs or "F"), start, stop)
