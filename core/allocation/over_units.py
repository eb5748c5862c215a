"""Figures that a model takes over many units: what a tree cites, and what a huvudman gets to recompute with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation.kinds.terms import over_units
from core.parameters import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from core.allocation.inputs import OverUnits, UnitFacts
    from core.allocation.kinds import Measured
    from core.parameters import FundingModel


def over_units_of(
    model: FundingModel,
    measures: Mapping[str, Measured],
    units: Sequence[UnitFacts] = (),
    attributes: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[OverUnits, Fraction]:
    """Return the measures that terms ask for over all units, or over those that share a word, by period.

    ``units`` in the order of the measures' places; needed where a term asks for units that share a word.
    """
    found: dict[OverUnits, Fraction] = {}
    for step in model.amounts:
        for _, term in step.terms() if isinstance(step, Measure) else ():
            if term.over_units is not None and term.step is not None and term.step in measures:
                found |= over_units(measures[term.step], term, units, attributes or {})
    return found
