"""The closed set of step kinds; a new kind is one small class and one row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.allocation.kinds.base import Measured, SoFar, SolvedPool, StepKind
from core.allocation.kinds.given import GivenSums
from core.allocation.kinds.measures import Combined, Quotient, Slide
from core.allocation.kinds.per_elev import PerElev
from core.allocation.kinds.per_unit import UnitLump
from core.allocation.kinds.pool import IndexMissingError, Pool, PoolWithoutWeightError
from core.allocation.kinds.rates import Deduction, Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, StepKind[Any]] = {
    kind.name: kind
    for kind in (PerElev(), Pool(), UnitLump(), Markup(), Deduction(), GivenSums(), Combined(), Quotient(), Slide())
}

__all__ = ["KINDS", "IndexMissingError", "Measured", "PoolWithoutWeightError", "SoFar", "SolvedPool", "StepKind"]
