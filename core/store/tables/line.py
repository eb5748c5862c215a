"""The truth of a run: what each unit was allocated, what is paid, and how the books close. All in öre."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.base import Dimension, Recipient
from core.store.tables.base import CLUSTERED, Base, Big, Code, Number, Prose, is_one_of, refers_to

OF_UNIT = {"run": "run", "enhet": "enhet"}


class AllocationLineRow(Base):
    """quantity × rate × factor before rounding and remainder, and the öre it became.

    ``period`` is the price period. The amount is always ``before_ore + remainder_ore``.
    """

    __tablename__ = "allocation_line"
    __table_args__ = (
        refers_to("run_unit", **OF_UNIT),
        is_one_of("dimension", Dimension),
        is_one_of("recipient", Recipient),
        CheckConstraint("amount_ore = before_ore + remainder_ore", name="amount_is_whole"),
        CheckConstraint("quantity_den > 0 AND rate_den > 0 AND factor_den > 0", name="dens_positive"),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    category: Mapped[Code] = mapped_column(primary_key=True)
    period: Mapped[Code] = mapped_column(primary_key=True)
    recipient: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[Number]
    verksamhet: Mapped[Code]
    kostnadsslag: Mapped[Code]
    dimension: Mapped[Code]
    kind: Mapped[Code]
    kind_version: Mapped[Number]
    quantity_num: Mapped[Big]
    quantity_den: Mapped[Big]
    rate_num: Mapped[Big] = mapped_column(comment="öre, numerator")
    rate_den: Mapped[Big]
    factor_num: Mapped[Big]
    factor_den: Mapped[Big]
    before_ore: Mapped[Big] = mapped_column(comment="öre")
    remainder_ore: Mapped[Big] = mapped_column(comment="öre")
    amount_ore: Mapped[Big] = mapped_column(comment="öre")
    detail: Mapped[Prose] = mapped_column(comment="canonical JSON")
    source: Mapped[Prose] = mapped_column(comment="canonical JSON")


class PaymentLineRow(Base):
    """What is paid to a unit for a month, rounded as decided, and the settlement of the rounding."""

    __tablename__ = "payment_line"
    __table_args__ = (refers_to("run_unit", **OF_UNIT), is_one_of("kind", ("monthly", "settlement")), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False, comment="yyyymm")
    kind: Mapped[Code] = mapped_column(primary_key=True)
    amount_ore: Mapped[Big] = mapped_column(comment="öre")


class BookLineRow(Base):
    """One named term of the books closing, on one side of the equation."""

    __tablename__ = "book_line"
    __table_args__ = (refers_to("run", run="number"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    position: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    side: Mapped[Code]
    term: Mapped[Code]
    label: Mapped[Prose]
    amount_ore: Mapped[Big] = mapped_column(comment="öre")
