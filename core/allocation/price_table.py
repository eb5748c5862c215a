"""A price and the table of all prices: exact behind what is shown, rebuilt from stored rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.base import CoreError, Recipient, Sentence, half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.parameters import FundingModel, Rounding

On = Literal["hidden", "shown"]


class PriceMissingError(CoreError):
    """A price is asked for that the model does not give."""

    def __init__(self, key: PriceKey) -> None:
        self.key = key
        super().__init__(
            Sentence(
                "Det finns inget pris för steget {step}, kategorin {category} och mottagaren {recipient} i prislistan "
                "{price_list}. Se efter i modellen om steget gäller dem.",
                step=key.step,
                category=key.category,
                recipient=key.recipient,
                price_list=key.price_list,
            )
        )


class MissingPlannedCountError(CoreError):
    """A price is to be solved from a budget, but nobody has said how many elever are planned."""

    def __init__(self, step: str, category: str, found: Fraction | None) -> None:
        self.step, self.category, self.found = step, category, found
        what = Sentence("saknas") if found is None else Sentence("är {found}", found=found)
        super().__init__(
            Sentence(
                "Priset {step} för {category} är budgeten delad med planerat antal elever, men planerat antal {what}. "
                "Läs in planerade antal för kategorin, eller ange priset med values i modellen.",
                step=step,
                category=category,
                what=what,
            )
        )


class StoredPriceUnknownError(CoreError):
    """A stored price names something that the frozen model does not have."""

    def __init__(self, key: PriceKey) -> None:
        self.key = key
        super().__init__(
            Sentence(
                "Körningens sparade pris {key} finns inte i körningens modell. Kör verify-run: priser eller modell har "
                "ändrats efter körningen.",
                key=" · ".join(key),
            )
        )


class PriceKey(NamedTuple):
    """What one price is for."""

    step: str
    category: str
    recipient: str
    price_list: str


class PriceRow(NamedTuple):
    """A price as it is stored: ``num / den`` is the exact price in öre."""

    step: str
    category: str
    recipient: str
    price_list: str
    num: int
    den: int
    shown_ore: int
    unit: str


@dataclass(frozen=True, slots=True)
class Price:
    """One price: ``exact`` in fractions of an öre behind, ``shown_ore`` as a list prints it."""

    step: str
    category: str
    recipient: str
    price_list: str
    exact: Fraction
    shown_ore: int
    unit: str

    @property
    def key(self) -> PriceKey:
        """What the price is for."""
        return PriceKey(self.step, self.category, self.recipient, self.price_list)

    def on(self, which: On) -> Fraction:
        """Return the hidden or the shown value, in öre."""
        return self.exact if which == "hidden" else Fraction(self.shown_ore)

    def row(self) -> PriceRow:
        """Return the price as it is stored."""
        return PriceRow(*self.key, self.exact.numerator, self.exact.denominator, self.shown_ore, self.unit)


@dataclass(frozen=True, slots=True)
class PriceTable:
    """All prices of a model, in the order step, category, recipient, price list as the model declares them."""

    by_key: Mapping[PriceKey, Price]
    by_step: dict[str, list[Price]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the prices by step, which is how they are paid."""
        for price in self.by_key.values():
            self.by_step.setdefault(price.step, []).append(price)

    def __iter__(self) -> Iterator[Price]:
        """Yield the prices in canonical order."""
        return iter(self.by_key.values())

    def __len__(self) -> int:
        """Return the number of prices."""
        return len(self.by_key)

    def __getitem__(self, key: PriceKey) -> Price:
        """Return the price for ``key``; raises ``PriceMissingError``."""
        price = self.by_key.get(key)
        if price is None:
            raise PriceMissingError(key)
        return price

    def get(self, step: str, category: str, recipient: str, price_list: str) -> Price | None:
        """Return the price, or ``None`` where the model gives none."""
        return self.by_key.get(PriceKey(step, category, recipient, price_list))

    def of_step(self, step: str) -> Sequence[Price]:
        """Return the prices of a step, in canonical order."""
        return self.by_step.get(step, ())

    def rows(self) -> Iterator[PriceRow]:
        """Yield the prices as they are stored."""
        return (price.row() for price in self)

    @classmethod
    def from_rows(cls, model: FundingModel, rows: Iterable[PriceRow]) -> PriceTable:
        """Return the table that ``rows`` (in any order) were stored from; raises ``StoredPriceUnknownError``."""
        ranks = (
            _ranks(step.step for step in model.prices),
            _ranks(category.category for category in model.categories),
            _ranks(Recipient),
            _ranks(one.list for one in model.price_lists),
        )
        prices = [Price(*row[:4], Fraction(row.num, row.den), row.shown_ore, row.unit) for row in rows]
        for price in prices:
            if any(part not in rank for part, rank in zip(price.key, ranks, strict=True)):
                raise StoredPriceUnknownError(price.key)
        prices.sort(key=lambda price: [rank[part] for part, rank in zip(price.key, ranks, strict=True)])
        return cls({price.key: price for price in prices})


def _ranks(names: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def rounded_price(key: PriceKey, value: Fraction, rounding: Rounding, unit: str) -> Price:
    """Return the price that ``value`` (öre) becomes: ``where: value`` also replaces what is hidden."""
    step = rounding.step.numerator
    shown_ore = half_up(value.numerator, value.denominator * step) * step
    exact = value if rounding.where == "shown" else Fraction(shown_ore)
    return Price(*key, exact, shown_ore, unit)
