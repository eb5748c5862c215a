"""What must not be read out of a printed statement: few decisions on individual support, and single amounts.

A paper shows the sum of individual support and the number it rests on, never a single amount,
and neither of them when decisions, or elever of a supplement, are fewer than the threshold. A
sum left out could be had back as the total less the rest. Therefore the part is merged with
struktur (or, where a unit has none, with the next dimension), and every step that is computed
on a merged step follows into the same row. Two statements that differ only in how the merged
sum falls on its parts are then equal to the last character: the tests hold that.

What merging cannot do: a reader who can compute every other merged step from the model and from
counts of her own can still subtract. Open publication to everyone is another matter, with
thresholds of its own; a statement is handed to those who may see the unit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import CoreError, Derivation, Dimension, Sentence, half_up
from core.publication.parts import DIMENSION, LINE, STEP, TOTAL, Part, mentions, step_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

INDIVID = f"{DIMENSION}:{Dimension.INDIVID}"
MERGED = "merged:individ"
_PARTNERS = tuple(f"{DIMENSION}:{one}" for one in (Dimension.STRUKTUR, Dimension.SOCIOEKONOMI, Dimension.BAS))
NOT_HERE = "enskilda belopp visas i ärendet, inte här"


class NothingLeftToPrintError(CoreError):
    """The whole sum is individual support with too few decisions: not even the total may be printed."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        super().__init__(
            Sentence(
                "Redovisningen skrivs inte ut: hela beloppet är individuellt stöd som bygger på färre än {threshold} "
                "beslut, så summan skulle visa vad enskilda har fått. Se ärendena i stället.",
                threshold=threshold,
            )
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """The threshold in force: a sum on fewer decisions than ``fewest`` is not printed."""

    fewest: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """Parts and tree that may be printed; ``reason`` says what was merged and why, ``None`` when nothing was."""

    parts: tuple[Part, ...]
    tree: Derivation
    reason: str | None


def seal_individual_support(parts: Sequence[Part], tree: Derivation, elever: Fraction | None, policy: Policy) -> Sealed:
    """Return what may be printed of ``parts`` and ``tree`` (the derivation of the unit's total).

    ``elever`` is what kronor per elev are computed by. Raises ``NothingLeftToPrintError``.
    """
    _must_be_by_dimension_and_step(tree)
    own = _steps_within(tree, INDIVID)
    support = next((part for part in parts if part.key == INDIVID), None)
    if support is None and all(dim.key != INDIVID for dim in tree.children):
        return Sealed(tuple(parts), tree, None)
    cases = _cases(parts, tree, own)
    sums: Counter[str] = Counter()
    for unit, number in cases.values():
        sums[unit] += number
    if support is not None and support.amount_ore == 0 and not any(sums.values()) and _amount(tree, own) == 0:
        return Sealed(tuple(parts), tree, None)
    if support is None or support.amount_ore is None or not sums or min(sums.values()) < policy.fewest:
        return _merge_with_partner(parts, tree, elever, policy)
    if any(number < policy.fewest for _, number in cases.values()):
        hidden = _with_followers(tree, own)
        label = _joined([support.label, *_labels(tree, hidden - own)])
        reason = (
            f"{label} skrivs som en summa, eftersom någon del bygger på färre än {policy.fewest} beslut eller elever."
        )
        return _merge(parts, tree, hidden, replace(support, key=MERGED, label=label, sealed=reason), elever)
    return _without_single_amounts(parts, tree, own)


def _cases(parts: Sequence[Part], tree: Derivation, own: Collection[str]) -> dict[str, tuple[str, int]]:
    """Return, by step with an amount, what it rests on and how many; a step computed on others rests on theirs."""
    known = {step: part for part in parts if part.rank == STEP and (step := step_of(part.key)) in own}
    nodes = _step_nodes(tree)
    found: dict[str, tuple[str, int]] = {}
    for step in own:
        part = known.get(step)
        if nodes[step].value == 0 and (part is None or not part.cases):
            continue
        if part is not None and part.cases is not None:
            found[step] = (part.case_unit or "", part.cases)
        elif not mentions(nodes[step], set(own) - {step}):
            found[step] = ("", 0)
    return found


def _merge_with_partner(parts: Sequence[Part], tree: Derivation, elever: Fraction | None, policy: Policy) -> Sealed:
    """Hide individual support in one row together with struktur, or the next dimension that has an amount."""
    own = _steps_within(tree, INDIVID)
    partner = next((key for key in _PARTNERS if _amount(tree, _steps_within(tree, key) - own)), None)
    if partner is None:
        raise NothingLeftToPrintError(policy.fewest)
    core = own | _steps_within(tree, partner)
    hidden = _with_followers(tree, core)
    labels = {node.key: node.label for node in tree.children}
    individ = labels.get(INDIVID, "Individuellt stöd")
    label = _joined([labels[partner], individ, *_labels(tree, hidden - core)])
    reason = (
        f"Det individuella stödet bygger på färre än {policy.fewest} beslut eller elever. Antal och belopp skrivs "
        "därför inte ut, och delarna är sammanslagna så att de inte kan räknas fram."
    )
    return _merge(parts, tree, hidden, Part(MERGED, TOTAL, label, None, sealed=reason), elever)


