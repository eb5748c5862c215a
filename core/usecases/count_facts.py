"""The counts behind a unit's amounts, each citing the batches whose rows it counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.allocation import CountFacts, MonthCount
from core.base import Month, RunKind, Source
from core.register import count_plans
from core.usecases.frozen import in_force_then
from core.usecases.presenting import model_of
from core.usecases.scenario_inputs import changes_of, counted_kind, tried_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.store import BatchRecord, RunRecord, UnitOfWork

MONTHS = 12
PLAN = "plan"
KINDS = {
    "enrolments": "elevregister", "planned_counts": "planerade antal", "given_amounts": "beslutade belopp",
    "case_amounts": "beslutade tilläggsbelopp", "index": "index", "units": "enhetsregister",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchSources:
    """Citations of a run's batches: those of a kind together, and those of each index by its name."""

    by_kind: Mapping[str, Source]
    index: Mapping[str, Source]


def batch_sources(work: UnitOfWork, run: RunRecord, *, by_name: bool) -> BatchSources:
    """Return citations of the run's batches; ``by_name`` tells what their files were called."""
    by_kind: dict[str, list[BatchRecord]] = {}
    by_index: dict[str, list[BatchRecord]] = {}
    for one in _batches_of(work, run):
        by_kind.setdefault(one.kind, []).append(one)
        for name in json.loads(one.meta) if one.kind == "index" else ():
            by_index.setdefault(name, []).append(one)
    return BatchSources(
        {kind: _source(held, by_name=by_name) for kind, held in by_kind.items()},
        {name: _source(held, by_name=by_name) for name, held in by_index.items()},
    )


def _batches_of(work: UnitOfWork, run: RunRecord) -> Sequence[BatchRecord]:
    return work.batches.of_numbers(run.kommun, [number for number, _ in work.runs.batches(run.kommun, run.number)])


def _source(records: Sequence[BatchRecord], *, by_name: bool) -> Source:
    """Return one citation for batches that together hold a count."""
    numbers = ", ".join(str(one.number) for one in records)
    files = ", ".join(one.file_name for one in records) if by_name else None
    word = "inläsning" if len(records) == 1 else "inläsningarna"
    kind = KINDS.get(records[0].kind, records[0].kind)
    return Source("batch", f"{kind}, {word} {numbers}", detail=files, batch=records[-1].number)


def count_facts(
    work: UnitOfWork, run: RunRecord, holidays: frozenset[date], enhet: str, sources: BatchSources, *, by_name: bool
) -> CountFacts:
    """Return the stored counts of a unit with their sources."""
    model, planned = model_of(run), counted_kind(work, run) == RunKind.BUDGET.value
    whole = sources.by_kind.get("planned_counts" if planned else "enrolments", Source("rule", "Räknat i körningen"))
    by_month = _sources_by_month(work, run, holidays, planned=planned, by_name=by_name)
    tried = tried_counts(changes_of(work, run), enhet)
    months: dict[str, list[MonthCount]] = {}
    divisor: dict[str, int] = {}
    for row in work.runs.counts(run.kommun, run.number, enhet):
        source = tried.get((row.category, row.month)) or by_month.get((row.rule, row.month), whole)
        months.setdefault(row.category, []).append(MonthCount(row.month, row.n, source))
        divisor[row.category] = row.den
    labels = {rule.rule: rule.label for rule in model.counting}
    rule_label = {one.category: labels.get(one.counting, model.title) for one in model.categories}
    if planned:
        rule_label = dict.fromkeys(rule_label, "Planerade antal, medel av årets tolv månader")
    counted = {category: tuple(rows) for category, rows in months.items()}
    return CountFacts(counted, divisor, rule_label, model.periods(), whole)


def _sources_by_month(
    work: UnitOfWork, run: RunRecord, holidays: frozenset[date], *, planned: bool, by_name: bool
) -> dict[tuple[str, int], Source]:
    """Return the citation of each counting rule and month: the batches in force on its day."""
    kind = "planned_counts" if planned else "enrolments"
    records = [one for one in _batches_of(work, run) if one.kind == kind]
    if planned:
        days = {(PLAN, number): Month(run.year, number).last_day for number in range(1, MONTHS + 1)}
    else:
        plans = count_plans(model_of(run), run.through_month, holidays)
        days = {(plan.rule, month): plan.days[low] for plan in plans for month, (low, _) in plan.spans.items()}
    holding = {place: in_force_then(records, day) for place, day in days.items()}
    return {place: _source(held, by_name=by_name) for place, held in holding.items() if held}
