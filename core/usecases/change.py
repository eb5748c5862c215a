"""*Varför ändrades den?* Of a unit or the whole kommun, between two runs: bars that add up to the öre."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import may
from core.allocation import PARTS, in_whole_ore
from core.base import RunKind, label
from core.parameters import WeightedPool
from core.usecases.allocation import must_be_shown
from core.usecases.change_store import keep_change
from core.usecases.change_views import POOLED, ChangePart, ChangeStep, ChangeView, UnitChange
from core.usecases.choices import SHOWN, must_see, run_for, shown_run
from core.usecases.context import kommun_of, must, unit_resource
from core.usecases.headcount import headcount_of
from core.usecases.presenting import model_of, run_info, unit_choice
from core.usecases.sealing import individual_steps, may_see_support, secret_indexes
from core.usecases.unit_in_run import UnitNotInRunError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.access import Actor
    from core.parameters import FundingModel
    from core.store import ChangeRecord, RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.views import RunInfo

CARVED = ("months", "units", "decided")
"""Parts that say nothing of an index."""
ORDER = (*PARTS, POOLED)
SEALED = (
    "Individuellt stöd ingår inte i det som visas här: skillnaden mellan två körningar kan röja vad en enskild elev "
    "har fått."
)
Sums = dict[str, int]


def change_years(app: App, viewer: Actor) -> tuple[int, ...]:
    """Return the years that have a decided run, newest first."""
    kommun = kommun_of(viewer)
    must(viewer, "change.view", kommun)
    with app.reading(viewer) as work:
        return tuple(sorted({year for year, _ in work.sums.years_of(kommun, None, SHOWN)}, reverse=True))


def change_kinds(app: App, viewer: Actor, year: int) -> tuple[str, ...]:
    """Return the kinds of decided run that a year has."""
    kommun = kommun_of(viewer)
    must(viewer, "change.view", kommun)
    with app.reading(viewer) as work:
        kinds = [kind for one, kind in work.sums.years_of(kommun, None, SHOWN) if one == year]
    return tuple(sorted(kinds, reverse=True))


def earlier_runs(app: App, viewer: Actor, year: int, kind: str) -> tuple[RunInfo, tuple[RunInfo, ...]]:
    """Return the run that stands for a year, and the runs to compare it with, the likeliest first.

    They are the year before's of the same kind, the year's budget, and the run that it took the place of.
    Raises ``NoRunError``.
    """
    kommun = kommun_of(viewer)
    must(viewer, "start.view", kommun)
    with app.reading(viewer) as work:
        run = run_for(work, kommun, year, kind)
        budget = shown_run(work, kommun, year, RunKind.BUDGET.value)
        replaced = [
            one
            for one in work.runs.list(kommun)
            if (one.year, one.kind) == (year, kind) and one.number < run.number and one.decided_at is not None
        ]
        options = [shown_run(work, kommun, year - 1, kind), budget, *replaced[:1]]
        found = {one.number: one for one in options if one is not None and one.number != run.number}
        return run_info(run), tuple(run_info(one) for one in found.values())


def change_of(app: App, viewer: Actor, run_from: int, run_to: int, enhet: str | None = None) -> ChangeView:
    """Return the change from one run to another; computed the first time it is asked for, which may take seconds.

    Raises ``ForbiddenError``, ``RunUnknownError`` and ``UnitNotInRunError``.
    """
    kommun, runs = kommun_of(viewer), (run_from, run_to)
    with app.reading(viewer) as work:
        _must_see(viewer, work, kommun, runs, enhet)
    keep_change(app, viewer, kommun, runs)
    with app.reading(viewer) as work:
        before, after = (work.runs.get(kommun, number) for number in runs)
        if enhet is None:
            return _of_kommun(viewer, work, before, after)
        return _of_unit(viewer, work, (before, after), enhet)


def main_parts(app: App, viewer: Actor, enhet: str, year: int, kind: str) -> tuple[ChangePart, ...]:
    """Return the bars that mean most to a unit's change since the year before; none before it has been computed."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        before, after = (shown_run(work, kommun, one, kind) for one in (year - 1, year))
        if before is None or after is None or not work.changes.is_stored(kommun, (before.number, after.number)):
            return ()
        _must_see(viewer, work, kommun, (before.number, after.number), enhet)
        return _of_unit(viewer, work, (before, after), enhet).largest()


