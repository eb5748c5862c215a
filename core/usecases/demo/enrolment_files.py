"""The enrolment register cut into deliveries: a file for 2024, one for 2025, one a month for 2026.

A file tells what was known when it was delivered: a stay that ends later has no last day yet.
July's file also holds those who are new at a unit in August, since they are paid for from 1 July
(skolförordningen 14 kap. 1 §). Some things are missing on purpose, as they are in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.base import Month, Verksamhet, year_range
from core.usecases.demo.draw import chance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.usecases.demo.register import Register
    from core.usecases.demo.spells import Spell

HEADERS = (
    "elev", "enhet", "verksamhet", "arskurs", "fodelsemanad", "timmar_per_vecka", "kallkategori", "program",
    "grupp", "flaggor", "hemkommun", "grund", "fran_och_med", "till_och_med",
    "skyddade_personuppgifter",
)  # fmt: skip
PROTECTED = {"lv-2018-0037": "sekretessmarkering", "lv-2014-0050": "skyddad_folkbokforing"}
"""Two elever whom no list may show, so that the demo tells how that looks."""
MONTHLY_YEAR, MONTHS_DELIVERED = 2026, 10
MISSING_MONTH, MISSING_ENHET = Month(2026, 3), "F03"
"""The unit whose children were left out of one month's file; the deliverer's total still counts them."""
HOURLESS_ENHET, HOURLESS_MONTHS = "F11", (Month(2026, 2), Month(2026, 3))
"""Where some hours were not reported for two months, until somebody asked for them."""
_HOURLESS_SHARE, _HOURLESS_LONG = 0.06, 0.001
_JULY = 7


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file's period; ``period_to`` is exclusive, ``known_to`` the day whose ends are known."""

    name: str
    period_from: date
    period_to: date
    known_to: date
    month: Month | None = None


def deliveries() -> Iterator[Delivery]:
    """Yield the deliveries in the order they came."""
    for year in range(2024, MONTHLY_YEAR):
        period = year_range(year)
        end = period.valid_to or period.valid_from
        yield Delivery(f"elevregister_{year}.csv", period.valid_from, end, end)
    for number in range(1, MONTHS_DELIVERED + 1):
        month = Month(MONTHLY_YEAR, number)
        end = month.next().first_day
        known = month.next().next().first_day if number == _JULY else end
        yield Delivery(f"elevregister_{month}.csv", month.first_day, end, known, month)


def spells_of(register: Register, delivery: Delivery) -> list[Spell]:
    """Return what the file should hold: every stay with a day in the period, and for July those new in August.

    Elever of other municipalities at units that are not Lindvik's own are nobody's business here.
    """
    own = {one.enhet for one in register.units if one.is_in_lindvik}
    home = {one.lageskommun for one in register.units if one.is_in_lindvik}
    known = [
        spell
        for spell in register.spells
        if spell.start < delivery.known_to
        and spell.stop > delivery.period_from
        and (spell.enhet in own or spell.hemkommun in home)
    ]
    here_before = {_place(spell, spell.stop) for spell in known}
    return [
        spell for spell in known if spell.start < delivery.period_to or _place(spell, spell.start) not in here_before
    ]


def _place(spell: Spell, day: date) -> tuple[str, str, str, date]:
    return spell.person.elev, spell.verksamhet, spell.enhet, day


def rows_of(spells: list[Spell], delivery: Delivery) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a file; what is missing in it is missing here."""
    for spell in spells:
        if delivery.month == MISSING_MONTH and spell.enhet == MISSING_ENHET:
            continue
        yield (
            spell.person.elev,
            spell.enhet,
            spell.verksamhet.value,
            spell.arskurs,
            spell.person.birth_month,
            _hours(spell, delivery),
            spell.source_category,
            spell.programme,
            spell.group,
            spell.flags,
            spell.hemkommun,
            spell.ground,
            spell.start.isoformat(),
            (spell.stop - timedelta(days=1)).isoformat() if spell.stop <= delivery.known_to else "",
            PROTECTED.get(spell.person.elev, ""),
        )


def _hours(spell: Spell, delivery: Delivery) -> str:
    if spell.hours is None:
        return ""
    unreported = delivery.month in HOURLESS_MONTHS and spell.enhet == HOURLESS_ENHET
    share = _HOURLESS_SHARE if unreported else _HOURLESS_LONG if spell.verksamhet is Verksamhet.FORSKOLA else 0
    return "" if chance(share, "timmar saknas", spell.person.elev) else str(spell.hours)
