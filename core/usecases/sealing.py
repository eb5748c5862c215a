"""What a reader without the right to individual support sees instead of it.

When decisions are few, the sum of individual support would tell what one elev got. The dimension
is then shown without amount, together with the next one that has an amount, so that neither can be
had by subtraction from the total. Source: skollagen (2010:800) 26 a kap., offentlighets- och
sekretesslagen (2009:400) 23 kap.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Derivation, Dimension
from core.parameters.thresholds import load_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.allocation import Line

REASON = "Visas inte: beloppet bygger på för få beslut om individuellt stöd för att kunna visas utan att röja enskilda."
PARTNERS = (Dimension.STRUKTUR.value, Dimension.SOCIOEKONOMI.value, Dimension.BAS.value)


@dataclass(frozen=True, slots=True)
class Seal:
    """The dimensions that are shown without amounts; empty when everything may be shown."""

    dimensions: frozenset[str] = frozenset()

    def covers(self, dimension: str) -> bool:
        """Say whether a dimension's amounts are hidden."""
        return dimension in self.dimensions


def seal_for(lines: Sequence[Line], day: date, *, may_see: bool) -> Seal:
    """Return what to hide of a unit's lines from a reader who may, or may not, see individual support."""
    support = [line for line in lines if line.dimension == Dimension.INDIVID.value]
    if may_see or not support or _cases(support) >= load_thresholds().individual_support_on(day).fewest:
        return Seal()
    present = {line.dimension for line in lines if line.amount_ore}
    partner = [name for name in PARTNERS if name in present][:1]
    return Seal(frozenset({Dimension.INDIVID.value, *partner}))


def _cases(lines: Sequence[Line]) -> int:
    """Return the smallest number of decisions, or of elever, that some sum of the lines rests on."""
    numbers: dict[tuple[str, str], Fraction] = {}
    for line in lines:
        if line.kind == "given":
            cases = Fraction(int(json.loads(line.detail).get("decisions", 0)))
        elif line.kind == "per_elev":
            cases = line.quantity
        else:
            continue
        key = (line.step, line.category)
        numbers[key] = max(numbers.get(key, Fraction(0)), cases)
    return int(min(numbers.values(), default=Fraction(0)))


def sealed_tree(tree: Derivation, seal: Seal) -> Derivation:
    """Return the tree of a total with the hidden dimensions as one node without children."""
    hidden = [node for node in tree.children if seal.covers(node.key.removeprefix("dim:"))]
    if not hidden:
        return tree
    names = " och ".join(node.label for node in hidden)
    value = sum((node.value for node in hidden), Fraction(0))
    node = Derivation("sealed", names, "sum", value, tree.unit, sealed=REASON)
    kept = tuple(child for child in tree.children if child not in hidden)
    return replace(tree, children=(*kept, node))
