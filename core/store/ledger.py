"""Kommuner, and funding models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.base import BatchState
from core.store.errors import KommunUnknownError, ModelUnknownError
from core.store.numbers import next_number
from core.store.reach import KommunBound
from core.store.records import KommunRecord, ModelRecord
from core.store.tables import FundingModelRow, KommunRow

if TYPE_CHECKING:
    from collections.abc import Sequence


class KommunRepository(KommunBound):
    """The kommuner whose books are kept."""

    OF_NO_KOMMUN = frozenset({"list"})  # codes and names are public

    def add(self, kommun: KommunRecord) -> None:
        """Set up a kommun."""
        values = {name: getattr(kommun, name) for name in KommunRecord.__slots__}
        self._connection.execute(insert(KommunRow).values(**values))

    def list(self) -> Sequence[KommunRecord]:
        """Return every kommun by code."""
        rows = self._connection.execute(select(KommunRow.__table__).order_by(KommunRow.kommun))
        return [KommunRecord(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name

    def get(self, kommun: str) -> KommunRecord:
        """Return a kommun; raises ``KommunUnknownError``."""
        for one in self.list():
            if one.kommun == kommun:
                return one
        raise KommunUnknownError(kommun)


class ModelRepository(KommunBound):
    """Decided funding models, by kommun, year and version."""

    def add(self, model: ModelRecord) -> None:
        """Write a model."""
        values = {name: getattr(model, name) for name in ModelRecord.__slots__}
        self._connection.execute(insert(FundingModelRow).values(**values))

    def in_force(self, kommun: str, year: int) -> ModelRecord:
        """Return the highest accepted version for a year; raises ``ModelUnknownError``."""
        table = FundingModelRow
        rows = self._connection.execute(
            select(table.__table__)
            .where(table.kommun == kommun, table.year == year, table.state == BatchState.ACCEPTED.value)
            .order_by(table.version)
        ).all()
        if not rows:
            raise ModelUnknownError(kommun, year)
        return ModelRecord(**rows[-1]._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    def next_version(self, kommun: str, year: int) -> int:
        """Return the version after the highest there is."""
        table = FundingModelRow
        return next_number(self._connection, table.version, table.kommun == kommun, table.year == year, kommun=kommun)

    def move(self, kommun: str, batch: int, state: BatchState) -> None:
        """Give a batch's model the batch's new state."""
        table = FundingModelRow
        statement = update(table).where(table.kommun == kommun, table.batch == batch).values(state=state.value)
        self._connection.execute(statement)
