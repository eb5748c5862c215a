"""A statement as plain rows: what every file format writes, so that no two of them can differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import format_number
from core.publication.texts import how_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.base import Derivation, Source
    from core.publication import Part

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"
ORE_PER_KRONA = 100
SHOWN_PLACES = 4


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One node of the derivation; ``number`` (``1.2.3``) says where in the tree it stands, also when read aloud."""

    number: str
    depth: int
    node: Derivation

    @property
    def text(self) -> str:
        """The value with its unit."""
        return value_text(self.node.value, self.node.unit)

    @property
    def how(self) -> str:
        """The operation, a note, and why something is not shown."""
        return how_text(self.node)

    @property
    def exact(self) -> str:
        """The value as numerator/denominator when four decimals do not hold it, else empty."""
        value = self.node.value
        return str(value) if (value * 10**SHOWN_PLACES).denominator != 1 else ""


def node_rows(tree: Derivation) -> Iterator[NodeRow]:
    """Yield the tree in reading order; the root is numbered 1."""
    places: list[int] = []
    for depth, node in tree.walk():
        places = [*places[:depth], places[depth] + 1 if depth < len(places) else 1]
        yield NodeRow(".".join(map(str, places)), depth, node)


def count_and_price(part: Part) -> str:
    """Return ``158 elever × 57 400 kr`` for a line, what individual support rests on, else empty."""
    if part.cases is not None:
        return f"{part.cases} {part.case_unit or ''}".rstrip()
    if part.quantity is None:
        return ""
    count = f"{format_number(part.quantity)} {part.quantity_unit or ''}".rstrip()
    if part.price_ore is None:
        return count
    return f"{count} × {value_text(part.price_ore / ORE_PER_KRONA, part.price_unit or 'kr')}"


def price_in_kronor(part: Part) -> Fraction | None:
    """Return the exact price of a line in kronor."""
    return None if part.price_ore is None else part.price_ore / ORE_PER_KRONA


def source_parts(source: Source | None) -> tuple[str, str, str]:
    """Return title, detail and address of a citation, each empty when absent."""
    if source is None:
        return ("", "", "")
    return (source.title, source.detail or "", source.url or "")
