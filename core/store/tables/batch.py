"""Delivered files: batches with their issues, and the funding models that came in as such."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.base import BatchMode, BatchState
from core.store.encrypted import EncryptedText
from core.store.tables.base import Base, Code, Day, Moment, Number, Prose, is_one_of, of_kommun, refers_to

BATCH_KINDS = (
    "units", "enrolments", "index", "planned_counts", "given_amounts", "case_amounts", "successions", "staff",
    "premises", "model",
)  # fmt: skip


class BatchRow(Base):
    """One delivery. Its rows never change; what happens to it is its state.

    ``scope`` is what a snapshot replaces within its kind: the index's name for ``index``, the
    step for ``given_amounts``, empty where the kind is one whole. ``row_count`` is empty until
    the last row is written, so that a killed import is told from a finished one.
    """

    __tablename__ = "batch"
    __table_args__ = (
        of_kommun(),
        is_one_of("kind", BATCH_KINDS),
        is_one_of("mode", BatchMode),
        is_one_of("state", BatchState),
        CheckConstraint("period_from < period_to", name="period_in_order"),
        CheckConstraint("state <> 'accepted' OR row_count IS NOT NULL", name="accepted_is_whole"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    scope: Mapped[Code]
    period_from: Mapped[Day]
    period_to: Mapped[Day] = mapped_column(comment="first day after the period")
    mode: Mapped[Code]
    state: Mapped[Code]
    delivered_by: Mapped[Prose]
    file_name: Mapped[Prose]
    sha256: Mapped[Code] = mapped_column(comment="of the file as delivered")
    row_count: Mapped[Number | None]
    received_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
    decided_by: Mapped[Prose | None]
    file_total: Mapped[Prose | None] = mapped_column(comment="the source's own total, as text")
    our_total: Mapped[Prose | None]
    error_count: Mapped[Number]
    warning_count: Mapped[Number]
    meta: Mapped[Prose] = mapped_column(comment="canonical JSON")
    erased_at: Mapped[Moment | None] = mapped_column(comment="when retention removed the rows")
    reason: Mapped[str | None] = mapped_column(EncryptedText("batch.reason"))


class BatchIssueRow(Base):
    """A fault found in a batch; the first thousand per kind are kept, the rest counted."""

    __tablename__ = "batch_issue"
    __table_args__ = (refers_to("batch", batch="number"), is_one_of("severity", ("error", "warning")))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    seq: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    severity: Mapped[Code]
    code: Mapped[Code]
    row: Mapped[Number | None] = mapped_column(comment="row of the file, header = 1")
    column_name: Mapped[Prose | None]
    found: Mapped[str | None] = mapped_column(EncryptedText("batch_issue.found"))
    expected: Mapped[Prose]
    message: Mapped[str] = mapped_column(EncryptedText("batch_issue.message"))


class FundingModelRow(Base):
    """The decided text of a kommun's funding model for a calendar year; the database's copy rules."""

    __tablename__ = "funding_model"
    __table_args__ = (of_kommun(), refers_to("batch", batch="number"), is_one_of("state", BatchState))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    model_id: Mapped[Code]
    text: Mapped[Prose]
    sha256: Mapped[Code]
    state: Mapped[Code]
    batch: Mapped[Number | None]
