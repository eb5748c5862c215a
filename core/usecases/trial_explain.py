"""The derivation of a unit's amount in a trial, before anything is saved: the same tree, on lines in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from core.allocation import (
    CountFacts,
    Line,
    MonthCount,
    PoolFacts,
    allocate,
    explain,
    measured_rows,
    over_units_of,
    tried,
)
from core.parameters import marked, read_changes
from core.usecases.allocation import run_facts, seal_of, shown_unit
from core.usecases.context import kommun_of, must
from core.usecases.scenario_inputs import tried_counts, tried_indexes
from core.usecases.sealing import REASON
from core.usecases.trial_base import SHELF

if TYPE_CHECKING:
    from core.access import Actor
    from core.allocation import Allocated, MeasuredFacts, TrialBase
    from core.base import Derivation, Source
    from core.usecases.context import App

ENHET = "enhet"


def trial_derivation(app: App, viewer: Actor, run: int, changes: str, enhet: str, key: str = "total") -> Derivation:
    """Return the tree of an amount of a unit as a trial would give it; what was changed cites the trial.

    Raises ``ForbiddenError`` for an amount that the viewer may not see, and what a trial raises.
    """
    kommun = kommun_of(viewer)
    must(viewer, "scenario.view", kommun)
    wanted = read_changes(changes)
    with app.reading(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        trial = tried(SHELF.base(work, record), wanted)
        model = marked(SHELF.base(work, record).model, wanted)
        done = allocate(replace(trial.data, model=model))
        lines = [Line(*row) for row in done.rows if row[0] == enhet]  # type: ignore[arg-type]  # made by LineBlock.rows
        stored = work.runs.lines(kommun, run, enhet)
        seal = seal_of(app, viewer, work, record, unit, [*stored, *lines])
        shown = seal.visible(lines)
        if key != "total" and _holds(key, lines) and not _holds(key, shown):
            raise ForbiddenError(REASON)
        facts = run_facts(app, viewer, work, record, seal.visible(stored) or shown, seal.secret_index)
    tried_facts = replace(
        facts,
        model=model,
        lines=shown,
        prices=trial.data.prices,
        counts=_counts(facts.counts, trial, enhet, tried_counts(wanted, enhet)),
        pools={(one.step, one.period): PoolFacts(one.pool_ore, one.weight) for one in done.pools},
        planned=trial.planned,
        index={**facts.index, **tried_indexes(wanted, enhet)},
        measured=facts.measured and _measured(facts.measured, trial, done, enhet),
    )
    return explain(key, tried_facts)


def _holds(key: str, lines: list[Line]) -> bool:
    """Say whether some line belongs to a dimension's, step's or line's address."""
    return any(key in {f"dim:{line.dimension}", f"step:{line.step}", line.key} for line in lines)


def _measured(facts: MeasuredFacts, trial: TrialBase, done: Allocated, enhet: str) -> MeasuredFacts:
    """Return what the unit's measures were made of in the trial."""
    rows = measured_rows(done.measures, [unit.enhet for unit in trial.data.units])
    figures = {name: values[enhet] for name, values in trial.data.index.items() if enhet in values}
    over = over_units_of(trial.model, done.measures, trial.data.units) if facts.over_units else {}
    return replace(facts, rows=[row for row in rows if row.enhet == enhet], variables=figures, over_units=over)


def _counts(facts: CountFacts, trial: TrialBase, enhet: str, changed: dict[tuple[str, int], Source]) -> CountFacts:
    """Return the trial's counts of a unit: those of the run cite their rows, changed ones the trial."""
    place = next(number for number, unit in enumerate(trial.data.units) if unit.enhet == enhet)
    months: dict[str, tuple[MonthCount, ...]] = {}
    for number, category in enumerate(trial.data.category_ids):
        cited = {one.month: one.source for one in facts.months.get(category, ())}
        months[category] = tuple(
            MonthCount(month, int(n), changed.get((category, month)) or cited.get(month, facts.source))
            for month, n in enumerate(trial.n[place, number].tolist(), 1)
            if n
        )
    divisor = dict(zip(trial.data.category_ids, trial.divisor, strict=True))
    return replace(facts, months=months, divisor=divisor)
