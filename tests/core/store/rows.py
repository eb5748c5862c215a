"""Tiny builders of rows, and a kommun with a batch to put them in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from core.base import BatchMode, BatchState
from core.store.batches import NewBatch
from core.store.bulk import write_rows
from core.store.records import KommunRecord
from core.store.tables import EnrolmentRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.store.work import UnitOfWork

KOMMUN = "9901"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENROLMENT_COLUMNS = tuple(column.name for column in EnrolmentRow.__table__.columns)


def lindvik(work: UnitOfWork, kommun: str = KOMMUN) -> None:
    """Set up a kommun."""
    work.kommuner.add(KommunRecord(kommun, "Lindvik", "999900-9901"))


def new_batch(kind: str = "enrolments", **other: Any) -> NewBatch:  # noqa: ANN401  # any column may be named
    """Describe a delivery for 2026."""
    values: dict[str, Any] = {
        "kommun": KOMMUN, "kind": kind, "period_from": date(2026, 1, 1), "period_to": date(2027, 1, 1),
        "mode": BatchMode.SNAPSHOT.value, "delivered_by": "Kim", "file_name": f"{kind}.csv", "sha256": "ab" * 32,
        "received_at": NOON,
    }  # fmt: skip
    return NewBatch(**{**values, **other})


def accepted(work: UnitOfWork, kind: str = "enrolments", rows: int = 0, **other: Any) -> int:  # noqa: ANN401  # any column may be named
    """Receive, finish and accept a delivery."""
    new = new_batch(kind, **other)
    number = work.batches.receive(new)
    work.batches.finish(new.kommun, number, row_count=rows, our_total=None, meta="{}")
    work.batches.move(new.kommun, number, BatchState.ACCEPTED, NOON, "Kim")
    return number


def enrolment(
    batch: int,
    row: int,
    elev: str,
    enhet: str,
    first: str,
    after: str | None = None,
    **other: Any,  # noqa: ANN401  # any column may be named
) -> tuple[Any, ...]:
    """Describe an enrolment in grundskola, årskurs 4."""
    values: dict[str, Any] = {
        "kommun": KOMMUN, "batch": batch, "row": row, "elev": elev, "enhet": enhet, "verksamhet": "grundskola",
        "arskurs": "4", "birth_month": 201603, "hours": None, "source_category": None, "programme": None,
        "group_name": "4A", "flags": "", "hemkommun": KOMMUN, "ground": None, "valid_from": first, "valid_to": after,
        "referens": None, "row_hash": row, "skydd": None,
    }  # fmt: skip
    return tuple({**values, **other}[name] for name in ENROLMENT_COLUMNS)


def enrol(work: UnitOfWork, rows: Iterable[Sequence[Any]]) -> None:
    """Write enrolments."""
    write_rows(work.connection, "enrolment", ENROLMENT_COLUMNS, rows)
