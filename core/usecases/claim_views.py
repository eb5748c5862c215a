"""What *Interkommunal ersättning* hands to page and command line: frozen, with nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from core.usecases.views import RunInfo


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """Elever of a category at a unit: yearly elever, öre per elev and year, öre; ``None`` where no price is known."""

    key: str
    direction: str
    other_kommun: str
    enhet: str
    name: str
    category: str
    verksamhet: str
    ground: str
    basis: str
    period: str
    elever: Fraction | None
    price_ore: int | None
    amount_ore: int | None


@dataclass(frozen=True, slots=True)
class ClaimSum:
    """A sum over lines of one direction, kommun, verksamhet, ground and basis."""

    direction: str
    other_kommun: str
    verksamhet: str
    ground: str
    basis: str
    elever: Fraction
    amount_ore: int | None


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """The page Interkommunal ersättning for one run. ``has_rules``: the run's model has a section ``ike``."""

    run: RunInfo | None
    runs: tuple[RunInfo, ...]
    has_rules: bool
    to_claim_ore: int
    to_pay_ore: int
    without_price: int
    sums: tuple[ClaimSum, ...]
    lines: tuple[ClaimLine, ...]
