"""A unit of work: one transaction, its repositories, and no change without a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.store.batches import BatchRepository
from core.store.counting import run_count
from core.store.engine import READ_ONLY
from core.store.facts import FactRepository
from core.store.ledger import AuditRepository, KommunRepository, ModelRepository
from core.store.runs import RunRepository
from core.store.sums import SumRepository

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from core.register import CountGroups, CountQuery


class UnitOfWork:
    """``with UnitOfWork(engine) as work: …; work.commit()``; leaving without a commit rolls everything back."""

    def __init__(self, engine: Engine, *, read_only: bool = False) -> None:
        self._engine = engine
        self._read_only = read_only

    def __enter__(self) -> UnitOfWork:
        """Open a connection and begin."""
        connection = self._engine.connect()
        if self._read_only:
            connection = connection.execution_options(**{READ_ONLY: True})
        connection.begin()
        self.connection: Connection = connection
        self.kommuner = KommunRepository(connection)
        self.batches = BatchRepository(connection)
        self.facts = FactRepository(connection)
        self.models = ModelRepository(connection)
        self.runs = RunRepository(connection)
        self.audit = AuditRepository(connection)
        self.sums = SumRepository(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed and give the connection back."""
        self.connection.close()

    def count(self, query: CountQuery) -> CountGroups:
        """Return the groups of a declared count."""
        return run_count(self.connection, query)

    def commit(self) -> None:
        """Make the changes lasting."""
        self.connection.commit()
