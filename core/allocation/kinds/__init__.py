"""The closed set of step kinds; a new kind is one small class and one row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.allocation.kinds.addition import Added, AdditionWithoutUnitsError
from core.allocation.kinds.base import Measured, SoFar, SolvedPool, StepKind
from core.allocation.kinds.cases import DecidedCases
from core.allocation.kinds.given import GivenSums
from core.allocation.kinds.guarantee import OVER_CEILING, OVER_GUARANTEE, Guaranteed, GuaranteeUnfinancedError
from core.allocation.kinds.measures import Combined, Quotient, Slide
from core.allocation.kinds.per_elev import PerElev
from core.allocation.kinds.per_unit import UnitLump
from core.allocation.kinds.pool import Pool, PoolWeightNegativeError, PoolWithoutWeightError
from core.allocation.kinds.pool_factor import IndexMissingError, MeanNotGivenError, NobodyToAverageError
from core.allocation.kinds.premises import ActualPremises, PremisesAboveCostError
from core.allocation.kinds.rates import Deduction, Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, StepKind[Any]] = {
    kind.name: kind
    for kind in (
        PerElev(), Pool(), UnitLump(), Markup(), Deduction(), GivenSums(), Combined(), Quotient(), Slide(),
        Guaranteed(), ActualPremises(), DecidedCases(), Added(),
    )
}  # fmt: skip

__all__ = [
    "KINDS",
    "OVER_CEILING",
    "OVER_GUARANTEE",
    "AdditionWithoutUnitsError",
    "GuaranteeUnfinancedError",
    "IndexMissingError",
    "MeanNotGivenError",
    "Measured",
    "NobodyToAverageError",
    "PoolWeightNegativeError",
    "PoolWithoutWeightError",
    "PremisesAboveCostError",
    "SoFar",
    "SolvedPool",
    "StepKind",
]
