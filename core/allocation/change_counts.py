"""Counts that never were: one run's number of elever in each verksamhet, divided as in another run.

The definition stands in ``change_blend``. Counts are whole elevmånader or elevdagar; a mixed one is in thousandths.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.columns import Column, half_up_columns, times
from core.allocation.inputs import MONTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation.change_sides import Side
    from core.allocation.inputs import Ints
    from core.parameters import Category

FINENESS = 1000


class MixedCounts:
    """The counts of both runs by the same categories, and those with one run's volume and the other's mix."""

    def __init__(self, before: Side, after: Side, categories: Sequence[Category]) -> None:
        names = [one.category for one in categories]
        verksamheter = sorted({one.verksamhet.value for one in categories})
        self._verksamhet = np.array([verksamheter.index(one.verksamhet.value) for one in categories], np.int64)
        self._once = np.array([not one.overlapping for one in categories], bool)
        self._n = [_by_names(side, names) for side in (before, after)]
        dens = [dict(zip(side.data.category_ids, side.data.quantities.den, strict=True)) for side in (before, after)]
        self._den = [[own.get(name, other.get(name, 1)) for name in names] for own, other in (dens, dens[::-1])]
        self._year = [lcm(*den) for den in self._den]
        self._total = [self._totals(side) for side in (0, 1)]

    def _totals(self, side: int) -> Ints:
        """Return elever by unit, verksamhet and month, in parts (``_year``) of a yearly elev."""
        parts = np.array([self._year[side] // den for den in self._den[side]], np.int64) * self._once
        belongs = self._verksamhet[:, None] == np.arange(int(self._verksamhet.max(initial=0)) + 1)
        sums: Ints = np.swapaxes(np.swapaxes(self._n[side], 1, 2) @ (belongs * parts[:, None]), 1, 2)
        return sums

    def volume_differs(self) -> bool:
        """Say whether some number of elever differs."""
        return bool((self._total[0] * self._year[1] != self._total[1] * self._year[0]).any())

    def mix_differs(self) -> bool:
        """Say whether the later run's numbers with the earlier run's shares are anything else than its counts."""
        n, den = self.mixed(volume=True, mix=False)
        return bool((n * _by_category(self._den[1]) != self._n[1] * _by_category(den)).any())

    def mixed(self, volume: bool, mix: bool) -> tuple[Ints, tuple[int, ...]]:  # noqa: FBT001 - which side, 0 or 1
        """Return the counts, and by category what a year's sum of them is divided by."""
        if volume == mix:
            return self._n[mix], tuple(self._den[mix])
        whole, share = int(volume), int(mix)
        held, common = self._n[share], gcd(self._year[0], self._year[1])
        scale = FINENESS * (self._year[share] // common), self._year[whole] // common
        wanted, base = (self._total[side][:, self._verksamhet, :] for side in (whole, share))
        by_month = _portion(held, wanted, base, scale)
        yearly = base.sum(axis=2, keepdims=True)
        by_year = _portion(held.sum(axis=2, keepdims=True), wanted, yearly, scale)
        own = half_up_columns(
            self._n[whole] * _by_category(self._den[share]) * FINENESS, _by_category(self._den[whole])
        )
        n = np.where(base > 0, by_month, np.where(yearly > 0, by_year, own))
        n = np.where((wanted == 0) & (base == 0), held * FINENESS, n)
        return n.astype(np.int64), tuple(FINENESS * den for den in self._den[share])


def _by_names(side: Side, names: Sequence[str]) -> Ints:
    """Return a run's counts by the categories named, nothing in those it lacks or in months it has not counted."""
    place = {name: number for number, name in enumerate(side.data.category_ids)}
    n = np.zeros((side.n.shape[0], len(names), MONTHS), np.int64)
    for column, name in enumerate(names):
        if name in place:
            n[:, column, : side.through] = side.n[:, place[name], : side.through]
    return n


def _by_category(den: Sequence[int]) -> Ints:
    return np.array(den, np.int64)[None, :, None]


def _portion(held: Ints, wanted: Ints, base: Ints, scale: tuple[int, int]) -> Column:
    """Return held × wanted ÷ base × scale, rounded; zero where the base is zero."""
    top = times(held * scale[0], wanted)
    portion: Column = np.where(base > 0, half_up_columns(top, np.where(base > 0, base, 1) * scale[1]), 0)
    return portion
