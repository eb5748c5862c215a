"""The page Resursfördelning: what a unit gets, built up of what, and why each amount is what it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import ForbiddenError, Resource, may
from core.allocation import PoolFacts, PriceTable, RunFacts, categories_solved, explain, unit_hashes
from core.base import Recipient, RunKind, Sentence, read_number
from core.parameters import WeightedPool
from core.usecases.amount_rows import amount_rows
from core.usecases.choices import MissingDataError, NoRunError, must_see, run_for
from core.usecases.context import kommun_of, unit_resource
from core.usecases.count_facts import batch_sources, count_facts
from core.usecases.headcount import elever_by_month, headcount_of, per
from core.usecases.measured_facts import measured_facts
from core.usecases.posts import mean_pay, posts_for
from core.usecases.presenting import model_of, run_info, unit_choice
from core.usecases.sealing import (
    REASON,
    Seal,
    has_support,
    index_facts,
    may_see_support,
    seal_for,
    secret_indexes,
    stands_for_its_year,
    support_within,
)
from core.usecases.views import AllocationView, MonthRow
from core.usecases.year_before import run_before, tells_too_much, year_before

if TYPE_CHECKING:
    from datetime import date

    from core.access import Actor
    from core.allocation import Line
    from core.base import Derivation
    from core.store import RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.headcount import Headcount

MONTHS = 12


def years_of(app: App, viewer: Actor, enhet: str) -> tuple[int, ...]:
    """Return the years that have a decided run with the unit, newest first."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        years = {year for year, _ in work.sums.years_of(kommun, enhet, ("published", "decided"))}
    return tuple(sorted(years, reverse=True))


def kinds_of(app: App, viewer: Actor, enhet: str, year: int) -> tuple[str, ...]:
    """Return the kinds of decided run that a year has for the unit."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        kinds = [kind for one, kind in work.sums.years_of(kommun, enhet, ("published", "decided")) if one == year]
    return tuple(sorted(kinds, reverse=True))


def frozen_unit(work: UnitOfWork, viewer: Actor, run: RunRecord, enhet: str) -> RunUnitRecord:
    """Return a unit of a run that the viewer may see; raises ``ForbiddenError`` and ``MissingDataError``."""
    unit = work.runs.unit(run.kommun, run.number, enhet)
    if unit is None:
        raise MissingDataError(
            Sentence(
                "Enheten {enhet} finns inte i körningen för {year}. Den kan ha öppnat senare eller stängt tidigare: "
                "välj ett annat år.",
                enhet=enhet,
                year=run.year,
            )
        )
    must_see(viewer, "allocation.view", run.kommun, unit)
    return unit


def shown_unit(work: UnitOfWork, viewer: Actor, enhet: str, run: int) -> tuple[RunRecord, RunUnitRecord]:
    """Return a run that the viewer is shown and a unit of it that the viewer may see.

    Raises ``NoRunError``, ``ForbiddenError`` and ``MissingDataError``.
    """
    record = work.runs.get(kommun_of(viewer), run)
    must_be_shown(viewer, record)
    return record, frozen_unit(work, viewer, record, enhet)


def allocation_of(app: App, viewer: Actor, enhet: str, year: int, kind: str | None = None) -> AllocationView:
    """Return a unit's allocation in the run that stands for a year; raises ``NoRunError`` and ``ForbiddenError``."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        run = run_for(work, kommun, year, kind)
        unit = frozen_unit(work, viewer, run, enhet)
        return _view(app, viewer, work, run, unit)


