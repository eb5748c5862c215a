"""The tree that answers *why?*: every node recomputes itself when it is built.

A node's ``value`` follows from its children by its operation; a leaf cites where it was read.
Rounding is a node of its own. The tree is built on request for the amount that is asked about,
and its root must equal the stored öre (``must_equal``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Literal

from core.base.errors import CoreError
from core.base.exact import round_fraction, round_to
from core.base.money import format_number
from core.base.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from core.base.sources import Source

Op = Literal[
    "leaf",
    "sum",
    "product",
    "quotient",
    "round",
    "round_even",
    "round_down",
    "round_up",
    "share",
    "min",
    "max",
    "interpolate",
    "level",
]
_CHILDREN: dict[str, int] = {
    "leaf": 0, "quotient": 2, "round": 1, "round_even": 1, "round_down": 1, "round_up": 1, "share": 4,
    "interpolate": 5, "level": 2,
}  # fmt: skip
"""How many children an operation takes; sums, products, ``min`` and ``max`` take any number."""
_ROUNDED = {"round": "half_up", "round_even": "half_even", "round_down": "down", "round_up": "up"}


def _share(values: Sequence[Fraction]) -> Fraction:
    """Pot, own weight, all weights, remainder öre: floor to the öre, then the remainder."""
    pot, weight, whole, extra = values
    exact = pot * weight / whole * 100
    floor = exact.numerator // exact.denominator if exact >= 0 else -(-exact.numerator // exact.denominator)
    return Fraction(floor, 100) + extra


def _between(values: Sequence[Fraction]) -> Fraction:
    """The figure, and the points on either side of it (x0, y0, x1, y1): the height of the line at the figure."""
    x, x0, y0, x1, y1 = values
    return y0 + (x - x0) * (y1 - y0) / (x1 - x0)


_OPERATIONS: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "product": lambda values: Fraction(prod(values, start=Fraction(1))),
    "quotient": lambda values: values[0] / values[1],
    "share": _share,
    "min": min,
    "max": max,
    "interpolate": _between,
    "level": lambda values: values[1],  # the figure, and the height that the curve keeps there
}


class DerivationBrokenError(CoreError):
    """A node does not equal what its children give, or the root not the stored amount."""

    def __init__(self, label: str, stated: Fraction, computed: Fraction) -> None:
        self.label, self.stated, self.computed = label, stated, computed
        super().__init__(
            Sentence(
                "Härledningen av ”{label}” går inte ihop: {stated} är angivet men delarna ger {computed}. Beloppet "
                "visas inte förrän körningen är kontrollerad (verify-run).",
                label=label,
                stated=format_number(stated),
                computed=format_number(computed),
            )
        )


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step of an answer.

    ``value`` is exact, in ``unit`` (kr, kr/elev, elever, …). ``rounding`` is the step that an
    ``op`` of ``round`` rounds to. ``sealed`` says why the children of a node are not shown.
    """

    key: str
    label: str
    op: Op
    value: Fraction
    unit: str
    children: tuple[Derivation, ...] = ()
    source: Source | None = None
    note: str | None = None
    rounding: Fraction | None = None
    sealed: str | None = None
    facts: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        """Recompute the node from its children; raises ``DerivationBrokenError``."""
        wanted = _CHILDREN.get(self.op)
        if self.sealed is None and wanted is not None and len(self.children) != wanted:
            raise ValueError(f"{self.key}: {self.op} takes {wanted} children, got {len(self.children)}")
        computed = self.recompute()
        if computed != self.value:
            raise DerivationBrokenError(self.label, self.value, computed)

    def recompute(self) -> Fraction:
        """Return what the operation gives on the children; a leaf or sealed node stands for itself."""
        values = [child.value for child in self.children]
        if self.op == "leaf" or self.sealed is not None:
            return self.value
        if self.op in _ROUNDED:
            return round_to(values[0], self.rounding or Fraction(1), _ROUNDED[self.op])
        return _OPERATIONS[self.op](values)

    def must_equal(self, stored: Fraction) -> Derivation:
        """Return the node itself if it equals what was stored; raises ``DerivationBrokenError``."""
        if self.value != stored:
            raise DerivationBrokenError(self.label, stored, self.value)
        return self

    def walk(self) -> Iterator[tuple[int, Derivation]]:
        """Yield (depth, node) in reading order."""
        stack: list[tuple[int, Derivation]] = [(0, self)]
        while stack:
            depth, node = stack.pop()
            yield depth, node
            stack.extend((depth + 1, child) for child in reversed(node.children))

    def lines(self) -> list[str]:
        """Return the tree as indented Swedish text, the same on page, command line and paper."""
        return ["  " * depth + node.sentence() for depth, node in self.walk()]

    def sentence(self) -> str:
        """Return ``label: value unit (how, from where)``."""
        hows = [OP_WORDS[self.op]] if self.op != "leaf" else []
        if self.source is not None:
            hows.append(self.source.title + (f", {self.source.detail}" if self.source.detail else ""))
        if self.sealed:
            hows.append(self.sealed)
        how = f" ({'; '.join(hows)})" if hows else ""
        return f"{self.label}: {self.amount()}{how}"

    def amount(self) -> str:
        """Return the value with its unit; kronor with öre are written with two decimals."""
        text = format_number(self.value)
        if self.unit.startswith("kr") and len(text.partition(",")[2]) == 1:
            text += "0"
        return f"{text} {self.unit}".rstrip()

    def to_json(self) -> dict[str, object]:
        """Return the tree as plain data; values as exact text ``numerator/denominator``."""
        node: dict[str, object] = {
            "key": self.key,
            "label": self.label,
            "op": self.op,
            "value": str(self.value),
            "unit": self.unit,
        }
        if self.source is not None:
            node["source"] = self.source.to_json()
        node |= {name: text for name, text in (("note", self.note), ("sealed", self.sealed)) if text}
        if self.facts:
            node["facts"] = dict(self.facts)
        if self.children:
            node["children"] = [child.to_json() for child in self.children]
        return node


