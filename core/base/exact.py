"""Exact arithmetic: rounding that is declared, and pots handed out to the last öre.

Published price lists round half up; Python's ``round`` goes half to even and is wrong in
several printed places, so nothing here uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


def half_up(numerator: int, denominator: int) -> int:
    """Return ``numerator / denominator`` rounded to a whole number, halves away from zero."""
    if denominator <= 0:
        msg = f"denominator must be positive, got {denominator}"
        raise ValueError(msg)
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def round_fraction(value: Fraction, step: Fraction) -> Fraction:
    """Return ``value`` rounded half up to the nearest multiple of ``step`` (> 0)."""
    parts = value / step
    return half_up(parts.numerator, parts.denominator) * step


def round_to(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Return ``value`` as a multiple of ``step`` (> 0).

    ``half_up``: the nearest, halves away from zero; ``half_even``: halves to the even multiple; ``down``: towards
    zero; ``up``: away from it.
    """
    if mode == "half_up":
        return round_fraction(value, step)
    if mode == "half_even":
        return round(value / step) * step
    parts = abs(value) / step
    whole = -(-parts.numerator // parts.denominator) if mode == "up" else parts.numerator // parts.denominator
    return (whole if value >= 0 else -whole) * step


def distribute(pot: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share ``pot`` (whole öre, may be negative) in proportion to ``weights`` by largest remainder.

    The shares sum to ``pot`` exactly and none is a whole öre from its exact share. Ties go to
    the key that comes first in byte order. Raises ``ValueError`` for a negative weight or when
    there is something to share but no weight to share it by.
    """
    shares, _ = distribute_with_remainders(pot, weights)
    return shares


def distribute_with_remainders(pot: int, weights: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return (shares, the öre in each share that came from the remainder), as ``distribute`` does."""
    total = sum(weights.values())
    if any(weight < 0 for weight in weights.values()):
        msg = "a weight may not be negative"
        raise ValueError(msg)
    if total == 0:
        if pot:
            msg = "there is a pot but no weight to share it by"
            raise ValueError(msg)
        return dict.fromkeys(weights, 0), dict.fromkeys(weights, 0)
    sign = 1 if pot >= 0 else -1
    floors = {key: abs(pot) * weight // total for key, weight in weights.items()}
    left = abs(pot) - sum(floors.values())
    order = sorted(weights, key=lambda key: (-(abs(pot) * weights[key] % total), key.encode()))
    extra = dict.fromkeys(weights, 0)
    for key in order[:left]:
        extra[key] = sign
    return {key: sign * floors[key] + extra[key] for key in weights}, extra
