"""Facts as delivered: each row belongs to a batch and never changes.

``row`` is the row of the file (header = 1), so that a figure can be followed back to it.
``row_hash`` is a 48-bit number; sums of them tell whether the same rows were counted.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.base import Huvudmannatyp
from core.store.tables.base import CLUSTERED, Base, Big, Code, Day, Flag, Number, Prose, half_open, is_one_of, refers_to

OF_BATCH = {"batch": "number"}
PROTECTED = text("skydd <> 'ingen'")
"""Rows of elever with protected identity, as the index and its readers both write it; NULL is no marking."""


class UnitRow(Base):
    """A unit (enhet) with its huvudman and place, for a time."""

    __tablename__ = "unit"
    __table_args__ = (refers_to("batch", **OF_BATCH), is_one_of("huvudmannatyp", Huvudmannatyp), half_open())

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code]
    skolenhetskod: Mapped[Code | None]
    name: Mapped[Prose]
    verksamheter: Mapped[Code] = mapped_column(comment="codes, comma between")
    huvudman: Mapped[Code] = mapped_column(comment="organisation number")
    huvudman_name: Mapped[Prose]
    huvudmannatyp: Mapped[Code]
    lageskommun: Mapped[Code]
    omrade: Mapped[Code | None]
    landsbygd: Mapped[Flag | None]
    latitude: Mapped[Code | None] = mapped_column(comment="decimal degrees as delivered")
    longitude: Mapped[Code | None] = mapped_column(comment="decimal degrees as delivered")
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]


class EnrolmentRow(Base):
    """An elev (by pseudonym) enrolled in a verksamhet at a unit, from a day to a day.

    No index but the key: a count scans one batch, and each index costs the import a quarter of
    its speed while it saves a drill-down 20 ms in 180 000 rows. That of protected identities holds
    the few such rows alone and is asked at every look.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        refers_to("batch", **OF_BATCH),
        half_open(),
        Index("ix_enrolment_protected", "kommun", "elev", sqlite_where=PROTECTED, postgresql_where=PROTECTED),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    elev: Mapped[Code] = mapped_column(comment="pseudonym")
    enhet: Mapped[Code]
    verksamhet: Mapped[Code]
    arskurs: Mapped[Code | None]
    birth_month: Mapped[Number] = mapped_column(comment="yyyymm")
    hours: Mapped[Number | None] = mapped_column(comment="hundredths of an hour per week")
    source_category: Mapped[Code | None]
    programme: Mapped[Code | None]
    group_name: Mapped[Code | None]
    flags: Mapped[Code] = mapped_column(comment="sorted codes, comma between; empty for none")
    hemkommun: Mapped[Code]
    ground: Mapped[Code | None]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    referens: Mapped[Code | None] = mapped_column(comment="the huvudman's own name of the elev; no personal number")
    skydd: Mapped[Code | None] = mapped_column(comment="protected identity: counted, never listed")
    row_hash: Mapped[Big]


class PlannedCountRow(Base):
    """A planned number of elever with the same properties, for one month."""

    __tablename__ = "planned_count"
    __table_args__ = (refers_to("batch", **OF_BATCH), CheckConstraint("n >= 0", name="n_not_negative"), CLUSTERED)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code]
    verksamhet: Mapped[Code]
    arskurs: Mapped[Code | None]
    birth_month: Mapped[Number | None] = mapped_column(comment="yyyymm")
    hours: Mapped[Number | None] = mapped_column(comment="hundredths of an hour per week")
    source_category: Mapped[Code | None]
    programme: Mapped[Code | None]
    flags: Mapped[Code] = mapped_column(comment="sorted codes, comma between; empty for none")
    month: Mapped[Number] = mapped_column(comment="yyyymm")
    n: Mapped[Number]
    row_hash: Mapped[Big]


class IndexValueRow(Base):
    """A unit's value of an index, exact; the index's own facts stand in its batch's ``meta``."""

    __tablename__ = "index_value"
    __table_args__ = (refers_to("batch", **OF_BATCH), CheckConstraint("value_den > 0", name="den_positive"))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    index_name: Mapped[Code]
    enhet: Mapped[Code]
    value_num: Mapped[Big]
    value_den: Mapped[Big]


class GivenAmountRow(Base):
    """A sum decided elsewhere for a unit and month, with the number of decisions behind it."""

    __tablename__ = "given_amount"
    __table_args__ = (refers_to("batch", **OF_BATCH), CheckConstraint("decisions >= 0", name="decisions_not_negative"))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[Code]
    enhet: Mapped[Code]
    verksamhet: Mapped[Code]
    month: Mapped[Number] = mapped_column(comment="yyyymm")
    decisions: Mapped[Number]
    amount_ore: Mapped[Big]


class StaffRow(Base):
    """Staff of one occupation at a unit, measured on a day."""

    __tablename__ = "staff"
    __table_args__ = (refers_to("batch", **OF_BATCH),)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code]
    verksamhet: Mapped[Code]
    occupation: Mapped[Prose]
    measured_on: Mapped[Day]
    fte_hundredths: Mapped[Number] = mapped_column(comment="hundredths of a full-time post")
    monthly_pay_ore: Mapped[Big | None] = mapped_column(comment="öre per full-time post and month")


class PremisesRow(Base):
    """Premises a unit uses, with rent, for a time."""

    __tablename__ = "premises"
    __table_args__ = (refers_to("batch", **OF_BATCH), half_open())

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    batch: Mapped[Number] = mapped_column(primary_key=True)
    row: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    enhet: Mapped[Code]
    verksamhet: Mapped[Code | None]
    area_m2_hundredths: Mapped[Big] = mapped_column(comment="hundredths of a square metre")
    rent_ore_per_year: Mapped[Big] = mapped_column(comment="öre")
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
