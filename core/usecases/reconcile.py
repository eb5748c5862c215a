"""Avstämning: the run's books term by term, and every identity worked out anew from what is stored."""

from __future__ import annotations

import json
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.allocation import Check, PriceTable, StoredRun, StoredUnit, against_ledger, difference_of, identities
from core.allocation import step_label as label_of_step
from core.base import Month, Recipient, Sentence, label
from core.parameters import PerElevAmount
from core.publication.payment import PartKind, PaymentState
from core.usecases.basis import book_row
from core.usecases.choices import MissingDataError, newest_run
from core.usecases.context import kommun_of, must
from core.usecases.payment_basis import paying_run
from core.usecases.presenting import batch_view, model_of, run_info
from core.usecases.reconcile_views import DeliveredLine, ReconcileLine, ReconcileView
from core.usecases.sealing import SUMS, sums_tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.access import Actor
    from core.parameters import FundingModel
    from core.store import BatchRecord, RunRecord, UnitOfWork
    from core.usecases.context import App

OWN = Recipient.EGEN.value
COLUMNS = ("enhet", "recipient", "dimension", "kostnadsslag", "verksamhet", "step")
SUMMED = frozenset({"bok", "rader", "utbetalt", "huvudbok"})
"""What holds individual support; pots and prices × elever do not."""
ALLOCATION, BASIS = "resursfordelning", "underlag"
SETTLED = frozenset({PaymentState.APPROVED, PaymentState.PAID})
ORDINARY = frozenset({PartKind.MONTHLY, PartKind.SETTLEMENT, PartKind.CORRECTION})


def reconcile_view(app: App, viewer: Actor, run: int | None = None) -> ReconcileView:
    """Return what adds up and what does not in a run (the one that stands for the newest year).

    Raises ``MissingDataError`` when there is no run at all.
    """
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        runs = work.runs.list(kommun)
        record = work.runs.get(kommun, run) if run is not None else newest_run(work, kommun) or next(iter(runs), None)
        if record is None:
            raise MissingDataError(
                Sentence("Det finns ingen körning att stämma av. Räkna en körning i Underlag först.")
            )
        model = model_of(record)
        checks = [*identities(stored_run(work, record, model)), *_beside(work, record)]
        books = work.runs.books(kommun, record.number)
        numbers = [number for number, _ in work.runs.batches(kommun, record.number)]
        batches = work.batches.of_numbers(kommun, numbers)
        sealed = sums_tell(work, record, viewer, app.clock().date())
    checks += against_ledger({}, None)
    lines = tuple(_line(check, model, record, sealed=sealed) for check in checks)
    sums = may(viewer, "individual.view", Resource("kommun", kommun)).allowed
    delivered = tuple(_delivered(one, sums=sums) for one in batches)
    off = difference_of(books) if books else None
    states = [one.state for one in lines] + [one.state for one in delivered]
    if books:
        states.append("agrees" if off == 0 else "differs")
    agrees, differs, absent = (states.count(state) for state in ("agrees", "differs", "absent"))
    return ReconcileView(
        run_info(record), tuple(run_info(one) for one in runs),
        () if sealed else tuple(book_row(one) for one in books), off, lines, delivered, agrees, differs, absent,
        SUMS if sealed else None,
    )  # fmt: skip


def stored_run(work: UnitOfWork, run: RunRecord, model: FundingModel) -> StoredRun:
    """Return a run's rows, added up in the database."""
    at = run.kommun, run.number
    units = [
        StoredUnit(one.enhet, one.recipient, one.total_ore, json.loads(one.by_arskurs)) for one in work.runs.units(*at)
    ]
    lines = {name: {str(value): ore for value, ore in work.runs.sums(*at, name)} for name in COLUMNS}
    of_recipient = work.runs.sums(*at, "recipient", "step")
    counted, months, by_day = _counted(work, run, model)
    payments: dict[str, int] = defaultdict(int)
    for enhet, _, _, ore in work.runs.payments(*at):
        payments[enhet] += ore
    return StoredRun(
        model=model,
        units=units,
        lines=lines,
        by_step_period={(step, period): ore for step, period, ore in work.runs.sums(*at, "step", "period")},
        own_by_step={step: ore for recipient, step, ore in of_recipient if recipient == OWN},
        prices=PriceTable.from_rows(model, work.runs.prices(*at)),
        counted=counted,
        months=months,
        by_day=by_day,
        pools={(one.step, one.period): one.pool_ore for one in work.runs.pools(*at)},
        payments=dict(payments),
    )


