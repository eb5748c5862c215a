"""Does it add up? Identities of a stored run, worked out anew from its rows without the engine that made them.

Each identity has a left and a right side that come from different rows; a difference is a finding, never smoothed
over. A side that is not there is absent, not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from core.allocation.lines import ALL
from core.base import Dimension, Kostnadsslag, Recipient, Verksamhet, half_up
from core.parameters import DeductionAmount, PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from enum import StrEnum
    from fractions import Fraction

    from core.allocation.price_table import PriceTable
    from core.parameters import FundingModel

State = Literal["agrees", "differs", "absent"]
OWN = Recipient.EGEN.value


@dataclass(frozen=True, slots=True)
class Check:
    """One identity: left should equal right, both in öre (or elevmånader, as ``measure`` says).

    ``name`` tells alike identities apart (a step, a verksamhet); ``enhet`` is a unit to look at first. With
    ``at_most`` left may be less than right: the difference then says how much of right has no place in left.
    """

    group: str
    code: str
    name: str
    left: int | None
    right: int | None
    measure: Literal["ore", "elevmanader"] = "ore"
    enhet: str | None = None
    at_most: bool = False

    @property
    def difference(self) -> int | None:
        """Left less right; ``None`` when a side is absent."""
        return None if self.left is None or self.right is None else self.left - self.right

    @property
    def state(self) -> State:
        """Whether the sides agree."""
        difference = self.difference
        if difference is None:
            return "absent"
        return "agrees" if difference == 0 or (self.at_most and difference < 0) else "differs"


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit of a stored run: its recipient, the sum it stored, and headcounts by ``verksamhet|årskurs`` and month."""

    enhet: str
    recipient: str
    total_ore: int
    headcounts: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run's rows, added up in the database in as many ways as there are identities.

    ``lines`` by column of the line (``enhet``, ``recipient`` …) and its value; ``by_step_period`` and ``own_by_step``
    are lines too. ``counted``: yearly elever by enhet, category and price period; ``months``: elever by category
    summed over the months; ``by_day``: categories whose counts are elevdagar.
    """

    model: FundingModel
    units: Sequence[StoredUnit]
    lines: Mapping[str, Mapping[str, int]]
    by_step_period: Mapping[tuple[str, str], int]
    own_by_step: Mapping[str, int]
    prices: PriceTable
    counted: Mapping[tuple[str, str, str], Fraction]
    months: Mapping[str, int]
    by_day: frozenset[str]
    pools: Mapping[tuple[str, str], int]
    payments: Mapping[str, int]


def identities(run: StoredRun) -> list[Check]:
    """Return every identity of the run, in the order a reader follows the krona."""
    return [check for identity in IDENTITIES for check in identity(run)]


def _total(run: StoredRun) -> int:
    return sum(run.lines["enhet"].values())


def units_sum_to_lines(run: StoredRun) -> Iterator[Check]:
    """Yield lines against units' sums: in all, and by recipient."""
    stored = {one.enhet: one.total_ore for one in run.units}
    by_enhet = run.lines["enhet"]
    wrong = [name for name in sorted({*stored, *by_enhet}) if stored.get(name, 0) != by_enhet.get(name, 0)]
    yield Check("rader", "enheter", "", _total(run), sum(stored.values()), enhet=next(iter(wrong), None))
    for recipient in Recipient:
        mine = sum(one.total_ore for one in run.units if one.recipient == recipient.value)
        held = run.lines["recipient"].get(recipient.value, 0)
        if mine or held:
            yield Check("rader", "mottagare", recipient.value, held, mine)


def every_line_has_a_known_place(run: StoredRun) -> Iterator[Check]:
    """Yield lines against the sum of those in a known dimension, kostnadsslag and verksamhet."""
    known: tuple[tuple[str, type[StrEnum], tuple[str, ...]], ...] = (
        ("dimension", Dimension, ()),
        ("kostnadsslag", Kostnadsslag, ()),
        ("verksamhet", Verksamhet, (ALL,)),
    )
    for column, terms, more in known:
        allowed = {one.value for one in terms} | set(more)
        placed = sum(ore for value, ore in run.lines[column].items() if value in allowed)
        yield Check("rader", column, "", _total(run), placed)


