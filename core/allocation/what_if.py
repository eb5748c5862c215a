"""What if? A run's input with figures, counts or index values changed, in memory, and what that does to each unit.

Nothing is stored and nothing of the run is touched. The same steps compute the trial as computed the run, so a trial
without changes is the run to the öre.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.inputs import MONTHS, AllocationInput, Ints, OwnShare, quantities_of
from core.allocation.prices import compute_prices
from core.allocation.totals import step_totals
from core.base import CoreError, Sentence, Verksamhet, half_up, read_number
from core.parameters import CountChange, IndexChange, apply_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.allocation.kinds import SolvedPool
    from core.allocation.totals import StepTotals
    from core.parameters import Change, FundingModel

NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


class TrialTargetError(CoreError):
    """A change names a unit, a category, an index or a month that the run does not have."""

    def __init__(self, what: str, name: str, remedy: str) -> None:
        self.what, self.name = what, name
        super().__init__(
            Sentence(
                "Försöket ändrar {what} {name}, som körningen inte har. {remedy}",
                what=what,
                name=name[:80],
                remedy=remedy,
            )
        )


class BelowZeroError(CoreError):
    """A trial takes away more elever than there are."""

    def __init__(self, enhet: str, category: str, month: int, n: int, delta: int) -> None:
        self.enhet, self.category, self.month = enhet, category, month
        super().__init__(
            Sentence(
                "Enheten {enhet} har {n} elever i {category} månad {month}: det går inte att ta bort {delta}. Ange ett "
                "mindre antal, eller en senare månad.",
                enhet=enhet,
                n=n,
                category=category,
                month=month,
                delta=-delta,
            )
        )


class NegativeIndexError(CoreError):
    """An index value below zero would take money from a unit for its need."""

    def __init__(self, index: str, enhet: str) -> None:
        self.index, self.enhet = index, enhet
        super().__init__(
            Sentence(
                "Indexet {index} för enheten {enhet} kan inte vara mindre än noll. Ange noll eller mer.",
                index=index,
                enhet=enhet,
            )
        )


@dataclass(frozen=True, slots=True)
class TrialBase:
    """What trials start from: a run's input, its month counts and what its solved prices were divided by.

    ``n``: elever by unit, category and month as counted (elevdagar where days are counted); ``divisor`` by category.
    ``plans``: the run's own counts are the plan (a budget run), so that prices solved from a budget follow them.
    """

    data: AllocationInput
    n: Ints
    divisor: tuple[int, ...]
    through_month: int
    planned: Mapping[str, Fraction]
    plans: bool
    known: dict[str, StepTotals] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def totals(self) -> StepTotals:
        """What each unit gets by step, computed once: a base is compared with many trials."""
        if "totals" not in self.known:
            self.known["totals"] = step_totals(self.data)
        return self.known["totals"]

    @property
    def model(self) -> FundingModel:
        """The model that the trial computes with."""
        return self.data.model


def tried(base: TrialBase, changes: Sequence[Change]) -> TrialBase:
    """Return the base with the changes made: what the trial is computed from.

    Raises ``NoSuchFigureError``, ``ModelFaultyError``, ``TrialTargetError``, ``BelowZeroError`` and
    ``NegativeIndexError``.
    """
    model = apply_figures(base.model, changes)
    n = _counted(base, [one for one in changes if isinstance(one, CountChange)])
    index = _indexed(base, [one for one in changes if isinstance(one, IndexChange)])
    planned = _yearly(base, n) if base.plans and n is not base.n else base.planned
    data = replace(base.data, model=model, index=index)
    if n is not base.n:
        data = replace(data, quantities=quantities_of(model, n, base.divisor, base.through_month))
    if model is not base.model or planned is not base.planned:
        data = replace(data, prices=compute_prices(model, planned))
    return replace(base, data=data, n=n, planned=planned)


def at_solved_prices(base: TrialBase, pools: Iterable[SolvedPool]) -> TrialBase:
    """Return the base with every price held, also those of pools: what one more elev is worth to a unit today.

    A period not counted yet is paid at the last solved price.
    """
    solved = {(one.step, one.period): one for one in pools if one.weight}
    shares = {}
    for step in {name for name, _ in solved}:
        latest = None
        for period in base.data.quantities.periods:
            latest = solved.get((step, period), latest)
            if latest is not None:
                shares[step, period] = OwnShare(latest.pool_ore, latest.weight, {}, latest.means)
    return replace(base, data=replace(base.data, shares=shares), plans=False)


def _counted(base: TrialBase, changes: Sequence[CountChange]) -> Ints:
    if not changes:
        return base.n
    n = base.n.copy()
    places = {unit.enhet: place for place, unit in enumerate(base.data.units)}
    categories = {name: place for place, name in enumerate(base.data.category_ids)}
    for change in sorted(changes, key=lambda one: one.from_month):
        if change.enhet not in places:
            raise TrialTargetError(Sentence("enheten"), change.enhet, Sentence("Välj en enhet som ingår i körningen."))
        if change.category not in categories:
            raise TrialTargetError(Sentence("kategorin"), change.category, Sentence("Välj en kategori i modellen."))
        if change.from_month > base.through_month:
            last = Sentence("Körningen räknar till och med månad {month}.", month=base.through_month)
            raise TrialTargetError(Sentence("månad"), str(change.from_month), last)
        category = categories[change.category]
        for month in range(change.from_month, base.through_month + 1):
            days = _days(base, category, month)
            at = (places[change.enhet], category, month - 1)
            held = int(n[at])
            now = change.n * days if change.n is not None else held + (change.delta or 0) * days
            if now < 0:
                raise BelowZeroError(change.enhet, change.category, month, held // days, change.delta or 0)
            n[at] = now
    return n


def _days(base: TrialBase, category: int, month: int) -> int:
    """Return what one elev in a month adds to the count: one, or the month's days where every day is counted."""
    return 1 if base.divisor[category] == MONTHS else monthrange(base.model.year, month)[1]


