"""The small parts a funding model is written with: references, roundings, predicates, lists, categories."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.base import NotANumberError, Recipient, Verksamhet, read_number

ROUNDING_STEPS: dict[str, Fraction] = {
    "ore": Fraction(1),
    "krona": Fraction(100),
    "10kr": Fraction(1_000),
    "100kr": Fraction(10_000),
    "1000kr": Fraction(100_000),
}


LARGEST = 10**11  # kronor: more than any kommun has, and times every elev still a whole number the columns hold


def _must_be_number(text: str) -> str:
    try:
        number = read_number(text)
    except NotANumberError as error:
        raise ValueError(str(error)) from error
    if abs(number) >= LARGEST:
        raise ValueError(f"”{text[:20]}” är för stort: hundra miljarder eller mer. Rätta talet.")
    return text


Figure = Annotated[str, AfterValidator(_must_be_number)]
"""An exact figure written in quotes; read it with ``read_number``."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)]


class Strict(BaseModel):
    """A part of a model: no unknown keys, no silent conversion, frozen once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Reference(Strict):
    """What a rule or figure rests on; one without kind is refused."""

    kind: Literal["law", "decision", "guideline"]
    title: str
    url: str | None = None
    date: dt.date | None = None
    paragraph: str | None = None
    read_as: str | None = None


class Rounding(Strict):
    """How a figure is rounded: ``where: shown`` keeps the exact value behind, ``value`` replaces it."""

    mode: Literal["half_up"] = "half_up"
    to: Literal["ore", "krona", "10kr", "100kr", "1000kr"] = "ore"
    where: Literal["shown", "value"] = "shown"

    @property
    def step(self) -> Fraction:
        """The rounding step in öre."""
        return ROUNDING_STEPS[self.to]


class PriceList(Strict):
    """One dated price list; several may follow each other within a year.

    A list that ends before the year starts pays nothing: it is there to be uprated from.
    """

    list: Name
    label: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    status: Literal["decided", "provisional"] = "decided"
    reference: Reference | None = None


class FixedDate(Strict):
    """A counting date, in the model's year or the year before, and the months (1–12) whose money it decides."""

    date: dt.date
    months: list[int]


class Substitute(Strict):
    """A month (1–12) whose money follows the count of another month of the year.

    Until that other month is counted, the month's own counting day holds: what is paid is preliminary.
    """

    month: int = Field(ge=1, le=12)
    counts_as: int = Field(ge=1, le=12)


class CountingRule(Strict):
    """When elever are counted.

    ``monthly``: on ``day`` each month, by ``fallback`` on the weekday before when that day is not an
    ordinary weekday; ``substitutes`` are months that take another month's count. ``fixed_dates``: the
    count on a date decides the months it names. ``days``: every day enrolled. ``august_from_july``: one
    who starts in August is counted from 1 July (skolförordningen 14 kap. 1 §).
    """

    rule: Name
    label: str
    kind: Literal["monthly", "fixed_dates", "days"]
    day: int = Field(default=15, ge=1, le=31)
    fallback: Literal["none", "weekday_before"] = "none"
    dates: list[FixedDate] = Field(default_factory=list)
    substitutes: list[Substitute] = Field(default_factory=list)
    august_from_july: bool = False
    reference: Reference | None = None


CountField = Literal["arskurs", "age", "hours", "source_category", "programme", "flag", "ground", "home"]
UnitField = Literal["verksamhet", "recipient", "landsbygd", "enhet", "omrade", "size"]
NamedField = Annotated[str, Field(pattern=r"^(attribute|variable|step)\.[a-z0-9][a-z0-9_.-]*$", max_length=90)]
"""A unit's own word, figure, or value of an earlier step, to have a condition on: ``step.koncentration``."""


NO_LIMIT = "*"


