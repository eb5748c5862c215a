"""Questions from those who are paid: a figure said to be wrong, the answer, and the delivery that corrects it."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.store.encrypted import EncryptedText
from core.store.tables.base import Base, Big, Code, Moment, Number, Prose, is_one_of, of_kommun, refers_to

STATES = ("open", "accepted", "rejected", "corrected", "withdrawn")


class FlagRow(Base):
    """A figure of a run that a rektor or huvudman says is wrong; ``key`` is its address in the derivation."""

    __tablename__ = "flag"
    __table_args__ = (
        of_kommun(),
        refers_to("run", run="number"),
        refers_to("batch", batch="number"),
        is_one_of("about", ("amount", "count", "payment")),
        is_one_of("state", STATES),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    about: Mapped[Code]
    run: Mapped[Number]
    payment: Mapped[Number | None]
    enhet: Mapped[Code]
    huvudman: Mapped[Code]
    key: Mapped[Code]
    month: Mapped[Number | None] = mapped_column(comment="yyyymm")
    said: Mapped[str] = mapped_column(EncryptedText("flag.said"))
    made_at: Mapped[Moment]
    made_by: Mapped[Code]
    made_by_name: Mapped[Prose]
    state: Mapped[Code]
    answer: Mapped[str | None] = mapped_column(EncryptedText("flag.answer"))
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Prose | None]
    batch: Mapped[Number | None] = mapped_column(comment="the delivery that corrects")
    new_run: Mapped[Number | None] = mapped_column(comment="the run in which the effect is seen")
    effect_ore: Mapped[Big | None] = mapped_column(comment="öre, new amount less old")
