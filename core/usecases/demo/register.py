"""The whole register of Lindvik: everybody's spells, with classes, and a count on a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.base import Verksamhet
from core.usecases.demo.dates import lasar_of
from core.usecases.demo.draw import chance, draw, whole
from core.usecases.demo.forskola import forskola_lives
from core.usecases.demo.grundskola import grundskola_lives
from core.usecases.demo.gymnasieskola import gymnasium_lives
from core.usecases.demo.people import population
from core.usecases.demo.spells import Spell, lived
from core.usecases.demo.units import LINDVIK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from core.usecases.demo.units import DemoUnits

CLASS_SIZE = 26
CHILDREN_PER_GROUP = 17
WITHOUT_GROUP = 0.004
_GROUP_NAMES = ("Lingonet", "Blåbäret", "Hjortronet", "Hallonet", "Odonet", "Åkerbäret", "Kråkbäret", "Tranbäret")
_CLASS_LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class Register:
    """All spells, ordered as the files are: by unit, verksamhet, elev and day."""

    units: DemoUnits
    spells: tuple[Spell, ...]

    def on(self, day: date) -> Iterator[Spell]:
        """Yield the spells that count on a day: everybody at own units, elsewhere only Lindvik's."""
        own = {one.enhet for one in self.units if one.is_in_lindvik and one.is_kommunal}
        for spell in self.spells:
            if spell.holds(day) and (spell.enhet in own or spell.hemkommun == LINDVIK):
                yield spell

    def sizes(self, day: date) -> Counter[tuple[str, Verksamhet]]:
        """Return the elever on a day by enhet and verksamhet."""
        return Counter((spell.enhet, spell.verksamhet) for spell in self.on(day))


def build_register(units: DemoUnits) -> Register:
    """Draw everybody's life and return the register; the same one every time."""
    people = population()
    drawn = [*forskola_lives(people, units), *grundskola_lives(people, units), *gymnasium_lives(people)]
    spells = sorted(lived(drawn, units), key=lambda one: (one.enhet, one.verksamhet, one.person.elev, one.start))
    return Register(units, tuple(_with_groups(spells)))


def _with_groups(spells: list[Spell]) -> Iterator[Spell]:
    classes = _classes(spells)
    sizes = Counter(spell.enhet for spell in spells if spell.verksamhet is Verksamhet.FORSKOLA)
    for spell in spells:
        lasar = lasar_of(spell.start)
        if chance(WITHOUT_GROUP, "utan grupp", spell.person.elev, lasar) or spell.verksamhet is Verksamhet.FRITIDSHEM:
            yield spell
        elif spell.arskurs:
            yield replace(spell, group=_class_name(spell, classes[_class_key(spell)][spell.person.elev]))
        else:
            groups = max(1, min(len(_GROUP_NAMES), sizes[spell.enhet] // (CHILDREN_PER_GROUP * 8)))
            yield replace(spell, group=_GROUP_NAMES[whole(0, groups - 1, "avdelning", spell.person.elev, lasar)])


def _class_key(spell: Spell) -> tuple[str, str, str, int]:
    return spell.enhet, spell.arskurs, spell.programme, lasar_of(spell.start)


def _class_name(spell: Spell, letter: str) -> str:
    if spell.programme:
        began = lasar_of(spell.start) - int(spell.arskurs) + 1
        return f"{spell.programme}{began % 100}{letter}"
    return f"{spell.arskurs}{letter}"


def _classes(spells: Iterable[Spell]) -> dict[tuple[str, str, str, int], dict[str, str]]:
    """Return each elev's class letter by unit, årskurs, programme and läsår."""
    members: dict[tuple[str, str, str, int], set[str]] = {}
    for spell in spells:
        if spell.arskurs and spell.verksamhet is not Verksamhet.FRITIDSHEM:
            members.setdefault(_class_key(spell), set()).add(spell.person.elev)
    letters: dict[tuple[str, str, str, int], dict[str, str]] = {}
    for key, elever in members.items():
        rooms = -(-len(elever) // CLASS_SIZE)
        order = sorted(elever, key=lambda elev: draw("klass", elev))
        letters[key] = {elev: _CLASS_LETTERS[place % rooms] for place, elev in enumerate(order)}
    return letters
