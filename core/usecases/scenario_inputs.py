"""What a scenario run has instead of what its batches say: changed index values, kept beside the run."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import RunKind, Source, format_number, read_number
from core.parameters import CountChange, IndexChange, read_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.parameters import Change
    from core.store import RunRecord, UnitOfWork


def changes_of(work: UnitOfWork, run: RunRecord) -> tuple[Change, ...]:
    """Return the changes that a scenario run was tried with; none for any other run."""
    if run.kind != RunKind.SCENARIO.value:
        return ()
    held = work.scenarios.of_run(run.kommun, run.number)
    return () if held is None else read_changes(held.changes)


def tried_index(
    work: UnitOfWork, run: RunRecord, index: Mapping[str, Mapping[str, Fraction]]
) -> Mapping[str, Mapping[str, Fraction]]:
    """Return the indexes that a run was computed with: its batches', with a scenario's own values in their place."""
    changed = [one for one in changes_of(work, run) if isinstance(one, IndexChange)]
    if not changed:
        return index
    values = {name: dict(held) for name, held in index.items()}
    for one in changed:
        values.setdefault(one.index, {})[one.enhet] = read_number(one.value)
    return values


def counted_kind(work: UnitOfWork, run: RunRecord) -> str:
    """Return the kind of run that the counts come from: a scenario's are those of the run it was tried on."""
    held = work.scenarios.of_run(run.kommun, run.number) if run.kind == RunKind.SCENARIO.value else None
    return run.kind if held is None else work.runs.get(run.kommun, held.base_run).kind


def tried_counts(changes: Sequence[Change], enhet: str) -> dict[tuple[str, int], Source]:
    """Return, by category and month, the citation of a unit's counts that a trial changed: no rows say them."""
    found: dict[tuple[str, int], Source] = {}
    for one in changes:
        if isinstance(one, CountChange) and one.enhet == enhet:
            what = f"{one.n} elever" if one.n is not None else f"{_signed(one.delta or 0)} elever"
            source = Source("rule", f"Ändrat i försöket: {what} från månad {one.from_month}")
            found |= {(one.category, month): source for month in range(one.from_month, 13)}
    return found


def tried_indexes(changes: Sequence[Change], enhet: str) -> dict[str, Source]:
    """Return, by index, the citation of a unit's value that a trial changed."""
    return {
        one.index: Source("rule", f"Ändrat i försöket: {one.value.replace('.', ',')}")
        for one in changes
        if isinstance(one, IndexChange) and one.enhet == enhet
    }


def _signed(n: int) -> str:
    shown = format_number(Fraction(n))
    return shown if n < 0 else f"+{shown}"
