"""A unit of work: one transaction, its repositories, and no change without a commit."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from core.store.audit import AuditRepository
from core.store.batches import BatchRepository
from core.store.changes import ChangeRepository
from core.store.claims import ClaimRepository
from core.store.cleaning import clean_unfinished
from core.store.corrections import CorrectionRepository
from core.store.counting import run_count
from core.store.decisions import DecisionRepository
from core.store.engine import READ_ONLY
from core.store.facts import FactRepository
from core.store.flags import FlagRepository
from core.store.ledger import KommunRepository, ModelRepository
from core.store.measures import MeasureRepository
from core.store.payments import PaymentRepository
from core.store.runs import RunRepository
from core.store.scenarios import ScenarioRepository
from core.store.successions import SuccessionRepository
from core.store.sums import SumRepository

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from core.register import CountGroups, CountQuery
    from core.store.cleaning import Cleaned


class UnitOfWork:
    """``with UnitOfWork(engine) as work: …; work.commit()``; leaving without a commit rolls everything back.

    Reading, the database stands still as it was at the first question. Writing on SQLite, nobody
    else writes until the end.
    """

    connection: Connection
    kommuner: KommunRepository
    batches: BatchRepository
    facts: FactRepository
    models: ModelRepository
    runs: RunRepository
    audit: AuditRepository
    sums: SumRepository
    changes: ChangeRepository
    scenarios: ScenarioRepository
    payments: PaymentRepository
    claims: ClaimRepository
    decisions: DecisionRepository
    corrections: CorrectionRepository
    measures: MeasureRepository
    flags: FlagRepository
    successions: SuccessionRepository

    def __init__(self, engine: Engine, *, read_only: bool = False) -> None:
        self._engine = engine
        self._read_only = read_only
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Open a connection and begin; raises ``DatabaseBusyError``."""
        with ExitStack() as stack:
            connection = stack.enter_context(self._engine.connect())
            if self._read_only:
                self._only_read(connection)
            connection.begin()
            self._exit = stack.pop_all()
        self.connection = connection
        self.kommuner = KommunRepository(connection)
        self.batches = BatchRepository(connection)
        self.facts = FactRepository(connection)
        self.models = ModelRepository(connection)
        self.runs = RunRepository(connection)
        self.audit = AuditRepository(connection)
        self.sums = SumRepository(connection)
        self.changes = ChangeRepository(connection)
        self.scenarios = ScenarioRepository(connection)
        self.payments = PaymentRepository(connection)
        self.claims = ClaimRepository(connection)
        self.decisions = DecisionRepository(connection)
        self.corrections = CorrectionRepository(connection)
        self.measures = MeasureRepository(connection)
        self.flags = FlagRepository(connection)
        self.successions = SuccessionRepository(connection)
        return self

    @staticmethod
    def _only_read(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            connection.execution_options(**{READ_ONLY: True})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed and give the connection back."""
        self._exit.close()

    def count(self, query: CountQuery) -> CountGroups:
        """Return the groups of a declared count."""
        return run_count(self.connection, query)

    def clean_unfinished(self, kommun: str, before: datetime) -> Cleaned:
        """Remove deliveries and runs begun before a moment whose writer was killed half-way."""
        return clean_unfinished(self.connection, kommun, before)

    def commit(self) -> None:
        """Make the changes lasting."""
        self.connection.commit()
