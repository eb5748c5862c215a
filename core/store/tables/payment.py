"""What was paid: a payment per month with its rows, approved by somebody else; and what is to be recovered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.encrypted import EncryptedText
from core.store.tables.base import Base, Big, Code, Day, Moment, Number, Prose, is_one_of, of_kommun, refers_to

STATES = ("prepared", "approved", "paid", "cancelled")
ROW_KINDS = ("monthly", "settlement", "correction", "appeal", "recovery")
RECOVERY_STATES = ("proposed", "decided", "settled", "cancelled")
ALIVE = text("state <> 'cancelled'")


class PaymentRow(Base):
    """The payment of one month out of one run; who approves is not who prepared, and a month is paid once.

    Triggers (migration 0005) keep rows as they were prepared, and what an approved payment says.
    """

    __tablename__ = "payment"
    __table_args__ = (
        of_kommun(),
        refers_to("run", run="number"),
        is_one_of("state", STATES),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="four_eyes"),
        Index("ix_payment_kommun_month", "kommun", "month", unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    run: Mapped[Number]
    month: Mapped[Number] = mapped_column(comment="yyyymm")
    state: Mapped[Code]
    pay_on: Mapped[Day | None]
    object_until: Mapped[Day | None] = mapped_column(comment="last day of the objection window")
    sha256: Mapped[Code] = mapped_column(comment="of the canonical rows")
    total_ore: Mapped[Big] = mapped_column(comment="öre")
    prepared_at: Mapped[Moment]
    prepared_by: Mapped[Code] = mapped_column(comment="subject")
    approved_at: Mapped[Moment | None]
    approved_by: Mapped[Code | None] = mapped_column(comment="subject")
    paid_at: Mapped[Moment | None]
    cancelled_at: Mapped[Moment | None]
    reason: Mapped[str | None] = mapped_column(EncryptedText("payment.reason"))


class PaymentPartRow(Base):
    """One row of a payment: a unit, the month it concerns, and öre; corrections carry old and new."""

    __tablename__ = "payment_part"
    __table_args__ = (refers_to("payment", payment="number"), is_one_of("kind", ROW_KINDS))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    payment: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False, comment="yyyymm it concerns")
    kind: Mapped[Code] = mapped_column(primary_key=True)
    huvudman: Mapped[Code]
    old_ore: Mapped[Big | None] = mapped_column(comment="öre paid before, for a correction")
    new_ore: Mapped[Big | None] = mapped_column(comment="öre due, for a correction")
    amount_ore: Mapped[Big] = mapped_column(comment="öre")
    reason: Mapped[Prose]


class RecoveryRow(Base):
    """An overpayment to be recovered, over a number of months."""

    __tablename__ = "recovery"
    __table_args__ = (
        of_kommun(),
        is_one_of("state", RECOVERY_STATES),
        CheckConstraint("amount_ore > 0", name="amount_positive"),
        CheckConstraint("months BETWEEN 1 AND 36", name="months_in_reason"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code]
    huvudman: Mapped[Code]
    amount_ore: Mapped[Big] = mapped_column(comment="öre")
    months: Mapped[Number]
    first_month: Mapped[Number] = mapped_column(comment="yyyymm")
    reason: Mapped[str] = mapped_column(EncryptedText("recovery.reason"))
    state: Mapped[Code]
    created_at: Mapped[Moment]
    created_by: Mapped[Code]
    decided_on: Mapped[Day | None]
    decided_by: Mapped[Code | None]
    paragraph: Mapped[Prose | None]
