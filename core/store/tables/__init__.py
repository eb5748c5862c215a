"""The tables. ``kommun`` is first in every key; money is whole öre; codes are text.

Example: ``select(UnitRow.name).where(UnitRow.kommun == "9901")``. Nothing outside the store uses
these: what leaves the store are the frozen records of ``core.store.records``.
"""

from core.store.tables.audit import AuditEntryRow
from core.store.tables.base import Base
from core.store.tables.batch import BATCH_KINDS, BatchIssueRow, BatchRow, FundingModelRow
from core.store.tables.claim import ClaimRow
from core.store.tables.decided import CaseAmountRow, SuccessionRow
from core.store.tables.decision import DecisionChangeRow, DecisionRow
from core.store.tables.flag import FlagRow
from core.store.tables.kommun import KommunRow
from core.store.tables.line import AllocationLineRow, BookLineRow, PaymentLineRow
from core.store.tables.measure import RunCorrectionRow, RunMeasureRow
from core.store.tables.payment import PaymentPartRow, PaymentRow, RecoveryRow
from core.store.tables.people import (
    SCOPE_KINDS,
    AccountRow,
    InvitationRow,
    KeyStampRow,
    LocalAccountRow,
    LoginRow,
    RoleGrantRow,
)
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
from core.store.tables.scenario import RunChangeRow, ScenarioRow, ScenarioRunRow

__all__ = [
    "BATCH_KINDS",
    "SCOPE_KINDS",
    "AccountRow",
    "AllocationLineRow",
    "AuditEntryRow",
    "Base",
    "BatchIssueRow",
    "BatchRow",
    "BookLineRow",
    "CaseAmountRow",
    "ClaimRow",
    "DecisionChangeRow",
    "DecisionRow",
    "EnrolmentRow",
    "FlagRow",
    "FundingModelRow",
    "GivenAmountRow",
    "IndexValueRow",
    "InvitationRow",
    "KeyStampRow",
    "KommunRow",
    "LocalAccountRow",
    "LoginRow",
    "PaymentLineRow",
    "PaymentPartRow",
    "PaymentRow",
    "PlannedCountRow",
    "PremisesRow",
    "RecoveryRow",
    "RoleGrantRow",
    "RunBatchRow",
    "RunChangeRow",
    "RunCorrectionRow",
    "RunCountRow",
    "RunMeasureRow",
    "RunPoolRow",
    "RunPriceRow",
    "RunRow",
    "RunUncountedRow",
    "RunUnitRow",
    "ScenarioRow",
    "ScenarioRunRow",
    "StaffRow",
    "SuccessionRow",
    "UnitRow",
]
