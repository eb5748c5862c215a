"""Sums, products, ratios and curves of a unit's figures: what later steps build on, or kronor a year that are paid."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from core.allocation.kinds.base import Measured, SoFar, StepKind, Terms, Where, append
from core.allocation.kinds.terms import TermReader, figure, together
from core.allocation.lines import ALL, LineBlock
from core.base import round_to
from core.parameters import Combine, Curve, Measure, Ratio, Sliding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation.inputs import Ints

ORE, MONTHS = 100, 12
M = TypeVar("M", bound=Measure)
Points = list[tuple[Fraction, Fraction]]


class _MeasureKind(StepKind[M]):
    """Works out the step's value by unit and period: what it is, then its limits, then its rounding."""

    def compute(self, step: M, so_far: SoFar) -> None:
        """Keep the step's values, and add a line for each when they are amounts."""
        data = so_far.data
        names = [one.step for one in data.model.amounts]
        measured = Measured(step.step, names.index(step.step), step.yields, step.shown_unit)
        reader = TermReader(step, so_far)
        allowed = {one.value for one in step.recipients}
        units = [place for place, unit in enumerate(data.units) if unit.recipient in allowed]
        for period, months in zip(data.quantities.periods, data.quantities.months, strict=True):
            if not months:
                continue  # nothing of the period is counted yet
            for enhet in units:
                if step.where and not reader.meets(step.where, enhet, period):
                    continue
                value = self.value(step, reader, enhet, period)
                if value is not None:
                    measured.values[enhet, period] = finished(step, value)
        so_far.measures[step.step] = measured
        if step.yields == "amount":
            so_far.add(self._paid(step, measured, so_far))

    @abstractmethod
    def value(self, step: M, reader: TermReader, enhet: int, period: str) -> Fraction | None:
        """Return the step's value before limits and rounding; None where it has none."""

    def _paid(self, step: M, measured: Measured, so_far: SoFar) -> LineBlock:
        """Return a line by unit and period: ``quantity`` the part of a year, ``rate`` the amount a year as shown."""
        block = LineBlock(so_far.facts(step, self))
        quantities = so_far.data.quantities
        order = {period: place for place, period in enumerate(quantities.periods)}
        months = _months(step, so_far)
        verksamhet = step.verksamhet.value if step.verksamhet else ALL
        for (enhet, period), (_, shown) in sorted(
            measured.values.items(), key=lambda one: (one[0][0], order[one[0][1]])
        ):
            counted = int(months[enhet, order[period]])
            if counted:
                terms = Terms(Fraction(counted, MONTHS), shown * ORE)
                append(block, Where(enhet, ALL, period, verksamhet, order[period]), terms, terms.amount_ore)
        return block


def _months(step: Measure, so_far: SoFar) -> Ints:
    """Return the months that are paid, by unit and period: all that are counted, or those with a counted elev."""
    data = so_far.data
    if step.categories is None:
        return np.tile(np.array(data.quantities.months), (len(data.units), 1))
    places = [data.category_ids.index(name) for name in step.categories]
    active = np.bitwise_or.reduce(data.quantities.active[:, places, :], axis=1)
    return np.array([[one.bit_count() for one in row] for row in active.tolist()])


def finished(step: Measure, value: Fraction) -> tuple[Fraction, Fraction]:
    """Return a value within the step's limits, (what later steps build on, what is shown)."""
    if step.at_least is not None:
        value = max(value, figure(step.at_least))
    if step.at_most is not None:
        value = min(value, figure(step.at_most))
    rounds = step.rounds
    if rounds is None:
        return value, value
    shown = round_to(value, rounds.step, rounds.mode)
    return (shown if rounds.where == "value" else value), shown


class Combined(_MeasureKind[Combine]):
    """The sum, product, least or greatest of weighted terms."""

    name, version = "combine", 1

    def value(self, step: Combine, reader: TermReader, enhet: int, period: str) -> Fraction | None:
        """Return the terms put together; a product with a term that does not count is None."""
        values = reader.values(step.of, enhet, period)
        held = [value for value in values if value is not None]
        if step.how == "product" and len(held) < len(values):
            return None
        return together(step.how, held)


class Quotient(_MeasureKind[Ratio]):
    """A sum of terms ÷ a sum of terms."""

    name, version = "ratio", 1

    def value(self, step: Ratio, reader: TermReader, enhet: int, period: str) -> Fraction | None:
        """Return the ratio; ``if_zero`` where the denominator is zero or has no term that counts."""
        above, below = (
            together("sum", [value for value in reader.values(terms, enhet, period) if value is not None])
            for terms in (step.numerator, step.denominator)
        )
        if not below:
            return None if step.if_zero is None else figure(step.if_zero)
        return None if above is None else above / below


class Slide(_MeasureKind[Sliding]):
    """Piecewise linear curves, put together."""

    name, version = "sliding", 1

    def value(self, step: Sliding, reader: TermReader, enhet: int, period: str) -> Fraction | None:
        """Return the curves put together; a curve that is not there for the unit is left out."""
        heights = []
        for curve in step.curves:
            if curve.where and not reader.meets(curve.where, enhet, period):
                continue
            x = reader.value(curve.of or step.of, enhet, period)  # type: ignore[arg-type]  # one of them is there
            if x is None and step.combine == "product":
                return None
            if x is not None:
                heights.append(height(points_of(curve), x))
        return together(step.combine, heights)


def points_of(curve: Curve) -> Points:
    """Return a curve's points as exact figures."""
    return [(figure(x), figure(y)) for x, y in curve.points]


def stretch(points: Sequence[tuple[Fraction, Fraction]], x: Fraction) -> tuple[int, int]:
    """Return the places of the points on either side of ``x``: the same point twice where the curve is level.

    Of two points with the same x the later holds from x on.
    """
    after = bisect_right([one for one, _ in points], x)
    return max(after - 1, 0), min(after, len(points) - 1)


def height(points: Points, x: Fraction) -> Fraction:
    """Return the curve's value at ``x``."""
    low, high = stretch(points, x)
    (x0, y0), (x1, y1) = points[low], points[high]
    return y0 if low == high else y0 + (x - x0) * (y1 - y0) / (x1 - x0)
