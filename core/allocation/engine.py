"""From quantities and prices to lines: the steps in their declared order, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.columns import sums_at
from core.allocation.kinds import KINDS, SoFar, SolvedPool
from core.allocation.lines import Line, hash_of, in_order, root_hash
from core.base import CoreError, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.allocation.inputs import AllocationInput
    from core.allocation.kinds.base import Measured
    from core.allocation.lines import LineBlock
    from core.allocation.price_table import PriceTable


LARGEST = 2**63 - 1


class FigureTooLongError(CoreError):
    """An exact figure has more digits than a database keeps; rounding it would be to guess."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(
            Sentence(
                "Steget {step} ger ett exakt tal som är för långt för att sparas. Ange steget, dess vikter eller index "
                "med färre decimaler, eller avrunda ett mått med rounding.",
                step=step,
            )
        )


@dataclass(slots=True)
class Allocated:
    """What a run's steps gave.

    ``rows`` are the lines as tuples in the order of ``LINE_COLUMNS``, unit by unit, as they are stored;
    ``blocks`` are the same lines as columns, step by step; ``measures`` what steps yield for others to build on.
    """

    rows: list[tuple[object, ...]]
    pools: list[SolvedPool]
    hashes: dict[str, str]
    totals: dict[str, int] = field(default_factory=dict)
    blocks: list[LineBlock] = field(default_factory=list)
    measures: dict[str, Measured] = field(default_factory=dict)

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
    return Allocated(rows, so_far.pools, hashes, _totals(so_far.blocks, enhet_ids), so_far.blocks, so_far.measures)


def must_fit(prices: PriceTable, allocated: Allocated) -> None:
    """Return if every price, pool and line fits the database's 64 bits; raises ``FigureTooLongError``."""
    for price in prices:
        if max(abs(price.exact.numerator), price.exact.denominator) > LARGEST:
            raise FigureTooLongError(price.step)
    for pool in allocated.pools:
        if max(*pool.weight.as_integer_ratio()) > LARGEST:
            raise FigureTooLongError(pool.step)
    for measured in allocated.measures.values():
        for exact, shown in measured.values.values():
            if max(abs(exact.numerator), exact.denominator, abs(shown.numerator), shown.denominator) > LARGEST:
                raise FigureTooLongError(measured.step)
    for block in allocated.blocks:
        columns = block.terms() if block.facts.kind != "per_elev" else ()  # elever at prices that fit
        if any(max(column, default=0) > LARGEST or min(column, default=0) < -LARGEST for column in columns):
            raise FigureTooLongError(block.facts.step)


def _totals(blocks: list[LineBlock], enhet_ids: list[str]) -> dict[str, int]:
    totals = np.zeros(len(enhet_ids), object)
    for block in blocks:
        totals += sums_at(block.enhet_places(), block.ore(), len(enhet_ids))
    return dict(zip(enhet_ids, totals.tolist(), strict=True))