def _view(app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, unit: RunUnitRecord) -> AllocationView:
    kommun, model = run.kommun, model_of(run)
    stored = work.runs.lines(kommun, run.number, unit.enhet)
    heads = headcount_of(work, run, model)
    seal = seal_of(app, viewer, work, run, unit, stored)
    lines = seal.visible(stored)
    total = sum(line.amount_ore for line in lines)
    budget = work.runs.get(kommun, run.budget_run) if run.budget_run else None
    before = run_before(work, run)
    plan_seal = seal or _seal_in(app, viewer, work, budget, unit)
    may_see = may_see_support(viewer, kommun, unit)
    closed = bool(seal or plan_seal) or (not may_see and has_support([*stored, *_lines_in(work, budget, unit)]))
    paid, planned = ({}, {}) if closed else _by_month(work, run, budget, unit)
    previous = year_before(work, run, before, unit.enhet)
    hidden = bool(seal) or (before and tells_too_much(work, viewer, before, previous.units, app.clock().date()))
    held = -sum(line.amount_ore for line in lines if line.kind == "deduction")
    is_own = unit.recipient == Recipient.EGEN.value
    pay = mean_pay(work, kommun, unit.enhet, run.year) if is_own or may_see else None
    index, index_mean = _index_of(work, run, lines, seal)
    years = heads.yearly.get(unit.enhet)
    return AllocationView(
        unit=unit_choice(unit),
        run=run_info(run),
        budget=run_info(budget) if budget else None,
        total_ore=total,
        budget_total_ore=None if plan_seal else _total_in(work, budget, unit.enhet),
        per_elev_ore=per(total, years),
        kommun_per_elev_ore=None if seal else kommun_per_elev(work, run, heads, unit, viewer, app.clock().date()),
        elever=heads.mean(unit.enhet),
        previous_year=previous.year,
        previous_total_ore=None if hidden else previous.total_ore,
        previous_elever=previous.elever,
        index=index,
        index_mean=index_mean,
        remaining_ore=sum(ore for month, ore in planned.items() if month > run.through_month) if planned else None,
        remaining_months=MONTHS - run.through_month,
        rows=amount_rows(model, lines, years, seal),
        months=_months(run, paid, planned, elever_by_month(work, run, model, unit.enhet)),
        gross_ore=total + held if is_own and held else None,
        disposable_ore=total if is_own else None,
        centrally_held_ore=held if is_own and held else None,
        posts_hundredths=posts_for(total * MONTHS // run.through_month, pay),
        mean_pay_ore=pay,
        verified_hash=_verified(stored, unit),
        compared=previous.compared,
        may_recompute=may_see,
        may_flag=may(viewer, "flag.raise", unit_resource(kommun, unit)).allowed,
    )


def _by_month(
    work: UnitOfWork, run: RunRecord, budget: RunRecord | None, unit: RunUnitRecord
) -> tuple[dict[int, int], dict[int, int]]:
    """Return what is paid and what was planned, by month.

    For readers of individual support, and of units without any: each month beside the next would tell what one elev
    got, however many there are.
    """
    paid = work.sums.paid_by_month(run.kommun, run.number, [unit.enhet])
    return paid, work.sums.paid_by_month(run.kommun, budget.number, [unit.enhet]) if budget else {}


def _verified(lines: list[Line], unit: RunUnitRecord) -> bool:
    return unit_hashes(line.as_tuple() for line in lines).get(unit.enhet, "") == unit.lines_hash


def _total_in(work: UnitOfWork, run: RunRecord | None, enhet: str) -> int | None:
    unit = work.runs.unit(run.kommun, run.number, enhet) if run else None
    return None if unit is None else unit.total_ore


def _seal_in(app: App, viewer: Actor, work: UnitOfWork, run: RunRecord | None, unit: RunUnitRecord) -> Seal:
    """Return what another run leaves out for the viewer: its sums would give that away."""
    if run is None or may_see_support(viewer, run.kommun, unit):
        return Seal()
    return seal_of(app, viewer, work, run, unit, _lines_in(work, run, unit))


def _lines_in(work: UnitOfWork, run: RunRecord | None, unit: RunUnitRecord) -> list[Line]:
    return work.runs.lines(run.kommun, run.number, unit.enhet) if run else []


def kommun_per_elev(
    work: UnitOfWork, run: RunRecord, heads: Headcount, unit: RunUnitRecord, viewer: Actor, day: date
) -> int | None:
    """Return öre per elev over the kommun's units of the same recipient and verksamheter.

    Without individual support that the viewer could work out from the mean.
    """
    alike = [
        one
        for one in work.runs.units(run.kommun, run.number)
        if one.recipient == unit.recipient and one.verksamheter == unit.verksamheter and one.enhet in heads.yearly
    ]
    years = sum((heads.yearly[one.enhet] for one in alike), Fraction(0))
    support = support_within(work, run, model_of(run), alike, viewer, day)
    return per(sum(one.total_ore for one in alike) - support.secret_ore, years)


def _index_of(
    work: UnitOfWork, run: RunRecord, lines: list[Line], seal: Seal
) -> tuple[Fraction | None, Fraction | None]:
    """Return the index that the unit's first pool used, when it is its own and the reader may see it, and its mean.

    The mean is what the index file says it is.
    """
    pools = [line for line in lines if line.kind == "weighted_pool" and line.step not in seal.secret_index]
    used = next((line for line in pools if line.detail == "{}"), None)
    names = {
        one.step: one.factor.index
        for one in model_of(run).amounts
        if isinstance(one, WeightedPool) and one.factor and one.factor.index
    }
    if used is None or used.step not in names:
        return None, None
    mean = dict(index_facts(work, run))[names[used.step]]["mean"]  # the newest file's
    return used.factor, read_number(mean)


def _months(
    run: RunRecord, paid: dict[int, int], planned: dict[int, int], elever: dict[int, Fraction]
) -> tuple[MonthRow, ...]:
    rows = []
    for month in range(1, MONTHS + 1):
        counted = month <= run.through_month and run.kind != RunKind.BUDGET.value
        status = ("settled" if month in elever else "missing") if counted else "preliminary"
        earned = paid.get(month, 0) if counted and paid else None
        preliminary = planned.get(month) if run.kind != RunKind.BUDGET.value else paid.get(month)
        difference = earned - preliminary if earned is not None and preliminary is not None else None
        rows.append(MonthRow(month, elever.get(month), earned, preliminary, difference, status))
    return tuple(rows)


def derivation_of(app: App, viewer: Actor, enhet: str, run: int, key: str) -> Derivation:
    """Return the tree of ``total``, ``dim:…``, ``step:…``, ``line:…`` or ``measure:…`` of a unit in a run."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        stored = work.runs.lines(kommun, run, enhet)
        seal = seal_of(app, viewer, work, record, unit, stored)
        lines = seal.visible(stored)
        asked = key.removeprefix("measure:").partition("|")[0]
        if seal and (asked in seal.steps or (not _holds(key, lines) and _holds(key, stored))):
            raise ForbiddenError(REASON)
        facts = run_facts(app, viewer, work, record, lines, seal.secret_index)
    return explain(key, facts)


def seal_of(  # what may be seen of whose lines in which run
    app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, unit: RunUnitRecord, lines: list[Line]
) -> Seal:
    """Return what to leave out of a unit's lines for the viewer."""
    may_see = may_see_support(viewer, run.kommun, unit)
    secret = frozenset() if may_see else secret_indexes(work, run)
    stands = may_see or stands_for_its_year(work, run)
    return seal_for(model_of(run), lines, app.clock().date(), may_see=may_see, secret=secret, stands=stands)


def _holds(key: str, lines: list[Line]) -> bool:
    """Say whether some line belongs to a dimension's, step's or line's address."""
    return any(key in {f"dim:{line.dimension}", f"step:{line.step}", line.key, "total"} for line in lines)


def must_be_shown(viewer: Actor, run: RunRecord) -> None:
    """Refuse a run that is neither decided nor published to readers without the kommun's underlag.

    A trial is refused to readers without the modellverkstad too: its name and its figures are that room's.
    """
    if run.state in {"published", "decided", "superseded"}:
        return
    kommun = Resource("kommun", run.kommun)
    is_trial = run.kind == RunKind.SCENARIO.value
    if not may(viewer, "basis.view", kommun).allowed or (is_trial and not may(viewer, "scenario.view", kommun).allowed):
        raise NoRunError(run.year, None)


def run_facts(
    app: App,
    viewer: Actor,
    work: UnitOfWork,
    run: RunRecord,
    lines: list[Line],
    secret_index: frozenset[str] = frozenset(),
) -> RunFacts:
    """Return what a unit's tree is built from, all of it frozen with the run.

    A file's name is the deliverer's own words: it is told to those alone who see the kommun's underlag.
    """
    model = model_of(run)
    enhet = lines[0].enhet if lines else ""
    by_name = may(viewer, "basis.view", Resource("kommun", run.kommun)).allowed
    sources = batch_sources(work, run, by_name=by_name)
    mine = {line.recipient for line in lines}  # no price builds on one for another recipient
    stored = [row for row in work.runs.prices(run.kommun, run.number) if row.recipient in mine]
    prices = PriceTable.from_rows(model, stored)
    by_plan = not categories_solved(model).isdisjoint(line.category for line in lines)
    pools = {
        (one.step, one.period): PoolFacts(one.pool_ore, one.weight) for one in work.runs.pools(run.kommun, run.number)
    }
    return RunFacts(
        model=model,
        lines=lines,
        prices=prices,
        counts=count_facts(work, run, app.holidays, enhet, sources, by_name=by_name),
        pools=pools,
        planned=work.runs.planned(run.kommun, run.number) if by_plan else {},
        given=sources.by_kind.get("given_amounts"),
        cases=sources.by_kind.get("case_amounts"),
        index=sources.index,
        secret_index=secret_index,
        measured=measured_facts(work, run, model, enhet),
    )
