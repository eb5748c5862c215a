"""Tables, migrations, repositories and the unit of work: the only room that speaks SQL.

Example: ``with UnitOfWork(make_engine(url)) as work: work.runs.list("9901")``.
"""

from core.store.batches import BatchRepository, NewBatch
from core.store.bulk import absent_mark, write_rows
from core.store.engine import make_engine
from core.store.records import (
    BatchRecord,
    EnrolmentRecord,
    GivenRecord,
    GrantRecord,
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
from core.store.work import UnitOfWork

__all__ = [
    "BatchRecord",
    "BatchRepository",
    "EnrolmentRecord",
    "GivenRecord",
    "GrantRecord",
    "KommunRecord",
    "ModelRecord",
    "NewBatch",
    "NewRun",
    "PlannedRecord",
    "PremisesRecord",
    "RunColumns",
    "RunCountRecord",
    "RunPoolRecord",
    "RunRecord",
    "RunRepository",
    "RunUnitRecord",
    "StaffRecord",
    "UnitOfWork",
    "UnitRecord",
    "absent_mark",
    "make_engine",
    "write_rows",
]
