"""A spell: somebody at a unit from one day up to another. The register is nothing but spells.

Lives are first drawn as if nobody ever moved; ``lived`` then cuts them by the days of arriving
and leaving and writes what the register says of elever from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.base import Verksamhet
from core.usecases.demo.dates import first_of_july, lasar_of
from core.usecases.demo.draw import chance, pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from core.usecases.demo.people import Person
    from core.usecases.demo.units import DemoUnits

MOTHER_TONGUE = 0.11
_GROUNDS = {"onskemal": 5, "sarskilda_skal": 3, "avtal": 2}
_GYMNASIUM_GROUNDS = {"forstahand": 8, "andrahand": 2}


@dataclass(frozen=True, slots=True)
class Spell:
    """A stay at a unit, half-open in days; the words are the import contract's."""

    person: Person
    enhet: str
    verksamhet: Verksamhet
    arskurs: str
    start: date
    stop: date
    hours: int | None = None
    source_category: str = ""
    programme: str = ""
    flags: str = ""
    group: str = ""
    hemkommun: str = ""
    ground: str = ""

    def holds(self, day: date) -> bool:
        """Say whether the elev is there on ``day``."""
        return self.start <= day < self.stop


def lived(spells: Iterable[Spell], units: DemoUnits) -> Iterator[Spell]:
    """Yield the spells as they were lived: cut by moves over the border, with flags, hemkommun and ground."""
    for spell in spells:
        for part in _cut(spell):
            if part.start < part.stop:
                yield replace(part, flags=_flags(part, units), ground=_ground(part, units))


def _cut(spell: Spell) -> Iterator[Spell]:
    person = spell.person
    start = max(spell.start, person.arrives) if person.arrives else spell.start
    if person.departs is None:
        yield replace(spell, start=start, hemkommun=person.home)
        return
    yield replace(spell, start=start, stop=min(spell.stop, person.departs), hemkommun=person.home)
    if person.moves_to:
        last = first_of_july(lasar_of(person.departs) + 1)
        yield replace(spell, start=max(start, person.departs), stop=min(spell.stop, last), hemkommun=person.moves_to)


def _flags(spell: Spell, units: DemoUnits) -> str:
    flags = {spell.flags} - {""}
    speaks = spell.verksamhet not in {
        Verksamhet.FRITIDSHEM,
        Verksamhet.PEDAGOGISK_OMSORG,
        Verksamhet.ANPASSAD_GRUNDSKOLA,
    }
    if speaks:
        index = units.get(spell.enhet).index_in(2025)
        if chance(MOTHER_TONGUE * index / 100, "modersmål", spell.person.elev):
            flags.add("modersmal")
        if spell.verksamhet is not Verksamhet.FORSKOLA and spell.person.is_newly_arrived(spell.start):
            flags.add("nyanland")
    return ",".join(sorted(flags))


def _ground(spell: Spell, units: DemoUnits) -> str:
    unit = units.get(spell.enhet)
    if spell.hemkommun == unit.lageskommun or not unit.is_kommunal:
        return ""  # an enskild huvudman takes elever from anywhere; no ground is asked for
    grounds = _GYMNASIUM_GROUNDS if spell.verksamhet is Verksamhet.GYMNASIESKOLA else _GROUNDS
    return pick(grounds, "grund", spell.person.elev)
