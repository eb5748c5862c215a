"""A lump sum for units that meet closed conditions, by size where the model says so."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from core.allocation.kinds.base import SoFar, StepKind, Terms, Where, append
from core.allocation.kinds.conditions import mean_elever, meets
from core.allocation.kinds.terms import figure
from core.allocation.lines import ALL, LineBlock
from core.parameters import PerUnit

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
        verksamhet = step.verksamhet.value if step.verksamhet else ALL
        flat = None if step.amount is None else figure(step.amount) * ORE
        by_size = sorted((one.up_to, figure(one.amount) * ORE) for one in step.size_steps)
        paid = [unit.recipient in allowed for unit in data.units]
        for enhet, place in zip(*(axis.tolist() for axis in active.nonzero()), strict=True):
            period = data.quantities.periods[place]
            if not paid[enhet] or not meets(step.where, enhet, period, so_far, categories=places, step=step.step):
                continue
            size = mean_elever(data, enhet, place, places)
            lump = flat if flat is not None else next((lump for most, lump in by_size if size <= most), None)
            if lump is None:
                continue
            terms = Terms(Fraction(int(active[enhet, place]).bit_count(), MONTHS), lump)
            where = Where(enhet, ALL, period, verksamhet, place)
            append(block, where, terms, terms.amount_ore, detail=f'{{"size":"{size}"}}')  # canonical as it stands
        so_far.add(block)
