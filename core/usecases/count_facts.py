"""The counts behind a unit's amounts, each citing the batches whose rows it counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import CountFacts, MonthCount
from core.base import RunKind, Source
from core.register import count_plans
from core.usecases.frozen import in_force_then

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters import FundingModel
    from core.store import BatchRecord, RunRecord, UnitOfWork

MONTHS = 12
KINDS = {
    "enrolments": "elevregister", "planned_counts": "planerade antal", "given_amounts": "beslutade belopp",
    "index": "index", "units": "enhetsregister",
}  # fmt: skip


def batch_sources(work: UnitOfWork, run: RunRecord) -> dict[str, tuple[Source, ...]]:
    """Return citations of the run's batches by kind, newest first."""
    records = work.batches.of_numbers(run.kommun, [number for number, _ in work.runs.batches(run.kommun, run.number)])
    sources: dict[str, tuple[Source, ...]] = {}
    for one in records:
        sources[one.kind] = (_source([one]), *sources.get(one.kind, ()))
    return sources


def _source(records: Sequence[BatchRecord]) -> Source:
    """Return one citation for batches that together hold a count."""
    numbers = ", ".join(str(one.number) for one in records)
    files = ", ".join(one.file_name for one in records)
    word = "inläsning" if len(records) == 1 else "inläsningarna"
    kind = KINDS.get(records[0].kind, records[0].kind)
    return Source("batch", f"{kind}, {word} {numbers}", detail=files, batch=records[-1].number)


def count_facts(
    work: UnitOfWork, run: RunRecord, model: FundingModel, enhet: str, sources: dict[str, tuple[Source, ...]]
) -> CountFacts:
    """Return the stored counts of a unit with their sources."""
    planned = run.kind == RunKind.BUDGET.value
    whole = sources.get("planned_counts" if planned else "enrolments", (Source("rule", "Räknat i körningen"),))
    by_month = {} if planned else _sources_by_month(work, run, model)
    months: dict[str, list[MonthCount]] = {}
    divisor: dict[str, int] = {}
    for row in work.runs.counts(run.kommun, run.number, enhet):
        source = by_month.get((row.rule, row.month), whole[0])
        months.setdefault(row.category, []).append(MonthCount(row.month, row.n, source))
        divisor[row.category] = row.den
    labels = {rule.rule: rule.label for rule in model.counting}
    rule_label = {one.category: labels.get(one.counting, model.title) for one in model.categories}
    if planned:
        rule_label = dict.fromkeys(rule_label, "Planerade antal, medel av årets tolv månader")
    counted = {category: tuple(rows) for category, rows in months.items()}
    return CountFacts(counted, divisor, rule_label, model.periods(), whole[0])


def _sources_by_month(work: UnitOfWork, run: RunRecord, model: FundingModel) -> dict[tuple[str, int], Source]:
    """Return the citation of each counting rule and month: its day, and the batches in force on it."""
    numbers = [number for number, kind in work.runs.batches(run.kommun, run.number) if kind == "enrolments"]
    records = work.batches.of_numbers(run.kommun, numbers)
    found: dict[tuple[str, int], Source] = {}
    for plan in count_plans(model, run.through_month, frozenset()):
        for month, (low, _) in plan.spans.items():
            holding = in_force_then(records, plan.days[low])
            if holding:
                found[plan.rule, month] = _source(holding)
    return found
