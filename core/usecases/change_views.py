"""What *Varför ändrades den?* hands to pages and command line: nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from core.usecases.views import RunInfo, UnitChoice

POOLED = "pooled"
"""What pots did that are shared by an index that may not be shown: its parts would show the index."""


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """A step's part of a bar: exact öre, and whole öre that add up to the bar. ``key`` opens its derivation.

    ``from_ore`` and ``to_ore``: what the step gives in each run, the whole of it and not this bar's part alone.
    """

    step: str
    label: str
    exact: Fraction
    shown_ore: int
    from_ore: int
    to_ore: int


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A bar: what one factor did, from ``start_ore`` to ``end_ore`` of the way from the earlier amount to the later.

    ``exact`` öre; ``remainder_ore`` is what the shown öre have more than them, less than one.
    """

    part: str
    exact: Fraction
    shown_ore: int
    remainder_ore: Fraction
    start_ore: int
    end_ore: int
    steps: tuple[ChangeStep, ...]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit in the list of the whole kommun; an amount is missing where the unit is not in the run."""

    enhet: str
    name: str
    from_ore: int | None
    to_ore: int | None
    difference_ore: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The change between two runs, of a unit, or of the whole kommun with its units by name (then ``unit`` is None).

    ``opened`` and ``closed``: names of units in only one of the runs. ``sealed``: why individual support is not in
    what is shown. ``elever``: means over each run's counted months.
    """

    kommun_name: str
    unit: UnitChoice | None
    run_from: RunInfo
    run_to: RunInfo
    from_ore: int
    to_ore: int
    difference_ore: int
    parts: tuple[ChangePart, ...]
    elever_from: Fraction | None
    elever_to: Fraction | None
    units: tuple[UnitChange, ...] = ()
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    sealed: str | None = None

    def largest(self, most: int = 3) -> tuple[ChangePart, ...]:
        """Return the bars that mean most, largest first; months that one run has not counted are no reason."""
        found = sorted((one for one in self.parts if one.part != "months"), key=lambda one: -abs(one.shown_ore))
        return tuple(one for one in found[:most] if one.shown_ore)
