"""Steps that combine figures of a unit: sums, products, ratios and curves, as counts, factors, prices or amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from core.base import Dimension, Kostnadsslag, Recipient, Verksamhet
from core.parameters.parts import Figure, Name, Places, Predicate, Reference, Strict, Term
from core.parameters.step import ALL_RECIPIENTS, Enum

if TYPE_CHECKING:
    from collections.abc import Iterator

Yields = Literal["count", "ratio", "factor", "price", "base", "amount"]


class Measure(Strict):
    """What every such step says of itself.

    What it ``yields`` is for later steps to build on (``base``: kronor a year of which nothing is paid, a subtotal);
    an ``amount`` (kronor a year) is also paid: a line per price period, for the months counted, and with
    ``categories`` only for months in which the unit has an elev of them.
    """

    step: Name
    label: str
    label_en: str | None = None
    yields: Yields
    unit: str = ""
    kostnadsslag: Kostnadsslag = Field(default=Kostnadsslag.OVRIGT, strict=False)
    verksamhet: Verksamhet | None = Field(default=None, strict=False)
    dimension: Dimension = Field(default=Dimension.BAS, strict=False)
    recipients: list[Annotated[Recipient, Enum]] = ALL_RECIPIENTS
    where: list[Predicate] = Field(default_factory=list)
    categories: list[Name] | None = None
    rounding: Places | None = None
    at_least: Figure | None = None
    at_most: Figure | None = None
    reference: Reference
    unequal_because: Reference | None = None
    expectation: str | None = None
    note: str | None = None

    @property
    def shown_unit(self) -> str:
        """The unit of the step's value: kronor (a year) for an amount unless it says something else."""
        return self.unit or {"amount": "kr", "base": "kr", "price": "kr/elev"}.get(self.yields, "")

    def terms(self) -> Iterator[tuple[tuple[str | int, ...], Term]]:
        """Yield every term with its place in the step."""
        yield from ()

    @property
    def rounds(self) -> Places | None:
        """How the value is rounded: as written; an amount without rounding is shown, and paid, in whole öre."""
        if self.rounding is None and self.yields == "amount":
            return Places(places=2, where="shown")
        return self.rounding


class Combine(Measure):
    """The sum, product, least or greatest of its terms, each times its weight; then limits, then rounding.

    A term that does not count for the unit is left out of a sum, ``min`` and ``max``; a product with such a
    term has no value, nor has anything without a single term that counts.
    """

    kind: Literal["combine"]
    how: Literal["sum", "product", "min", "max"]
    of: list[Term] = Field(min_length=1)

    def terms(self) -> Iterator[tuple[tuple[str | int, ...], Term]]:
        """Yield the terms that are put together."""
        yield from ((("of", place), term) for place, term in enumerate(self.of))


class Ratio(Measure):
    """The sum of ``numerator`` ÷ the sum of ``denominator``; ``if_zero`` where the denominator is zero.

    Without ``if_zero`` the unit then has no value. A term that does not count is left out of its sum.
    """

    kind: Literal["ratio"]
    numerator: list[Term] = Field(min_length=1)
    denominator: list[Term] = Field(min_length=1)
    if_zero: Figure | None = None

    def terms(self) -> Iterator[tuple[tuple[str | int, ...], Term]]:
        """Yield the terms above the line, then those below it."""
        yield from ((("numerator", place), term) for place, term in enumerate(self.numerator))
        yield from ((("denominator", place), term) for place, term in enumerate(self.denominator))


class Curve(Strict):
    """A piecewise linear curve through ``points`` (x, y), level before the first and after the last.

    Two points with the same x are a jump: the later one holds from x on. ``where``: the curve is there only for
    units that meet it.
    """

    points: list[Annotated[list[Figure], Field(min_length=2, max_length=2)]] = Field(min_length=1)
    of: Term | None = None
    where: list[Predicate] = Field(default_factory=list)


class Sliding(Measure):
    """The value of curves in ``of`` (each curve may have its own), put together by ``combine``; then limits, rounding.

    Small units, sparsity, concentration: what grows or shrinks with a ratio instead of jumping. A curve that is not
    there for the unit is left out; where none is, it has no value.
    """

    kind: Literal["sliding"]
    of: Term | None = None
    curves: list[Curve] = Field(min_length=1)
    combine: Literal["min", "max", "sum", "product"] = "max"

    @model_validator(mode="after")
    def _every_curve_has_a_figure(self) -> Sliding:
        if self.of is None and any(curve.of is None for curve in self.curves):
            msg = "en kurva saknar of: ange det för steget eller för varje kurva"
            raise ValueError(msg)
        return self

    def terms(self) -> Iterator[tuple[tuple[str | int, ...], Term]]:
        """Yield what the curves are read at."""
        if self.of is not None:
            yield ("of",), self.of
        for place, curve in enumerate(self.curves):
            if curve.of is not None:
                yield ("curves", place, "of"), curve.of
