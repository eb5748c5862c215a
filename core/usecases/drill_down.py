"""The register rows behind a counted figure: pseudonymous, a page at a time, never searchable."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import may
from core.base import RunKind
from core.register import Classifier, PlainSpell, RowFields, count_plans, counted_days
from core.usecases.allocation import frozen_unit, must_be_shown
from core.usecases.choices import MissingDataError
from core.usecases.context import kommun_of, unit_resource
from core.usecases.frozen import in_force_then
from core.usecases.presenting import model_of
from core.usecases.scenario_inputs import changes_of, counted_kind, tried_counts
from core.usecases.views import RegisterRow, RegisterRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.access import Actor
    from core.parameters import Category, FundingModel
    from core.register import CountPlan
    from core.store import EnrolmentRecord, RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App

HUNDREDTHS = 100


def register_rows(  # noqa: PLR0913 - which rows, and which page of them
    app: App, viewer: Actor, enhet: str, run: int, category: str, month: int, *, offset: int = 0, limit: int = 50
) -> RegisterRows:
    """Return the rows that a unit's count of a category and month rests on, or why they are not shown.

    Every look is written in the audit chain with who looked and at what (never which elev).
    """
    kommun = kommun_of(viewer)
    with app.writing(viewer) as work:
        record = work.runs.get(kommun, run)
        must_be_shown(viewer, record)
        unit = frozen_unit(work, viewer, record, enhet)
        model = model_of(record)
        chosen = next((one for one in model.categories if one.category == category), None)
        resource = unit_resource(kommun, unit, chosen.verksamhet.value if chosen else None)
        verdict = may(viewer, "register_rows.view", resource)
        if not verdict.allowed:
            return RegisterRows(enhet, category, month, 0, (), sealed=verdict.reason)
        plan = next((one for one in _plans(app, model, record) if chosen and one.rule == chosen.counting), None)
        planned = counted_kind(work, record) == RunKind.BUDGET.value  # counts a plan, not a register
        if planned or chosen is None or plan is None or month not in plan.spans:
            raise MissingDataError(
                f"Kategorin {category} räknas inte i månad {month} av körning {run}: det finns inga rader att visa."
            )
        if (category, month) in tried_counts(changes_of(work, record), enhet):
            raise MissingDataError(
                f"Antalet i {category}, månad {month}, är ändrat i försöket: det finns inga rader bakom det."
            )
        rows = _rows_behind(work, record, unit, chosen, plan, month)
        facts: dict[str, object] = {"run": run, "enhet": enhet, "category": category, "month": month}
        work.audit.append(kommun, app.clock(), viewer.subject, "register_rows.view", f"enhet:{enhet}", facts)
        work.commit()
    shown = tuple(_shown(row) for row in rows[offset : offset + limit])
    return RegisterRows(enhet, category, month, len(rows), shown)


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


def _rows_behind(
    work: UnitOfWork, run: RunRecord, unit: RunUnitRecord, category: Category, plan: CountPlan, month: int
) -> list[EnrolmentRecord]:
    """Return the rows of the unit that count in the category on the month's counting days."""
    low, high = plan.spans[month]
    days = plan.days[low:high]
    numbers = [number for number, kind in work.runs.batches(run.kommun, run.number) if kind == "enrolments"]
    batches = [one.number for one in in_force_then(work.batches.of_numbers(run.kommun, numbers), days[0])]
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
