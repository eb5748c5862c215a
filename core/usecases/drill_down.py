"""The register rows behind a counted figure: pseudonymous, for a purpose, a page at a time, never searchable.

They are asked for by unit, figure and month, as the count was made; nothing about an elev can be asked for.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import may
from core.base import RunKind, Sentence
from core.register import Classifier, PlainSpell, RowFields, count_plans, counted_days
from core.usecases.allocation import shown_unit
from core.usecases.choices import MissingDataError
from core.usecases.context import kommun_of, unit_resource
from core.usecases.frozen import in_force_then
from core.usecases.looks import SEALED_FLAG, erased_on, listed, log_look, may_list, must_have_purpose
from core.usecases.presenting import model_of
from core.usecases.scenario_inputs import changes_of, counted_kind, tried_counts
from core.usecases.views import RegisterRow, RegisterRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.access import Actor
    from core.parameters import Category, FundingModel
    from core.register import CountPlan
    from core.store import BatchRecord, EnrolmentRecord, RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App

HUNDREDTHS = 100


def register_rows(  # noqa: PLR0913 - which rows, why, and which page of them
    app: App,
    viewer: Actor,
    enhet: str,
    run: int,
    category: str,
    month: int,
    *,
    purpose: str,
    offset: int = 0,
    limit: int = 50,
) -> RegisterRows:
    """Return the rows that a unit's count of a category and month rests on, or why they are not shown.

    Every look is written in the audit chain with who looked, at what and why (never at which elev).
    Raises ``PurposeMissingError`` without a purpose from the closed list.
    """
    kommun, nothing = kommun_of(viewer), RegisterRows(enhet, category, month, 0, ())
    with app.writing(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        refused = _refused(viewer, record, unit, category)
        if refused is not None:
            return replace(nothing, sealed=refused)
        must_have_purpose(app, purpose)
        chosen, plan = _counted(app, work, record, enhet, category, month)
        if not may_list(chosen):
            return replace(nothing, sealed=SEALED_FLAG)
        erased = erased_on(_batches_behind(work, record, plan, month))
        if erased is not None:
            return replace(nothing, erased_on=erased)
        found = _rows_behind(work, record, unit, chosen, plan, month)
        rows, left_out = listed(work, kommun, found, lambda row: row.elev, app.clock().date())
        log_look(app, viewer, work, kommun, enhet, purpose, {"run": run, "category": category, "month": month})
    shown = tuple(_shown(row) for row in rows[offset : offset + limit])
    return replace(nothing, total=len(rows), rows=shown, left_out=left_out)


def rows_sealed(app: App, viewer: Actor, enhet: str, run: int, category: str) -> str | None:
    """Return why the rows of a category are not for the viewer, before any purpose is asked for; None when they are."""
    with app.reading(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
    refused = _refused(viewer, record, unit, category)
    if refused is not None:
        return refused
    chosen = _category(record, category)
    return None if chosen is None or may_list(chosen) else SEALED_FLAG


def _category(run: RunRecord, category: str) -> Category | None:
    return next((one for one in model_of(run).categories if one.category == category), None)


def _refused(viewer: Actor, run: RunRecord, unit: RunUnitRecord, category: str) -> str | None:
    """Return why the viewer may not see rows of a unit's category, None who may."""
    chosen = _category(run, category)
    resource = unit_resource(run.kommun, unit, chosen.verksamhet.value if chosen else None)
    verdict = may(viewer, "register_rows.view", resource)
    return None if verdict.allowed else verdict.reason


def _counted(
    app: App, work: UnitOfWork, run: RunRecord, enhet: str, category: str, month: int
) -> tuple[Category, CountPlan]:
    """Return a category and how it was counted; raises ``MissingDataError`` when no rows lie behind its count."""
    chosen = _category(run, category)
    plan = next((one for one in _plans(app, model_of(run), run) if chosen and one.rule == chosen.counting), None)
    planned = counted_kind(work, run) == RunKind.BUDGET.value  # counts a plan, not a register
    if planned or chosen is None or plan is None or month not in plan.spans:
        raise MissingDataError(
            Sentence(
                "Kategorin {category} räknas inte i månad {month} av körning {run}: det finns inga rader att visa.",
                category=category,
                month=month,
                run=run.number,
            )
        )
    if (category, month) in tried_counts(changes_of(work, run), enhet):
        raise MissingDataError(
            Sentence(
                "Antalet i {category}, månad {month}, är ändrat i försöket: det finns inga rader bakom det.",
                category=category,
                month=month,
            )
        )
    return chosen, plan


