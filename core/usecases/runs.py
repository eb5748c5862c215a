"""Runs: compute, freeze, list, verify, and take through their states."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.allocation import (
    PriceTable,
    blocks_of,
    budget_books,
    compute_prices,
    difference_of,
    given_in_vain,
    must_fit,
    new_frames,
    payments_of,
    unpaid,
    utfall_books,
)
from core.allocation import (
    allocate as compute_lines,
)
from core.base import (
    CoreError,
    Dimension,
    RunKind,
    RunState,
    Sentence,
    canonical_json,
    collector_at_rest,
    format_kr,
    label,
)
from core.parameters import Addition, PerElevPrice
from core.register import Uncounted
from core.store import NewRun, RunColumns, RunPoolRecord, RunUnitRecord
from core.usecases.claim_counts import COUNTED, claims_counted
from core.usecases.context import must, must_in
from core.usecases.correcting import NothingToSettleError, corrections, must_be_decided, run_before, taken_out
from core.usecases.fingerprints import fingerprint_of, measures_made
from core.usecases.frozen import batches_frozen, count_rows, gather, quantities_frozen
from core.usecases.presenting import model_in, model_of, run_info
from core.usecases.reasons import checksum
from core.usecases.touched import touched_by_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from core.access import Actor
    from core.allocation import Allocated, AllocationInput, BookLine, Correction, PriceRow
    from core.allocation.claims import Claim
    from core.parameters import FundingModel
    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.frozen import Gathered
    from core.usecases.views import RunInfo

MONTHS = 12
NOTHING = "{}"
IN_FORCE = (RunState.PUBLISHED.value, RunState.DECIDED.value, RunState.CHECKED.value, RunState.DRAFT.value)


class NoBudgetRunError(CoreError):
    """An utfall run refers to a budget run, and there is none."""

    def __init__(self, kommun: str, year: int) -> None:
        self.kommun, self.year = kommun, year
        super().__init__(
            Sentence(
                "Det finns ingen budgetkörning för {year} i kommun {kommun}. Utfallet betalar budgetens priser: räkna "
                "och besluta budgeten först.",
                year=year,
                kommun=kommun,
            )
        )


class BooksOpenError(CoreError):
    """A run whose books do not close cannot be checked or decided."""

    def __init__(self, run: int, difference_ore: int) -> None:
        self.run, self.difference_ore = run, difference_ore
        super().__init__(
            Sentence(
                "Boken för körning {run} går inte ihop: {difference_ore} skiljer. Körningen kan inte beslutas. Se "
                "posterna i Underlag, rätta modellen eller underlaget och räkna på nytt.",
                run=run,
                difference_ore=format_kr(difference_ore, decimals=True),
            )
        )


class DecisionTextMissingError(CoreError):
    """A run is decided by a body, on a day, under a paragraph; none was named."""

    def __init__(self, run: int) -> None:
        self.run = run
        super().__init__(
            Sentence(
                "Körning {run} kan inte bli beslutad utan beslutet. Ange organ, dag och paragraf, till exempel "
                "”Utbildningsnämnden 2026-11-17 § 212”.",
                run=run,
            )
        )


class ScenarioNotDecidedError(CoreError):
    """A trial is never decided, published or paid: what it tries goes through a model of its own."""

    def __init__(self, run: int) -> None:
        self.run = run
        super().__init__(
            Sentence(
                "Körning {run} är ett försök och kan inte beslutas. För att besluta det som prövats: läs in en ny "
                "version av modellen med de nya talen, räkna budgeten och besluta den körningen.",
                run=run,
            )
        )


class NoSuchStepError(CoreError):
    """The kind of run, or the state, is none that there is."""

    def __init__(self, what: str, known: Iterable[str]) -> None:
        super().__init__(Sentence("{what} finns inte. Välj något av {known}.", what=what, known=", ".join(known)))


@dataclass(slots=True)
class Computed:
    """A run's result before it is stored."""

    gathered: Gathered
    data: AllocationInput
    prices: PriceTable
    allocated: Allocated
    payments: list[tuple[str, int, str, int]]
    planned: Mapping[str, Fraction] = field(default_factory=dict)
    """Planned elever by category that solved prices were divided by; kept with those prices."""
    claims: Sequence[Claim] = ()
    """What other kommuner owe for their elever at own units, where the model says so."""


