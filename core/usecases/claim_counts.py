"""The interkommunal ersättning of a run: other kommuner's elever counted anew by origin, and priced."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.claims import Elsewhere, claims_of
from core.base import Recipient, RunKind
from core.register import COUNT_FIELDS, CountQuery, contiguous, count_origins, count_plans, with_ground

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.allocation import PriceTable
    from core.allocation.claims import Claim
    from core.register import CountGroups, CountPlan
    from core.store import UnitOfWork
    from core.usecases.frozen import Gathered, InForce

COUNTED = frozenset({RunKind.UTFALL.value, RunKind.SLUTAVRAKNING.value})


def claims_counted(
    work: UnitOfWork, gathered: Gathered, prices: PriceTable, holidays: frozenset[date], holding: InForce
) -> list[Claim]:
    """Return what a run claims for elever of other kommuner at own units, counted from the register."""
    kommun, model, through = gathered.kommun.kommun, gathered.model, gathered.through_month
    own = {unit.enhet for unit in gathered.units if unit.recipient == Recipient.EGEN.value}
    plans = count_plans(model, through, holidays)
    batches = [one for plan in plans for one in _groups(work, kommun, plan, holding)]
    origins, counts = count_origins(batches, model.categories, own, model.year)
    elsewhere = []
    for period, numbers in model.periods().items():
        yearly = counts.n[:, :, [number - 1 for number in numbers if number <= through]].sum(axis=2)
        for place, at in zip(*(axis.tolist() for axis in yearly.nonzero()), strict=True):
            origin, years = origins[place], Fraction(int(yearly[place, at]), counts.divisor[at])
            category = counts.category_ids[at]
            elsewhere.append(Elsewhere(origin.hemkommun, origin.enhet, category, period, origin.ground, years))
    return claims_of(model, prices, elsewhere)


def _groups(
    work: UnitOfWork, kommun: str, plan: CountPlan, holding: InForce
) -> Iterator[tuple[CountPlan, int, CountGroups]]:
    held = holding("enrolments", plan.days)
    places: dict[tuple[int, ...], list[int]] = {}
    for place, day in enumerate(plan.days):
        places.setdefault(held[day], []).append(place)
    fields = with_ground(plan.fields, COUNT_FIELDS)
    for numbers, days in places.items():
        for low, high in contiguous(days):
            for place, number in enumerate(numbers):
                query = CountQuery(
                    kommun, number, numbers[place + 1 :], plan.days[low:high], plan.verksamheter, fields,
                    every_day=plan.every_day, august_year=plan.august_year, by_hemkommun=True,
                )  # fmt: skip
                yield plan, low, work.count(query)
