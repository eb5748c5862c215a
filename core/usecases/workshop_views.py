"""What Modellverkstad shows: what can be changed, a trial with its effects, saved trials side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from fractions import Fraction

    from core.allocation import Effects, Finding
    from core.parameters import LawFinding, Place
    from core.usecases.views import RunInfo


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words: what, what it was, what it is in the trial, on what it rests and who decides it.

    ``old`` and ``new`` as written in the model, or elever as whole numbers; ``unit`` is theirs. ``target`` tells the
    change from the trial's others.
    """

    target: str
    kind: str
    what: str
    old: str
    new: str
    unit: str
    reference: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class BooksEffect:
    """The books of a budget: what is left of the decided budget in the run and in the trial, in öre."""

    decided_ore: int
    base_left_ore: int
    trial_left_ore: int


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial on a run. ``effects`` is absent when law refuses the trial; ``findings`` says why.

    ``unequal``: differences between recipients without ground, ``unequal_before`` how many the run has already.
    ``left_out``: units whose individual support this reader may not see; it is left out of every figure.
    """

    base: RunInfo
    changes: tuple[ChangeRow, ...]
    findings: tuple[LawFinding, ...]
    effects: Effects | None
    labels: Mapping[str, str]
    books: BooksEffect | None
    unequal: tuple[Finding, ...] = ()
    unequal_before: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioInfo:
    """A saved trial as the list shows it; ``changes`` is its text, to go on from."""

    number: int
    name: str
    note: str
    base_run: int
    run: int | None
    is_open: bool
    edition: int
    changes: str
    total_ore: int | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class CountChoice:
    """A unit whose counts can be changed, and the categories that it has elever in (all when it has none)."""

    enhet: str
    name: str
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkshopView:
    """The page as it opens: the runs that trials can start from and the saved trials."""

    bases: tuple[RunInfo, ...]
    scenarios: tuple[ScenarioInfo, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """What can be changed in a run: figures with their words, units with categories, indexes by name and unit."""

    base: RunInfo
    figures: tuple[Place, ...]
    units: tuple[CountChoice, ...]
    categories: tuple[tuple[str, str], ...]
    indexes: Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two to four saved trials on the same run, one column each.

    ``units``: by unit its id, name, öre in the run, and öre in each trial. ``differing``: changes that not all trials
    have, as (what, unit, value in the run, value in each trial or None).
    """

    base: RunInfo
    scenarios: tuple[ScenarioInfo, ...]
    trials: tuple[TrialView, ...]
    units: tuple[tuple[str, str, int, tuple[int, ...]], ...]
    differing: tuple[tuple[str, str, str, tuple[str | None, ...]], ...]

    def most_moved(self, most: int) -> tuple[tuple[str, str, int, tuple[int, ...]], ...]:
        """Return at most so many units, those that some trial moves the furthest first, by name where they tie."""
        by_name = sorted(self.units, key=lambda one: (one[1].casefold(), one[0]))
        moved = sorted(by_name, key=lambda one: -max(abs(ore - one[2]) for ore in one[3]))
        return tuple(moved[:most])
