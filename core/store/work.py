"""A unit of work: one transaction, its repositories, and no change without a commit."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from core.store.audit import AuditRepository
from core.store.batches import BatchRepository
from core.store.changes import ChangeRepository
from core.store.claims import ClaimRepository
from core.store.corrections import CorrectionRepository
from core.store.counting import run_count
from core.store.decisions import DecisionRepository
from core.store.engine import PATIENCE_MS, READ_ONLY
from core.store.facts import FactRepository
from core.store.flags import FlagRepository
from core.store.key_stamps import KeyStampRepository
from core.store.ledger import KommunRepository, ModelRepository
from core.store.local_accounts import LocalAccountRepository
from core.store.logins import LoginRepository
from core.store.measures import MeasureRepository
from core.store.payments import PaymentRepository
from core.store.people import PeopleRepository
from core.store.reach import bind_reach
from core.store.resealing import ResealingRepository
from core.store.retention import RetentionRepository
from core.store.runs import RunRepository
from core.store.scenarios import ScenarioRepository
from core.store.stamps import StampRepository
from core.store.successions import SuccessionRepository
from core.store.sums import SumRepository

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from core.register import CountGroups, CountQuery
    from core.store.reach import Reach


class UnitOfWork:
    """``with UnitOfWork(engine, reach) as work: …; work.commit()``; leaving without a commit rolls everything back.

    Nothing outside ``reach`` can be read or written: the repositories ask it, and so does PostgreSQL itself.
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
    people: PeopleRepository
    key_stamps: KeyStampRepository
    resealing: ResealingRepository
    retention: RetentionRepository
    stamps: StampRepository
    logins: LoginRepository
    local_accounts: LocalAccountRepository

    def __init__(self, engine: Engine, reach: Reach, *, read_only: bool = False) -> None:
        self.reach = reach
        self._engine = engine
        self._read_only = read_only
        self._patience_ms: int | None = None
        self._exit = ExitStack()

    def waiting_at_most(self, milliseconds: int) -> Self:
        """Give up sooner than ever when somebody else writes: for what may as well be written next time.

        On SQLite, where one writes at a time; PostgreSQL waits for nobody but who changes the same row.
        """
        self._patience_ms = milliseconds
        return self

    def __enter__(self) -> Self:
        """Open a connection and begin; raises ``DatabaseBusyError``."""
        with ExitStack() as stack:
            connection = stack.enter_context(self._engine.connect())
            if self._read_only:
                self._only_read(connection)
            elif self._patience_ms is not None:
                connection.execution_options(**{PATIENCE_MS: self._patience_ms})
            bind_reach(connection, self.reach)
            connection.begin()
            self._exit = stack.pop_all()
        self.connection = connection
        self._give_repositories(connection)
        return self

    def _give_repositories(self, connection: Connection) -> None:
        self.kommuner = KommunRepository(connection, self.reach)
        self.batches = BatchRepository(connection, self.reach)
        self.facts = FactRepository(connection, self.reach)
        self.models = ModelRepository(connection, self.reach)
        self.runs = RunRepository(connection, self.reach)
        self.audit = AuditRepository(connection, self.reach)
        self.sums = SumRepository(connection, self.reach)
        self.changes = ChangeRepository(connection, self.reach)
        self.scenarios = ScenarioRepository(connection, self.reach)
        self.payments = PaymentRepository(connection, self.reach)
        self.claims = ClaimRepository(connection, self.reach)
        self.decisions = DecisionRepository(connection, self.reach)
        self.corrections = CorrectionRepository(connection, self.reach)
        self.measures = MeasureRepository(connection, self.reach)
        self.flags = FlagRepository(connection, self.reach)
        self.successions = SuccessionRepository(connection, self.reach)
        self.people = PeopleRepository(connection, self.reach)
        self.key_stamps = KeyStampRepository(connection, self.reach)
        self.resealing = ResealingRepository(connection, self.reach)
        self.retention = RetentionRepository(connection, self.reach)
        self.stamps = StampRepository(connection, self.reach)
        self.logins = LoginRepository(connection, self.reach)
        self.local_accounts = LocalAccountRepository(connection, self.reach)

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
        self.reach.must_hold(query.kommun)
        return run_count(self.connection, query)

    def commit(self) -> None:
        """Make the changes lasting."""
        self.connection.commit()
