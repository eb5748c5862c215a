"""What "Tänk om…" shows a rektor: groups to step up and down, and what that is worth in the year and from now on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from core.parameters import Reference
    from core.usecases.views import RunInfo

MOST_MORE = 500
"""More elever than that in a group is another school."""


@dataclass(frozen=True, slots=True)
class ClassStep:
    """Classes by the kommun's rule of thumb: at most ``most`` elever in each, ``cost_ore`` a year for one more."""

    most: int
    cost_ore: int
    now: int
    then: int
    reference: Reference

    @property
    def more(self) -> int:
        """How many classes more (or fewer) the tried number makes."""
        return self.then - self.now

    @property
    def limit(self) -> int:
        """How many elever the smaller number of classes holds: the limit that is passed."""
        return self.most * min(self.now, self.then)


@dataclass(frozen=True, slots=True)
class NextCount:
    """What the next counting day decides: its day, the months it pays, and öre for one elev more from then on."""

    day: date
    months: tuple[int, ...]
    per_elev_ore: int


@dataclass(frozen=True, slots=True)
class Group:
    """Elever that can be tried more or fewer of: an årskurs, or a category where årskurs does not tell.

    ``now``: elever when last counted. ``fixed``: months of the year whose counting day has passed.
    """

    key: str
    verksamhet: str
    arskurs: str | None
    label: str
    category: str
    now: int
    delta: int
    fixed: tuple[int, ...]
    next: NextCount | None
    classes: ClassStep | None

    @property
    def then(self) -> int:
        """Elever in the trial."""
        return self.now + self.delta

    @property
    def most(self) -> int:
        """The most elever that can be tried."""
        return self.now + MOST_MORE


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """A unit's trial. ``year_ore``: worth in a whole year of it; ``rest_ore``: what it still changes this year.

    ``parts`` of the year's worth by step, as (label, öre). ``from_month``: when the change is thought to begin.
    ``of_run``: the run whose prices hold.
    """

    enhet: str
    name: str
    of_run: RunInfo
    groups: tuple[Group, ...]
    from_month: int
    year_ore: int | None
    rest_ore: int | None
    rest_months: tuple[int, ...]
    parts: tuple[tuple[str, int], ...]

    @property
    def tried(self) -> tuple[Group, ...]:
        """The groups that are tried with another number."""
        return tuple(one for one in self.groups if one.delta)