def rows_of_month(
    app: App, work: UnitOfWork, run: RunRecord, unit: RunUnitRecord, month: int
) -> list[tuple[Category, EnrolmentRecord]]:
    """Return each row of a unit that counts in a month (1–12) with its category; supplements are not told twice."""
    model = model_of(run)
    plans = {plan.rule: plan for plan in _plans(app, model, run)}
    return [
        (category, row)
        for category in model.categories
        if not category.overlapping
        and category.verksamhet.value in unit.verksamheter
        and month in plans[category.counting].spans
        for row in _rows_behind(work, run, unit, category, plans[category.counting], month)
    ]


def _plans(app: App, model: FundingModel, run: RunRecord) -> Sequence[CountPlan]:
    return count_plans(model, run.through_month, app.holidays)


def erased_of_month(app: App, work: UnitOfWork, run: RunRecord, month: int) -> date | None:
    """Return the day on which rows that a run counted in a month (1–12) were erased, None while they are kept."""
    plans = [plan for plan in _plans(app, model_of(run), run) if month in plan.spans]
    days = [erased_on(_batches_behind(work, run, plan, month)) for plan in plans]
    return max((day for day in days if day is not None), default=None)


def _batches_behind(work: UnitOfWork, run: RunRecord, plan: CountPlan, month: int) -> list[BatchRecord]:
    """Return the deliveries that the run counted a month's elever from."""
    numbers = [number for number, kind in work.runs.batches(run.kommun, run.number) if kind == "enrolments"]
    return in_force_then(work.batches.of_numbers(run.kommun, numbers), plan.days[plan.spans[month][0]])


def _rows_behind(
    work: UnitOfWork, run: RunRecord, unit: RunUnitRecord, category: Category, plan: CountPlan, month: int
) -> list[EnrolmentRecord]:
    """Return the rows of the unit that count in the category on the month's counting days."""
    low, high = plan.spans[month]
    days = plan.days[low:high]
    batches = [one.number for one in _batches_behind(work, run, plan, month)]
    spells = work.facts.lives_at(run.kommun, batches, unit.enhet, category.verksamhet.value)
    own = unit.recipient == "egen"
    found = []
    for rows in _by_elev(spells):
        plain = [PlainSpell(row.enhet, row.valid_from, row.valid_to) for row in rows]
        for row, counted in zip(rows, counted_days(plain, days, plan.august_year), strict=True):
            ours = own or row.hemkommun == run.kommun
            if row.enhet == unit.enhet and counted and ours and _belongs(row, category, plan, days[0], run.kommun):
                found.append(row)
    return sorted(found, key=lambda row: (row.batch, row.row))


def _by_elev(spells: Sequence[EnrolmentRecord]) -> list[list[EnrolmentRecord]]:
    by_elev: dict[str, list[EnrolmentRecord]] = {}
    for row in spells:
        by_elev.setdefault(row.elev, []).append(row)
    return list(by_elev.values())


def _belongs(row: EnrolmentRecord, category: Category, plan: CountPlan, day: date, kommun: str) -> bool:
    fields = RowFields(
        row.verksamhet, row.arskurs, row.birth_month, row.hours, row.source_category, row.programme, row.flags,
        row.ground, home=row.hemkommun == kommun,
    )  # fmt: skip
    segments = Classifier([category], plan.year, plan.months).segments(fields)
    return any(first <= plan.month_of(day) < after for _, first, after in segments)


def _shown(row: EnrolmentRecord) -> RegisterRow:
    hours = None if row.hours is None else Fraction(row.hours, HUNDREDTHS)
    return RegisterRow(row.batch, row.row, row.elev, row.arskurs, hours, row.group_name, row.valid_from, row.valid_to)