def allocate(app: App, viewer: Actor, kommun: str, year: int, kind: str, through_month: int = MONTHS) -> RunInfo:
    """Compute a run and freeze it as a draft; ``kind`` is ``budget``, ``utfall`` or ``slutavrakning``.

    A budget run counts planned elever over the whole year and solves its prices; an utfall run counts
    the register through ``through_month`` and pays the prices of the newest budget run. A final settlement counts the
    whole year at decided prices and says anew what the last decided utfall said; it raises ``NothingToSettleError``
    where there is none and ``NotDecidedPricesError`` on a provisional price list.
    """
    must(viewer, "run.create", kommun)
    run_kind = _kind(kind)
    with app.writing(viewer) as work, collector_at_rest():
        record = work.models.in_force(kommun, year)
        model = model_in(record.text)
        through = MONTHS if run_kind in {RunKind.BUDGET, RunKind.SLUTAVRAKNING} else through_month
        final = run_kind is RunKind.SLUTAVRAKNING
        if final:
            must_be_decided(model)
        budget = None if run_kind is RunKind.BUDGET else _budget_of(work, kommun, year)
        gathered = gather(work, kommun, model, run_kind, through, app.holidays)
        computed = compute(work, gathered, budget)
        if model.ike is not None and run_kind.value in COUNTED:
            computed.claims = claims_counted(gathered, computed.prices)
        earlier = run_before(work, kommun, year, run_kind, through)
        if final and earlier is None:
            raise NothingToSettleError(kommun, year)
        corrected = _corrections(work, computed, earlier, run_kind)
        number = work.runs.create(
            NewRun(
                kommun=kommun, kind=run_kind.value, year=year, model_version=record.version, model_text=record.text,
                model_sha256=record.sha256, budget_run=budget.number if budget else None, through_month=through,
                code_version=app.version, created_at=app.clock(), created_by=viewer.display_name,
                earlier_run=earlier.number if earlier else None,
            )
        )  # fmt: skip
        books = books_of(work, app, computed, budget, earlier, corrected)
        fingerprint = freeze(work, kommun, number, computed, books)
        if earlier is not None:
            work.corrections.write(kommun, number, earlier.number, corrected)
        facts = {"run": number, "fingerprint": fingerprint, "root_hash": computed.allocated.root_hash}
        work.audit.append(kommun, app.clock(), viewer.subject, "run.create", f"run:{number}", facts)
        work.commit()
        return run_info(work.runs.get(kommun, number))


def _kind(kind: str) -> RunKind:
    """Return a kind of run that is allocated; a trial is saved in the modellverkstad."""
    kinds = [one for one in RunKind if one is not RunKind.SCENARIO]
    if kind not in kinds:
        raise NoSuchStepError(Sentence("Det slaget av körning"), kinds)
    return RunKind(kind)


def _state(state: str) -> RunState:
    if state not in set(RunState):
        raise NoSuchStepError(Sentence("Det läget"), RunState)
    return RunState(state)


def _budget_of(work: UnitOfWork, kommun: str, year: int) -> RunRecord:
    for states in ((RunState.PUBLISHED.value, RunState.DECIDED.value), IN_FORCE):
        found = work.runs.latest(kommun, year, RunKind.BUDGET.value, states)
        if found is not None:
            return found
    raise NoBudgetRunError(kommun, year)


def compute(work: UnitOfWork, gathered: Gathered, budget: RunRecord | None) -> Computed:
    """Return lines, payments and hashes; an utfall run pays the budget run's prices."""
    prices, planned = prices_of(work, gathered, budget)
    return replace(compute_with(gathered, prices), planned=planned)


