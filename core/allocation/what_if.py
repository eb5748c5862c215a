"""What if? A run's input with figures, counts or index values changed, in memory.

Nothing is stored and nothing of the run is touched. The same steps compute the trial as computed the run, so a trial
without changes is the run to the öre.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.inputs import MONTHS, AllocationInput, Ints, OwnShare, quantities_of
from core.allocation.prices import compute_prices
from core.allocation.totals import step_totals
from core.base import CoreError, Sentence, read_number
from core.parameters import CountChange, IndexChange, apply_figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.allocation.kinds import SolvedPool
    from core.allocation.totals import StepTotals
    from core.parameters import Change, FundingModel


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
