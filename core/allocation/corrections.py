"""Months said anew: what an earlier run of the year said of a month, what this one says, why, and what waits.

A run through October says again what the run through September said of January–September. Where the month's
amount differs it is a correction: old, new, and the reason. Reasons are read off what the two runs rest on:

``units``   the unit is in one of the runs only, or is another sort of recipient
``counts``  the unit's own elever of the month are others
``prices``  the prices of the month's list are others (a provisional list that was decided, for one)
``model``   the model's text is another
``facts``   the index, or decided amounts of the month, come from another delivery
``pools``   none of these: the shares of a pot moved with other units' or later months' elever, or whole kronor fell
            otherwise

Corrections of counts more than some months back wait for the final settlement (core/parameters/corrections.py);
those of prices and models never do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.allocation.payments import earned_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.allocation.inputs import AllocationInput, Ints
    from core.allocation.lines import LineBlock
    from core.allocation.payments import Payment
    from core.parameters import FundingModel

NEVER_WAIT = frozenset({"prices", "model"})
PER_ELEV = "per_elev"
Place = tuple[str, int]
"""enhet and month (1–12)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What two runs say of a unit's month, in öre; absent where one of them has no amount. ``reasons``: in order."""

    enhet: str
    month: int
    old_ore: int | None
    new_ore: int | None
    reasons: tuple[str, ...]
    waits: bool = False

    @property
    def difference_ore(self) -> int:
        """New less old."""
        return (self.new_ore or 0) - (self.old_ore or 0)


@dataclass(frozen=True, slots=True)
class Said:
    """What a run says of its months, and what it rests on.

    ``paid``: the monthly payments without the settlement of their rounding. ``counts``: by unit and month.
    ``units``: whatever decides how a unit is paid. ``prices``: by price list. ``facts``: deliveries by month.
    """

    paid: Mapping[Place, int]
    counts: Mapping[Place, frozenset[tuple[str, int, int]]]
    units: Mapping[str, object]
    prices: Mapping[str, frozenset[object]]
    model: FundingModel
    facts: Mapping[int, frozenset[int]] = field(default_factory=dict)


def monthly(payments: Iterable[Payment]) -> dict[Place, int]:
    """Return the monthly payments by unit and month; settlements of rounding are no month's own."""
    return {(enhet, month): ore for enhet, month, kind, ore in payments if kind == "monthly"}


def corrections_of(earlier: Said, now: Said, through: int, first_paid: int) -> list[Correction]:
    """Return the corrections of the months up to ``through``, by unit and month.

    ``first_paid``: corrections of counts in months before this one wait.
    """
    price_list = {month: name for name, months in now.model.periods().items() for month in months}
    found = []
    for place in sorted({*earlier.paid, *now.paid}):
        enhet, month = place
        old, new = earlier.paid.get(place), now.paid.get(place)
        if month > through or (old or 0) == (new or 0):
            continue
        reasons = tuple(_reasons(earlier, now, place, price_list[month]))
        waits = month < first_paid and NEVER_WAIT.isdisjoint(reasons)
        found.append(Correction(enhet, month, old, new, reasons, waits))
    return found


def _reasons(earlier: Said, now: Said, place: Place, price_list: str) -> Iterator[str]:
    enhet, month = place
    alike = {
        "units": earlier.units.get(enhet) == now.units.get(enhet),
        "counts": earlier.counts.get(place) == now.counts.get(place),
        "prices": earlier.prices.get(price_list) == now.prices.get(price_list),
        "model": earlier.model == now.model,
        "facts": earlier.facts.get(month) == now.facts.get(month),
    }
    if not alike["prices"]:
        alike["model"] = True  # other prices come with another text: the prices say it
    different = [name for name, same in alike.items() if not same]
    yield from different or ["pools"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrections as the books carry them: their sum, and the parts of other terms that they are taken out of.

    All in öre. ``by_elev`` and ``other`` (by dimension): how much more this run's lines say of the months said
    before than the earlier run's lines did. ``moved_by_elev``, ``moved_other``: how much more the plan of those
    months is at this run's prices than at the earlier run's; zero while prices stand.
    """

    total: int
    by_elev: int = 0
    other: Mapping[str, int] = field(default_factory=dict)
    moved_by_elev: int = 0
    moved_other: Mapping[str, int] = field(default_factory=dict)

    @property
    def moved(self) -> int:
        """The plan's whole move."""
        return self.moved_by_elev + sum(self.moved_other.values())

    @property
    def rounding(self) -> int:
        """What the corrections in whole kronor are more than those of the lines."""
        return self.total - self.by_elev - sum(self.other.values())

    def volume(self) -> int:
        """What the corrections take out of the volume difference: elever, but not prices on planned elever."""
        return self.by_elev - self.moved_by_elev

    def pots(self, dimension: str) -> int:
        """What the corrections take out of a dimension's pots and decided sums."""
        return self.other.get(dimension, 0) - self.moved_other.get(dimension, 0)


def lines_until(data: AllocationInput, blocks: Sequence[LineBlock], n: Ints, month: int) -> dict[tuple[str, str], int]:
    """Return öre by (kind, dimension) that the lines earn in the months up to ``month``."""
    sums: dict[tuple[str, str], int] = {}
    for block, ore in zip(blocks, earned_until(data, blocks, n, month), strict=True):
        key = block.facts.kind, block.facts.dimension
        sums[key] = sums.get(key, 0) + ore
    return sums


def by_elev_and_other(sums: Mapping[tuple[str, str], int]) -> tuple[int, dict[str, int]]:
    """Return the öre of lines by elever, and of the others by dimension."""
    by_elev = sum(ore for (kind, _), ore in sums.items() if kind == PER_ELEV)
    other: dict[str, int] = {}
    for (kind, dimension), ore in sums.items():
        if kind != PER_ELEV:
            other[dimension] = other.get(dimension, 0) + ore
    return by_elev, other


def less(more: Mapping[str, int], fewer: Mapping[str, int]) -> dict[str, int]:
    """Return ``more`` less ``fewer``, name by name."""
    return {name: more.get(name, 0) - fewer.get(name, 0) for name in sorted({*more, *fewer})}