def _counted(
    work: UnitOfWork, run: RunRecord, model: FundingModel
) -> tuple[dict[tuple[str, str, str], Fraction], dict[str, int], frozenset[str]]:
    """Return yearly elever by enhet, category and price period; sums of months by category; and those by day."""
    counted: dict[tuple[str, str, str], Fraction] = {}
    months: dict[str, int] = defaultdict(int)
    for period, numbers in model.periods().items():
        codes = [Month(run.year, number).code for number in numbers if number <= run.through_month]
        for enhet, category, den, n, _ in work.sums.counted(run.kommun, run.number, codes):
            counted[enhet, category, period] = Fraction(n, den)
            months[category] += n
    rules = {one.rule for one in model.counting if one.kind == "days"}
    return counted, months, frozenset(one.category for one in model.categories if one.counting in rules)


def _beside(work: UnitOfWork, run: RunRecord) -> Iterator[Check]:
    """Yield what other stored things say: the budget run that an utfall refers to, and what has been paid."""
    at = run.kommun, run.number
    if run.budget_run is not None:
        term = next((one.amount_ore for one in work.runs.books(*at) if one.term == "budget"), None)
        held = sum(ore for *_, ore in work.runs.sums(run.kommun, run.budget_run, "recipient"))
        yield Check("bok", "budgetkorning", str(run.budget_run), term, held)
    yield from _paid(work, run)


def _paid(work: UnitOfWork, run: RunRecord) -> Iterator[Check]:
    """Yield, for each month that the run pays, what was paid for it against what the run says.

    A month not paid yet is absent. Appeals and recoveries are no part of a run, and are left out of both sides.
    """
    months = [month for month in range(1, 13) if _pays(work, run, month)]
    if not months:
        yield Check("utbetalt", "annan", "", None, None)
        return
    alive = [one for one in work.payments.alive(run.kommun) if one.state in SETTLED]
    paid: dict[int, int] = defaultdict(int)
    for part in work.payments.parts(run.kommun, [one.number for one in alive]):
        if part.kind in ORDINARY:
            paid[part.month] += part.amount_ore
    if not any(Month(run.year, month).code in paid for month in months):
        yield Check("utbetalt", "ingen", "", None, None)
        return
    plan = work.sums.paid_by_month(run.kommun, run.number)
    for month in months:
        yield Check("utbetalt", "manad", str(month), paid.get(Month(run.year, month).code), plan.get(month, 0))


def _pays(work: UnitOfWork, run: RunRecord, month: int) -> bool:
    """Say whether this run, and no newer one, decides what is paid for a month."""
    paying = paying_run(work, run.kommun, Month(run.year, month))
    return paying is not None and paying.number == run.number


def _line(check: Check, model: FundingModel, run: RunRecord, *, sealed: bool) -> ReconcileLine:
    hidden = sealed and check.group in SUMMED
    page, query = _way_down(check, run)
    return ReconcileLine(
        check.group, check.code, check.name, _words(check, model),
        None if hidden else check.left, None if hidden else check.right, check.difference,
        check.measure, check.state, check.at_most, page, query,
    )  # fmt: skip


def _words(check: Check, model: FundingModel) -> str:
    """Return the model's own word for what the line is about."""
    step, _, period = check.name.partition("|")
    if check.group == "potter":
        listed = next((one.label for one in model.price_lists if one.list == period), period)
        return f"{_step_words(model, step)}, {listed}" if len(model.periods()) > 1 else _step_words(model, step)
    return _step_words(model, step) if check.group == "priser" else ""


def _step_words(model: FundingModel, step: str) -> str:
    found: Sequence[object] = [one for one in (*model.prices, *model.amounts) if not isinstance(one, PerElevAmount)]
    verksamhet = next((getattr(one, "verksamhet", None) for one in found if getattr(one, "step", "") == step), None)
    name = label_of_step(model, step)
    return f"{name}, {label(verksamhet).lower()}" if verksamhet else name


def _way_down(check: Check, run: RunRecord) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the page where the line can be looked into: a unit's allocation, or Underlag with the run chosen."""
    if check.enhet is not None:
        return ALLOCATION, (("enhet", check.enhet), ("ar", str(run.year)), ("visa", run.kind))
    if check.group in {"bok", "rader", "potter", "priser", "elever"}:
        return BASIS, (("korning", str(run.number)),)
    return "", ()


def _delivered(batch: BatchRecord, *, sums: bool = True) -> DeliveredLine:
    view = batch_view(batch, sums=sums)
    state = "absent" if view.tie_out is None else "agrees" if view.tie_out else "differs"
    ours = ", ".join(json.loads(view.our_total).values()) if view.our_total else None
    return DeliveredLine(view.number, view.kind, view.file_name, view.file_total, ours, state)
