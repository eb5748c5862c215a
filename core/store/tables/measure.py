"""What a run computed on the way to its lines, and what it says anew of months already paid."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import CLUSTERED, Base, Big, Code, Flag, Number, Prose, refers_to

OF_UNIT = {"run": "run", "enhet": "enhet"}


class RunMeasureRow(Base):
    """A count, ratio, factor or price of a unit that a step yields and later steps build on.

    ``num / den`` is exact, ``shown_num / shown_den`` what is shown; in the step's own unit (never öre).
    """

    __tablename__ = "run_measure"
    __table_args__ = (
        refers_to("run_unit", **OF_UNIT),
        CheckConstraint("den > 0 AND shown_den > 0", name="dens_positive"),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    period: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[Number]
    yields: Mapped[Code]
    num: Mapped[Big]
    den: Mapped[Big]
    shown_num: Mapped[Big]
    shown_den: Mapped[Big]
    unit: Mapped[Prose]


class RunCorrectionRow(Base):
    """What a run says of a month that an earlier run of the year has said something else of."""

    __tablename__ = "run_correction"
    __table_args__ = (refers_to("run", run="number"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False, comment="yyyymm")
    earlier_run: Mapped[Number]
    old_ore: Mapped[Big | None] = mapped_column(comment="öre; absent where the earlier run had no amount")
    new_ore: Mapped[Big | None] = mapped_column(comment="öre; absent where this run has no amount")
    reason: Mapped[Code] = mapped_column(comment="units, counts, prices, model, facts, pools; comma between")
    waits: Mapped[Flag] = mapped_column(comment="beyond the correction window: paid by the final settlement")
