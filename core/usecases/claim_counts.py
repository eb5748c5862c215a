"""The interkommunal ersättning of a run: other kommuner's elever counted by origin, and priced."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.claims import Elsewhere, claims_of
from core.base import Recipient, RunKind
from core.register import count_origins

if TYPE_CHECKING:
    from core.allocation import PriceTable
    from core.allocation.claims import Claim
    from core.usecases.frozen import Gathered

COUNTED = frozenset({RunKind.UTFALL.value, RunKind.SLUTAVRAKNING.value})


def claims_counted(gathered: Gathered, prices: PriceTable) -> list[Claim]:
    """Return what a run claims for elever of other kommuner at own units, of the groups that its counts are made of."""
    model, through = gathered.model, gathered.through_month
    own = {unit.enhet for unit in gathered.units if unit.recipient == Recipient.EGEN.value}
    origins, counts = count_origins(gathered.origins, model.categories, own, model.year)
    elsewhere = []
    for period, numbers in model.periods().items():
        yearly = counts.n[:, :, [number - 1 for number in numbers if number <= through]].sum(axis=2)
        for place, at in zip(*(axis.tolist() for axis in yearly.nonzero()), strict=True):
            origin, years = origins[place], Fraction(int(yearly[place, at]), counts.divisor[at])
            category = counts.category_ids[at]
            elsewhere.append(Elsewhere(origin.hemkommun, origin.enhet, category, period, origin.ground, years))
    return claims_of(model, prices, elsewhere)
