"""Decisions on grants, one per huvudman, and what an appeal changed for that huvudman alone."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Big, Code, Day, Moment, Number, Prose, is_one_of, of_kommun, refers_to

STATES = ("draft", "decided", "delivered", "appealed", "changed", "replaced")


class DecisionRow(Base):
    """An individual decision on grundbelopp for one huvudman and run (HFD 2017:35, HFD 2020:69)."""

    __tablename__ = "decision"
    __table_args__ = (
        of_kommun(),
        refers_to("run", run="number"),
        refers_to("decision", replaces="number"),
        is_one_of("state", STATES),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    run: Mapped[Number]
    huvudman: Mapped[Code] = mapped_column(comment="organisation number")
    huvudman_name: Mapped[Prose]
    state: Mapped[Code]
    body: Mapped[Prose | None] = mapped_column(comment="who decides: nämnden, or by delegation")
    decided_on: Mapped[Day | None]
    paragraph: Mapped[Prose | None] = mapped_column(comment="of the minutes or the list of delegated decisions")
    decided_by: Mapped[Prose | None]
    delegation: Mapped[Prose | None] = mapped_column(comment="the point of the delegation order, when delegated")
    special_reasons: Mapped[Prose | None] = mapped_column(comment="why other kostnadsslag stand together")
    total_ore: Mapped[Big] = mapped_column(comment="öre")
    content_sha256: Mapped[Code] = mapped_column(comment="of the canonical content that was decided")
    delivered_on: Mapped[Day | None]
    delivered_how: Mapped[Prose | None]
    appeal_until: Mapped[Day | None] = mapped_column(comment="last day to appeal")
    appealed_on: Mapped[Day | None]
    appeal_outcome: Mapped[Prose | None]
    replaces: Mapped[Number | None]
    created_at: Mapped[Moment]
    created_by: Mapped[Prose]


class DecisionChangeRow(Base):
    """What a court or a reconsideration changed: old and new öre of one unit of the decision's huvudman."""

    __tablename__ = "decision_change"
    __table_args__ = (refers_to("decision", decision="number"),)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    decision: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    old_ore: Mapped[Big] = mapped_column(comment="öre")
    new_ore: Mapped[Big] = mapped_column(comment="öre")
    reason: Mapped[Prose]
