"""Two small runs to lie side by side, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.allocation.change_sides import Side
from tests.support.small_amounts import run_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from core.allocation import GivenAmount, UnitFacts
    from core.parameters import FundingModel


def side_of(
    model: FundingModel,
    n: Sequence[Sequence[Sequence[int]]],
    *,
    kind: str = "utfall",
    through: int = 12,
    units: Sequence[UnitFacts] = (),
    index: Mapping[str, Mapping[str, Fraction]] | None = None,
    given: Sequence[GivenAmount] = (),
) -> Side:
    """Return a run as one side of a change; ``n`` is elever by unit, category and month."""
    counts = np.array(n, np.int64).reshape(len(n), len(model.categories), 12)
    data, _ = run_of(model, n, units=units, through=through, index=index, given=given)
    return Side(data, counts, through, kind)
