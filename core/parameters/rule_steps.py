"""Steps with a rule of their own in Swedish law: guarantees, premises, decided individual amounts, additions."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.base import Dimension, Kostnadsslag, Recipient
from core.parameters.parts import Figure, Name, Predicate, Strict, Term
from core.parameters.step import Enum, Step

WITH_CORRESPONDING: list[Recipient] = [Recipient.EGEN, Recipient.FRISTAENDE_HEMMA, Recipient.FRISTAENDE_ANNAN]


class Guarantee(Step):
    """How much a unit's sum of earlier steps may change from ``baseline`` (kronor a year, or per elev with ``per``).

    Held in this order: ``share`` lets only that part of the change through (transition); ``floor`` and ``ceiling`` are
    shares of the baseline (``"-0.02"`` allows a loss of two per cent); ``minimum`` is kronor per elev whatever the
    baseline. The line is what is added or taken off, for the months in which the unit has an elev of ``categories``.
    ``financed_by: gainers``: what is added is taken from those above their ceiling (or slowed down by ``share``)
    first, then from the units above what they are guaranteed, in proportion to how far above; no more is taken than is
    added. A unit without baseline is not compared with it and pays nothing.
    """

    kind: Literal["guarantee"]
    of: list[Name] = Field(min_length=1)
    categories: list[Name] = Field(min_length=1)
    baseline: Term | None = None
    per: Literal["enhet", "elev"] = "enhet"
    floor: Figure | None = None
    ceiling: Figure | None = None
    share: Figure | None = None
    minimum: Figure | None = None
    financed_by: Literal["budget", "gainers"] = "budget"

    @model_validator(mode="after")
    def _something_to_hold(self) -> Guarantee:
        held = [self.floor, self.ceiling, self.share]
        if self.minimum is None and not any(held):
            msg = "en garanti har minst en av floor, ceiling, share och minimum"
            raise ValueError(msg)
        if any(held) and self.baseline is None:
            msg = "floor, ceiling och share räknas från baseline. Ange den"
            raise ValueError(msg)
        return self


class Premises(Step):
    """A unit's actual premises in place of the municipality's average, for special reasons that are decided.

    ``price`` is the price step of the average, ``actual`` the decided kronor per elev and year (a unit without it
    keeps the average), ``at_most`` the actual reasonable cost, which the decided sum may not exceed. ``marked_up_by``:
    the price steps whose rates lie on premises too, each for its own recipients. The line is the difference, of
    whichever sign (skolförordningen 14 kap. 6 §, gymnasieförordningen 13 kap. 5 §).
    """

    kind: Literal["premises"]
    price: Name
    categories: list[Name] | None = None
    actual: Term
    at_most: Term | None = None
    marked_up_by: list[Name] = Field(default_factory=list)

    @model_validator(mode="after")
    def _read_from_the_unit(self) -> Premises:
        if any(term is not None and term.variable is None for term in (self.actual, self.at_most)):
            msg = "actual och at_most läses ur enhetens egna uppgifter. Skriv {variable: namn}"
            raise ValueError(msg)
        return self


class CaseAmounts(Step):
    """Tilläggsbelopp decided for single elever, as decided: nothing here or later can scale them (HFD 1320-19).

    A month is paid whole when the decision is in force on its first day, or with ``month: any_day`` on any of its
    days.
    """

    kind: Literal["case_amounts"]
    kostnadsslag: Kostnadsslag = Field(default=Kostnadsslag.TILLAGGSBELOPP, strict=False)
    dimension: Dimension = Field(default=Dimension.INDIVID, strict=False)
    month: Literal["first_day", "any_day"] = "first_day"

    @model_validator(mode="after")
    def _about_single_elever(self) -> CaseAmounts:
        if self.dimension is not Dimension.INDIVID:
            msg = "tilläggsbelopp är individuellt stöd. Skriv dimension: individ eller ta bort raden"
            raise ValueError(msg)
        return self


class Addition(Step):
    """More resources to the own units during the year, with the corresponding addition to enskilda huvudmän.

    ``amount`` kronor for ``first_month`` to ``last_month`` are shared over the own units by their elever in those
    months; an enskild huvudman gets the same kronor per elev, plus ``marked_up_by`` rates, in the same budget year
    (skolförordningen 14 kap. 2 §, gymnasieförordningen 13 kap. 2 §; HFD 2015:53). Another kommun only when
    ``recipients`` names it. ``where``: only units that meet it, of whichever huvudman. ``why``: ``resources`` new
    money, ``covered_deficit`` a deficit that the municipality covers and does not recover. ``corresponding: false``
    needs ``no_corresponding_because``.
    """

    kind: Literal["addition"]
    recipients: list[Annotated[Recipient, Enum]] = WITH_CORRESPONDING
    amount: Figure
    categories: list[Name] = Field(min_length=1)
    decided: dt.date
    first_month: int = Field(ge=1, le=12)
    last_month: int = Field(default=12, ge=1, le=12)
    paid_by: dt.date | None = None
    why: Literal["resources", "covered_deficit"] = "resources"
    marked_up_by: list[Name] = Field(default_factory=list)
    corresponding: bool = True
    no_corresponding_because: str | None = None
    where: list[Predicate] = Field(default_factory=list)

    @model_validator(mode="after")
    def _a_reason_for_nothing(self) -> Addition:
        if self.corresponding == (self.no_corresponding_because is not None):
            msg = "corresponding: false kräver no_corresponding_because, och annars ska den inte finnas"
            raise ValueError(msg)
        if self.last_month < self.first_month:
            msg = "last_month ligger före first_month"
            raise ValueError(msg)
        return self


class Average(Strict):
    """A value worked out of other units: their mean, weighted by elever unless told otherwise.

    Only units of the pool that have a value of their own, and are not too small to use it, are averaged over. The
    mean is rounded half up to ``places`` decimals.
    """

    mean_of: Literal["all", "same_recipient", "same_omrade"]
    weighted: bool = True
    places: int = Field(default=6, ge=0, le=9)


class SmallUnits(Strict):
    """What holds for units with fewer than ``below`` elever: their own value is not used.

    Instead a figure, a mean, or ``nothing``: they then have no part in the pool.
    """

    below: Figure
    value: Figure | Average | Literal["nothing"]
