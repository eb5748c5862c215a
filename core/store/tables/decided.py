"""Facts decided about elever and units: individual amounts by decision, and which unit follows another."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Big, Code, Day, Number, half_open, refers_to

OF_BATCH = {"batch": "number"}


class CaseAmountRow(Base):
    """One decided tilläggsbelopp: whole decisions by elev (pseudonym), never scaled to a frame."""

    __tablename__ = "case_amount"
    __table_args__ = (refers_to("batch", **OF_BATCH), half_open(), CheckConstraint("amount_ore >= 0", name="not_below"))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[Code]
    decision: Mapped[Code] = mapped_column(comment="the decision's reference in the case system")
    elev: Mapped[Code] = mapped_column(comment="pseudonym")
    enhet: Mapped[Code]
    verksamhet: Mapped[Code]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    amount_ore: Mapped[Big] = mapped_column(comment="öre a month")


class SuccessionRow(Base):
    """A unit that another follows from a day: opened, closed, merged or split.

    A closed unit without successor has no ``successor``; an opened one without predecessor no ``enhet``.
    ``share_num / share_den`` is the part of the unit that goes to this successor.
    """

    __tablename__ = "succession"
    __table_args__ = (
        refers_to("batch", **OF_BATCH),
        CheckConstraint("enhet IS NOT NULL OR successor IS NOT NULL", name="names_a_unit"),
        CheckConstraint("share_num > 0 AND share_den >= share_num", name="share_of_one"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code | None]
    successor: Mapped[Code | None]
    valid_from: Mapped[Day]
    share_num: Mapped[Big]
    share_den: Mapped[Big]