def _merge(
    parts: Sequence[Part], tree: Derivation, hidden: Collection[str], row: Part, elever: Fraction | None
) -> Sealed:
    """Put the steps in ``hidden`` into the one sealed ``row``, in the parts and in the tree alike."""
    dims = []
    for dim in tree.children:
        kept = tuple(child for child in dim.children if step_of(child.key) not in hidden)
        if len(kept) == len(dim.children) and kept:
            dims.append(dim)
        elif kept:
            rest = sum((child.value for child in kept), Fraction(0))
            dims.append(replace(dim, value=rest, children=kept, note=f"Utom poster som ingår i raden {row.label}."))
    value = tree.value - sum((dim.value for dim in dims), Fraction(0))
    node = Derivation(MERGED, row.label, "sum", value, tree.unit, sealed=row.sealed)
    printable = replace(tree, children=(*dims, node))
    left = {dim.key: dim for dim in dims}
    rows = [
        _resized(part, left[part.key], elever) if part.rank == DIMENSION else part
        for part in parts
        if (part.key in left if part.rank == DIMENSION else step_of(part.key) not in hidden)
    ]
    amount = _ore(value)
    merged = replace(row, amount_ore=amount, per_elev_ore=_per_elev(amount, elever))
    totals = [part for part in rows if part.key == TOTAL]
    others = [part for part in rows if part.key != TOTAL]
    return Sealed((*others, merged, *totals), printable, row.sealed)


def _labels(tree: Derivation, steps: Collection[str]) -> list[str]:
    """Return what the steps are called, each name once, in the order of the tree."""
    nodes = (node for step, node in _step_nodes(tree).items() if step in steps)
    return list(dict.fromkeys(node.label for node in nodes))


def _joined(labels: Sequence[str]) -> str:
    """Return ``Struktur, individuellt stöd och administration``."""
    first, *rest = labels
    lower = [f"{text[:1].lower()}{text[1:]}" for text in rest]
    return first if not lower else f"{', '.join([first, *lower[:-1]])} och {lower[-1]}"


def _without_single_amounts(parts: Sequence[Part], tree: Derivation, own: Collection[str]) -> Sealed:
    """Keep sum and number by step; take away lines, months and whatever lies beneath a step of individual support."""
    rows = tuple(part for part in parts if not (part.rank == LINE and step_of(part.key) in own))
    dims = tuple(
        replace(dim, children=tuple(_shut(child) if mentions(child, own) else child for child in dim.children))
        for dim in tree.children
    )
    return Sealed(rows, replace(tree, children=dims), None)


def _shut(node: Derivation) -> Derivation:
    return replace(node, children=(), sealed=NOT_HERE, note=None, facts=())


def _resized(part: Part, node: Derivation, elever: Fraction | None) -> Part:
    """Return the row of a dimension with the sum of the steps that stay in it."""
    amount = _ore(node.value)
    if amount == part.amount_ore:
        return part
    return replace(part, amount_ore=amount, per_elev_ore=_per_elev(amount, elever), expectation=node.note)


def _must_be_by_dimension_and_step(tree: Derivation) -> None:
    """Refuse a tree of another shape: what is not known to be harmless must not slip through."""
    dims = all(dim.key.startswith(f"{DIMENSION}:") for dim in tree.children)
    steps = all(step_of(child.key) is not None for dim in tree.children for child in dim.children)
    if tree.op != "sum" or not dims or not steps:
        raise ValueError(f"{tree.key} is not a total by dimension and step")


def _with_followers(tree: Derivation, steps: set[str]) -> set[str]:
    """Return ``steps`` and every step computed on one of them, on one of those, and so on."""
    nodes = _step_nodes(tree)
    hidden = set(steps)
    while more := {step for step, node in nodes.items() if step not in hidden and mentions(node, hidden)}:
        hidden |= more
    return hidden


def _step_nodes(tree: Derivation) -> dict[str, Derivation]:
    return {step: child for dim in tree.children for child in dim.children if (step := step_of(child.key))}


def _steps_within(tree: Derivation, dimension: str) -> set[str]:
    return {
        step
        for dim in tree.children
        if dim.key == dimension
        for child in dim.children
        if (step := step_of(child.key)) is not None
    }


def _amount(tree: Derivation, steps: Collection[str]) -> Fraction:
    """Return the sum of the sizes of ``steps``: nonzero as soon as one of them is."""
    sizes = (abs(child.value) for dim in tree.children for child in dim.children if step_of(child.key) in steps)
    return sum(sizes, Fraction(0))


def _ore(value: Fraction) -> int:
    return half_up((value * 100).numerator, (value * 100).denominator)


def _per_elev(amount_ore: int, elever: Fraction | None) -> int | None:
    if not elever:
        return None
    exact = Fraction(amount_ore) / elever
    return half_up(exact.numerator, exact.denominator)