def prices_of(
    work: UnitOfWork, gathered: Gathered, budget: RunRecord | None
) -> tuple[PriceTable, Mapping[str, Fraction]]:
    """Return the prices that a run pays, and the planned elever that solved ones were divided by.

    A model decided anew in the year (another price list from July, say) is priced by its own text; what
    it solves from a budget is still divided by the elever that the budget run planned.
    """
    if budget is not None and model_of(budget) == gathered.model:
        at = budget.kommun, budget.number
        return PriceTable.from_rows(gathered.model, work.runs.prices(*at)), work.runs.planned(*at)
    planned = gathered.planned() if budget is None else work.sums.elever_in_all(budget.kommun, budget.number)
    return compute_prices(gathered.model, planned), planned


def compute_with(gathered: Gathered, prices: PriceTable) -> Computed:
    """Return lines, payments and hashes at given prices."""
    data = gathered.allocation(prices)
    allocated = compute_lines(data)
    must_fit(prices, allocated)
    payments = payments_of(data, allocated.blocks, gathered.counts.n)
    return Computed(gathered, data, prices, allocated, payments)


def _corrections(
    work: UnitOfWork, computed: Computed, earlier: RunRecord | None, kind: RunKind
) -> Sequence[Correction]:
    if earlier is None:
        return ()
    return corrections(work, computed, earlier, final=kind is RunKind.SLUTAVRAKNING)


def books_of(
    work: UnitOfWork,
    app: App,
    computed: Computed,
    budget: RunRecord | None,
    earlier: RunRecord | None = None,
    corrected: Sequence[Correction] = (),
) -> Sequence[BookLine]:
    """Return the terms of the run's books; ``corrected``: what it says anew of what ``earlier`` said."""
    model, blocks = computed.gathered.model, computed.allocated.blocks
    if budget is None:
        return budget_books(model, blocks, computed.gathered.planned())
    plan = plan_of(work, app, computed.gathered, budget)
    planned = _planned_at(work, plan, budget, computed.prices)
    through = blocks_of(planned).blocks
    decided = None
    before = model_of(budget)
    if before != model:
        prices = PriceTable.from_rows(before, work.runs.prices(budget.kommun, budget.number))
        decided = blocks_of(_planned_at(work, replace(plan, model=before), budget, prices)).blocks
    budget_ore = sum(row[-1] for row in work.runs.sums(budget.kommun, budget.number))
    labels = {one.value: label(one) for one in Dimension}
    labels |= {one.step: one.label for one in model.amounts if isinstance(one, Addition)}
    frames = new_frames(before, model, computed.gathered.through_month)
    if earlier is None:
        return utfall_books(budget_ore, through, blocks, labels, decided, frames=frames)

    def plan_at(other: FundingModel, prices: PriceTable) -> AllocationInput:
        return _planned_at(work, replace(plan, model=other), budget, prices)

    taken = taken_out(work, computed, budget, earlier, corrected, (planned, through), plan_at)
    return utfall_books(budget_ore, through, blocks, labels, decided, taken, frames)


def plan_of(work: UnitOfWork, app: App, gathered: Gathered, budget: RunRecord) -> Gathered:
    """Return what a budget run froze beside its counts, for the months that ``gathered`` counts.

    What both runs read from the same deliveries is not read again.
    """
    beside = {one for one in work.runs.batches(budget.kommun, budget.number) if one[1] != "planned_counts"}
    if beside == {one for one in gathered.batches if one[1] != "enrolments"}:
        return gathered
    through, frozen = gathered.through_month, batches_frozen(work, budget)
    return gather(work, budget.kommun, gathered.model, RunKind.BUDGET, through, app.holidays, frozen, counted=False)


def _planned_at(work: UnitOfWork, plan: Gathered, budget: RunRecord, prices: PriceTable) -> AllocationInput:
    """Return the elever that a budget run planned, to be paid by the model and prices given."""
    ids = [unit.enhet for unit in plan.units]
    quantities = quantities_frozen(work, budget, plan.model, ids, plan.through_month)
    return replace(plan.allocation(prices), quantities=quantities)


