"""What may change about all that a kommun's pages show: numbers and states, and of the texts beside them the length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.store.reach import KommunBound
from core.store.tables import BatchRow, DecisionRow, FlagRow, PaymentRow, RecoveryRow, RunRow, ScenarioRow

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANGING: dict[Any, tuple[str, ...]] = {
    RunRow: ("number", "state"),
    BatchRow: ("number", "state", "erased_at"),
    FlagRow: ("number", "state", "batch"),
    PaymentRow: ("number", "state"),
    RecoveryRow: ("number", "state"),
    DecisionRow: ("number", "state", "appealed_on"),
    ScenarioRow: ("number", "state", "edition"),
}
WORDS: dict[Any, tuple[str, ...]] = {
    BatchRow: ("reason",),
    FlagRow: ("said", "answer"),
    PaymentRow: ("reason",),
    RecoveryRow: ("reason",),
    ScenarioRow: ("note",),
}
"""Encrypted texts that may be erased while the state stays: how long each is tells whether it is still there."""


class StampRepository(KommunBound):
    """States of one unit of work, asked for in every run of every page: nothing is read that has to be decrypted."""

    def states(self, kommun: str) -> Iterator[str]:
        """Yield the name of each table and, by number, what may have changed in each of its rows."""
        for table, names in CHANGING.items():
            columns = [getattr(table, name) for name in names]
            columns += [func.length(getattr(table, name)) for name in WORDS.get(table, ())]
            yield table.__tablename__
            for row in self._connection.execute(select(*columns).where(table.kommun == kommun).order_by(table.number)):
                yield ",".join(map(str, row))
