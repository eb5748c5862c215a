"""What each unit gets by step, and nothing else: for trials and decompositions, which ask many times.

The same steps, kinds and roundings as a run's lines; only the lines themselves are never written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.columns import sums_at
from core.allocation.engine import blocks_of

if TYPE_CHECKING:
    from core.allocation.columns import Column
    from core.allocation.inputs import AllocationInput
    from core.allocation.kinds import SoFar


@dataclass(frozen=True, slots=True)
class StepTotals:
    """Öre by unit and step: ``ore[unit's place, step's place]``, steps in the order that they are computed."""

    enhet_ids: tuple[str, ...]
    steps: tuple[str, ...]
    ore: Column

    def by_unit(self) -> dict[str, int]:
        """Return each unit's öre over all steps."""
        totals = self.ore.astype(object).sum(axis=1).tolist() if self.steps else [0] * len(self.enhet_ids)
        return dict(zip(self.enhet_ids, totals, strict=True))

    def by_step(self) -> dict[str, int]:
        """Return each step's öre over all units."""
        return dict(zip(self.steps, self.ore.astype(object).sum(axis=0).tolist(), strict=True))


def step_totals(data: AllocationInput) -> StepTotals:
    """Return the sums of the lines that ``blocks_of(data)`` makes, exact to the öre."""
    return totals_of(blocks_of(data))


def totals_of(so_far: SoFar) -> StepTotals:
    """Return the sums of blocks that have been made."""
    units = tuple(unit.enhet for unit in so_far.data.units)
    columns: dict[str, Column] = {}
    for block in so_far.blocks:
        ore = sums_at(block.enhet_places(), block.ore(), len(units))
        held = columns.get(block.facts.step)
        columns[block.facts.step] = ore if held is None else held.astype(object) + ore
    if not columns:
        return StepTotals(units, (), np.zeros((len(units), 0), np.int64))
    return StepTotals(units, tuple(columns), np.stack(list(columns.values()), axis=1))
