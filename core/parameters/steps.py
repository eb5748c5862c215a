"""The steps of a funding model, one class per kind: prices in kr per elev, amounts in kronor.

The set is small and closed. What a kind does is code in ``core.allocation``; everything a
nämnd can decide — rates, order, base sets, conditions, rounding — is data here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.base import Recipient  # noqa: TC001 - pydantic reads the annotations
from core.parameters.measure_steps import Combine, Ratio, Sliding
from core.parameters.parts import Figure, Name, Predicate, Rounding, Strict
from core.parameters.rule_steps import Addition, Average, CaseAmounts, Guarantee, Premises, SmallUnits
from core.parameters.step import Enum, Step

_On = Literal["hidden", "shown"]


class Uprating(Strict):
    """A later list's price from an earlier list's: factor on the hidden or on the shown value."""

    list: Name
    start: Name = Field(alias="from")
    factor: Figure
    on: _On = "hidden"


class PriceStep(Step):
    """A price; ``unit`` is what one price is for. ``lists`` limits it to some price lists."""

    unit: str = "kr/elev"
    rounding: Rounding = Rounding(to="krona", where="shown")
    lists: list[Name] | None = None
    categories: list[Name] | None = None


class FromTable(Strict):
    """Prices from a national table: the programme of each category, with or without meals.

    ``riksprislista``: whole hundreds a year, mervärdesskatt included, in the list of the price list's year.
    """

    table: Literal["riksprislista"]
    programmes: dict[Name, str] = Field(min_length=1)
    meals: Literal["with", "without"] = "with"


class PerElevPrice(PriceStep):
    """A price by category: given, worked out of earlier prices, solved from a budget, or read in a national table.

    Exactly one of ``values`` (kronor by category, or by category and list), ``of`` (the sum of
    earlier steps × ``factor`` × ``weights`` ÷ ``divisor``), ``from_budget`` (kronor by category ÷
    planned elever) and ``from_table``. ``take_from`` names the category whose price is taken when it is not its own.
    """

    kind: Literal["per_elev"]
    values: dict[Name, Figure | dict[Name, Figure]] | None = None
    of: list[Name] | None = None
    on: _On = "hidden"
    factor: Figure = "1"
    weights: dict[Name, Figure] = Field(default_factory=dict)
    take_from: dict[Name, Name] = Field(default_factory=dict)
    divisor: Figure = "1"
    from_budget: dict[Name, Figure] | None = None
    from_table: FromTable | None = None
    uprating: list[Uprating] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_origin(self) -> PerElevPrice:
        if sum(part is not None for part in (self.values, self.of, self.from_budget, self.from_table)) != 1:
            msg = "ett pris har precis en av values, of, from_budget och from_table"
            raise ValueError(msg)
        return self


class MarkupPrice(PriceStep):
    """A rate on the sum of named earlier prices: administration and mervärdesskatt in law."""

    kind: Literal["markup"]
    of: list[Name]
    rate: Figure
    on: _On = "hidden"


class DeductionPrice(PriceStep):
    """A price taken off: average fee, or what is centrally held. Written positive, kept negative.

    ``collected_by``: who collects the fee, by recipient; nothing is taken off where the kommun does.
    """

    kind: Literal["deduction"]
    values: dict[Name, Figure | dict[Name, Figure]] | None = None
    of: list[Name] | None = None
    rate: Figure | None = None
    on: _On = "hidden"
    uprating: list[Uprating] = Field(default_factory=list)
    collected_by: dict[Annotated[Recipient, Enum], Literal["kommun", "huvudman"]] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> DeductionPrice:
        if (self.values is None) == (self.of is None) or (self.of is None) != (self.rate is None):
            msg = "ett avdrag har antingen values eller of och rate"
            raise ValueError(msg)
        return self


class PerElevAmount(Strict):
    """Prices × counted elever: each price named becomes an amount step of the same name."""

    step: Name
    kind: Literal["per_elev"]
    label: str
    prices: list[Name]
    price_on: _On = "shown"


class Factor(Strict):
    """An index by enhet, or an earlier step's value; ``default`` is used for a unit without one, and its tree says so.

    ``default`` is a figure or the mean of other units. ``small``: units too small to use a value of their own.
    """

    index: Name | None = None
    step: Name | None = None
    default: Figure | Average | None = None
    small: SmallUnits | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Factor:
        if (self.index is None) == (self.step is None):
            msg = "en faktor är antingen index eller step"
            raise ValueError(msg)
        return self


class WeightedPool(Step):
    """A pot shared in proportion to weight × elever, to the last öre by largest remainder.

    ``pool`` is kronor for the year; a part of the year shares its part. ``weights`` by category
    (default 1). ``quantity`` names an earlier step whose value is shared by instead of elever.
    """

    kind: Literal["weighted_pool"]
    pool: Figure
    categories: list[Name] = Field(default_factory=list)
    quantity: Name | None = None
    weights: dict[Name, Figure] = Field(default_factory=dict)
    factor: Factor | None = None

    @model_validator(mode="after")
    def _something_to_share_by(self) -> WeightedPool:
        if bool(self.categories) == (self.quantity is not None):
            msg = "en pott delas antingen efter categories eller efter quantity, ett tidigare steg"
            raise ValueError(msg)
        return self


class SizeStep(Strict):
    """A lump sum for units of at most ``up_to`` elever."""

    up_to: int
    amount: Figure


class PerUnit(Step):
    """A lump sum in kronor a year for units that meet ``where``; by size when ``size_steps`` is given.

    Paid for the months in which the unit has a counted elev in ``categories``.
    """

    kind: Literal["per_unit"]
    categories: list[Name]
    where: list[Predicate] = Field(default_factory=list)
    amount: Figure | None = None
    size_steps: list[SizeStep] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_amount(self) -> PerUnit:
        if (self.amount is None) == (not self.size_steps):
            msg = "ett enhetsbelopp har antingen amount eller size_steps"
            raise ValueError(msg)
        return self


class MarkupAmount(Step):
    """A rate on the sum of named earlier amounts of the unit, such as mervärdesskatt on a pool."""

    kind: Literal["markup"]
    of: list[Name]
    rate: Figure


class DeductionAmount(Step):
    """A rate of named earlier amounts that is centrally held: gross → held → disposable."""

    kind: Literal["deduction"]
    of: list[Name]
    rate: Figure


class Given(Step):
    """Amounts decided elsewhere and imported by enhet and month under the step's name."""

    kind: Literal["given"]


AnyPrice = Annotated[PerElevPrice | MarkupPrice | DeductionPrice, Field(discriminator="kind")]
AnyAmount = Annotated[
    PerElevAmount
    | WeightedPool
    | PerUnit
    | MarkupAmount
    | DeductionAmount
    | Given
    | Combine
    | Ratio
    | Sliding
    | Guarantee
    | Premises
    | CaseAmounts
    | Addition,
    Field(discriminator="kind"),
]