OP_WORDS: dict[str, str] = {
    "sum": "summa",
    "product": "produkt",
    "quotient": "kvot",
    "round": "avrundat",
    "round_even": "avrundat, halva till jämnt",
    "round_down": "avrundat nedåt",
    "round_up": "avrundat uppåt",
    "share": "andel av pott",
    "min": "minst av",
    "max": "störst av",
    "interpolate": "på linjen mellan två punkter",
    "level": "där kurvan är jämn",
}


def leaf(key: str, label: str, value: Fraction, unit: str, source: Source, *, note: str | None = None) -> Derivation:
    """Return a figure that was read, with where it was read."""
    return Derivation(key, label, "leaf", value, unit, source=source, note=note)


def total(key: str, label: str, unit: str, children: Sequence[Derivation], *, note: str | None = None) -> Derivation:
    """Return the sum of ``children``."""
    value = sum((child.value for child in children), Fraction(0))
    return Derivation(key, label, "sum", value, unit, tuple(children), note=note)


def product(key: str, label: str, unit: str, *factors: Derivation, source: Source | None = None) -> Derivation:
    """Return the product of ``factors``."""
    value = prod((factor.value for factor in factors), start=Fraction(1))
    return Derivation(key, label, "product", Fraction(value), unit, factors, source=source)


def quotient(key: str, label: str, unit: str, numerator: Derivation, denominator: Derivation) -> Derivation:
    """Return ``numerator / denominator``."""
    return Derivation(key, label, "quotient", numerator.value / denominator.value, unit, (numerator, denominator))


def rounded(key: str, label: str, exact: Derivation, step: Fraction, *, note: str | None = None) -> Derivation:
    """Return ``exact`` rounded half up to a multiple of ``step``."""
    value = round_fraction(exact.value, step)
    return Derivation(key, label, "round", value, exact.unit, (exact,), note=note, rounding=step)
