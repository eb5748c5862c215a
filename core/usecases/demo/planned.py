"""The plan for a year, made in November before on the autumn register: how many, where, every month.

January to June (förskola: July) are the elever of 15 October. The autumn is the same elever a
year on: årskurser move up, intakes follow the size of the cohort, and förskola shifts a year.
Plans are never quite right, so a few groups are off by one or two, a closing nobody yet
knew of is planned as open, and the unit that opens is planned fuller than it became.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from core.base import Month, Verksamhet, distribute, half_up
from core.usecases.demo.draw import whole
from core.usecases.demo.people import COHORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.usecases.demo.register import Register
    from core.usecases.demo.spells import Spell

HEADERS = (
    "enhet", "verksamhet", "arskurs", "fodelsemanad", "timmar_per_vecka", "kallkategori", "program",
    "flaggor", "manad", "antal",
)  # fmt: skip
MEASURED = (10, 15)
"""Month and day of the autumn register."""
SPRING_INFLOW = {1: 160, 2: 173, 3: 190, 4: 203, 5: 210, 6: 213, 7: 213}
"""Children who turn two in the year: how many per 100 in the autumn register, by month."""
AUTUMN_INFLOW = {8: 57, 9: 83, 10: 95, 11: 110, 12: 120}
"""Children who turn one: per 100 of those a year older in the autumn register."""
OPENING = {("F26", 2025): {2020: 10, 2021: 13, 2022: 14, 2023: 13, 2024: 7}}
"""Children planned by birth year at a unit that opens in August of the year."""
_BY_AGE = frozenset({Verksamhet.FORSKOLA, Verksamhet.PEDAGOGISK_OMSORG})
_TURNS_IN_JULY, _TURNS_IN_AUGUST = 7, 8
_LAST, _UPPER, _ANPASSAD_FIRST = 9, 7, 1
_OFF_BY_ONE_FROM, _OFF_BY_TWO_FROM = 9, 24


class Group(NamedTuple):
    """Elever alike in the plan; ``born`` only where places go by age, ``arskurs`` elsewhere."""

    enhet: str
    verksamhet: Verksamhet
    arskurs: str
    born: int
    hours: int
    programme: str
    flags: str


def planned_rows(register: Register, year: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the plan for a year."""
    autumn = Counter(_group(spell) for spell in register.on(date(year - 1, *MEASURED)))
    after = _a_year_on(autumn, year)
    for number in range(1, 13):
        planned = _month(autumn, after, year, number)
        for group in sorted(planned):
            n = planned[group] + _deviation(group, planned[group], year)
            if n > 0:
                yield _row(group, Month(year, number), n)


def _group(spell: Spell) -> Group:
    by_age = spell.verksamhet in _BY_AGE
    return Group(
        spell.enhet,
        spell.verksamhet,
        spell.arskurs,
        spell.person.born if by_age else 0,
        spell.hours or 0,
        spell.programme,
        spell.flags,
    )


def _row(group: Group, month: Month, n: int) -> tuple[str, ...]:
    born = f"{group.born}-06" if group.born else ""
    hours = str(group.hours) if group.hours else ""
    return (
        group.enhet,
        group.verksamhet,
        group.arskurs,
        born,
        hours,
        "",
        group.programme,
        group.flags,
        str(month),
        str(n),
    )


def _month(autumn: Counter[Group], after: Counter[Group], year: int, number: int) -> Counter[Group]:
    planned: Counter[Group] = Counter()
    for group, n in autumn.items():
        turns = _TURNS_IN_AUGUST if group.verksamhet in _BY_AGE else _TURNS_IN_JULY
        if number < turns:
            planned[group] += n
    for group, n in after.items():
        turns = _TURNS_IN_AUGUST if group.verksamhet in _BY_AGE else _TURNS_IN_JULY
        if number >= turns:
            planned[group] += n
    youngest = year - 2 if number < _TURNS_IN_AUGUST else year - 1
    return _inflow(planned, youngest, (SPRING_INFLOW | AUTUMN_INFLOW)[number])


def _inflow(planned: Counter[Group], born: int, per_100: int) -> Counter[Group]:
    """Return the plan with the youngest scaled, each unit's total exactly and its groups by largest remainder."""
    young = {group: n for group, n in planned.items() if group.born == born}
    scaled = Counter({group: n for group, n in planned.items() if group.born != born})
    for enhet in sorted({group.enhet for group in young}):
        here = {group: n for group, n in young.items() if group.enhet == enhet}
        scaled.update(_scaled(here, per_100, 100))
    return scaled