def read_limit(text: str) -> tuple[Fraction | None, bool]:
    """Return a limit of ``between`` and whether it is itself within; ``*`` is no limit. Raises ``NotANumberError``.

    ``"1600"`` is within, ``"<1600"`` and ``">55"`` are not.
    """
    if text.strip() == NO_LIMIT:
        return None, True
    open_ended = text.startswith(("<", ">"))
    return read_number(text[1:] if open_ended else text), not open_ended


class Predicate(Strict):
    """A closed condition on one field: equal, one of, or between two values.

    Both limits are included, unless written ``"<1600"`` or ``">55"`` (only the upper or the lower one); ``"*"`` is no
    limit.
    """

    field: CountField | UnitField | NamedField
    equals: str | None = Field(default=None, alias="=")
    one_of: list[str] | None = Field(default=None, alias="in")
    between: list[str] | None = Field(default=None, min_length=2, max_length=2)

    @model_validator(mode="after")
    def _exactly_one(self) -> Predicate:
        if sum(part is not None for part in (self.equals, self.one_of, self.between)) != 1:
            msg = "ett villkor har precis en av =, in och between"
            raise ValueError(msg)
        return self


class Category(Strict):
    """Which elever a price or weight is for.

    ``counting`` names the counting rule; a model that is only a price list may leave it out.
    Categories of one counting rule and verksamhet are disjoint unless ``overlapping`` says that
    this one counts on top (a supplement). ``age_turns`` says when a child grows a year older:
    at New Year, on 1 August, or in its month of birth. A category with ``valid_from`` or ``valid_to``
    (exclusive) counts in the months that begin then: half a year by the old årskurser, half by the new.
    """

    category: Name
    label: str
    label_en: str | None = None
    verksamhet: Verksamhet = Field(strict=False)
    counting: Name = ""
    where: list[Predicate] = Field(default_factory=list)
    overlapping: bool = False
    age_turns: Literal["calendar", "august", "exact"] = "august"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Places(Strict):
    """How a measure is rounded: to ``places`` decimals of its own unit, below zero to tens and hundreds.

    ``where: value`` (as a rule) lets later steps build on what is shown, ``shown`` on the exact value behind.
    ``half_up``: halves away from zero; ``half_even``: halves to the even digit; ``down`` cuts off (towards zero),
    ``up`` takes the next (away from zero).
    """

    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"
    places: int = Field(ge=-6, le=12)
    where: Literal["shown", "value"] = "value"

    @property
    def step(self) -> Fraction:
        """What is rounded to a multiple of."""
        return Fraction(10) ** -self.places


SameField = Annotated[str, Field(pattern=r"^(omrade|recipient|attribute\.[a-z0-9][a-z0-9_.-]*)$", max_length=90)]
"""A word that units share: their område, their recipient, or one of their own."""


class Term(Strict):
    """A figure that a step builds on: a category's elever, a unit's variable, an earlier step, a price, a figure.

    ``category``: the mean number of elever over the counted months. ``variable``: from the index file or the units
    file; ``default`` where the unit has none (without it that is a fault). ``step``: an earlier step's value, an
    amount in kronor a year; with ``over_units`` the sum, mean, median, least or greatest over all units that have a
    value, or over those with the ``same`` word as the unit. ``price`` with ``category`` too: kronor per elev of the
    unit's recipient. ``value``: a figure of the model. ``where``: the term counts only for units that meet it.
    """

    category: Name | None = None
    variable: Name | None = None
    step: Name | None = None
    price: Name | None = None
    value: Figure | None = None
    weight: Figure = "1"
    default: Figure | None = None
    on: Literal["hidden", "shown"] = "hidden"
    over_units: Literal["sum", "mean", "median", "min", "max"] | None = None
    same: SameField | None = None
    where: list[Predicate] = Field(default_factory=list)

    @model_validator(mode="after")
    def _exactly_one(self) -> Term:
        named = [self.variable, self.step, self.price, self.value, None if self.price else self.category]
        if sum(part is not None for part in named) != 1 or (self.price is not None and self.category is None):
            msg = "en term är precis en av category, variable, step, value, och price tillsammans med category"
            raise ValueError(msg)
        if self.default is not None and self.variable is None:
            msg = "default gäller bara en term med variable"
            raise ValueError(msg)
        if self.over_units is not None and self.step is None:
            msg = "over_units gäller bara en term med step: gör först ett steg av det som ska läggas ihop"
            raise ValueError(msg)
        if self.same is not None and self.over_units is None:
            msg = "same gäller bara en term med over_units"
            raise ValueError(msg)
        return self


