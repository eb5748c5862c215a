"""Payments, recoveries and decisions made by hand for the pages' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.publication.decision import DecisionForm, DecisionState
from core.publication.payment import PaymentState
from core.publication.recovery import RecoveryState
from core.usecases.decision_views import DecidedUnit, DecisionInfo, DecisionsView, DecisionView, HuvudmanRow
from core.usecases.payment_views import (
    DifferenceView,
    ElevList,
    ElevRow,
    PaymentInfo,
    PaymentRowView,
    PaymentsView,
    PaymentView,
    RecoveryView,
    UnitOfPayment,
)
from tests.pages.fakes import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
PREPARED = PaymentInfo(
    11, 202611, 14, PaymentState.PREPARED, "Framtagen", date(2026, 11, 20), date(2026, 12, 11), False, 12_345_678,
    "ab" * 32, "controller", AT, None, None,
)  # fmt: skip
APPROVED = replace(PREPARED, state=PaymentState.APPROVED, may_object=True, approved_by="chef", approved_at=AT)
CANCELLED = replace(PREPARED, state=PaymentState.CANCELLED, prepared_by="kommandorad:joar")
ROWS = (
    PaymentRowView(
        "G03", "Lerbäckens skola", "999900-9901", "Lindviks kommun", "egen", 202611, "monthly", "Månadsbelopp", None,
        None, 12_000_000, "Bidrag för november 2026",
    ),
    PaymentRowView(
        "G03", "Lerbäckens skola", "999900-9901", "Lindviks kommun", "egen", 202610, "correction", "Rättelse",
        11_000_000, 11_345_678, 345_678, "Oktober 2026 räknas nu till mer",
    ),
)  # fmt: skip
VIEW = PaymentView(
    PREPARED, ROWS, (UnitOfPayment("G03", "Lerbäckens skola", 12_345_678, may_list=True, may_object=False),), 2,
    "Begär rättelse hos registratorn.", may_prepare=True, may_approve=False, may_take_files=False,
)  # fmt: skip
TO_APPROVE = replace(VIEW, may_prepare=False, may_approve=True)
OPEN = replace(
    VIEW, payment=APPROVED, may_prepare=False, may_take_files=True,
    units=(UnitOfPayment("G03", "Lerbäckens skola", 12_345_678, may_list=True, may_object=True),),
)  # fmt: skip
RECOVERY = RecoveryView(
    3, "G03", "Lerbäckens skola", 300_000, 100_000, 3, 202609, "Dubbelt räknad elev", RecoveryState.PROPOSED,
    "Föreslaget", None,
)  # fmt: skip
ALL = PaymentsView((PREPARED,), (RECOVERY,), 202612, may_prepare=True, may_decide_recovery=True)
NONE = PaymentsView((), (), 202601, may_prepare=True, may_decide_recovery=False)
DIFFERENCE = DifferenceView("G03", "Lerbäckens skola", 12_345_678, 11_000_000, 1_345_678, "Månadsbelopp +10 kr")
ELEVER = ElevList(
    "G03", "Lerbäckens skola", 202611, 11, date(2026, 12, 11), True, "Begär rättelse.",
    (ElevRow("K-77", "a1b2", "grundskola", "Årskurs 1–3", "2", "2A", 201803, 15, 42),
     ElevRow(None, "c3d4", "grundskola", "Årskurs 1–3", "3", None, 201701, 15, 43)), planned=False,
)  # fmt: skip
DECISION = DecisionInfo(
    7, 14, "999901-0014", "Vintergäcken AB", DecisionForm.BESLUT, "Beslut om bidrag", DecisionState.DELIVERED,
    "Delgivet", 500_000_000, "Nämnden", date(2025, 11, 24), "§ 219", None, date(2025, 12, 1), "e-post",
    date(2025, 12, 22), None, None, None,
)  # fmt: skip
DRAFT = replace(DECISION, state=DecisionState.DRAFT, decided_on=None, delivered_on=None, appeal_until=None)
APPEALED = replace(DECISION, state=DecisionState.APPEALED, appealed_on=date(2025, 12, 20))
DECISIONS = DecisionsView(
    (RUN,), RUN,
    (HuvudmanRow("999901-0014", "Vintergäcken AB", "Beslut om bidrag", 2, DECISION),
     HuvudmanRow("999900-9901", "Lindviks kommun", "Fördelningsbesked", 35, None)),
    may_prepare=True, may_decide=True, may_deliver=True,
)  # fmt: skip
UNITS = (DecidedUnit("G13", "Vintergäckens skola", 500_000_000, 501_000_000),)
ONE = DecisionView(
    DECISION, False, UNITS, may_recompute=True, may_decide=False, may_deliver=False, may_appeal=True, may_settle=True
)


def _view(_app: object, _viewer: object, _number: int) -> PaymentView:
    return VIEW


def _differences(_app: object, _viewer: object, _number: int) -> tuple[DifferenceView, ...]:
    return (DIFFERENCE,)  # has a name of its own: the pages' memory tells questions apart by name


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the pages ask."""
    return {
        "payment_reading.payments_view": lambda _app, _viewer: ALL,
        "payment_reading.payment_view": _view,
        "payment_reading.payment_differences": _differences,
        "payment_reading.elev_list": lambda _app, _viewer, _number, _enhet, *, purpose: ELEVER if purpose else None,
        "decision_reading.decisions_view": lambda _app, _viewer, _run: DECISIONS,
        "decision_reading.decision_view": lambda _app, _viewer, _number: ONE,
    }
