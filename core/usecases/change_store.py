"""The change between two stored runs, computed once and kept: two frozen runs differ in the same way for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import Side, decompose
from core.base import collector_at_rest
from core.usecases.context import must
from core.usecases.frozen import counts_frozen
from core.usecases.rebuilt import input_of_run

if TYPE_CHECKING:
    from core.access import Actor
    from core.allocation import Decomposition
    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App


def side_of_run(work: UnitOfWork, run: RunRecord) -> Side:
    """Return a stored run as one side of a change."""
    data = input_of_run(work, run)
    counts = counts_frozen(work, run, data.model, [unit.enhet for unit in data.units])
    return Side(data, counts.n, run.through_month, run.kind)


def change_between(work: UnitOfWork, run_from: RunRecord, run_to: RunRecord) -> Decomposition:
    """Return the change from one stored run to another, computed anew."""
    with collector_at_rest():
        return decompose(side_of_run(work, run_from), side_of_run(work, run_to))


def keep_change(app: App, viewer: Actor, kommun: str, runs: tuple[int, int]) -> None:
    """Compute and store the change between two runs, (from, to), unless it is stored.

    It is no decision of anybody's and nothing that a run rests on, so the audit chain is not told: whoever doubts it
    has it computed again.
    """
    must(viewer, "change.view", kommun)
    with app.reading(viewer) as work:
        if work.changes.is_stored(kommun, runs):
            return
        found = change_between(work, *(work.runs.get(kommun, number) for number in runs))
    with app.writing(viewer) as work:
        work.changes.write(kommun, runs, int(found.after.sum() - found.before.sum()), found.rows())
        work.commit()