def gross_less_held_is_disposable(run: StoredRun) -> Iterator[Check]:
    """Yield, for own units: what they get before what is centrally held, less that, against what they dispose of."""
    held_steps = {one.step for one in run.model.amounts if isinstance(one, DeductionAmount)}
    held = sum(ore for step, ore in run.own_by_step.items() if step in held_steps)
    gross = sum(ore for step, ore in run.own_by_step.items() if step not in held_steps)
    if held:
        disposable = sum(one.total_ore for one in run.units if one.recipient == OWN)
        yield Check("rader", "disponibelt", "", gross + held, disposable)


def pools_are_handed_out(run: StoredRun) -> Iterator[Check]:
    """Yield each pool against what its lines hand out."""
    for (step, period), pot in sorted(run.pools.items()):
        name = f"{step}|{period}"
        yield Check("potter", "pott", name, run.by_step_period.get((step, period), 0), pot)


def price_times_count_is_paid(run: StoredRun) -> Iterator[Check]:
    """Yield, for each price step, its lines against stored price × stored elever, rounded to whole öre line by line."""
    recipients = {one.enhet: one.recipient for one in run.units}
    elever: dict[tuple[str, str, str], list[Fraction]] = {}
    for (enhet, category, period), n in run.counted.items():
        elever.setdefault((category, recipients.get(enhet, ""), period), []).append(n)
    for step in run.model.amounts:
        if not isinstance(step, PerElevAmount):
            continue
        for name in step.prices:
            expected = 0
            for price in run.prices.of_step(name):
                for n in elever.get((price.category, price.recipient, price.price_list), ()):
                    exact = n * price.on(step.price_on)
                    expected += half_up(exact.numerator, exact.denominator)
            yield Check("priser", "pris_antal", name, run.lines["step"].get(name, 0), expected)


def elever_are_counted_once(run: StoredRun) -> Iterator[Check]:
    """Yield, by verksamhet, elever in categories against headcounts: never more; what is less has no category.

    Where days are counted a headcount on one day says nothing, and a plan has no headcounts.
    """
    heads: dict[str, int] = {}
    for unit in run.units:
        for key, months in unit.headcounts.items():
            verksamhet = key.partition("|")[0]
            heads[verksamhet] = heads.get(verksamhet, 0) + sum(months)
    for verksamhet in Verksamhet:
        mine = [one for one in run.model.categories if one.verksamhet is verksamhet and not one.overlapping]
        if verksamhet.value not in heads or any(one.category in run.by_day for one in mine):
            continue
        counted = sum(run.months.get(one.category, 0) for one in mine)
        yield Check(
            "elever", "en_gang", verksamhet.value, counted, heads[verksamhet.value], "elevmanader", at_most=True
        )


def payments_sum_to_lines(run: StoredRun) -> Iterator[Check]:
    """Yield the payment plan with its settlements against the lines; a unit that differs is named."""
    by_enhet = run.lines["enhet"]
    wrong = [name for name in sorted({*run.payments, *by_enhet}) if run.payments.get(name, 0) != by_enhet.get(name, 0)]
    yield Check("rader", "betalplan", "", sum(run.payments.values()), _total(run), enhet=next(iter(wrong), None))


IDENTITIES = (
    units_sum_to_lines,
    every_line_has_a_known_place,
    gross_less_held_is_disposable,
    payments_sum_to_lines,
    pools_are_handed_out,
    price_times_count_is_paid,
    elever_are_counted_once,
)
"""The policy: a run for which one of these does not hold is not to be trusted."""


def against_ledger(ours: Mapping[tuple[str, str], int], ledger: Mapping[tuple[str, str], int] | None) -> list[Check]:
    """Return what the run pays against a ledger's sums, by enhet and kostnadsslag, in öre.

    ``ledger`` is ``None`` when none is delivered: one absent line, since nothing can be said. What stands on one
    side only is a difference, and so is said.
    """
    if ledger is None:
        return [Check("huvudbok", "ingen", "", None, None)]
    return [
        Check("huvudbok", slag, enhet, ours.get((enhet, slag), 0), ledger.get((enhet, slag), 0), enhet=enhet)
        for enhet, slag in sorted({*ours, *ledger})
    ]
