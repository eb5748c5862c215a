"""Exact integer columns: 64-bit where the bound allows, Python's own integers where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Column = np.ndarray[tuple[int, ...], np.dtype[Any]]
SAFE = 2**61


def times(*columns: Column) -> Column:
    """Return the product of columns, never overflowing."""
    bound = 1
    for column in columns:
        bound *= max(1, int(abs(column).max())) if column.size else 1
    chosen = columns if bound < SAFE else tuple(column.astype(object) for column in columns)
    result: Column = chosen[0]
    for column in chosen[1:]:
        result = result * column
    return result


def half_up_columns(numerator: Column, denominator: Column) -> Column:
    """Return ``numerator / denominator`` rounded half up away from zero, element by element; denominators > 0."""
    if numerator.size and int(abs(numerator).max()) >= SAFE // 2:
        numerator, denominator = numerator.astype(object), denominator.astype(object)
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    signed: Column = np.where(numerator < 0, -whole, whole)
    return signed


def int_column(values: Sequence[int]) -> Column:
    """Return whole numbers as a column, 64-bit where they fit."""
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return np.array(values, object)


def sums_at(places: Column, values: Column, size: int) -> Column:
    """Return, for each of ``size`` places, the sum of the values that stand there; never overflowing."""
    wide = values.dtype == object or (values.size and int(abs(values).max()) * values.size >= SAFE)
    sums = np.zeros(size, object if wide else np.int64)
    np.add.at(sums, places, values.astype(sums.dtype))
    return sums
