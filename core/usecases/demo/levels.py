"""How large Lindvik's figures are: staff, pay, area, rent and individual support.

Set so that a kommunal grundskola costs what the country's did in 2024, about 142 900 kr per
elev (Skolverket, costs per municipality 2024, weighted by elever). A test holds the levels
against those figures where the reference material is at hand; none of it is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.base import Verksamhet

PER_MILLE = 1000
UPRATING_PER_MILLE = {2024: 1000, 2025: 1031, 2026: 1061}
"""Pay, rents and support by year, against 2024."""
EMPLOYER_COST_PER_MILLE = 1430
"""What a krona of pay costs the employer: fees, pensions, holiday pay."""
KR_PER_ELEV_2024 = {"undervisning": 79_100, "lokaler": 24_900, "totalt": 142_900}
"""The targets in grundskola that staff and premises are set by, in kronor."""
TEACHING = ("ledning", "lärare", "speciallärare", "elevassistent")
"""The occupations whose cost is undervisning; leaders are part of it (skolförordningen 14 kap. 4 §)."""
TEACHING_BESIDE_STAFF_KR = 3_900
"""Undervisning that is no pay of the unit's own: further training, school library, vikarier, modersmålslärare."""


@dataclass(frozen=True, slots=True)
class Post:
    """An occupation: posts in hundredths per 100 elever, and pay in kronor a month in 2024."""

    occupation: str
    per_100: int
    pay_kr: int


POSTS: dict[Verksamhet, tuple[Post, ...]] = {
    Verksamhet.FORSKOLA: (
        Post("ledning", 105, 49_800),
        Post("förskollärare", 760, 36_900),
        Post("barnskötare", 1120, 29_400),
        Post("övrig personal", 95, 28_200),
    ),
    Verksamhet.PEDAGOGISK_OMSORG: (Post("ledning", 110, 45_000), Post("barnskötare", 1900, 28_600)),
    Verksamhet.FORSKOLEKLASS: (Post("lärare", 480, 39_200),),
    Verksamhet.GRUNDSKOLA: (
        Post("ledning", 88, 55_400),
        Post("lärare", 800, 40_900),
        Post("speciallärare", 70, 44_600),
        Post("elevassistent", 120, 28_700),
        Post("elevhälsa", 62, 42_800),
        Post("övrig personal", 65, 30_100),
    ),
    Verksamhet.ANPASSAD_GRUNDSKOLA: (
        Post("ledning", 190, 56_000),
        Post("lärare", 1900, 40_700),
        Post("speciallärare", 650, 44_900),
        Post("elevassistent", 3900, 28_900),
        Post("elevhälsa", 140, 43_000),
    ),
    Verksamhet.FRITIDSHEM: (Post("lärare", 130, 36_100), Post("fritidspersonal", 350, 28_900)),
    Verksamhet.GYMNASIESKOLA: (
        Post("ledning", 75, 57_500),
        Post("lärare", 780, 42_600),
        Post("speciallärare", 40, 45_500),
        Post("elevassistent", 45, 28_800),
        Post("elevhälsa", 55, 43_400),
        Post("studievagledare", 24, 39_800),
        Post("övrig personal", 80, 31_000),
    ),
}


@dataclass(frozen=True, slots=True)
class Area:
    """Premises: square metres in hundredths per elev, and rent in kronor per square metre in 2024."""

    m2_hundredths: int
    rent_kr_per_m2: int


AREAS: dict[Verksamhet, Area] = {
    Verksamhet.FORSKOLA: Area(1060, 2090),
    Verksamhet.PEDAGOGISK_OMSORG: Area(420, 1350),
    Verksamhet.FORSKOLEKLASS: Area(1150, 1840),
    Verksamhet.GRUNDSKOLA: Area(1280, 1840),
    Verksamhet.ANPASSAD_GRUNDSKOLA: Area(2900, 1960),
    Verksamhet.FRITIDSHEM: Area(240, 1840),
    Verksamhet.GYMNASIESKOLA: Area(1290, 1780),
}
SMALL_UNIT, SMALL_UNIT_PER_MILLE = 120, 1380
"""A grundskola under this many elever has room for more: its area per elev is so much larger."""


@dataclass(frozen=True, slots=True)
class Support:
    """Individual support: decisions per 1 000 elever at index 100, and kronor a month per decision in 2024."""

    per_mille: int
    low_kr: int
    high_kr: int


SUPPORT: dict[Verksamhet, Support] = {
    Verksamhet.FORSKOLA: Support(20, 11_000, 19_500),
    Verksamhet.GRUNDSKOLA: Support(28, 11_500, 22_500),
    Verksamhet.ANPASSAD_GRUNDSKOLA: Support(130, 14_000, 26_000),
    Verksamhet.GYMNASIESKOLA: Support(17, 9_500, 18_000),
}


def uprated(amount: int, year: int) -> int:
    """Return an amount of 2024 at the level of ``year``, in the same whole unit, halves up."""
    return (2 * amount * UPRATING_PER_MILLE[year] + PER_MILLE) // (2 * PER_MILLE)
