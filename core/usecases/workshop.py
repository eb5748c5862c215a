"""Modellverkstad: try a figure, a count or an index on a frozen run and see what it does, before anything is saved."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.allocation import (
    blocks_of,
    budget_books,
    category_label,
    effects,
    equal_findings,
    step_label,
    tried,
)
from core.base import CoreError, RunState, Sentence, format_number
from core.parameters import (
    CountChange,
    FigureChange,
    change_of,
    change_set,
    changeable,
    lawful,
    read_changes,
    refused,
)
from core.usecases.context import kommun_of, must
from core.usecases.presenting import model_of, run_info
from core.usecases.sealing import individual_steps, may_see_support, support_within
from core.usecases.trial_base import BASES, SHELF
from core.usecases.workshop_views import (
    Bench,
    BooksEffect,
    ChangeRow,
    CountChoice,
    ScenarioInfo,
    SideBySide,
    TrialView,
    WorkshopView,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access import Actor
    from core.allocation import Finding, TrialBase
    from core.parameters import Change, Place
    from core.store import RunRecord, ScenarioRecord, UnitOfWork
    from core.usecases.context import App

SHOWN = (RunState.PUBLISHED.value, RunState.DECIDED.value, RunState.CHECKED.value)
FEWEST, MOST = 2, 4
MONTHS = 12
ELEVER = "elever"


class CompareError(CoreError):
    """The trials chosen cannot stand side by side."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(Sentence("Försöken kan inte jämföras: {why}", why=why))


def workshop_view(app: App, viewer: Actor) -> WorkshopView:
    """Return the runs that a trial can start from, newest first, and the saved trials."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.view", kommun)
    with app.reading(viewer) as work:
        runs = [one for one in work.runs.list(kommun) if one.kind in BASES and one.state in SHOWN]
        saved = tuple(scenario_info(app, viewer, work, one) for one in work.scenarios.list(kommun))
    can = may(viewer, "scenario.edit", Resource("kommun", kommun)).allowed
    bases = sorted(runs, key=lambda one: (-one.year, one.kind, -one.number))
    return WorkshopView(tuple(run_info(one) for one in bases), saved, can)


def scenario_info(app: App, viewer: Actor, work: UnitOfWork, record: ScenarioRecord) -> ScenarioInfo:
    """Return a saved trial as the list shows it; its sum without individual support that it would tell the viewer."""
    total = record.total_ore
    if record.run is not None and total is not None:
        run = work.runs.get(record.kommun, record.run)
        units = work.runs.units(run.kommun, run.number)
        total -= support_within(work, run, model_of(run), units, viewer, app.clock().date()).secret_ore
    return ScenarioInfo(
        record.number, record.name, record.note, record.base_run, record.run, record.state == "open", record.edition,
        record.changes, total, record.changed_at, record.changed_by,
    )  # fmt: skip


def bench_of(app: App, viewer: Actor, run: int) -> Bench:
    """Return what can be changed in a run, each with its words; for who may try."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.edit", kommun)
    with app.reading(viewer) as work:
        record = work.runs.get(kommun, run)
        base = SHELF.base(work, record)
    model = base.model
    labels = {one.category: category_label(model, one.category) for one in model.categories}
    held = base.n.sum(axis=2) > 0
    ids = base.data.category_ids
    units = [
        CountChoice(
            unit.enhet, unit.name,
            tuple((name, labels[name]) for place, name in enumerate(ids) if held[row, place]) or tuple(labels.items()),
        )
        for row, unit in enumerate(base.data.units)
    ]  # fmt: skip
    units.sort(key=lambda one: (one.name.casefold(), one.enhet))
    return Bench(run_info(record), changeable(model), tuple(units), tuple(labels.items()), base.data.index)


def with_change(app: App, viewer: Actor, run: int, changes: str, row: dict[str, object]) -> str:
    """Return a trial's text with one more change, once it is known to hold in the run.

    Raises ``ChangeFaultyError`` and what a trial raises. What law refuses is not stopped here: the trial says it.
    """
    kommun = kommun_of(viewer)
    must(viewer, "scenario.edit", kommun)
    change = change_of(row)
    with app.reading(viewer) as work:
        base = SHELF.base(work, work.runs.get(kommun, run))
    text = change_set(changes, change)
    tried(base, read_changes(text))
    return text


def trial_of(app: App, viewer: Actor, run: int, changes: str) -> TrialView:
    """Return what the changes (as text) would do to a run; nothing is saved.

    Raises ``ChangeFaultyError``, ``NoSuchFigureError``, ``ModelFaultyError`` and the errors of ``tried``.
    """
    kommun = kommun_of(viewer)
    must(viewer, "scenario.edit", kommun)
    with app.reading(viewer) as work:
        return view_of(app, viewer, work, work.runs.get(kommun, run), read_changes(changes))