def _must_see(viewer: Actor, work: UnitOfWork, kommun: str, runs: tuple[int, int], enhet: str | None) -> None:
    for number in runs:
        must_be_shown(viewer, work.runs.get(kommun, number))
    if enhet is None:
        must(viewer, "change.view", kommun)
        return
    for one in _units(work, kommun, runs, enhet):
        if one is not None:
            must_see(viewer, "allocation.view", kommun, one)


def _units(work: UnitOfWork, kommun: str, runs: tuple[int, int], enhet: str) -> list[RunUnitRecord | None]:
    """Return the unit in each of the runs; raises ``UnitNotInRunError`` when it is in none."""
    found = [work.runs.unit(kommun, number, enhet) for number in runs]
    if found == [None, None]:
        raise UnitNotInRunError(enhet, runs[1])
    return found


def _of_unit(viewer: Actor, work: UnitOfWork, runs: tuple[RunRecord, RunRecord], enhet: str) -> ChangeView:
    """Return the change of a unit.

    Who may not see its individual support sees the unit without it in both runs, however many decisions it rests on:
    a difference of two sums tells more of a single elev than either sum does.
    """
    kommun, numbers = runs[0].kommun, (runs[0].number, runs[1].number)
    units = _units(work, kommun, numbers, enhet)
    hidden: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    sums: list[Sums] = []
    for run, unit in zip(runs, units, strict=True):
        lines = work.runs.lines(kommun, run.number, enhet) if unit is not None else []
        by_step: Sums = {}
        for line in lines:
            by_step[line.step] = by_step.get(line.step, 0) + line.amount_ore
        sums.append(by_step)
        if unit is not None and not may_see_support(viewer, kommun, unit):
            hidden |= individual_steps(model_of(run))
            secret |= _secret_pools(work, run)
    rows = [one for one in work.changes.of_unit(kommun, numbers, enhet) if one.step not in hidden]
    elever = [headcount_of(work, run, model_of(run)).mean(enhet) for run in runs]
    shown = next(unit for unit in reversed(units) if unit is not None)
    left = [_left(one, hidden) for one in sums]
    left_out = any(not hidden.isdisjoint(one) for one in sums)
    facts = _Shown(runs, left, _pooled(rows, secret), elever, SEALED if left_out else None)
    return _view(work, facts, unit=shown)


def _left(sums: Sums, hidden: Iterable[str]) -> Sums:
    return {step: ore for step, ore in sums.items() if step not in set(hidden)}


def _secret_pools(work: UnitOfWork, run: RunRecord) -> frozenset[str]:
    """Return pots shared by an index that may not be shown, and what is computed on them."""
    secret, model = secret_indexes(work, run), model_of(run)
    found = {
        one.step for one in model.amounts if isinstance(one, WeightedPool) and one.factor and one.factor.index in secret
    }
    for step in model.amounts:  # a step only names earlier ones
        if found & set(getattr(step, "of", ())):
            found.add(step.step)
    return frozenset(found)


def _pooled(rows: Sequence[ChangeRecord], secret: frozenset[str]) -> list[tuple[str, str, Fraction]]:
    """Return (part, step, öre); the parts of a secret pot as one, which is what it gives less what it gave."""
    return [(POOLED if one.step in secret and one.part not in CARVED else one.part, one.step, one.ore) for one in rows]


def _of_kommun(viewer: Actor, work: UnitOfWork, before: RunRecord, after: RunRecord) -> ChangeView:
    """Return the change of the whole kommun.

    Who may not see the individual support of every unit sees the kommun without any of it.
    """
    kommun, runs = before.kommun, (before, after)
    units = [work.runs.units(kommun, run.number) for run in runs]
    closed = any(not may_see_support(viewer, kommun, one) for listed in units for one in listed)
    hidden = frozenset[str]().union(*(individual_steps(model_of(run)) for run in runs)) if closed else frozenset()
    by_unit = [work.runs.sums(kommun, run.number, "enhet", "step") for run in runs]
    sums: list[Sums] = [{}, {}]
    totals: list[Sums] = [{one.enhet: 0 for one in listed} for listed in units]
    for place, rows in enumerate(by_unit):
        for enhet, step, ore in rows:
            if step not in hidden:
                sums[place][step] = sums[place].get(step, 0) + ore
                totals[place][enhet] = totals[place].get(enhet, 0) + ore
    parts = [
        (one.part, one.step, one.ore)
        for one in work.changes.of_kommun(kommun, (before.number, after.number))
        if one.step not in hidden
    ]
    elever = [headcount_of(work, run, model_of(run)).total() for run in runs]
    open_to = _open_to(viewer, kommun, units)
    listed = [one for one in _listed(units, totals) if one.enhet in open_to]
    return _view(work, _Shown(runs, sums, parts, elever, SEALED if hidden else None), listed=listed)


