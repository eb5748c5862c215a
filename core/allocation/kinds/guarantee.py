"""Floor and ceiling on change, transition and minimum: what is added, what is taken off, and who pays."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.kinds.base import SolvedPool, StepKind, Terms, Where, append
from core.allocation.kinds.terms import TermReader, figure
from core.allocation.lines import ALL, FINANCING, LineBlock
from core.base import CoreError, Sentence, canonical_json, distribute_with_remainders, format_kr, half_up
from core.parameters import Guarantee

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.allocation.inputs import OwnShare
    from core.allocation.kinds.base import SoFar

ORE, MONTHS = 100, 12
OVER_CEILING, OVER_GUARANTEE = ".over_taket", ".over_garantin"
"""What the pools of a guarantee that gainers finance are called, after the step: where the money is taken."""


class GuaranteeUnfinancedError(CoreError):
    """Those who gain do not gain as much as the guarantee costs."""

    def __init__(self, step: str, period: str, cost_ore: int, missing_ore: int) -> None:
        self.step, self.period, self.cost_ore, self.missing_ore = step, period, cost_ore, missing_ore
        super().__init__(
            Sentence(
                "Garantin i steget {step} kostar {cost_ore} för {period}, men enheterna som ligger över sin garanti "
                "har {missing_ore} för lite att ta av. Sänk floor eller minimum, eller låt budgeten betala med "
                "financed_by: budget.",
                step=step,
                cost_ore=format_kr(cost_ore, decimals=True),
                period=period,
                missing_ore=format_kr(missing_ore, decimals=True),
            )
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands in a period. Kronor a year, but ``formula_ore`` and ``line_ore`` for the period.

    ``guaranteed`` is the level it can never be brought below to pay for others; None when it has no guarantee.
    """

    enhet: int
    months: int
    elever: Fraction
    baseline: Fraction | None
    formula: Fraction
    formula_ore: int
    target: Fraction
    bound: str
    guaranteed: Fraction | None

    @property
    def part(self) -> Fraction:
        """The part of a year that is paid."""
        return Fraction(self.months, MONTHS)

    @property
    def line_ore(self) -> int:
        """What is added, or taken off when below zero, before anybody is asked to pay for it."""
        exact = (self.target - self.formula) * ORE * self.part
        return half_up(exact.numerator, exact.denominator)

    @property
    def guaranteed_ore(self) -> int:
        """The guaranteed level in whole öre, rounded up so that nobody is brought below it."""
        exact = (self.guaranteed or Fraction(0)) * ORE * self.part
        return -(-exact.numerator // exact.denominator)

    @property
    def gain_ore(self) -> int:
        """How far above its guarantee the unit is after its ceiling: what it can pay for others with."""
        if self.guaranteed is None or self.line_ore > 0:
            return 0
        return max(0, self.formula_ore + self.line_ore - self.guaranteed_ore)

    def detail(self, **more: object) -> str:
        """Return what the line's tree is built from."""
        baseline = {} if self.baseline is None else {"baseline": str(self.baseline)}
        facts = {
            "bound": self.bound,
            "elever": str(self.elever),
            "formula": str(self.formula),
            "months": self.months,
            "target": str(self.target),
        }
        return canonical_json({**facts, **baseline, **more})


class Guaranteed(StepKind[Guarantee]):
    """The line is target less formula; ``quantity`` is the part of a year with elever, ``rate`` öre a year.

    What gainers pay is taken by largest remainder: ``quantity`` is then the kronor it is taken from and ``factor``
    the part of them.
    """

    name, version = "guarantee", 1

    def compute(self, step: Guarantee, so_far: SoFar) -> None:
        """Add one line per unit and period that is moved, and one for what it pays for others."""
        data = so_far.data
        block = LineBlock(so_far.facts(step, self))
        for place, period in enumerate(data.quantities.periods):
            standings = _standings(step, place, period, so_far)
            if step.financed_by == "gainers":
                _taken_from_gainers(step, (place, period), standings, block, so_far)
            else:
                for one in standings:
                    _add(block, step, (place, period), one)
        so_far.add(block)


def _standings(step: Guarantee, place: int, period: str, so_far: SoFar) -> list[Standing]:
    data, reader = so_far.data, TermReader(step, so_far)
    categories = [data.category_ids.index(name) for name in step.categories]
    active = np.bitwise_or.reduce(data.quantities.active[:, categories, place], axis=1)
    den = lcm(*(data.quantities.den[one] for one in categories))
    weights = [den // data.quantities.den[one] for one in categories]
    num = data.quantities.num[:, categories, place].tolist()
    paid = so_far.amounts_of(step.of)
    allowed = {one.value for one in step.recipients}
    found = []
    for enhet in np.flatnonzero(active).tolist():
        if data.units[enhet].recipient not in allowed:
            continue
        months = int(active[enhet]).bit_count()
        elever = Fraction(sum(n * weight for n, weight in zip(num[enhet], weights, strict=True)) * MONTHS, den * months)
        ore = paid.get((enhet, period), 0)
        baseline = _baseline(step, enhet, period, elever, reader)
        formula = Fraction(ore * MONTHS, ORE * months)
        target, bound = held(step, formula, baseline, elever)
        own = guaranteed(step, baseline, elever)
        found.append(Standing(enhet, months, elever, baseline, formula, ore, target, bound, own))
    return found


def _baseline(step: Guarantee, enhet: int, period: str, elever: Fraction, reader: TermReader) -> Fraction | None:
    """Return what the unit is compared with in kronor a year; None when it is compared with nothing."""
    term = step.baseline
    if term is None or not any((step.floor, step.ceiling, step.share)):
        return None
    data = reader.so_far.data
    known = term.variable is None or term.default is not None
    if not known and data.units[enhet].enhet not in data.index.get(term.variable or "", {}):
        return None
    value = reader.value(term, enhet, period)
    return value if value is None or step.per == "enhet" else value * elever


def held(step: Guarantee, formula: Fraction, baseline: Fraction | None, elever: Fraction) -> tuple[Fraction, str]:
    """Return what a unit is brought to and which bound brought it there (empty: none), in kronor a year."""
    target, bound = formula, ""
    if baseline is not None:
        if step.share is not None:
            target, bound = baseline + figure(step.share) * (formula - baseline), "share"
        if step.floor is not None and target < baseline * (1 + figure(step.floor)):
            target, bound = baseline * (1 + figure(step.floor)), "floor"
        if step.ceiling is not None and target > baseline * (1 + figure(step.ceiling)):
            target, bound = baseline * (1 + figure(step.ceiling)), "ceiling"
    if step.minimum is not None and target < figure(step.minimum) * elever:
        target, bound = figure(step.minimum) * elever, "minimum"
    return target, bound


def guaranteed(step: Guarantee, baseline: Fraction | None, elever: Fraction) -> Fraction | None:
    """Return the level that no unit is brought below to pay for others: its floor (or baseline) and its minimum."""
    levels = []
    if baseline is not None:
        levels.append(baseline * (1 + figure(step.floor or "0")))
    if step.minimum is not None:
        levels.append(figure(step.minimum) * elever)
    return max(levels, default=None)


def _taken_from_gainers(
    step: Guarantee, when: tuple[int, str], standings: list[Standing], block: LineBlock, so_far: SoFar
) -> None:
    """Add what is added, and take as much: first above the ceilings, then above the guarantees."""
    solved = _shares_of(step, when[1], standings, so_far)
    cut, gain = (solved.get(name) for name in (OVER_CEILING, OVER_GUARANTEE))
    for one in standings:
        if one.line_ore > 0 or (gain is not None and one.line_ore < 0):
            _add(block, step, when, one)
        elif cut is not None and one.line_ore < 0:
            _take(block, step, when, one, ALL, -one.line_ore, cut)
        if gain is not None and one.gain_ore:
            _take(block, step, when, one, FINANCING, one.gain_ore, gain)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken in all, from how much in all, and the unit's place by its öre of it: taken, of the remainder."""

    need_ore: int
    from_ore: int
    ore: Mapping[int, tuple[int, int]]


def _shares_of(step: Guarantee, period: str, standings: list[Standing], so_far: SoFar) -> dict[str, _Taken]:
    data = so_far.data
    cuts = {one.enhet: -one.line_ore for one in standings if one.line_ore < 0}
    gains = {one.enhet: one.gain_ore for one in standings if one.gain_ore}
    if data.shares:  # the others are not here: what was taken in all is given
        named = {name: data.shares.get((step.step + name, period)) for name in (OVER_CEILING, OVER_GUARANTEE)}
        sources = {OVER_CEILING: cuts, OVER_GUARANTEE: gains}
        return {name: _own(share, sources[name], so_far) for name, share in named.items() if share is not None}
    cost = sum(one.line_ore for one in standings if one.line_ore > 0)
    above = sum(cuts.values())
    if not cost:
        return {}
    if above >= cost:
        return {OVER_CEILING: _all(step, OVER_CEILING, period, cost, cuts, so_far)}
    rest = cost - above
    if sum(gains.values()) < rest:
        raise GuaranteeUnfinancedError(step.step, period, cost, rest - sum(gains.values()))
    return {OVER_GUARANTEE: _all(step, OVER_GUARANTEE, period, rest, gains, so_far)}


def _all(step: Guarantee, name: str, period: str, need: int, held_by: Mapping[int, int], so_far: SoFar) -> _Taken:
    ids = {enhet: so_far.data.units[enhet].enhet for enhet in held_by}
    shares, extra = distribute_with_remainders(-need, {ids[enhet]: ore for enhet, ore in held_by.items()})
    whole = sum(held_by.values())
    so_far.pools.append(SolvedPool(step.step + name, period, -need, Fraction(whole), sum(extra.values())))
    return _Taken(need, whole, {enhet: (shares[one], extra[one]) for enhet, one in ids.items()})


def _own(share: OwnShare, held_by: Mapping[int, int], so_far: SoFar) -> _Taken:
    need, whole = -share.pool_ore, int(share.weight)
    ids = {enhet: so_far.data.units[enhet].enhet for enhet in held_by}
    extra = {enhet: share.remainders.get(one, 0) for enhet, one in ids.items()}
    taken = {enhet: (-(need * ore // whole) + extra[enhet], extra[enhet]) for enhet, ore in held_by.items()}
    return _Taken(need, whole, taken)


def _add(block: LineBlock, step: Guarantee, when: tuple[int, str], one: Standing) -> None:
    if one.line_ore:
        terms = Terms(one.part, (one.target - one.formula) * ORE)
        append(block, _where(step, when, one, ALL), terms, one.line_ore, detail=one.detail())


def _take(
    block: LineBlock, step: Guarantee, when: tuple[int, str], one: Standing, category: str, held_ore: int, taken: _Taken
) -> None:
    ore, extra = taken.ore[one.enhet]
    if not ore:
        return
    terms = Terms(Fraction(held_ore, ORE), Fraction(-ORE), Fraction(taken.need_ore, taken.from_ore))
    detail = one.detail(**{"from": taken.from_ore, "guaranteed": one.guaranteed_ore, "need": taken.need_ore})
    append(block, _where(step, when, one, category), terms, ore, extra, detail)


def _where(step: Guarantee, when: tuple[int, str], one: Standing, category: str) -> Where:
    verksamhet = step.verksamhet.value if step.verksamhet else ALL
    return Where(one.enhet, category, when[1], verksamhet, when[0] * 2 + (category == FINANCING))
