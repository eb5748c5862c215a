"""What named rates add to a krona that comes beside the price list: 3 % administration, 6 % mervärdesskatt.

Each rate lies on the krona, and on those of the other named rates that its price step builds on, so that
(b + L) × 1.03 × 1.06, (b × 1.03 + L) × 1.06 and (b + L) × 1.09 all come out as the model's price list has them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import read_number
from core.parameters import MarkupPrice, PerElevPrice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.parameters import AnyPrice, FundingModel

Markups = list[tuple[MarkupPrice, Fraction]]


def markups_on(
    model: FundingModel, base: str | None, names: Sequence[str], recipient: str, category: str | None, period: str
) -> Markups:
    """Return the named price steps that hold here, each with the part of a krona that it adds.

    ``base``: the price step that the krona stands in for; a rate then lies on it only if it builds on it. None: a
    krona beside the price list, which every named rate lies on.
    """
    parts: dict[str, Fraction] = {} if base is None else {base: Fraction(1)}
    found: Markups = []
    for step in model.prices:
        if step.step == base or not _holds(step, recipient, category, period):
            continue
        if isinstance(step, PerElevPrice) and step.of is not None:
            weight = read_number(step.weights.get(category or "", "1"))
            whole = _of(parts, step.of) * weight * read_number(step.factor) / read_number(step.divisor)
            if whole:
                parts[step.step] = whole
        elif isinstance(step, MarkupPrice) and step.step in names:
            part = (_of(parts, step.of) + (base is None)) * read_number(step.rate)
            if part:
                parts[step.step] = part
                found.append((step, part))
    return found


def factor_of(markups: Markups) -> Fraction:
    """Return what a krona becomes with its markups."""
    return 1 + sum((part for _, part in markups), Fraction(0))


def _of(parts: Mapping[str, Fraction], names: Sequence[str]) -> Fraction:
    return sum((parts[name] for name in names if name in parts), Fraction(0))


def _holds(step: AnyPrice, recipient: str, category: str | None, period: str) -> bool:
    return (
        recipient in {one.value for one in step.recipients}
        and (step.categories is None or category is None or category in step.categories)
        and (step.lists is None or period in step.lists)
    )
