"""Which unit follows which, as deliveries say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.store.reach import KommunBound
from core.store.tables import SuccessionRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class SuccessionRecord:
    """A unit that another follows from a day; ``share`` is the part of it that goes there.

    Without ``enhet`` the successor opened and follows nobody; without ``successor`` the unit closed for good.
    """

    enhet: str | None
    successor: str | None
    valid_from: date
    share: Fraction
    batch: int
    row: int


class SuccessionRepository(KommunBound):
    """Reads of successions within one unit of work."""

    def of_batches(self, kommun: str, batches: Sequence[int]) -> list[SuccessionRecord]:
        """Return the rows in force, by day: a later batch replaces all that an earlier one says of a unit it names."""
        table = SuccessionRow
        columns = (table.enhet, table.successor, table.valid_from, table.share_num, table.share_den, table.row)
        said: dict[str, list[SuccessionRecord]] = {}
        for batch in batches:
            rows = self._connection.execute(
                select(*columns).where(table.kommun == kommun, table.batch == batch).order_by(table.row)
            )
            mine: dict[str, list[SuccessionRecord]] = {}
            for enhet, successor, day, num, den, row in rows:
                record = SuccessionRecord(enhet, successor, day, Fraction(num, den), batch, row)
                mine.setdefault(enhet or f"+{successor}", []).append(record)
            said |= mine
        found = [record for records in said.values() for record in records]
        return sorted(found, key=lambda one: (one.valid_from, one.batch, one.row))
