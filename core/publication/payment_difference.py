"""What differs between two months' payments, unit by unit, each difference with its reason."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import format_kr, format_number
from core.publication.payment import PART_LABELS, PartKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from fractions import Fraction

    from core.publication.payment import PaymentPart

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class PaymentDifference:
    """A unit's payment beside the one before: öre; ``before_ore`` is None when nothing was paid then."""

    enhet: str
    now_ore: int
    before_ore: int | None
    reason: str

    @property
    def change_ore(self) -> int:
        """Now less before."""
        return self.now_ore - (self.before_ore or 0)


def differences(
    now: Iterable[PaymentPart],
    before: Iterable[PaymentPart],
    elever: Mapping[str, tuple[Fraction | None, Fraction | None]] | None = None,
    small: Collection[str] = (),
) -> tuple[PaymentDifference, ...]:
    """Return every unit of either month; ``elever`` gives the number then and now, where it is known.

    ``small`` are the units that count children before school, who are not elever.
    """
    sums_now, sums_before = _by_kind(now), _by_kind(before)
    found = []
    for enhet in sorted(sums_now.keys() | sums_before.keys(), key=str.encode):
        mine, then = sums_now.get(enhet, {}), sums_before.get(enhet)
        old = None if then is None else sum(then.values())
        whom = "barn och elever" if enhet in small else "elever"
        counted = _elever((elever or {}).get(enhet), whom)
        found.append(PaymentDifference(enhet, sum(mine.values()), old, _reason(mine, then, counted)))
    return tuple(found)


def _by_kind(parts: Iterable[PaymentPart]) -> dict[str, dict[PartKind, int]]:
    sums: dict[str, dict[PartKind, int]] = {}
    for one in parts:
        kinds = sums.setdefault(one.enhet, defaultdict(int))
        kinds[one.kind] += one.amount_ore
    return sums


def _reason(now: Mapping[PartKind, int], before: Mapping[PartKind, int] | None, counted: str) -> str:
    if before is None:
        return "Ingen betalning månaden före"
    if not now:
        return "Ingen betalning den här månaden"
    said = []
    for kind in PartKind:
        change = now.get(kind, 0) - before.get(kind, 0)
        if change:
            why = counted if kind is PartKind.MONTHLY else ""
            said.append(f"{PART_LABELS[kind].lower()} {signed(change)}{why}")
    return "; ".join(said).capitalize() or "Samma belopp"


def _elever(elever: tuple[Fraction | None, Fraction | None] | None, whom: str) -> str:
    if elever is None or None in elever:
        return ""
    then, now = elever
    if then is None or now is None:
        return ""
    if then == now:
        return f" ({format_number(now, 1)} {whom} båda månaderna)"
    return f" ({format_number(then, 1)} → {format_number(now, 1)} {whom})"


def signed(ore: int) -> str:
    """Return öre in kronor with its sign written out."""
    return f"{'+' if ore > 0 else MINUS}{format_kr(abs(ore))}"
