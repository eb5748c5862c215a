"""What the page Utbetalningar and the command line are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.publication.payment import PaymentState
    from core.publication.recovery import RecoveryState
    from core.usecases.looks import LeftOut


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """A payment as a whole; ``month`` as yyyymm. ``total_ore`` is of the units that the viewer may see."""

    number: int
    month: int
    run: int
    state: PaymentState
    state_label: str
    pay_on: date | None
    object_until: date | None
    may_object: bool
    total_ore: int
    sha256: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRowView:
    """One row of a payment with its words."""

    enhet: str
    name: str
    huvudman: str
    huvudman_name: str
    recipient: str
    month: int
    kind: str
    kind_label: str
    old_ore: int | None
    new_ore: int | None
    amount_ore: int
    reason: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A unit's payment beside the month before's."""

    enhet: str
    name: str
    now_ore: int
    before_ore: int | None
    change_ore: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """A recovery and how much of it is taken back."""

    number: int
    enhet: str
    name: str
    amount_ore: int
    taken_ore: int
    months: int
    first_month: int
    reason: str
    state: RecoveryState
    state_label: str
    paragraph: str | None


@dataclass(frozen=True, slots=True)
class UnitOfPayment:
    """A unit of a payment; the viewer may see its elever (``may_list``), may object to it now (``may_object``)."""

    enhet: str
    name: str
    amount_ore: int
    may_list: bool
    may_object: bool


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment with its rows and what the viewer may do."""

    payment: PaymentInfo
    rows: tuple[PaymentRowView, ...]
    units: tuple[UnitOfPayment, ...]
    waiting: int
    late: str
    may_prepare: bool
    may_approve: bool
    may_take_files: bool
    reason: str | None = None
    """Why it was cancelled."""


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """The payments there are, newest first; ``next_month`` (yyyymm) is the one that can be prepared."""

    payments: tuple[PaymentInfo, ...]
    recoveries: tuple[RecoveryView, ...]
    next_month: int | None
    may_prepare: bool
    may_decide_recovery: bool


@dataclass(frozen=True, slots=True)
class ElevRow:
    """An elev behind a payment: by the receiver's own reference where there is one, else by our pseudonym."""

    referens: str | None
    pseudonym: str
    verksamhet: str
    category: str
    arskurs: str | None
    group_name: str | None
    birth_month: int
    batch: int
    row: int


@dataclass(frozen=True, slots=True)
class ElevList:
    """The elever that a unit is paid for in a month, and until when the receiver may object."""

    enhet: str
    name: str
    month: int
    payment: int
    object_until: date | None
    may_object: bool
    late: str
    rows: tuple[ElevRow, ...]
    planned: bool
    """The month is paid by plan: there are no elever to list."""
    left_out: LeftOut | None = None
    """Those with protected identity, who are paid for but never listed."""
    erased_on: date | None = None
    """When retention erased the rows."""
