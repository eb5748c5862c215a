"""What was said of months already paid, and what is due: corrections by month, and the final settlement by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import RunKind
from core.usecases.allocation import seal_of, shown_unit
from core.usecases.context import kommun_of, must
from core.usecases.presenting import model_of, run_info
from core.usecases.sealing import REASON, individual_steps, may_see_support, support_within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from core.access import Actor
    from core.allocation import Correction
    from core.store import RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.views import RunInfo


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What a run says anew of a unit's month (1–12), in öre; absent where one of the runs has no amount.

    ``run``: which run said so. ``waits``: until the final settlement.
    """

    enhet: str
    unit_name: str
    run: int
    month: int
    old_ore: int | None
    new_ore: int | None
    difference_ore: int
    reasons: tuple[str, ...]
    waits: bool


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """What a unit was paid by the last utfall, what is due, and the difference: to pay, or below zero to recover."""

    enhet: str
    unit_name: str
    huvudman_name: str
    recipient: str
    paid_ore: int
    due_ore: int
    difference_ore: int


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    """A run's corrections of the run before it.

    ``rows``: this run's; ``waiting``: those of this run and earlier ones that wait for the final settlement.
    ``settlement``: by unit, of a final settlement only. ``left_out``: units whose individual support the viewer may
    not see. ``sealed``: why a unit's rows are not shown.
    """

    run: RunInfo
    earlier: RunInfo | None
    rows: tuple[CorrectionRow, ...]
    waiting: tuple[CorrectionRow, ...]
    settlement: tuple[SettlementRow, ...] = ()
    to_pay_ore: int = 0
    to_recover_ore: int = 0
    left_out: int = 0
    sealed: str | None = None

    @property
    def difference_ore(self) -> int:
        """The sum of the rows' differences."""
        return sum(row.difference_ore for row in self.rows)

    @property
    def waiting_ore(self) -> int:
        """The sum of what waits."""
        return sum(row.difference_ore for row in self.waiting)


def corrections_of_unit(app: App, viewer: Actor, enhet: str, run: int) -> CorrectionsView:
    """Return what a run says anew of a unit's months, and the unit's settlement when the run is a final one.

    Raises ``ForbiddenError``, ``MissingDataError`` and ``NoRunError``.
    """
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        if _tells_of_support(app, viewer, work, record, unit):
            earlier = work.runs.get(kommun, record.earlier_run) if record.earlier_run else None
            return CorrectionsView(
                run_info(record), run_info(earlier) if earlier else None, (), (), sealed=REASON if earlier else None
            )
        return _view(work, record, [unit], enhet)


def _tells_of_support(app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, unit: RunUnitRecord) -> bool:
    """Say whether a unit's differences between runs may be one elev's: whatever support it has, or had, is in them.

    However many decisions each of two sums rests on, they may differ by one.
    """
    if may_see_support(viewer, run.kommun, unit):
        return False
    if seal_of(app, viewer, work, run, unit, work.runs.lines(run.kommun, run.number, unit.enhet)):
        return True
    return any(
        work.runs.lines_of_steps(run.kommun, one.number, [unit.enhet], individual_steps(model_of(one)))
        for one in _so_far(work, run)
    )


def _so_far(work: UnitOfWork, run: RunRecord) -> Iterator[RunRecord]:
    """Yield a run and those it corrects in turn: what waits of theirs stands beside its own."""
    yield run
    while run.earlier_run:
        run = work.runs.get(run.kommun, run.earlier_run)
        yield run


def corrections_of_run(app: App, viewer: Actor, run: int) -> CorrectionsView:
    """Return what a run says anew of every unit's months, and the settlement when the run is a final one."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        record = work.runs.get(kommun, run)
        units = work.runs.units(kommun, run)
        day = app.clock().date()
        closed: set[str] = set()
        for one in _so_far(work, record):  # what was paid holds the support of then, and the unit may be gone since
            then = work.runs.units(kommun, one.number)
            hidden = support_within(work, one, model_of(one), then, viewer, day).hidden
            closed |= {enhet for enhet, ore in hidden.items() if ore}
        shown = [unit for unit in units if unit.enhet not in closed]
        return _view(work, record, shown, None, left_out=len(units) - len(shown), closed=closed)


def _view(
    work: UnitOfWork,
    run: RunRecord,
    units: Sequence[RunUnitRecord],
    enhet: str | None,
    left_out: int = 0,
    closed: Collection[str] = (),
) -> CorrectionsView:
    kommun = run.kommun
    earlier = work.runs.get(kommun, run.earlier_run) if run.earlier_run else None
    if earlier is None:
        return CorrectionsView(run_info(run), None, (), ())
    still = {one.enhet for one in work.runs.units(kommun, run.number)}
    gone = [
        one
        for one in work.runs.units(kommun, earlier.number)
        if enhet is None and one.enhet not in still and one.enhet not in closed
    ]
    names = {one.enhet: one.name for one in (*gone, *units)}
    found = [(run.number, one) for one in work.corrections.of_run(kommun, run.number, enhet)]
    before = work.corrections.waiting(kommun, earlier.number, enhet)
    final = run.kind == RunKind.SLUTAVRAKNING.value
    settlement = _settlement(work, earlier, (units, gone), before) if final else ()
    waiting = () if final else [*((number, one) for number, one in found if one.waits), *before]
    return CorrectionsView(
        run_info(run),
        run_info(earlier),
        tuple(_rows(found, names)),
        tuple(_rows(waiting, names)),
        settlement,
        sum(row.difference_ore for row in settlement if row.difference_ore > 0),
        -sum(row.difference_ore for row in settlement if row.difference_ore < 0),
        left_out,
    )


def _rows(found: Iterable[tuple[int, Correction]], names: Mapping[str, str]) -> list[CorrectionRow]:
    rows = [
        CorrectionRow(
            one.enhet, names[one.enhet], number, one.month, one.old_ore, one.new_ore, one.difference_ore, one.reasons,
            one.waits,
        )
        for number, one in found
        if one.enhet in names
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.unit_name.casefold(), row.enhet, row.month, row.run))


def _settlement(
    work: UnitOfWork,
    earlier: RunRecord,
    units: tuple[Sequence[RunUnitRecord], Sequence[RunUnitRecord]],
    waiting: Sequence[tuple[int, Correction]],
) -> tuple[SettlementRow, ...]:
    """Return, by unit, what the last utfall paid (what waited was not paid), what is due, and the difference.

    ``units``: those of the settlement, and those that only the utfall had, to whom nothing is due.
    """
    paid = {one.enhet: one.total_ore for one in work.runs.units(earlier.kommun, earlier.number)}
    for _, one in waiting:
        paid[one.enhet] = paid.get(one.enhet, 0) - one.difference_ore
    due = [(one, one.total_ore) for one in units[0]] + [(one, 0) for one in units[1]]
    rows = [
        SettlementRow(
            one.enhet, one.name, one.huvudman_name, one.recipient, paid.get(one.enhet, 0), ore,
            ore - paid.get(one.enhet, 0),
        )
        for one, ore in due
        if ore or paid.get(one.enhet)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.unit_name.casefold(), row.enhet)))