class Printed(Strict):
    """A control figure as printed in a published list; the product compares, it never adjusts.

    ``row`` is the row's name in the list. ``within_1_kr`` says that list and rule differ by at most
    ``tolerance`` kronor; ``source_error`` that the list contradicts itself, which ``note`` explains.
    ``list`` may be left out when the model has one price list.
    """

    row: str | None = None
    step: Name
    category: Name
    recipient: str
    list: Name | None = None
    value: Figure
    tolerance: Figure = "0"
    status: Literal["exact", "within_1_kr", "source_error"] = "exact"
    note: str | None = None

    @model_validator(mode="after")
    def _tolerance_as_status(self) -> Printed:
        tolerance = read_number(self.tolerance)
        if any((figure * 100).denominator != 1 for figure in (tolerance, read_number(self.value))):
            msg = "value och tolerance anges i kronor med högst två decimaler"
            raise ValueError(msg)
        if self.status == "within_1_kr" and not 0 < tolerance <= 1:
            msg = "status within_1_kr kräver en tolerance över 0 och högst 1"
            raise ValueError(msg)
        if self.status != "within_1_kr" and tolerance:
            msg = f"status {self.status} har ingen tolerance. Ta bort den, eller välj within_1_kr"
            raise ValueError(msg)
        if self.status == "source_error" and not self.note:
            msg = "status source_error kräver en note som säger vad som är fel i källan"
            raise ValueError(msg)
        return self


class UnitColumn(Strict):
    """What one column of an outsider's file holds: counted elever, a variable, a word, or a decided amount.

    ``index`` and ``variable`` are the same: a figure of the unit. ``attribute`` is a word to have conditions on.

    ``month`` (1–12): the count (elevdagar where days are counted) or the decided amount of that month.
    Without it a count is the mean number of elever, the same in every counted month. ``if_empty`` is what an empty
    cell stands for; without it the unit has no such figure or word.
    """

    column: str
    category: Name | None = None
    index: Name | None = None
    variable: Name | None = None
    attribute: Name | None = None
    given: Name | None = None
    field: UnitField | None = None
    month: int | None = Field(default=None, ge=1, le=12)
    if_empty: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> UnitColumn:
        parts = (self.category, self.index, self.variable, self.attribute, self.given, self.field)
        if sum(part is not None for part in parts) != 1:
            msg = "en kolumn är precis en av category, index, variable, attribute, given och field"
            raise ValueError(msg)
        if self.month is not None and self.category is None and self.given is None:
            msg = "month gäller bara en kolumn med category eller given"
            raise ValueError(msg)
        if self.field == "size":
            msg = "enhetens storlek räknas av elevantalen och läses inte ur en kolumn"
            raise ValueError(msg)
        return self


class UnitsFile(Strict):
    """How the units file of ``evaluate`` is read: key columns, number format, column → variable.

    ``empty``: words that stand for an empty cell, such as NA. ``recipient`` is what every unit is when no column says
    it. The unit's id is its column ``enhet`` if there is one, else the key columns joined by a slash.
    """

    key: list[str] = Field(min_length=1)
    delimiter: Literal[",", ";", "\t"] = ";"
    decimal: Literal[",", "."] = ","
    empty: list[str] = Field(default_factory=list)
    recipient: Recipient = Field(default=Recipient.EGEN, strict=False)
    columns: list[UnitColumn]
