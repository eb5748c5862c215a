"""Shapley: what each of several factors is worth when no order of changing them is better than another.

A factor's part is the mean, over all orders in which the factors could have changed, of what the amount changes when
that factor does. The parts add up to the whole change, a factor that changes nothing has no part, two that do the
same have the same, and the change back has the opposite parts. Source: L. S. Shapley, A value for n-person games
(1953). With n factors there are 2^n mixtures of before and after to compute, each one once.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.columns import SAFE, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Coalition = frozenset[str]


def shapley(players: Sequence[str], value: Callable[[Coalition], Column]) -> tuple[dict[str, Column], int]:
    """Return each player's part as numerators, and their common denominator (n!).

    ``value``: whole öre, cell by cell, when the players in the coalition are as after and the others as before;
    asked for once for each coalition.
    """
    count = len(players)
    parts: dict[str, Column] = {}
    for size in range(count + 1):
        gains = factorial(size - 1) * factorial(count - size) if size else 0
        losses = factorial(size) * factorial(count - size - 1) if size < count else 0
        for chosen in combinations(players, size):
            cells = _wide_enough(value(frozenset(chosen)), factorial(count))
            for player in players:
                part = cells * gains if player in chosen else cells * -losses
                parts[player] = part if player not in parts else parts[player] + part
    return parts, factorial(count)


def _wide_enough(cells: Column, whole: int) -> Column:
    """Return the cells so that no sum of theirs overflows: their weights sum to ``whole`` with either sign."""
    if cells.dtype == object or not cells.size or int(abs(cells).max()) * 2 * whole < SAFE:
        return cells
    return np.asarray(cells, object)
