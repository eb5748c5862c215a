"""Why did it change? Each unit's difference between two runs, step by step, as parts that add up to the last öre.

Carved out first, in this order, so that what is compared is alike:

``months``: what one run has counted more months than the other. ``units``: the units that are in only one of the runs,
or have elever in only one, with their whole amount; and what their coming and going did to others through pools.
``decided``: amounts decided elsewhere, and what is computed on them, at the earlier run's rules.

Then, by Shapley, so that no order is preferred: ``volume``, ``mix``, ``price``, ``index``, ``rule``, ``guarantee``.
Between two runs that count the same year's register, the counts of a month differ only because a later delivery
corrected them: volume and mix are then one factor, ``correction``. What each factor is stands in ``change_blend``.

Parts are exact fractions of an öre. They add up over parts to the unit's and step's difference, and over units and
steps to the kommun's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.change_blend import DECIDED, Blend, steps_said, swapped
from core.allocation.change_game import shapley
from core.allocation.change_reuse import totals_where_possible
from core.allocation.change_sides import Frame
from core.allocation.totals import step_totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.allocation.change_game import Coalition
    from core.allocation.change_sides import Side
    from core.allocation.columns import Column

PARTS = ("months", "units", "correction", "volume", "mix", "price", "index", "rule", "guarantee", "decided")
"""Every part, in the order that readers meet them."""
COUNTS = frozenset({"volume", "mix"})


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor did: öre by the frame's units and steps, as numerators over ``den``."""

    part: str
    num: Column
    den: int


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The change between two runs. ``before`` and ``after``: whole öre by unit and step."""

    frame: Frame
    before: Column
    after: Column
    parts: tuple[Part, ...]

    def rows(self) -> Iterator[tuple[str, str, str, int, int]]:
        """Yield (enhet, part, step, numerator, denominator) in lowest terms, where there is something."""
        for one in self.parts:
            common = np.gcd(one.num, one.den)
            units, steps = one.num.nonzero()
            nums, dens = (one.num // common)[units, steps].tolist(), (one.den // common)[units, steps].tolist()
            for unit, step, num, den in zip(units.tolist(), steps.tolist(), nums, dens, strict=True):
                yield self.frame.enhet_ids[unit], one.part, self.frame.steps[step], num, den

    def of_unit(self, enhet: str) -> dict[str, Fraction]:
        """Return a unit's parts over all steps, in öre; only those that are something."""
        place = self.frame.enhet_ids.index(enhet)
        sums = {one.part: Fraction(int(one.num[place].sum()), one.den) for one in self.parts}
        return {part: value for part, value in sums.items() if value}


def in_whole_ore(values: Sequence[Fraction], total: int) -> list[int]:
    """Return exact öre as whole öre that add up to ``total``, each rounded down or up.

    The largest parts of an öre are rounded up, the first of equal ones; ``total`` is the sum rounded down or up.
    """
    shown = [value.numerator // value.denominator for value in values]
    left = total - sum(shown)
    rests = sorted(range(len(values)), key=lambda place: (shown[place] - values[place], place))
    for place in rests[:left]:
        shown[place] += 1
    return shown


def decompose(before: Side, after: Side) -> Decomposition:
    """Return the parts of the change from one run to another."""
    first, last = step_totals(before.data), step_totals(after.data)
    frame = Frame.around(first, last)
    carved: dict[str, Column] = {}
    start, end = _alike(before, after, frame, carved)
    told = _with_decided(start, end)
    if told is not start:
        carved["decided"] = _sums(frame, told) - _sums(frame, start)
    parts = [Part(part, cells, 1) for part, cells in carved.items() if cells.any()]
    by_factor, den = _shares(told, end, frame)
    parts += [Part(part, num, den) for part, num in by_factor.items() if num.any()]
    parts.sort(key=lambda one: PARTS.index(one.part))
    return Decomposition(frame, frame.placed(first), frame.placed(last), tuple(parts))


def _alike(before: Side, after: Side, frame: Frame, carved: dict[str, Column]) -> tuple[Side, Side]:
    """Return both runs with the same months and units; what that took away is put into ``carved``."""
    through = min(before.through, after.through)
    held = (before, after)
    cut = tuple(side.through_month(through) for side in held)
    carved["months"] = _taken(held, cut, frame)
    running = [side.with_elever() for side in cut]
    known = [frozenset(side.enhet_ids) for side in cut]
    apart = (known[0] ^ known[1]) | (running[0] ^ running[1])
    kept = tuple(side.without(apart) for side in cut)
    carved["units"] = _taken(cut, kept, frame)
    return kept[0], kept[1]


def _taken(held: tuple[Side, ...], kept: tuple[Side, ...], frame: Frame) -> Column:
    """Return what the later run got, and the earlier run lost, by what is taken away from both."""
    zero = np.zeros((len(frame.enhet_ids), len(frame.steps)), np.int64)
    lost, got = (
        zero if whole is part else _sums(frame, whole) - _sums(frame, part)
        for whole, part in zip(held, kept, strict=True)
    )
    return np.asarray(got - lost)


def _sums(frame: Frame, side: Side) -> Column:
    return frame.placed(totals_where_possible(side.data))


def _with_decided(before: Side, after: Side) -> Side:
    """Return the earlier run with the later run's decided amounts; itself when they are the same."""
    old, new = before.data, after.data
    same_rows = list(old.given) == list(new.given) and list(old.cases) == list(new.cases)
    if same_rows and steps_said(old.model, DECIDED) == steps_said(new.model, DECIDED):
        return before
    model = swapped(old.model, new.model, DECIDED)
    return replace(before, data=replace(old, model=model, given=new.given, cases=new.cases))


def _shares(before: Side, after: Side, frame: Frame) -> tuple[dict[str, Column], int]:
    """Return the Shapley parts as numerators, and their denominator."""
    blend = Blend(before, after)
    corrected = before.year == after.year and before.counts_register and after.counts_register
    differing = blend.players()
    players = [one for one in differing if not (corrected and one in COUNTS)]
    if len(players) < len(differing):
        players.insert(0, "correction")
    whole = frozenset(players)

    def value(chosen: Coalition) -> Column:
        if not chosen:
            return _sums(frame, before)
        if chosen == whole:
            return _sums(frame, after)
        factors = chosen - {"correction"} | COUNTS if "correction" in chosen else chosen
        return frame.placed(blend.totals(factors))

    if not players:  # what differs is none of the factors' own: how the rules were put together
        return {"rule": _sums(frame, after) - _sums(frame, before)}, 1
    return shapley(players, value)
