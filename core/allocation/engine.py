"""From quantities and prices to lines: the steps in their declared order, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.allocation.kinds import KINDS, SoFar, SolvedPool
from core.allocation.lines import Line, hash_of, in_order, root_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.allocation.inputs import AllocationInput
    from core.allocation.lines import LineBlock


@dataclass(slots=True)
class Allocated:
    """What a run's steps gave.

    ``rows`` are the lines as tuples in the order of ``LINE_COLUMNS``, unit by unit, as they are stored;
    ``blocks`` are the same lines as columns, step by step.
    """

    rows: list[tuple[object, ...]]
    pools: list[SolvedPool]
    hashes: dict[str, str]
    totals: dict[str, int] = field(default_factory=dict)
    blocks: list[LineBlock] = field(default_factory=list)

    @property
    def root_hash(self) -> str:
        """The hash over all units' hashes."""
        return root_hash(self.hashes)

    @property
    def total_ore(self) -> int:
        """The sum of all lines."""
        return sum(self.totals.values())

    def lines(self) -> Iterator[Line]:
        """Yield the lines one by one."""
        return (Line(*row) for row in self.rows)  # type: ignore[arg-type]  # made by LineBlock.rows


def blocks_of(data: AllocationInput) -> SoFar:
    """Return the blocks of lines, one per step, and the pools solved."""
    so_far = SoFar(data)
    for step in data.model.amounts:
        KINDS[step.kind].compute(step, so_far)
    return so_far


def allocate(data: AllocationInput) -> Allocated:
    """Return the lines of every unit, their hashes and totals; pure and deterministic."""
    so_far = blocks_of(data)
    enhet_ids = [unit.enhet for unit in data.units]
    recipients = [unit.recipient for unit in data.units]
    by_unit = in_order(row for block in so_far.blocks for row in block.rows(enhet_ids, recipients))
    rows = [row for enhet in enhet_ids for row in by_unit.get(enhet, ())]
    hashes = {enhet: hash_of(lines) for enhet, lines in by_unit.items()}
    return Allocated(rows, so_far.pools, hashes, _totals(so_far.blocks, enhet_ids), so_far.blocks)


def _totals(blocks: list[LineBlock], enhet_ids: list[str]) -> dict[str, int]:
    totals = [0] * len(enhet_ids)
    for block in blocks:
        for place, amount in zip(block.enhet, block.amount_ore, strict=True):
            totals[place] += amount
    return dict(zip(enhet_ids, totals, strict=True))