def _indexed(base: TrialBase, changes: Sequence[IndexChange]) -> Mapping[str, Mapping[str, Fraction]]:
    if not changes:
        return base.data.index
    index = {name: dict(values) for name, values in base.data.index.items()}
    known = {unit.enhet for unit in base.data.units}
    for change in changes:
        if change.index not in index:
            raise TrialTargetError(
                Sentence("indexet"), change.index, Sentence("Välj ett index som körningen har läst in.")
            )
        if change.enhet not in known:
            raise TrialTargetError(Sentence("enheten"), change.enhet, Sentence("Välj en enhet som ingår i körningen."))
        value = read_number(change.value)
        if value < 0:
            raise NegativeIndexError(change.index, change.enhet)
        index[change.index][change.enhet] = value
    return index


def _yearly(base: TrialBase, n: Ints) -> dict[str, Fraction]:
    sums = n.sum(axis=(0, 2)).tolist()
    ids = base.data.category_ids
    return {name: Fraction(one, divisor) for name, one, divisor in zip(ids, sums, base.divisor, strict=True)}


def elever_of(base: TrialBase) -> dict[str, Fraction]:
    """Return each unit's yearly elever, each counted once: fritidshem only where the unit has nothing else."""
    common = lcm(*base.divisor)
    categories = base.model.categories
    leisure = np.array([one.verksamhet is Verksamhet.FRITIDSHEM for one in categories])
    plain = np.array([not one.overlapping for one in categories])
    yearly = base.n.sum(axis=2) * np.array([common // one for one in base.divisor])
    others, alone = (yearly[:, plain & which].sum(axis=1) for which in (~leisure, leisure))
    chosen = np.where(others > 0, others, alone).tolist()
    return {unit.enhet: Fraction(n, common) for unit, n in zip(base.data.units, chosen, strict=True)}


@dataclass(frozen=True, slots=True)
class UnitEffect:
    """What a trial does to a unit: öre and yearly elever before and after."""

    enhet: str
    name: str
    recipient: str
    base_ore: int
    trial_ore: int
    base_elever: Fraction
    trial_elever: Fraction

    @property
    def difference_ore(self) -> int:
        """What the unit wins (or loses)."""
        return self.trial_ore - self.base_ore

    @property
    def share(self) -> Fraction | None:
        """The difference as a share of what the unit had; ``None`` when it had nothing."""
        return Fraction(self.difference_ore, self.base_ore) if self.base_ore else None

    @property
    def per_elev_ore(self) -> int | None:
        """How much more öre an elev-year carries after than before; ``None`` without elever before or after."""
        if not self.base_elever or not self.trial_elever:
            return None
        change = Fraction(self.trial_ore) / self.trial_elever - Fraction(self.base_ore) / self.base_elever
        return half_up(change.numerator, change.denominator)


@dataclass(frozen=True, slots=True)
class StepEffect:
    """What a trial does to a step over all units, in öre."""

    step: str
    base_ore: int
    trial_ore: int

    @property
    def difference_ore(self) -> int:
        """How much the step grows."""
        return self.trial_ore - self.base_ore


@dataclass(frozen=True, slots=True)
class Effects:
    """What a trial does: per unit in the run's order, per step that changes, and for the kommun."""

    units: tuple[UnitEffect, ...]
    steps: tuple[StepEffect, ...]

    @property
    def base_ore(self) -> int:
        """What all units have in the run."""
        return sum(one.base_ore for one in self.units)

    @property
    def trial_ore(self) -> int:
        """What all units would get."""
        return sum(one.trial_ore for one in self.units)

    @property
    def difference_ore(self) -> int:
        """What the trial costs the kommun (or saves)."""
        return self.trial_ore - self.base_ore

    @property
    def winners(self) -> int:
        """How many units would get more."""
        return sum(one.difference_ore > 0 for one in self.units)

    @property
    def losers(self) -> int:
        """How many would get less."""
        return sum(one.difference_ore < 0 for one in self.units)

    @property
    def unchanged(self) -> int:
        """How many would get the same to the öre."""
        return sum(one.difference_ore == 0 for one in self.units)

    @property
    def share(self) -> Fraction | None:
        """The kommun's difference as a share of what it pays; ``None`` when it pays nothing."""
        return Fraction(self.difference_ore, self.base_ore) if self.base_ore else None

    def largest(self, order: str) -> UnitEffect | None:
        """Return the unit with the largest ``gain`` or ``loss`` in kronor; ``None`` when nobody has one."""
        first = next(iter(self.in_order(order)), None)
        sign = 1 if order == "gain" else -1
        return first if first is not None and first.difference_ore * sign > 0 else None

    def in_order(self, order: str) -> list[UnitEffect]:
        """Return the units by ``name``, ``gain`` or ``loss`` in kronor, ``per_elev`` or ``share``, ties by name.

        Units without elever or without anything before stand last where they cannot be compared.
        """
        by_name = sorted(self.units, key=lambda one: (one.name.casefold(), one.enhet))
        keys: dict[str, Callable[[UnitEffect], tuple[bool, Fraction]]] = {
            "gain": lambda one: (False, Fraction(-one.difference_ore)),
            "loss": lambda one: (False, Fraction(one.difference_ore)),
            "per_elev": lambda one: (one.per_elev_ore is None, Fraction(-(one.per_elev_ore or 0))),
            "share": lambda one: (one.share is None, -(one.share or Fraction(0))),
        }
        return sorted(by_name, key=keys[order]) if order in keys else by_name


def _left_out(totals: StepTotals, enhet_ids: frozenset[str], steps: frozenset[str]) -> StepTotals:
    if not enhet_ids or not steps:
        return totals
    ore = totals.ore.copy()
    rows = [place for place, enhet in enumerate(totals.enhet_ids) if enhet in enhet_ids]
    columns = [place for place, step in enumerate(totals.steps) if step in steps]
    for column in columns:
        ore[rows, column] = 0
    return replace(totals, ore=ore)


def effects(base: TrialBase, trial: TrialBase, without: tuple[frozenset[str], frozenset[str]] = NOTHING) -> Effects:
    """Return what the trial does to every unit and step.

    ``without``: units, and steps that are left out of them as if they were nothing (what a reader may not see).
    """
    before, after = (_left_out(one.totals, *without) for one in (base, trial))
    base_ore, trial_ore = before.by_unit(), after.by_unit()
    elever, then = elever_of(base), elever_of(trial)
    units = tuple(
        UnitEffect(
            one.enhet, one.name, one.recipient, base_ore[one.enhet], trial_ore[one.enhet], elever[one.enhet],
            then[one.enhet],
        )
        for one in base.data.units
    )  # fmt: skip
    steps, now = before.by_step(), after.by_step()
    names = dict.fromkeys([*steps, *now])
    changed = (StepEffect(name, steps.get(name, 0), now.get(name, 0)) for name in names)
    return Effects(units, tuple(one for one in changed if one.difference_ore))
