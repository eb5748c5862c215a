"""Runs and what they froze: batches, units, counts, prices, pools, and the rows no category took."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.base import Recipient, RunKind, RunState
from core.store.tables.base import (
    CLUSTERED,
    Base,
    Big,
    Code,
    Day,
    Flag,
    Moment,
    Number,
    Prose,
    is_one_of,
    of_kommun,
    refers_to,
)

OF_RUN = {"run": "number"}


class RunRow(Base):
    """One computation with the model's full text; ``fingerprint`` is empty until all is written."""

    __tablename__ = "run"
    __table_args__ = (
        of_kommun(),
        refers_to("run", budget_run="number"),
        is_one_of("kind", RunKind),
        is_one_of("state", RunState),
        CheckConstraint("through_month BETWEEN 1 AND 12", name="through_month_in_year"),
        CheckConstraint("state = 'draft' OR fingerprint IS NOT NULL", name="checked_is_whole"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code]
    year: Mapped[Number]
    state: Mapped[Code]
    model_version: Mapped[Number]
    model_text: Mapped[Prose]
    model_sha256: Mapped[Code]
    budget_run: Mapped[Number | None]
    earlier_run: Mapped[Number | None] = mapped_column(comment="the run of the year whose months this one says anew")
    through_month: Mapped[Number] = mapped_column(comment="last counted month, 1-12")
    fingerprint: Mapped[Code | None]
    root_hash: Mapped[Code | None]
    code_version: Mapped[Prose]
    created_at: Mapped[Moment]
    created_by: Mapped[Prose]
    decided_at: Mapped[Moment | None]
    decided_by: Mapped[Prose | None]
    decision: Mapped[Prose | None] = mapped_column(comment="body, date and paragraph of the minutes")


class RunBatchRow(Base):
    """A batch that was in force for the run."""

    __tablename__ = "run_batch"
    __table_args__ = (refers_to("run", **OF_RUN), refers_to("batch", batch="number"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    kind: Mapped[Code]


class RunUnitRow(Base):
    """A unit of the run, with the hash of its lines and its total."""

    __tablename__ = "run_unit"
    __table_args__ = (refers_to("run", **OF_RUN), is_one_of("recipient", Recipient), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Prose]
    recipient: Mapped[Code]
    huvudman: Mapped[Code]
    huvudman_name: Mapped[Prose]
    verksamheter: Mapped[Code] = mapped_column(comment="codes, comma between")
    landsbygd: Mapped[Flag | None]
    omrade: Mapped[Code | None]
    position: Mapped[Number]
    lines_hash: Mapped[Code]
    total_ore: Mapped[Big]
    by_arskurs: Mapped[Prose] = mapped_column(comment="canonical JSON: verksamhet|årskurs -> twelve headcounts")


class RunCountRow(Base):
    """Counted elever of a unit, category and month: ``n / den``, and the sum of their rows' hashes."""

    __tablename__ = "run_count"
    __table_args__ = (refers_to("run", **OF_RUN), CheckConstraint("den > 0", name="den_positive"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    rule: Mapped[Code] = mapped_column(primary_key=True)
    category: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False, comment="yyyymm")
    n: Mapped[Big]
    den: Mapped[Big]
    rows_hash: Mapped[Big] = mapped_column(comment="unsigned 64 bits, folded to signed")


class RunPriceRow(Base):
    """A price of the run by price list, exact and as shown."""

    __tablename__ = "run_price"
    __table_args__ = (
        refers_to("run", **OF_RUN),
        is_one_of("recipient", Recipient),
        CheckConstraint("den > 0", name="den_positive"),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    category: Mapped[Code] = mapped_column(primary_key=True)
    recipient: Mapped[Code] = mapped_column(primary_key=True)
    price_list: Mapped[Code] = mapped_column(primary_key=True)
    valid_from: Mapped[Day] = mapped_column(comment="first day of the price list")
    num: Mapped[Big] = mapped_column(comment="öre, numerator")
    den: Mapped[Big]
    shown_ore: Mapped[Big] = mapped_column(comment="öre")
    unit: Mapped[Code]
    detail: Mapped[Prose] = mapped_column(comment="canonical JSON")


class RunPoolRow(Base):
    """A pool that was shared out: its size, the weights it was shared by, the öre left to remainders."""

    __tablename__ = "run_pool"
    __table_args__ = (refers_to("run", **OF_RUN), CheckConstraint("weight_den > 0", name="den_positive"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    step: Mapped[Code] = mapped_column(primary_key=True)
    period: Mapped[Code] = mapped_column(primary_key=True)
    pool_ore: Mapped[Big] = mapped_column(comment="öre")
    weight_num: Mapped[Big]
    weight_den: Mapped[Big]
    remainder_ore: Mapped[Big] = mapped_column(comment="öre")
    detail: Mapped[Prose] = mapped_column(comment="canonical JSON")


class RunUncountedRow(Base):
    """Rows that no category took, by reason; shown in Underlag."""

    __tablename__ = "run_uncounted"
    __table_args__ = (refers_to("run", **OF_RUN), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True)
    reason: Mapped[Code] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    verksamhet: Mapped[Code] = mapped_column(primary_key=True)
    n: Mapped[Big]
