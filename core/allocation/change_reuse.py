"""Steps of mixtures that need not be computed anew: two mixtures that agree on all a step reads give it the same lines.

A price × elever does not look at pots, and a pot shared by elever and index does not look at prices. Of 64 mixtures of
six factors most then need only the steps that build on others. What is kept of a step is its öre by unit and period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.allocation.column_block import PERIOD_PLACE, ColumnBlock
from core.allocation.columns import sums_at
from core.allocation.kinds import (
    KINDS,
    AdditionWithoutUnitsError,
    GuaranteeUnfinancedError,
    IndexMissingError,
    NobodyToAverageError,
    PoolWeightNegativeError,
    PoolWithoutWeightError,
    PremisesAboveCostError,
    SoFar,
)
from core.allocation.kinds.conditions import VariableMissingError
from core.allocation.totals import totals_of
from core.parameters import PerUnit, WeightedPool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation.change_game import Coalition
    from core.allocation.inputs import AllocationInput
    from core.allocation.lines import LineBlock
    from core.allocation.totals import StepTotals
    from core.parameters import AnyAmount, FundingModel

COUNTED = frozenset({"volume", "mix", "index"})
NOT_THERE = (
    AdditionWithoutUnitsError,
    GuaranteeUnfinancedError,
    IndexMissingError,
    NobodyToAverageError,
    PoolWeightNegativeError,
    PoolWithoutWeightError,
    PremisesAboveCostError,
    VariableMissingError,
)
"""Why a step cannot be computed in what never was, as it was in both runs: it then gives nothing there."""
TEXTS = {"label", "label_en", "reference", "expectation", "note"}


def said(step: AnyAmount) -> dict[str, Any]:
    """Return an amount step without its texts and references: all that its amounts follow from."""
    return step.model_dump(mode="json", exclude=TEXTS)


class Reuse:
    """The steps computed so far. ``apart``: factors that every step reads: they move periods, or figures of units."""

    def __init__(self, before: FundingModel, after: FundingModel, apart: frozenset[str]) -> None:
        later = {one.step: said(one) for one in after.amounts}
        self._same = {one.step for one in before.amounts if later.get(one.step) == said(one)}
        self._apart = apart
        self._blocks: dict[tuple[str, Coalition], list[LineBlock]] = {}

    def totals(self, data: AllocationInput, chosen: Coalition) -> StepTotals:
        """Return the sums by step of a mixture."""
        so_far = SoFar(data)
        for step in data.model.amounts:
            reads = self._reads(step)
            key = None if reads is None else (step.step, chosen & reads)
            if key is not None and key in self._blocks:
                so_far.blocks.extend(self._blocks[key])
                continue
            made = _computed(step, so_far)
            if key is not None:
                self._blocks[key] = made
        return totals_of(so_far)

    def _reads(self, step: AnyAmount) -> Coalition | None:
        """Return the factors that a step's amounts follow from; None when they may follow from other steps."""
        rule = frozenset() if step.step in self._same else frozenset({"rule"})
        if step.kind == "per_elev":
            return COUNTED | self._apart | rule | {"price"}
        if step.kind in {"given", "case_amounts"}:
            return COUNTED | self._apart | rule
        if isinstance(step, PerUnit) and not any(one.field.startswith("step.") for one in step.where):
            return COUNTED | self._apart | rule
        if isinstance(step, WeightedPool) and step.quantity is None and (step.factor is None or not step.factor.step):
            return COUNTED | self._apart | rule
        return None


def totals_where_possible(data: AllocationInput) -> StepTotals:
    """Return the sums by step; a pot that nobody would have shared is not handed out, and so on (``NOT_THERE``).

    Only for inputs that never were: in a run, a pot without anybody to share it is a fault.
    """
    so_far = SoFar(data)
    for step in data.model.amounts:
        _computed(step, so_far)
    return totals_of(so_far)


def _computed(step: AnyAmount, so_far: SoFar) -> list[LineBlock]:
    """Compute a step and put its öre by unit and period in place of its lines."""
    already = len(so_far.blocks)
    try:
        KINDS[step.kind].compute(step, so_far)
    except NOT_THERE:
        del so_far.blocks[already:]
    so_far.blocks[already:] = [_summed(block, so_far.data) for block in so_far.blocks[already:]]
    return so_far.blocks[already:]


def _summed(block: LineBlock, data: AllocationInput) -> LineBlock:
    if not len(block):
        return block
    periods: Sequence[str] = data.quantities.periods
    place = {name: number for number, name in enumerate(periods)}
    at = block.enhet_places() * len(periods) + block.period_places(place)
    size = len(data.units) * len(periods)
    held = np.flatnonzero(np.bincount(at, minlength=size))
    arrays = {
        "enhet": held // len(periods),
        PERIOD_PLACE: held % len(periods),
        "amount_ore": sums_at(at, block.ore(), size)[held],
    }
    return ColumnBlock(block.facts, arrays)