def _scaled(groups: dict[Group, int], numerator: int, denominator: int) -> dict[Group, int]:
    total = half_up(sum(groups.values()) * numerator, denominator)
    by_key = {"|".join(map(str, group)): group for group in sorted(groups)}
    shares = distribute(total, {key: groups[group] for key, group in by_key.items()})
    return {by_key[key]: share for key, share in shares.items()}


def _a_year_on(autumn: Counter[Group], year: int) -> Counter[Group]:
    after: Counter[Group] = Counter()
    for group, n in autumn.items():
        moved = _moved_up(group)
        if moved:
            after[moved] += n
    for group, n in (_intakes(autumn, year) | _older(autumn)).items():
        after[group] += n
    for (enhet, opens), children in OPENING.items():
        if opens == year:
            for born, n in children.items():
                after[Group(enhet, Verksamhet.FORSKOLA, "", born, 35, "", "")] += n
    return after


def _moved_up(group: Group) -> Group | None:
    """Return where a group is next autumn; None when an intake, another cohort, or nobody takes its place."""
    if group.verksamhet in _BY_AGE:
        return None
    if group.verksamhet is Verksamhet.FORSKOLEKLASS:
        return group._replace(verksamhet=Verksamhet.GRUNDSKOLA, arskurs="1")
    if group.verksamhet is Verksamhet.FRITIDSHEM or group.programme == "IM":
        return None
    following = int(group.arskurs) + 1
    last = 3 if group.verksamhet is Verksamhet.GYMNASIESKOLA else _LAST
    enters_upper = group.verksamhet is Verksamhet.GRUNDSKOLA and following == _UPPER
    return None if following > last or enters_upper else group._replace(arskurs=str(following))


def _intakes(autumn: Counter[Group], year: int) -> dict[Group, int]:
    """Return the groups that are filled anew each autumn, scaled by the size of the cohort that comes."""
    found: dict[Group, int] = {}
    chosen = [group for group in autumn if _is_intake(group)]
    for key in sorted({(one.enhet, one.verksamhet, one.arskurs, one.programme) for one in chosen}):
        here = {one: autumn[one] for one in chosen if (one.enhet, one.verksamhet, one.arskurs, one.programme) == key}
        found |= _scaled(here, *_cohorts(here, year))
    return found


def _older(autumn: Counter[Group]) -> dict[Group, int]:
    """Return the children by age a year on: as many of each age as now, by the size of the cohort that reaches it."""
    found: dict[Group, int] = {}
    chosen = [group for group in autumn if group.verksamhet in _BY_AGE]
    for enhet, born in sorted({(one.enhet, one.born) for one in chosen}):
        here = {one: autumn[one] for one in chosen if (one.enhet, one.born) == (enhet, born)}
        scaled = _scaled(here, COHORTS[born + 1], COHORTS[born])
        found |= {group._replace(born=born + 1): n for group, n in scaled.items()}
    return found


def _is_intake(group: Group) -> bool:
    match group.verksamhet:
        case Verksamhet.FORSKOLEKLASS | Verksamhet.FRITIDSHEM:
            return True
        case Verksamhet.GRUNDSKOLA:
            return group.arskurs == str(_UPPER)
        case Verksamhet.ANPASSAD_GRUNDSKOLA:
            return group.arskurs == str(_ANPASSAD_FIRST)
        case Verksamhet.GYMNASIESKOLA:
            return group.arskurs == "1" or group.programme == "IM"
        case _:
            return False


def _cohorts(groups: dict[Group, int], year: int) -> tuple[int, int]:
    """Return the size of the cohort that comes and of the one it follows, by the age the årskurs is for."""
    group = next(iter(groups))
    gymnasium = group.verksamhet is Verksamhet.GYMNASIESKOLA
    age = 15 + int(group.arskurs) if gymnasium else 6 + int(group.arskurs.replace("F", "0"))
    return COHORTS[year - age], COHORTS[year - age - 1]


def _deviation(group: Group, n: int, year: int) -> int:
    """Return what the planner got wrong: nothing in small groups, one or two in larger ones."""
    reach = 2 if n >= _OFF_BY_TWO_FROM else 1 if n >= _OFF_BY_ONE_FROM else 0
    return whole(-reach, reach, "plan", year, *group) if reach else 0
