"""Files in: received whole with all faults at once, then accepted, rejected or reverted whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import (
    BatchMode,
    BatchState,
    CoreError,
    DateRange,
    Issue,
    Sentence,
    canonical_json,
    format_number,
    holds_identity,
    sha256,
    year_range,
)
from core.exchange import CONTRACTS, CellKind, ImportContext, contract_of, read
from core.exchange.file_names import kept_name, kept_text
from core.parameters import ModelFaultyError, advise, load_model
from core.store import ModelRecord, NewBatch, absent_mark, write_rows
from core.usecases.context import must, must_in
from core.usecases.frozen import NoUnitsError, current_units
from core.usecases.keys import keep_stamp, must_be_the_key
from core.usecases.presenting import batch_view
from core.usecases.printed_check import printed_issues
from core.usecases.reasons import clean_reason, sealed
from core.usecases.touched import touched_by_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.access import Actor
    from core.exchange import Import
    from core.parameters import FundingModel
    from core.store import BatchRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.views import BatchView

MODEL = "model"
_PART_OF_A_WORD = re.compile(r"\S*[A-Za-z_/]\S*")  # digits within an address or a code are nobody's number
HUNDREDTHS = 100
NEEDS_UNITS = frozenset({
    "enrolments", "planned_counts", "given_amounts", "case_amounts", "index", "staff", "premises", "successions",
})  # fmt: skip


class BatchHasErrorsError(CoreError):
    """A delivery with errors cannot be accepted."""

    def __init__(self, number: int, errors: int) -> None:
        self.number, self.errors = number, errors
        super().__init__(
            Sentence(
                "Leverans {number} har {errors} fel och kan inte godkännas. Rätta filen efter felistan och läs in den.",
                number=number,
                errors=errors,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A file to receive: its kind, where it lies, whose and which period it is about."""

    kommun: str
    kind: str
    path: Path
    file_name: str
    period: DateRange
    mode: str = BatchMode.SNAPSHOT.value
    file_total: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """What became of a file: its batch, the faults found, and whether it was there already."""

    batch: BatchView | None
    issues: tuple[Issue, ...]
    unchanged: bool


def receive(
    app: App, viewer: Actor, delivery: Delivery, progress: Callable[[int, int, int], None] | None = None
) -> ReceiveResult:
    """Read a file into a batch that waits for acceptance; the same file, accepted before, changes nothing."""
    must(viewer, "batch.import", delivery.kommun)
    total = None if delivery.file_total is None else kept_text(delivery.file_total)
    delivery = replace(delivery, file_name=kept_name(delivery.file_name), file_total=total)
    if delivery.kind == MODEL:
        return _receive_model(app, viewer, delivery)
    known, key = _known_units(app, viewer, delivery), app.pseudonym_key()
    if names_elever(delivery.kind):
        with app.reading(viewer) as work:
            must_be_the_key(work, delivery.kommun, key)  # before a long file is read
    context = ImportContext(kommun=delivery.kommun, key=key, period=delivery.period, enhet_ids=known)
    source = read(delivery.kind, delivery.path, context, progress, file_name=delivery.file_name)
    new = _new_batch(app, viewer, delivery, source.sha256)
    with app.writing(viewer) as work:
        same = work.batches.same_accepted(new)
        if same is not None:
            return ReceiveResult(batch_view(same), (), unchanged=True)
        number = work.batches.receive(new)
        if names_elever(delivery.kind):
            keep_stamp(app, work, delivery.kommun, key)
        _write(work, delivery.kind, number, source)
        our_total = canonical_json(_totals(source))
        work.batches.finish(
            delivery.kommun, number, row_count=source.rows_ready, our_total=our_total, meta=canonical_json(source.meta),
            scope=",".join(sorted(source.meta)),  # an index replaces earlier deliveries of the same indexes only
        )  # fmt: skip
        work.batches.add_issues(delivery.kommun, number, source.issues, source.error_count, source.warning_count)
        return _received(app, viewer, work, delivery.kommun, number, source.issues)


