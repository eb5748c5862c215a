"""The rows of *Så är summan uppbyggd* as a statement carries them: total, dimension, step, line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from fractions import Fraction

    from core.base import Derivation, Source

TOTAL, DIMENSION, STEP, LINE = "total", "dim", "step", "line"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Part:
    """One row: ``key`` is the derivation's key, ``parent`` the row it lies inside.

    ``cases`` is how many decisions or elever (``case_unit``) a step of individual support rests on;
    ``None`` where that is not known, which hides as much as too few. ``price_ore`` is exact öre.
    ``sealed`` says why something is not printed.
    """

    key: str
    parent: str | None
    label: str
    amount_ore: int | None
    per_elev_ore: int | None = None
    quantity: Fraction | None = None
    quantity_unit: str | None = None
    price_ore: Fraction | None = None
    price_unit: str | None = None
    cases: int | None = None
    case_unit: str | None = None
    source: Source | None = None
    expectation: str | None = None
    sealed: str | None = None

    @property
    def rank(self) -> str:
        """What sort of row this is: total, dim, step or line."""
        return self.key.partition(":")[0]

    @property
    def level(self) -> int:
        """How far the row is indented: a dimension (and the total) 0, a step 1, a line 2."""
        return {STEP: 1, LINE: 2}.get(self.rank, 0)


def step_of(key: str) -> str | None:
    """Return the step that a row's or node's key belongs to: ``line:a.b|c|2026`` belongs to ``a.b``."""
    rank, _, rest = key.partition(":")
    return rest.partition("|")[0] if rank in {STEP, LINE} else None


def mentions(tree: Derivation, steps: Collection[str]) -> bool:
    """Say whether any node of ``tree`` is, or cites, one of ``steps``."""
    return any(not _names(node).isdisjoint(steps) for _, node in tree.walk())


def _names(node: Derivation) -> set[str]:
    names = set(re.split(r"[:|]", node.key))
    if node.source is not None and node.source.kind == "step":
        names.update(_NAME.findall(f"{node.source.title} {node.source.detail or ''}"))
    return names
