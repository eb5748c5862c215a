"""Interkommunal ersättning of a run, both ways, with ground and basis; never with mervärdesskatt."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import CLUSTERED, Base, Big, Code, Number, Prose, is_one_of, refers_to

DIRECTIONS = ("to_pay", "to_claim")


class ClaimRow(Base):
    """What one kommun pays another for a category of elever at a unit in a run's months."""

    __tablename__ = "ike_claim"
    __table_args__ = (
        refers_to("run", run="number"),
        is_one_of("direction", DIRECTIONS),
        CheckConstraint("n_den > 0 AND price_den > 0", name="dens_positive"),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    direction: Mapped[Code] = mapped_column(primary_key=True)
    other_kommun: Mapped[Code] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    category: Mapped[Code] = mapped_column(primary_key=True)
    ground: Mapped[Code] = mapped_column(primary_key=True)
    period: Mapped[Code] = mapped_column(primary_key=True)
    basis: Mapped[Code]
    verksamhet: Mapped[Code]
    n_num: Mapped[Big] = mapped_column(comment="yearly elever, numerator")
    n_den: Mapped[Big]
    price_num: Mapped[Big] = mapped_column(comment="öre per elev and year, numerator")
    price_den: Mapped[Big]
    amount_ore: Mapped[Big] = mapped_column(comment="öre")
    detail: Mapped[Prose] = mapped_column(comment="canonical JSON")