def saved_trial(app: App, viewer: Actor, number: int) -> TrialView:
    """Return what a saved trial does to the run it was made on."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.view", kommun)
    with app.reading(viewer) as work:
        record = work.scenarios.get(kommun, number)
        return view_of(app, viewer, work, work.runs.get(kommun, record.base_run), read_changes(record.changes))


def view_of(app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, changes: Sequence[Change]) -> TrialView:
    """Return a trial as this viewer may see it."""
    base = SHELF.base(work, run)
    trial = tried(base, changes)
    found = lawful(base.model, trial.model, app.clock().date())
    rows = tuple(change_rows(base, changes))
    if refused(found):
        return TrialView(run_info(run), rows, found, None, {}, None)
    units = work.runs.units(run.kommun, run.number)
    closed = frozenset(one.enhet for one in units if not may_see_support(viewer, run.kommun, one))
    secret = support_within(work, run, base.model, units, viewer, app.clock().date()).secret
    what = effects(base, trial, without=(closed, individual_steps(base.model)))
    unequal = _unequal(trial)
    return TrialView(
        base=run_info(run),
        changes=rows,
        findings=found,
        effects=what,
        labels={one.step: step_label(base.model, one.step) for one in what.steps},
        books=None if secret else _books(base, trial),  # what is left of a budget is known to be less all support
        unequal=unequal,
        unequal_before=len(_unequal(base)),
        left_out=len(closed),
    )


def _unequal(trial: TrialBase) -> tuple[Finding, ...]:
    return equal_findings(trial.model, trial.data.prices, trial.data)


def _books(base: TrialBase, trial: TrialBase) -> BooksEffect | None:
    """Return what is left of the decided budget; only a budget run's books can say that of a whole year."""
    if not base.plans or base.model.books is None:
        return None
    left = [_left(one) for one in (base, trial)]
    return BooksEffect(left[1][0], left[0][1], left[1][1])


def _left(one: TrialBase) -> tuple[int, int]:
    """Return (decided, decided less every other term) in öre."""
    lines = budget_books(one.model, blocks_of(one.data).blocks, one.planned)
    decided = sum(line.amount_ore for line in lines if line.side == "right")
    return decided, decided - sum(line.amount_ore for line in lines if line.side == "left")


def change_rows(base: TrialBase, changes: Sequence[Change]) -> list[ChangeRow]:
    """Return the changes in words, in the order they were made."""
    places = {one.address: one for one in changeable(base.model)}
    return [_change_row(base, places, one) for one in changes]


def _change_row(base: TrialBase, places: dict[str, Place], one: Change) -> ChangeRow:
    target = "|".join(one.target)
    if isinstance(one, FigureChange):
        place = places[one.address]
        title = place.reference.title if place.reference else ""
        return ChangeRow(target, one.kind, place.label, place.value, one.value, place.unit, title, place.decided_by)
    name = next(unit.name for unit in base.data.units if unit.enhet == one.enhet)
    if isinstance(one, CountChange):
        held = _held(base, one)
        new = Fraction(one.n) if one.n is not None else held + (one.delta or 0)
        what = f"{name}: {category_label(base.model, one.category)} från månad {one.from_month}"
        return ChangeRow(target, one.kind, what, format_number(held), format_number(new), ELEVER, "", "")
    value = base.data.index.get(one.index, {}).get(one.enhet)
    old = "" if value is None else format_number(value)
    return ChangeRow(target, one.kind, f"{name}: index {one.index}", old, one.value, "index", "", "")


def _held(base: TrialBase, one: CountChange) -> Fraction:
    """Return the mean elever of the months that a change of counts concerns."""
    place = next(number for number, unit in enumerate(base.data.units) if unit.enhet == one.enhet)
    category = base.data.category_ids.index(one.category)
    months = range(one.from_month, base.through_month + 1)
    total = int(base.n[place, category, one.from_month - 1 : base.through_month].sum())
    per_year = base.divisor[category]
    return Fraction(total * MONTHS, per_year * len(months))


def side_by_side(app: App, viewer: Actor, numbers: Sequence[int]) -> SideBySide:
    """Return two to four saved trials on the same run beside each other; raises ``CompareError``."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.view", kommun)
    chosen = list(dict.fromkeys(numbers))
    if not FEWEST <= len(chosen) <= MOST:
        raise CompareError(Sentence("välj minst {fewest} och högst {most}.", fewest=FEWEST, most=MOST))
    with app.reading(viewer) as work:
        saved = [work.scenarios.get(kommun, number) for number in chosen]
        if len({one.base_run for one in saved}) > 1:
            raise CompareError(Sentence("de är gjorda på olika körningar. Välj försök som utgår från samma körning."))
        run = work.runs.get(kommun, saved[0].base_run)
        trials = tuple(view_of(app, viewer, work, run, read_changes(one.changes)) for one in saved)
        shown = tuple(scenario_info(app, viewer, work, one) for one in saved)
    return SideBySide(run_info(run), shown, trials, _unit_columns(trials), _differing(trials))


def _unit_columns(trials: Sequence[TrialView]) -> tuple[tuple[str, str, int, tuple[int, ...]], ...]:
    each = [one.effects.units for one in trials if one.effects is not None]
    return tuple(
        (rows[0].enhet, rows[0].name, rows[0].base_ore, tuple(row.trial_ore for row in rows))
        for rows in zip(*each, strict=True)
    )


def _differing(trials: Sequence[TrialView]) -> tuple[tuple[str, str, str, tuple[str | None, ...]], ...]:
    rows = {change.target: change for one in trials for change in one.changes}
    by_trial = [{change.target: change.new for change in one.changes} for one in trials]
    return tuple(
        (change.what, change.unit, change.old, values)
        for target, change in sorted(rows.items())
        if len(set(values := tuple(held.get(target) for held in by_trial))) > 1
    )