def _received(
    app: App, viewer: Actor, work: UnitOfWork, kommun: str, number: int, issues: Sequence[Issue]
) -> ReceiveResult:
    """Say in the chain that a batch is in, keep it, and return what became of the file."""
    _log(app, viewer, work, kommun, "batch.import", number)
    work.commit()
    return ReceiveResult(batch_view(work.batches.get(kommun, number)), tuple(issues), unchanged=False)


def names_elever(kind: str) -> bool:
    """Say whether files of a kind name elever, whose pseudonyms must then be made with the kommun's own key."""
    return any(column.cell is CellKind.PERSON for column in contract_of(kind).columns)


def _known_units(app: App, viewer: Actor, delivery: Delivery) -> frozenset[str] | None:
    """Return the ids of units that the register knows in the period; None for a kind of file that names none.

    Raises ``NoUnitsError`` when there are none: one sentence about the period rather than a fault on every row.
    """
    if delivery.kind not in NEEDS_UNITS:
        return None
    day = delivery.period.valid_from
    with app.reading(viewer) as work:
        numbers = work.batches.in_force(delivery.kommun, "units", [day])[day]
        units = current_units(work.facts.units(delivery.kommun, numbers), day.year)
    if not units:
        raise NoUnitsError(delivery.kommun, day.year)
    return frozenset(unit.enhet for unit in units)


def _totals(source: Import) -> dict[str, str]:
    """Return our own totals under the file's headers, in the file's units: what the deliverer can compare with."""
    headers = {column.field: column for column in source.contract.columns}
    totals = {"rader": str(source.rows_ready)}
    for field, total in source.totals.items():
        column = headers[field]
        scale = 1 if column.cell is CellKind.WHOLE else HUNDREDTHS
        totals[column.header] = format_number(Fraction(total, scale), 2)
    return totals


def _write(work: UnitOfWork, kind: str, number: int, source: Import) -> None:
    contract = CONTRACTS[kind]
    for rows in source.chunks(number, absent=absent_mark(work.connection)):
        write_rows(work.connection, contract.table, contract.stored, rows)


def _new_batch(app: App, viewer: Actor, delivery: Delivery, digest: str) -> NewBatch:
    end = delivery.period.valid_to
    if end is None:
        raise PeriodOpenError
    return NewBatch(
        kommun=delivery.kommun, kind=delivery.kind, period_from=delivery.period.valid_from, period_to=end,
        mode=BatchMode(delivery.mode).value, delivered_by=viewer.display_name, file_name=delivery.file_name,
        sha256=digest, received_at=app.clock(), file_total=delivery.file_total,
    )  # fmt: skip


class PeriodOpenError(CoreError):
    """A delivery must say which days it is about."""

    def __init__(self) -> None:
        super().__init__(Sentence("Ange både första och sista dagen i perioden som filen gäller."))


def _receive_model(app: App, viewer: Actor, delivery: Delivery) -> ReceiveResult:
    raw = delivery.path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = Issue(
            "error", "encoding", delivery.file_name, None, None, None, "UTF-8", "filen är inte sparad som UTF-8."
        )
        raise ModelFaultyError(delivery.file_name, [found]) from error
    _must_name_nobody(text, delivery)
    model = load_model(text, delivery.file_name)
    _must_be_ours(model, delivery)
    new = _new_batch(app, viewer, delivery, sha256(raw))
    with app.writing(viewer) as work:
        same = work.batches.same_accepted(new)
        if same is not None:
            return ReceiveResult(batch_view(same), (), unchanged=True)
        number = work.batches.receive(new)
        version = work.models.next_version(delivery.kommun, model.year)
        work.models.add(
            ModelRecord(
                delivery.kommun, model.year, version, model.model, text, sha256(text), BatchState.RECEIVED.value, number
            )
        )
        work.batches.finish(delivery.kommun, number, row_count=1, our_total=None, meta="{}")
        issues = [*printed_issues(model, delivery.file_name), *advise(model, text, delivery.file_name)]
        errors = sum(one.severity == "error" for one in issues)
        work.batches.add_issues(delivery.kommun, number, issues, errors, len(issues) - errors)
        return _received(app, viewer, work, delivery.kommun, number, issues)


