"""Figures that a model takes over all units: what one unit's tree cites, and what a huvudman gets to recompute with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation.kinds.terms import together
from core.parameters import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from core.allocation.inputs import OverUnits
    from core.allocation.kinds import Measured
    from core.parameters import FundingModel


def over_units_of(model: FundingModel, measures: Mapping[str, Measured]) -> dict[OverUnits, Fraction]:
    """Return the sum, mean, least or greatest of each measure that a term asks for over all units, by period."""
    asked = {
        (term.step, term.over_units, term.on)
        for step in model.amounts
        if isinstance(step, Measure)
        for _, term in step.terms()
        if term.step is not None and term.over_units is not None
    }
    found: dict[OverUnits, Fraction] = {}
    for step, how, on in sorted(asked):
        for period, values in _by_period(measures[step], shown=on == "shown").items():
            value = together(how, values)
            if value is not None:
                found[step, how, on, period] = value
    return found


def _by_period(measured: Measured, *, shown: bool) -> Mapping[str, list[Fraction]]:
    values: dict[str, list[Fraction]] = {}
    for (_, period), pair in measured.values.items():
        values.setdefault(period, []).append(pair[shown])
    return values
