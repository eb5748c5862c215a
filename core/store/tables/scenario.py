"""Trial models with names, and why a unit's amount changed between two runs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.encrypted import EncryptedText
from core.store.tables.base import CLUSTERED, Base, Big, Code, Moment, Number, Prose, is_one_of, of_kommun, refers_to


class ScenarioRow(Base):
    """A named trial on the frozen data of a run. ``edition`` rises with each save, so that nobody overwrites unseen."""

    __tablename__ = "scenario"
    __table_args__ = (
        of_kommun(),
        refers_to("run", base_run="number"),
        is_one_of("state", ("open", "archived")),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Prose]
    note: Mapped[str] = mapped_column(EncryptedText("scenario.note"))
    base_run: Mapped[Number]
    state: Mapped[Code]
    edition: Mapped[Number]
    changes: Mapped[Prose] = mapped_column(comment="canonical JSON: the list of changes")
    run: Mapped[Number | None] = mapped_column(comment="the scenario run that the saved trial froze")
    total_ore: Mapped[Big | None] = mapped_column(comment="öre, when last computed")
    created_at: Mapped[Moment]
    created_by: Mapped[Prose]
    changed_at: Mapped[Moment]
    changed_by: Mapped[Prose]


class ScenarioRunRow(Base):
    """What a run of the kind scenario was tried on and with: the run it changes, and the changes as they were then."""

    __tablename__ = "scenario_run"
    __table_args__ = (
        refers_to("run", run="number"),
        ForeignKeyConstraint(["kommun", "base_run"], ["run.kommun", "run.number"], name="fk_scenario_run_base_run"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    base_run: Mapped[Number]
    changes: Mapped[Prose] = mapped_column(comment="canonical JSON: the list of changes")


class RunChangeRow(Base):
    """A unit's part of the change between two runs that one factor explains, as an exact fraction of öre.

    The parts of a unit add up to its change to the last öre.
    """

    __tablename__ = "run_change"
    __table_args__ = (
        refers_to("run", run_from="number"),
        ForeignKeyConstraint(["kommun", "run_to"], ["run.kommun", "run.number"], name="fk_run_change_run_to"),
        CheckConstraint("den > 0", name="den_positive"),
        CLUSTERED,
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    run_from: Mapped[Number] = mapped_column(primary_key=True)
    run_to: Mapped[Number] = mapped_column(primary_key=True)
    enhet: Mapped[Code] = mapped_column(primary_key=True)
    part: Mapped[Code] = mapped_column(primary_key=True, comment="months, units, correction, volume, mix, …")
    step: Mapped[Code] = mapped_column(primary_key=True)
    num: Mapped[Big] = mapped_column(comment="öre, numerator")
    den: Mapped[Big]
