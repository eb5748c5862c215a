"""What a sum buys: how many heltidstjänster it is enough for at the unit's own mean pay."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import half_up
from core.parameters.payroll import load_payroll

if TYPE_CHECKING:
    from core.store import UnitOfWork

MONTHS, HUNDREDTHS = 12, 100


def mean_pay(work: UnitOfWork, kommun: str, enhet: str, year: int) -> int | None:
    """Return öre per full-time post and month at the newest measuring day, employer's contributions included.

    ``None`` when no pay is known: missing is not zero. At a small unit it is somebody's own: what a kommun pays its
    own is public, what another huvudman pays is for who may see what concerns single persons there (callers ask).
    """
    days = [date(year, MONTHS, 31), date(year - 1, MONTHS, 31)]
    for day in days:
        numbers = work.batches.in_force(kommun, "staff", [day])[day]
        rows = [one for one in work.facts.staff(kommun, numbers, enhet) if one.monthly_pay_ore is not None]
        newest = max((one.measured_on for one in rows), default=None)
        rows = [one for one in rows if one.measured_on == newest]
        posts = sum(one.fte_hundredths for one in rows)
        if posts:
            pay = Fraction(sum(one.fte_hundredths * (one.monthly_pay_ore or 0) for one in rows), posts)
            whole = pay * (1 + load_payroll().employer_share_on(newest or day))
            return half_up(whole.numerator, whole.denominator)
    return None


def posts_for(yearly_ore: int, pay_ore: int | None) -> int | None:
    """Return hundredths of full-time posts that a year's öre is enough for."""
    return None if not pay_ore else half_up(yearly_ore * HUNDREDTHS, pay_ore * MONTHS)