def _must_name_nobody(text: str, delivery: Delivery) -> None:
    """Refuse a model with somebody's number in it: it is stored word for word and shown to everybody."""
    said = "raden ser ut att innehålla ett personnummer. En modell är offentlig: ta bort det."
    issues = [
        Issue("error", "identity", delivery.file_name, number, None, None, "en rad utan personnummer", said)
        for number, line in enumerate(text.splitlines(), 1)
        if holds_identity(_PART_OF_A_WORD.sub("", line))
    ]
    if issues:
        raise ModelFaultyError(delivery.file_name, issues)


def _must_be_ours(model: FundingModel, delivery: Delivery) -> None:
    """Refuse a model that says it is another kommun's, or another year's than the delivery's period."""
    whole = f"{model.year}-01-01 till {model.year}-12-31"
    issues = []
    if model.kommun != delivery.kommun:
        said = f"modellen gäller kommun {model.kommun} men läses in för {delivery.kommun}. Läs in den egna modellen."
        issues.append(_not_ours(delivery, "kommun", model.kommun, delivery.kommun, said))
    if year_range(model.year) != delivery.period:
        said = f"modellen gäller hela {model.year}. Ange perioden {whole}."
        issues.append(_not_ours(delivery, "year", str(model.year), whole, said))
    if issues:
        raise ModelFaultyError(delivery.file_name, issues)


def _not_ours(delivery: Delivery, key: str, found: str, expected: str, said: str) -> Issue:
    return Issue("error", "not-ours", delivery.file_name, None, key, found, expected, said)


def accept(app: App, viewer: Actor, kommun: str, batch: int) -> BatchView:
    """Put a delivery in force; one with errors is refused."""
    record = _to_decide(app, viewer, kommun, batch)
    if record.error_count:
        raise BatchHasErrorsError(batch, record.error_count)
    return _move(app, viewer, record, BatchState.ACCEPTED, None)


def reject(app: App, viewer: Actor, kommun: str, batch: int, reason: str) -> BatchView:
    """Turn a delivery down; its rows stay, out of force."""
    record = _to_decide(app, viewer, kommun, batch)
    return _move(app, viewer, record, BatchState.REJECTED, clean_reason(reason))


def revert(app: App, viewer: Actor, kommun: str, batch: int, reason: str) -> BatchView:
    """Take an accepted delivery out of force; runs already frozen keep what they were computed from."""
    record = _to_decide(app, viewer, kommun, batch)
    return _move(app, viewer, record, BatchState.REVERTED, clean_reason(reason))


def _to_decide(app: App, viewer: Actor, kommun: str, batch: int) -> BatchRecord:
    """Return a delivery that the viewer may decide on; not one about a unit where the viewer is disqualified."""
    must(viewer, "batch.accept", kommun)
    with app.reading(viewer) as work:
        record = work.batches.get(kommun, batch)
        must_in(viewer, "batch.accept", touched_by_batch(work, record, app.clock().date()))
        return record


def _move(app: App, viewer: Actor, record: BatchRecord, state: BatchState, reason: str | None) -> BatchView:
    with app.writing(viewer) as work:
        work.batches.move(record.kommun, record.number, state, app.clock(), viewer.display_name, reason)
        if record.kind == MODEL:
            work.models.move(record.kommun, record.number, state)
        _log(app, viewer, work, record.kommun, f"batch.{state.value}", record.number, reason)
        work.commit()
        return batch_view(work.batches.get(record.kommun, record.number))


def _log(
    app: App, viewer: Actor, work: UnitOfWork, kommun: str, action: str, batch: int, reason: str | None = None
) -> None:
    """Tell the audit chain of a step; the words of a reason stay in the table, the chain holds their checksum."""
    record = work.batches.get(kommun, batch)
    about = f"batch:{batch}"
    said = sealed(app, kommun, about, reason)
    facts: dict[str, object] = {"kind": record.kind, "sha256": record.sha256, "reason": said}
    work.audit.append(kommun, app.clock(), viewer.subject, action, about, facts)
