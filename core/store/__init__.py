"""Tables, migrations, repositories and the unit of work: the only room that speaks SQL.

Example: ``with UnitOfWork(make_engine(url)) as work: work.runs.list("9901")``.
"""

from core.store.audit import AuditRepository
from core.store.batches import BatchRepository, NewBatch
from core.store.bulk import absent_mark, write_rows
from core.store.changes import ChangeRecord
from core.store.engine import make_engine
from core.store.errors import (
    BatchStateError,
    BatchUnfinishedError,
    BatchUnknownError,
    DatabaseBusyError,
    DatabaseReadOnlyError,
    KommunExistsError,
    KommunUnknownError,
    ModelUnknownError,
    RowRefusedError,
    RunStateError,
    RunUnknownError,
)
from core.store.flags import FlagRecord, FlagRepository, FlagUnknownError, NewFlag
from core.store.local_accounts import LocalAccountRecord
from core.store.logins import LoginRecord
from core.store.people import AccountRecord, AccountUnknownError, GrantRecord, InvitationRecord
from core.store.reach import OutOfReachError, Reach
from core.store.records import (
    AuditRecord,
    BatchRecord,
    CaseRecord,
    EnrolmentRecord,
    GivenRecord,
    KommunRecord,
    ModelRecord,
    PlannedRecord,
    PremisesRecord,
    RunCountRecord,
    RunPoolRecord,
    RunRecord,
    RunUnitRecord,
    StaffRecord,
    UnitRecord,
)
from core.store.runs import NewRun, RunColumns, RunRepository
from core.store.scenarios import (
    NewEdition,
    ScenarioMovedError,
    ScenarioRecord,
    ScenarioRunRecord,
    ScenarioUnknownError,
)
from core.store.successions import SuccessionRecord
from core.store.work import UnitOfWork

__all__ = [
    "AccountRecord",
    "AccountUnknownError",
    "AuditRecord",
    "AuditRepository",
    "BatchRecord",
    "BatchRepository",
    "BatchStateError",
    "BatchUnfinishedError",
    "BatchUnknownError",
    "CaseRecord",
    "ChangeRecord",
    "DatabaseBusyError",
    "DatabaseReadOnlyError",
    "EnrolmentRecord",
    "FlagRecord",
    "FlagRepository",
    "FlagUnknownError",
    "GivenRecord",
    "GrantRecord",
    "InvitationRecord",
    "KommunExistsError",
    "KommunRecord",
    "KommunUnknownError",
    "LocalAccountRecord",
    "LoginRecord",
    "ModelRecord",
    "ModelUnknownError",
    "NewBatch",
    "NewEdition",
    "NewFlag",
    "NewRun",
    "OutOfReachError",
    "PlannedRecord",
    "PremisesRecord",
    "Reach",
    "RowRefusedError",
    "RunColumns",
    "RunCountRecord",
    "RunPoolRecord",
    "RunRecord",
    "RunRepository",
    "RunStateError",
    "RunUnitRecord",
    "RunUnknownError",
    "ScenarioMovedError",
    "ScenarioRecord",
    "ScenarioRunRecord",
    "ScenarioUnknownError",
    "StaffRecord",
    "SuccessionRecord",
    "UnitOfWork",
    "UnitRecord",
    "absent_mark",
    "make_engine",
    "write_rows",
]
