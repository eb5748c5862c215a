"""What *Lika villkor* hands to page and command line: frozen, whole öre, nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from core.base import Source
    from core.usecases.views import RunInfo


@dataclass(frozen=True, slots=True)
class EqualStep:
    """A step that differs: öre for the recipient less öre for an own unit, and the ground; ``code`` "" is none.

    ``follows``: labels of earlier steps whose difference it carries on. ``difference_ore`` is ``None`` when it may
    not be shown to this reader.
    """

    step: str
    label: str
    difference_ore: int | None
    code: str
    source: Source | None
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EqualElev:
    """One elev of a category in a price list: öre a year at an own unit and at the recipient's, step by step."""

    category: str
    label: str
    verksamhet: str
    price_list: str
    recipient: str
    own_ore: int | None
    theirs_ore: int | None
    unexplained_ore: int
    steps: tuple[EqualStep, ...]


@dataclass(frozen=True, slots=True)
class EqualRange:
    """A step that differs for some recipients on one ground: the least and the most öre per elev and year."""

    verksamhet: str
    label: str
    recipients: tuple[str, ...]
    least_ore: int
    most_ore: int
    code: str
    source: Source | None
    follows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EqualYear:
    """A recipient's units in the run: their sum as it is, as if the kommun ran them, and every step that differs.

    ``sealed``: the labels of steps that are left out of everything here for this reader.
    """

    recipient: str
    enheter: int
    as_own_ore: int
    as_is_ore: int
    explained_ore: int
    unexplained_ore: int
    steps: tuple[EqualStep, ...]
    sealed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EqualPart:
    """A finding for one category: öre per elev and year (negative: less than own), and yearly elever."""

    label: str
    price_list: str
    per_elev_ore: int
    elever: Fraction | None


@dataclass(frozen=True, slots=True)
class EqualFinding:
    """A difference without ground; amounts are theirs less own. ``code``: pris, steg, villkor or index."""

    code: str
    recipient: str
    labels: tuple[str, ...]
    steps: tuple[str, ...]
    law: Source
    per_elev_ore: int | None
    yearly_ore: int | None
    enheter: int | None
    parts: tuple[EqualPart, ...]
    sentence: str
    remedy: str
    is_sealed: bool = False  # what it is worth in the year may not be shown to this reader


@dataclass(frozen=True, slots=True)
class EqualView:
    """The page Lika villkor for one run."""

    run: RunInfo
    findings: tuple[EqualFinding, ...]
    elever: tuple[EqualElev, ...]
    ranges: tuple[EqualRange, ...]
    years: tuple[EqualYear, ...]
