"""The two runs that a change lies between, and what is taken away before they are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.columns import SAFE
from core.allocation.inputs import quantities_of
from core.base import RunKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.allocation.columns import Column
    from core.allocation.inputs import AllocationInput, Ints
    from core.allocation.totals import StepTotals


@dataclass(frozen=True, slots=True)
class Side:
    """A run as the engine's input, with its counts by month.

    ``n``: (units, categories, 12) as counted: elevmånader, or elevdagar where every day is counted. ``through``: the
    last counted month. ``kind``: budget, utfall, scenario.
    """

    data: AllocationInput
    n: Ints
    through: int
    kind: str = "utfall"

    @property
    def year(self) -> int:
        """The year that the run is of."""
        return self.data.model.year

    @property
    def enhet_ids(self) -> tuple[str, ...]:
        """The units, in their order."""
        return tuple(unit.enhet for unit in self.data.units)

    @property
    def counts_register(self) -> bool:
        """Whether the counts are of the register, and not planned or tried."""
        return self.kind in {RunKind.UTFALL.value, RunKind.SLUTAVRAKNING.value}

    def with_elever(self) -> frozenset[str]:
        """Return the units that have an elev in some counted month."""
        some = np.flatnonzero(self.n[:, :, : self.through].any(axis=(1, 2)))
        return frozenset(self.data.units[place].enhet for place in some.tolist())

    def through_month(self, last: int) -> Side:
        """Return the run as if it had counted no month after ``last``."""
        if last >= self.through:
            return self
        quantities = quantities_of(self.data.model, self.n, self.data.quantities.den, last)
        return replace(self, data=replace(self.data, quantities=quantities), through=last)

    def without(self, gone: Collection[str]) -> Side:
        """Return the run as if some units had never been."""
        kept = [place for place, enhet in enumerate(self.enhet_ids) if enhet not in gone]
        if len(kept) == len(self.enhet_ids):
            return self
        held = self.data.quantities
        by_month = None if held.by_month is None else held.by_month[kept]
        quantities = replace(held, num=held.num[kept], active=held.active[kept], by_month=by_month)
        units = tuple(self.data.units[place] for place in kept)
        return replace(self, data=replace(self.data, units=units, quantities=quantities), n=self.n[kept])


@dataclass(frozen=True, slots=True)
class Frame:
    """The units and steps of both runs, so that sums of either can be laid beside each other."""

    enhet_ids: tuple[str, ...]
    steps: tuple[str, ...]

    @classmethod
    def around(cls, before: StepTotals, after: StepTotals) -> Frame:
        """Return a frame that holds both; the later run's steps come first, in its order."""
        units = sorted({*before.enhet_ids, *after.enhet_ids}, key=str.encode)
        return cls(tuple(units), tuple(dict.fromkeys((*after.steps, *before.steps))))

    def placed(self, totals: StepTotals) -> Column:
        """Return sums as (the frame's units, the frame's steps), zero where there are none."""
        wide = totals.ore.dtype == object or (totals.ore.size and int(abs(totals.ore).max()) >= SAFE >> 20)
        found: Column = np.zeros((len(self.enhet_ids), len(self.steps)), object if wide else np.int64)
        rows, columns = _places(self.enhet_ids, totals.enhet_ids), _places(self.steps, totals.steps)
        if rows and columns:
            found[np.ix_(rows, columns)] = totals.ore
        return found


def _places(within: Sequence[str], names: Sequence[str]) -> list[int]:
    place = {name: number for number, name in enumerate(within)}
    return [place[name] for name in names]