def freeze(work: UnitOfWork, kommun: str, number: int, computed: Computed, books: Sequence[BookLine]) -> str:
    """Store everything a run is and return its fingerprint."""
    allocated, gathered = computed.allocated, computed.gathered
    counts = count_rows(gathered.counts, gathered.model.year)
    fingerprint = fingerprint_of(work, kommun, computed, counts)
    units = [
        RunUnitRecord(
            unit.enhet, unit.name, unit.recipient, unit.huvudman, unit.huvudman_name, unit.verksamheter,
            unit.landsbygd, unit.omrade, place, allocated.hashes.get(unit.enhet, ""), allocated.totals[unit.enhet],
            canonical_json(gathered.counts.by_arskurs.get(unit.enhet, {})),
        )
        for place, unit in enumerate(gathered.units)
    ]  # fmt: skip
    first_day = {one.list: one.valid_from for one in gathered.model.price_lists}
    columns = RunColumns(
        batches=gathered.batches,
        units=units,
        counts=counts,
        prices=[(row, first_day[row.price_list], _divided_by(computed, row)) for row in computed.prices.rows()],
        pools=[
            RunPoolRecord(one.step, one.period, one.pool_ore, one.weight, one.remainder_ore) for one in allocated.pools
        ],
        lines=allocated.rows,
        payments=computed.payments,
        books=books,
        uncounted=[*gathered.counts.uncounted, *_in_vain(computed)],
    )
    work.runs.freeze(kommun, number, columns, fingerprint, allocated.root_hash)
    work.measures.write(kommun, number, measures_made(computed))
    work.claims.write(kommun, number, computed.claims)
    return fingerprint


def _divided_by(computed: Computed, row: PriceRow) -> str:
    """Return what a price solved from a budget was divided by, for its tree; nothing for other prices."""
    step = computed.gathered.model.price(row.step)
    solved = isinstance(step, PerElevPrice) and row.category in (step.from_budget or {})
    return canonical_json({"planned": str(computed.planned[row.category])}) if solved else NOTHING


def _in_vain(computed: Computed) -> list[Uncounted]:
    """Return elever without a price and decided amounts without a step, as rows for Underlag."""
    found = unpaid(computed.data, computed.allocated.blocks) + given_in_vain(computed.data)
    return [Uncounted(*one) for one in found]


def list_runs(app: App, viewer: Actor, kommun: str) -> tuple[RunInfo, ...]:
    """Return the kommun's runs, newest first."""
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        return tuple(run_info(run) for run in work.runs.list(kommun))


def set_state(app: App, viewer: Actor, kommun: str, run: int, state: str, decision: str | None = None) -> RunInfo:
    """Take a run to its next state; a published run supersedes the one published before it.

    Raises ``BooksOpenError`` for one to be checked or decided whose books do not close, and
    ``DecisionTextMissingError`` for one to be decided without its decision; ``ScenarioNotDecidedError`` for a trial.
    """
    must(viewer, "run.decide", kommun)
    wanted = _state(state)
    if wanted is RunState.DECIDED and not (decision or "").strip():
        raise DecisionTextMissingError(run)
    with app.writing(viewer) as work:
        before = work.runs.get(kommun, run)
        must_in(viewer, "run.decide", touched_by_run(work, before))
        if before.kind == RunKind.SCENARIO.value:
            raise ScenarioNotDecidedError(run)
        difference = difference_of(work.runs.books(kommun, run))
        if difference and wanted in {RunState.CHECKED, RunState.DECIDED}:
            raise BooksOpenError(run, difference)
        if wanted is RunState.PUBLISHED:
            older = work.runs.latest(kommun, before.year, before.kind, (RunState.PUBLISHED.value,))
            if older is not None:
                _move(app, viewer, work, older, RunState.SUPERSEDED)
        _move(app, viewer, work, before, wanted, decision)
        work.commit()
        return run_info(work.runs.get(kommun, run))


def _move(
    app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, state: RunState, decision: str | None = None
) -> None:
    """Move a run and tell the audit chain."""
    at = app.clock()
    work.runs.move(run.kommun, run.number, state, at, viewer.display_name, decision)
    facts: dict[str, object] = {"run": run.number, "state": state.value, "decision": checksum(decision)}
    work.audit.append(run.kommun, at, viewer.subject, "run.decide", f"run:{run.number}", facts)
