"""A frozen run as what trials start from, kept in memory by run; and a trial as what a run freezes.

Nothing is kept about anybody: units, counts by category, prices and indexes of a run that never changes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from core.allocation import TrialBase, tried
from core.base import CoreError, RunKind, Sentence
from core.parameters import marked, read_changes
from core.usecases.frozen import batches_frozen, counts_frozen, gather
from core.usecases.presenting import model_of
from core.usecases.rebuilt import input_of_run, units_frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.parameters import Change, FundingModel
    from core.register import Counts
    from core.store import RunRecord, UnitOfWork
    from core.usecases.frozen import Gathered

MONTHS = 12
KEPT = 4
BASES = (RunKind.BUDGET.value, RunKind.UTFALL.value, RunKind.SLUTAVRAKNING.value)


class NotABaseError(CoreError):
    """A trial starts from a run of real counts; a scenario is opened with its changes instead."""

    def __init__(self, run: int) -> None:
        self.run = run
        super().__init__(
            Sentence(
                "Körning {run} är själv ett försök. Utgå från den körning som försöket gjordes på, eller öppna det "
                "sparade försöket i Modellverkstaden.",
                run=run,
            )
        )


class Shelf:
    """The latest few runs that somebody tried something on, ready in memory."""

    def __init__(self, size: int = KEPT) -> None:
        self._size, self._lock = size, Lock()
        self._held: OrderedDict[tuple[object, ...], TrialBase] = OrderedDict()

    def base(self, work: UnitOfWork, run: RunRecord) -> TrialBase:
        """Return what trials on ``run`` start from; raises ``NotABaseError``."""
        if run.kind not in BASES:
            raise NotABaseError(run.number)
        key = (run.kommun, run.number, run.fingerprint, run.created_at)
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        made = base_of_run(work, run)
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        return made


SHELF = Shelf()


def base_of_run(work: UnitOfWork, run: RunRecord) -> TrialBase:
    """Return what trials on a run start from, read from what the run froze."""
    data = input_of_run(work, run)
    counts = counts_frozen(work, run, data.model, [unit.enhet for unit in data.units])
    divisor = _divisors(data.model, counts, run)
    of_plan = work.sums.elever_in_all(run.kommun, run.budget_run or run.number)
    return TrialBase(data, counts.n, divisor, run.through_month, of_plan, plans=run.kind == RunKind.BUDGET.value)


def _divisors(model: FundingModel, counts: Counts, run: RunRecord) -> tuple[int, ...]:
    """Return what the counts of each category are divided by, also of one that nobody was counted in."""
    by_day = {rule.rule for rule in model.counting if rule.kind == "days"} if run.kind != "budget" else set()
    days = 366 if model.year % 4 == 0 and (model.year % 100 or model.year % 400 == 0) else 365
    return tuple(
        held if counts.rule[place] else (days if one.counting in by_day else MONTHS)
        for place, (one, held) in enumerate(zip(model.categories, counts.divisor, strict=True))
    )


def gathered_trial(
    work: UnitOfWork, base: RunRecord, trial: TrialBase, changes: Sequence[Change], holidays: frozenset[date]
) -> Gathered:
    """Return what a scenario run is computed from: the base run's own batches, with the trial's model and counts.

    Counts that the trial changed have no rows behind them: their rows' hash is nought.
    """
    at = base.kommun, base.number
    kind, held = RunKind(base.kind), batches_frozen(work, base)
    model = marked(model_of(base), changes)
    gathered = gather(work, base.kommun, model, kind, base.through_month, holidays, held, counted=False)
    gathered.units = units_frozen(work.runs.units(*at))
    gathered.batches = work.runs.batches(*at)
    gathered.index = trial.data.index
    gathered.counts = _counts(work, base, trial, model)
    return gathered


def _counts(work: UnitOfWork, base: RunRecord, trial: TrialBase, model: FundingModel) -> Counts:
    counts = counts_frozen(work, base, model, [unit.enhet for unit in trial.data.units])
    plan = base.kind == RunKind.BUDGET.value
    rules = {one.category: "plan" if plan else one.counting or "" for one in model.categories}
    rule = tuple(held or rules[name] for name, held in zip(counts.category_ids, counts.rule, strict=True))
    changed = counts.n != trial.n
    return replace(
        counts, rule=rule, divisor=trial.divisor, n=trial.n, rows_hash=np.where(changed, np.uint64(0), counts.rows_hash)
    )


def scenario_differs(work: UnitOfWork, run: RunRecord, gathered: Gathered) -> Iterator[str]:
    """Yield how a scenario run is not what its base run and its changes give; nothing for any other run."""
    held = work.scenarios.of_run(run.kommun, run.number)
    if held is None:
        if run.kind == RunKind.SCENARIO.value:
            yield "Försökets ändringar saknas."
        return
    base, changes = work.runs.get(run.kommun, held.base_run), read_changes(held.changes)
    trial = tried(base_of_run(work, base), changes)
    if gathered.model != marked(model_of(base), changes):
        yield f"Försökets modell är inte den som körning {base.number} och ändringarna ger."
    if not np.array_equal(gathered.counts.n, trial.n):
        yield f"Försökets antal är inte de som körning {base.number} och ändringarna ger."
