"""A lump sum for units that meet closed conditions, by size where the model says so."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.kinds.base import SoFar, StepKind, Terms, Where, append
from core.allocation.lines import ALL, LineBlock
from core.base import canonical_json, read_number
from core.parameters import PerUnit

if TYPE_CHECKING:
    from core.allocation.inputs import AllocationInput, UnitFacts
    from core.parameters import Predicate

ORE, MONTHS = 100, 12


class UnitLump(StepKind[PerUnit]):
    """Kronor a year for a unit, for the months in which it has a counted elev of the step's categories.

    A line's ``quantity`` is the part of a year, its ``rate`` the lump sum.
    """

    name, version = "per_unit", 1

    def compute(self, step: PerUnit, so_far: SoFar) -> None:
        """Add one line per unit and period that meets the conditions."""
        data = so_far.data
        block = LineBlock(so_far.facts(step, self))
        places = [data.category_ids.index(name) for name in step.categories]
        allowed = {one.value for one in step.recipients}
        active = np.bitwise_or.reduce(data.quantities.active[:, places, :], axis=1)
        lasting = [part for part in step.where if part.field != "size"]
        for enhet, unit in enumerate(data.units):
            if unit.recipient not in allowed or not all(_holds(part, unit) for part in lasting):
                continue
            for place in np.flatnonzero(active[enhet]).tolist():
                size = _size(data, enhet, place, places)
                lump = _lump(step, size)
                if lump is None or not all(_in_size(part, size) for part in step.where if part.field == "size"):
                    continue
                terms = Terms(Fraction(int(active[enhet, place]).bit_count(), MONTHS), lump)
                verksamhet = step.verksamhet.value if step.verksamhet else ALL
                where = Where(enhet, ALL, data.quantities.periods[place], verksamhet, place)
                append(block, where, terms, terms.amount_ore, detail=canonical_json({"size": str(size)}))
        so_far.add(block)


def _size(data: AllocationInput, enhet: int, place: int, categories: list[int]) -> Fraction:
    """Return the mean number of elever over the counted months of the period."""
    months = data.quantities.months[place]
    if not months:
        return Fraction(0)
    den = lcm(*(data.quantities.den[one] for one in categories))
    num = data.quantities.num[enhet, categories, place].tolist()
    yearly = sum(n * (den // data.quantities.den[one]) for one, n in zip(categories, num, strict=True))
    return Fraction(yearly * MONTHS, den * months)


def _lump(step: PerUnit, size: Fraction) -> Fraction | None:
    if step.amount is not None:
        return read_number(step.amount) * ORE
    fitting = [one for one in step.size_steps if size <= one.up_to]
    return read_number(min(fitting, key=lambda one: one.up_to).amount) * ORE if fitting else None


def _in_size(part: Predicate, size: Fraction) -> bool:
    low, high = part.between or ([part.equals] * 2 if part.equals else ["0", "-1"])
    return read_number(low) <= size <= read_number(high)


def _holds(part: Predicate, unit: UnitFacts) -> bool:
    values = {
        "verksamhet": set(unit.verksamheter),
        "recipient": {unit.recipient},
        "landsbygd": {"ja" if unit.landsbygd else "nej"},
        "enhet": {unit.enhet},
        "omrade": {unit.omrade} if unit.omrade else set(),
    }[part.field]
    wanted = {part.equals} if part.equals is not None else set(part.one_of or ())
    return bool(values & wanted)