def _open_to(viewer: Actor, kommun: str, units: Sequence[Sequence[RunUnitRecord]]) -> frozenset[str]:
    """Return the units whose allocation the viewer may see in every run that holds them."""
    verdicts = [
        (one.enhet, may(viewer, "allocation.view", unit_resource(kommun, one))) for listed in units for one in listed
    ]
    return frozenset(enhet for enhet, _ in verdicts) - {enhet for enhet, verdict in verdicts if not verdict.allowed}


def _listed(units: Sequence[Sequence[RunUnitRecord]], totals: Sequence[Sums]) -> list[UnitChange]:
    names = {one.enhet: one.name for listed in units for one in listed}
    found = [
        UnitChange(enhet, name, before, after, (after or 0) - (before or 0))
        for enhet, name in names.items()
        for before, after in [(totals[0].get(enhet), totals[1].get(enhet))]
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.enhet))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What may be shown of two runs: öre by step in each, (part, step, öre) between them, and their elever."""

    runs: tuple[RunRecord, RunRecord]
    sums: Sequence[Sums]
    rows: Sequence[tuple[str, str, Fraction]]
    elever: Sequence[Fraction | None]
    sealed: str | None


def _view(
    work: UnitOfWork, shown: _Shown, unit: RunUnitRecord | None = None, listed: Sequence[UnitChange] = ()
) -> ChangeView:
    runs, sums = shown.runs, shown.sums
    start, end = (sum(one.values()) for one in sums)
    labels = {**_labels(model_of(runs[0])), **_labels(model_of(runs[1]))}
    return ChangeView(
        kommun_name=work.kommuner.get(runs[0].kommun).name,
        unit=unit_choice(unit) if unit else None,
        run_from=run_info(runs[0]),
        run_to=run_info(runs[1]),
        from_ore=start,
        to_ore=end,
        difference_ore=end - start,
        parts=_parts(shown.rows, sums, start, end, labels),
        elever_from=shown.elever[0],
        elever_to=shown.elever[1],
        units=tuple(listed),
        opened=tuple(one.name for one in listed if one.from_ore is None),
        closed=tuple(one.name for one in listed if one.to_ore is None),
        sealed=shown.sealed,
    )


def _parts(
    rows: Sequence[tuple[str, str, Fraction]], sums: Sequence[Sums], start: int, end: int, labels: Mapping[str, str]
) -> tuple[ChangePart, ...]:
    by_part: dict[str, dict[str, Fraction]] = {}
    for part, step, ore in rows:
        mine = by_part.setdefault(part, {})
        mine[step] = mine.get(step, Fraction(0)) + ore
    names = [part for part in ORDER if part in by_part]
    exact = [sum(by_part[part].values(), Fraction(0)) for part in names]
    found, at = [], start
    for part, value, shown in zip(names, exact, in_whole_ore(exact, end - start), strict=True):
        steps = _steps(by_part[part], shown, sums, labels)
        found.append(ChangePart(part, value, shown, shown - value, at, at + shown, steps))
        at += shown
    return tuple(found)


def _steps(
    mine: Mapping[str, Fraction], total: int, sums: Sequence[Sums], labels: Mapping[str, str]
) -> tuple[ChangeStep, ...]:
    """Return the steps of a bar in the model's order."""
    place = {step: number for number, step in enumerate(labels)}
    steps = sorted(mine, key=lambda step: place.get(step, len(place)))
    shown = in_whole_ore([mine[step] for step in steps], total)
    return tuple(
        ChangeStep(step, labels.get(step, step), mine[step], ore, sums[0].get(step, 0), sums[1].get(step, 0))
        for step, ore in zip(steps, shown, strict=True)
    )


def _labels(model: FundingModel) -> dict[str, str]:
    """Return the steps' names, with the verksamhet where a model has several."""
    several = len({one.verksamhet for one in model.categories}) > 1
    names: dict[str, str] = {}
    for one in (*model.prices, *model.amounts):
        verksamhet = getattr(one, "verksamhet", None)
        names[one.step] = f"{one.label} ({label(verksamhet).lower()})" if several and verksamhet else one.label
    return names
