"""Lines are the truth: one row per enhet, step, category, period and recipient, exact to the öre.

The engine works in columns; a ``Line`` is one row read back. ``quantity`` × ``rate`` × ``factor`` is the
exact amount in öre before rounding; ``before_ore`` + ``remainder_ore`` is what is paid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING

from core.allocation.columns import int_column
from core.base import canonical_json, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.allocation.columns import Column

ALL = "alla"
FINANCING = "finansiering"
"""The category of a line that takes from a unit what others are guaranteed."""
LINE_COLUMNS = (
    "enhet", "step", "category", "period", "recipient", "position", "verksamhet", "kostnadsslag", "dimension",
    "kind", "kind_version", "quantity_num", "quantity_den", "rate_num", "rate_den", "factor_num", "factor_den",
    "before_ore", "remainder_ore", "amount_ore", "detail", "source",
)  # fmt: skip
_PLACE = itemgetter(*(LINE_COLUMNS.index(name) for name in ("position", "step", "category", "period", "recipient")))
_CANONICAL = "\x1f".join(["%s"] * len(LINE_COLUMNS))


@dataclass(frozen=True, slots=True)
class Line:
    """One allocation line. ``rate`` is öre per unit of quantity; ``detail`` and ``source`` are canonical JSON."""

    enhet: str
    step: str
    category: str
    period: str
    recipient: str
    position: int
    verksamhet: str
    kostnadsslag: str
    dimension: str
    kind: str
    kind_version: int
    quantity_num: int
    quantity_den: int
    rate_num: int
    rate_den: int
    factor_num: int
    factor_den: int
    before_ore: int
    remainder_ore: int
    amount_ore: int
    detail: str
    source: str

    @property
    def quantity(self) -> Fraction:
        """Elever, units, kronor or decisions, as the kind says."""
        return Fraction(self.quantity_num, self.quantity_den)

    @property
    def rate(self) -> Fraction:
        """Öre per unit of quantity."""
        return Fraction(self.rate_num, self.rate_den)

    @property
    def factor(self) -> Fraction:
        """Index or rate that the amount is multiplied by."""
        return Fraction(self.factor_num, self.factor_den)

    @property
    def key(self) -> str:
        """The address of the line within its unit and run."""
        return f"line:{self.step}|{self.category}|{self.period}"

    def as_tuple(self) -> tuple[object, ...]:
        """Return the values in the order of ``LINE_COLUMNS``."""
        return tuple(getattr(self, name) for name in LINE_COLUMNS)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is the same on every line of a step."""

    step: str
    position: int
    kostnadsslag: str
    dimension: str
    kind: str
    kind_version: int
    source: str


@dataclass(slots=True)
class LineBlock:
    """The lines of one step as columns of equal length, in the order they are made."""

    facts: StepFacts
    enhet: list[int] = field(default_factory=list)  # the unit's place
    category: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    verksamhet: list[str] = field(default_factory=list)
    order: list[int] = field(default_factory=list)  # within the step
    quantity_num: list[int] = field(default_factory=list)
    quantity_den: list[int] = field(default_factory=list)
    rate_num: list[int] = field(default_factory=list)
    rate_den: list[int] = field(default_factory=list)
    factor_num: list[int] = field(default_factory=list)
    factor_den: list[int] = field(default_factory=list)
    before_ore: list[int] = field(default_factory=list)
    remainder_ore: list[int] = field(default_factory=list)
    amount_ore: list[int] = field(default_factory=list)
    detail: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.amount_ore)

    def terms(self) -> tuple[list[int], ...]:
        """Return the columns whose quotient and product is the exact amount: quantity, rate, factor."""
        return (
            self.quantity_num, self.quantity_den, self.rate_num, self.rate_den, self.factor_num, self.factor_den,
        )  # fmt: skip

    def enhet_places(self) -> Column:
        """Return the units' places as an array."""
        return int_column(self.enhet)

    def period_places(self, place: Mapping[str, int]) -> Column:
        """Return the periods as an array of their places."""
        return int_column([place[name] for name in self.period])

    def ore(self) -> Column:
        """Return the amounts as an array."""
        return int_column(self.amount_ore)

    def rows(self, enhet_ids: Sequence[str], recipients: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """Yield the lines as tuples in the order of ``LINE_COLUMNS``; ``recipients`` by unit's place."""
        facts, size = self.facts, len(self)
        base = facts.position * 10_000
        return zip(
            [enhet_ids[place] for place in self.enhet],
            [facts.step] * size,
            self.category,
            self.period,
            [recipients[place] for place in self.enhet],
            [base + order for order in self.order],
            self.verksamhet,
            [facts.kostnadsslag] * size,
            [facts.dimension] * size,
            [facts.kind] * size,
            [facts.kind_version] * size,
            self.quantity_num,
            self.quantity_den,
            self.rate_num,
            self.rate_den,
            self.factor_num,
            self.factor_den,
            self.before_ore,
            self.remainder_ore,
            self.amount_ore,
            self.detail,
            [facts.source] * size,
            strict=True,
        )


def in_order(rows: Iterable[tuple[object, ...]]) -> dict[str, list[tuple[object, ...]]]:
    """Return the lines of each unit in their order of position; ``rows`` as ``LINE_COLUMNS``."""
    by_unit: dict[str, list[tuple[object, ...]]] = {}
    for row in rows:
        by_unit.setdefault(row[0], []).append(row)  # type: ignore[arg-type]  # the first column is the enhet
    for lines in by_unit.values():
        lines.sort(key=_PLACE)
    return by_unit


def unit_hashes(rows: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Return the SHA-256 of each unit's lines in their order of position; ``rows`` as ``LINE_COLUMNS``."""
    return {enhet: hash_of(lines) for enhet, lines in in_order(rows).items()}


def hash_of(lines: Iterable[tuple[object, ...]]) -> str:
    """Return the SHA-256 of a unit's lines, given in their order.

    The canonical text of a line is its values parted by the unit separator; ids, clock times and
    code version are no part of it.
    """
    return sha256("\n".join([_CANONICAL % line for line in lines]))


def root_hash(hashes: dict[str, str]) -> str:
    """Return the hash over all units' hashes, in byte order of the unit ids."""
    return sha256(canonical_json(sorted(hashes.items())))
