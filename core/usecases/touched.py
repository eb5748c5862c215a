"""Which units a delivery or a run is about, as access sees them: who is disqualified by jäv in one takes no part in it.

What decides what a unit gets is prepared when a delivery is accepted or taken out of force, and when a run goes to its
next state. A delivery is about the units that its rows name and those of the deliveries whose place it takes, since a
unit that it leaves out loses its figures. A file of prices is about no unit more than another.

Source: förvaltningslagen (2017:900) 16–18 §§; docs/decisions/0020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.choices import register_units
from core.usecases.consequences import replaced_by
from core.usecases.context import unit_resource, unknown_unit

if TYPE_CHECKING:
    from datetime import date

    from core.access import Resource
    from core.store import BatchRecord, RunRecord, UnitOfWork
    from core.store.records import UnitRecord

UNITS = "units"


def touched_by_batch(work: UnitOfWork, batch: BatchRecord, today: date) -> tuple[Resource, ...]:
    """Return the units whose figures a delivery changes by coming into force, or by being turned down or taken out."""
    kommun = batch.kommun
    others = [one.number for one in replaced_by(batch, work.batches.list(kommun))]
    named = work.facts.enheter(kommun, batch.kind, (batch.number, *others))
    known: list[UnitRecord] = register_units(work, kommun, today)
    if batch.kind == UNITS:  # a unit may change huvudman: both have an interest in it
        known = [*known, *work.facts.units(kommun, (batch.number,))]
    found = [unit_resource(kommun, one) for one in known if one.enhet in named]
    unknown = named - {one.enhet for one in known}
    return (*found, *(unknown_unit(kommun, enhet) for enhet in sorted(unknown)))


def touched_by_run(work: UnitOfWork, run: RunRecord) -> tuple[Resource, ...]:
    """Return the units that a run gives something."""
    return tuple(unit_resource(run.kommun, one) for one in work.runs.units(run.kommun, run.number))
