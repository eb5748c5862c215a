"""Trials that are kept: named, with editions that nobody overwrites unseen, each frozen as a run of its own.

A scenario run holds the changed model's text, the changed counts and its lines, so that every derivation works on it
and ``verify-run`` can compute it anew. It stays a draft for ever: nothing here or elsewhere decides or pays it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import tried
from core.base import CoreError, RunKind, Sentence, canonical_json, collector_at_rest, sha256
from core.parameters import changes_text, lawful, model_text, read_changes, refused
from core.store import NewEdition, NewRun, ScenarioMovedError
from core.usecases.context import kommun_of, must
from core.usecases.runs import books_of, compute_with, freeze
from core.usecases.trial_base import SHELF, gathered_trial
from core.usecases.workshop import scenario_info

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access import Actor
    from core.parameters import Change, LawFinding
    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.workshop_views import ScenarioInfo

LONGEST_NAME = 120


class LawForbidsError(CoreError):
    """A trial that law refuses is not saved."""

    def __init__(self, findings: Sequence[LawFinding]) -> None:
        self.findings = tuple(findings)
        said = " ".join(f"{one.what} {one.reason} ({one.source.title})" for one in self.findings)
        super().__init__(f"Försöket kan inte sparas: {said}")


class NothingChangedError(CoreError):
    """A trial without changes is the run itself."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Försöket ändrar ingenting. Ändra minst ett tal, ett antal eller ett index innan du sparar.")
        )


class NameMissingError(CoreError):
    """A saved trial needs a name that tells it from the others."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Ge försöket ett namn på 1–{most} synliga tecken, så att andra ser vad det prövar.", most=LONGEST_NAME
            )
        )


def scenarios(app: App, viewer: Actor, *, archived: bool = False) -> tuple[ScenarioInfo, ...]:
    """Return the kommun's saved trials, the latest saved first."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.view", kommun)
    with app.reading(viewer) as work:
        return tuple(scenario_info(app, viewer, work, one) for one in work.scenarios.list(kommun, archived=archived))


def save_scenario(
    app: App,
    viewer: Actor,
    base_run: int,
    name: str,
    changes: str,
    note: str = "",
    over: tuple[int, int] | None = None,
) -> ScenarioInfo:
    """Freeze a trial and save it under a name; ``over``: the scenario and the edition that it replaces.

    Raises ``ScenarioMovedError`` when somebody has saved a newer edition, ``LawForbidsError``, ``NameMissingError``,
    ``NothingChangedError`` and what a trial raises.
    """
    kommun = kommun_of(viewer)
    must(viewer, "scenario.edit", kommun)
    wanted = read_changes(changes)
    if not wanted:
        raise NothingChangedError
    if not 0 < len(name.strip()) <= LONGEST_NAME or not _one_line(name).isprintable():
        raise NameMissingError
    with app.writing(viewer) as work, collector_at_rest():
        if over is not None:
            _must_be_newest(work, kommun, *over)
        base = work.runs.get(kommun, base_run)
        run, total = _freeze(app, viewer, work, base, wanted, name.strip())
        new = NewEdition(
            name=name.strip(), note=note.strip(), base_run=base_run, changes=changes_text(wanted), run=run,
            total_ore=total, at=app.clock(), by=viewer.display_name,
        )  # fmt: skip
        number = work.scenarios.add(kommun, new) if over is None else over[0]
        if over is not None:
            work.scenarios.save(kommun, *over, new)
        saved = work.scenarios.get(kommun, number)
        facts: dict[str, object] = {
            "scenario": number, "edition": saved.edition, "run": run, "changes": sha256(new.changes),
        }  # fmt: skip
        work.audit.append(kommun, app.clock(), viewer.subject, "scenario.save", f"scenario:{number}", facts)
        work.commit()
        return scenario_info(app, viewer, work, saved)


def _must_be_newest(work: UnitOfWork, kommun: str, number: int, edition: int) -> None:
    held = work.scenarios.get(kommun, number)
    if held.edition != edition:
        raise ScenarioMovedError(number, held.name, held.changed_by, held.changed_at)


def _freeze(
    app: App, viewer: Actor, work: UnitOfWork, base: RunRecord, changes: Sequence[Change], name: str
) -> tuple[int, int]:
    """Freeze a trial as a run of the kind scenario; return its number and its sum in öre."""
    started = SHELF.base(work, base)
    trial = tried(started, changes)
    faults = refused(lawful(started.model, trial.model, app.clock().date()))
    if faults:
        raise LawForbidsError(faults)
    gathered = gathered_trial(work, base, trial, changes, app.holidays)
    computed = compute_with(gathered, trial.data.prices)
    computed.planned = trial.planned
    text = model_text(gathered.model, f"Försök ”{_one_line(name)}” på körning {base.number}")
    number = work.runs.create(
        NewRun(
            kommun=base.kommun, kind=RunKind.SCENARIO.value, year=base.year, model_version=base.model_version,
            model_text=text, model_sha256=sha256(text), budget_run=base.budget_run,
            through_month=base.through_month, code_version=app.version, created_at=app.clock(),
            created_by=viewer.display_name,
        )
    )  # fmt: skip
    budget = work.runs.get(base.kommun, base.budget_run) if base.budget_run else None
    fingerprint = freeze(work, base.kommun, number, computed, books_of(work, app, computed, budget))
    work.scenarios.freeze(base.kommun, number, base.number, changes_text(changes))
    facts: dict[str, object] = {
        "run": number, "fingerprint": fingerprint, "root_hash": computed.allocated.root_hash, "base_run": base.number,
        "changes": sha256(canonical_json(changes_text(changes))),
    }  # fmt: skip
    work.audit.append(base.kommun, app.clock(), viewer.subject, "run.create", f"run:{number}", facts)
    return number, computed.allocated.total_ore


def _one_line(name: str) -> str:
    return " ".join(name.split())


def archive_scenario(app: App, viewer: Actor, number: int, edition: int) -> ScenarioInfo:
    """Put a saved trial away; its frozen run stays. Raises ``ScenarioMovedError``."""
    kommun = kommun_of(viewer)
    must(viewer, "scenario.edit", kommun)
    with app.writing(viewer) as work:
        at = app.clock()
        work.scenarios.archive(kommun, number, edition, at, viewer.display_name)
        facts: dict[str, object] = {"scenario": number, "edition": edition + 1}
        work.audit.append(kommun, at, viewer.subject, "scenario.archive", f"scenario:{number}", facts)
        work.commit()
        return scenario_info(app, viewer, work, work.scenarios.get(kommun, number))
