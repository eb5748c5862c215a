"""A stored run as the engine's input again: for trials, decompositions, comparisons and corrections.

Everything comes from what the run froze: its model's text, units, counts and prices, and the deliveries it
named. Nothing that has happened since is seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.allocation import PriceTable, UnitFacts
from core.base import RunKind
from core.usecases.frozen import batches_frozen, gather, quantities_frozen
from core.usecases.presenting import model_of
from core.usecases.scenario_inputs import tried_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.allocation import AllocationInput
    from core.store import RunRecord, RunUnitRecord, UnitOfWork


def units_frozen(units: Iterable[RunUnitRecord]) -> tuple[UnitFacts, ...]:
    """Return a run's units as the rules saw them, in their order."""
    return tuple(
        UnitFacts(
            one.enhet, one.name, one.recipient, one.verksamheter, bool(one.landsbygd), one.omrade, one.huvudman,
            one.huvudman_name,
        )
        for one in units
    )  # fmt: skip


def input_of_run(work: UnitOfWork, run: RunRecord) -> AllocationInput:
    """Return what a run's lines follow from; computing on it gives the stored lines to the öre."""
    model, at = model_of(run), (run.kommun, run.number)
    held = batches_frozen(work, run)
    kind, through = RunKind(run.kind), run.through_month
    gathered = gather(work, run.kommun, model, kind, through, frozenset(), held, counted=False)
    gathered.units = units_frozen(work.runs.units(*at))
    gathered.index = tried_index(work, run, gathered.index)
    counted = quantities_frozen(work, run, model, [one.enhet for one in gathered.units], through)
    return replace(gathered.allocation(PriceTable.from_rows(model, work.runs.prices(*at))), quantities=counted)
