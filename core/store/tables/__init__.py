"""The tables. ``kommun`` is first in every key; money is whole öre; codes are text.

Example: ``select(UnitRow.name).where(UnitRow.kommun == "9901")``. Nothing outside the store uses
these: what leaves the store are the frozen records of ``core.store.records``.
"""

from core.store.tables.audit import AuditEntryRow
from core.store.tables.base import Base
from core.store.tables.batch import BATCH_KINDS, BatchIssueRow, BatchRow, FundingModelRow
from core.store.tables.kommun import SCOPE_KINDS, KommunRow, RoleGrantRow
from core.store.tables.line import AllocationLineRow, BookLineRow, PaymentLineRow
from core.store.tables.register import (
    EnrolmentRow,
    GivenAmountRow,
    IndexValueRow,
    PlannedCountRow,
    PremisesRow,
    StaffRow,
    UnitRow,
)
from core.store.tables.run import (
    RunBatchRow,
    RunCountRow,
    RunPoolRow,
    RunPriceRow,
    RunRow,
    RunUncountedRow,
    RunUnitRow,
)

__all__ = [
    "BATCH_KINDS",
    "SCOPE_KINDS",
    "AllocationLineRow",
    "AuditEntryRow",
    "Base",
    "BatchIssueRow",
    "BatchRow",
    "BookLineRow",
    "EnrolmentRow",
    "FundingModelRow",
    "GivenAmountRow",
    "IndexValueRow",
    "KommunRow",
    "PaymentLineRow",
    "PlannedCountRow",
    "PremisesRow",
    "RoleGrantRow",
    "RunBatchRow",
    "RunCountRow",
    "RunPoolRow",
    "RunPriceRow",
    "RunRow",
    "RunUncountedRow",
    "RunUnitRow",
    "StaffRow",
    "UnitRow",
]
