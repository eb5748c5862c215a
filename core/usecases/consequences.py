"""What accepting a delivery would take out of force, said before anybody answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.base import BatchMode, BatchState
from core.usecases.context import kommun_of, must
from core.usecases.frozen import current_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access import Actor
    from core.store import BatchRecord, UnitOfWork
    from core.usecases.context import App

UNITS = "units"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A delivery in force that a newer one would replace, wholly or for the days they share."""

    number: int
    file_name: str
    rows: int
    wholly: bool


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from accepting a delivery: what it replaces, and units that would go or come, by name."""

    replaces: tuple[Replaced, ...]
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing in force would change hands."""
        return not (self.replaces or self.gone)


def consequence_of(app: App, viewer: Actor, batch: int) -> Consequence | None:
    """Return what accepting a received delivery would change; nothing for one that has been answered."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        record = work.batches.get(kommun, batch)
        if record.state != BatchState.RECEIVED.value:
            return None
        replaced = replaced_by(record, work.batches.list(kommun))
        if record.kind != UNITS:
            return Consequence(replaced)
        gone, new = _units(work, record)
        return Consequence(replaced, gone, new)


def replaced_by(record: BatchRecord, batches: Sequence[BatchRecord]) -> tuple[Replaced, ...]:
    """Return the deliveries in force that a delivery takes the place of, wholly or for the days they share."""
    if record.mode != BatchMode.SNAPSHOT.value:
        return ()
    return tuple(
        Replaced(
            one.number,
            one.file_name,
            one.row_count or 0,
            wholly=record.period_from <= one.period_from and one.period_to <= record.period_to,
        )
        for one in batches
        if one.state == BatchState.ACCEPTED.value
        and (one.kind, one.scope) == (record.kind, record.scope)
        and one.period_from < record.period_to
        and record.period_from < one.period_to
    )


def _units(work: UnitOfWork, record: BatchRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of units that would go and that would come, in some year of the delivery's period."""
    day = record.period_from
    before = work.batches.in_force(record.kommun, UNITS, [day])[day]
    keeps = before if record.mode == BatchMode.DELTA.value else ()
    years = range(day.year, (record.period_to - timedelta(days=1)).year + 1)
    now, then = (
        {unit.enhet: unit.name for year in years for unit in current_units(rows, year)}
        for rows in (
            work.facts.units(record.kommun, before),
            work.facts.units(record.kommun, (*keeps, record.number)),
        )
    )
    return (
        tuple(sorted(name for enhet, name in now.items() if enhet not in then)),
        tuple(sorted(name for enhet, name in then.items() if enhet not in now)),
    )
