"""Steps with a rule of their own in Swedish law: guarantees, premises, decided individual amounts, additions."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.parameters.parts import Figure, Name, Predicate, Strict, Term
from core.parameters.step import Step


class Guarantee(Step):
    """How much a unit's sum of earlier steps may change from ``baseline`` (kronor a year, or per elev with ``per``).

    ``floor`` and ``ceiling`` are shares (``"-0.02"`` allows a loss of two per cent); ``share`` lets only that part of
    the change through (transition); ``minimum`` is kronor per elev whatever the baseline. The line is what is added
    or taken off. ``financed_by: gainers`` takes what is added from the units that gain, in proportion to their gain.
    A unit without baseline is not compared with it.
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
    keeps the average), ``marked_up_by`` the price steps whose rates lie on premises too. The line is the difference,
    of whichever sign (skolförordningen 14 kap. 6 §).
    """

    kind: Literal["premises"]
    price: Name
    actual: Term
    at_most: Term | None = None
    marked_up_by: list[Name] = Field(default_factory=list)


class CaseAmounts(Step):
    """Tilläggsbelopp decided for single elever, as decided: nothing here or later can scale them (HFD 1320-19)."""

    kind: Literal["case_amounts"]


class Addition(Step):
    """More resources to the own units during the year, with the corresponding addition to enskilda huvudmän.

    ``amount`` kronor from ``first_month`` on are shared over the own units by elev; an enskild huvudman gets the same
    kronor per elev, plus ``marked_up_by`` rates, in the same budget year (skolförordningen 14 kap. 2 §; HFD 2015:53).
    ``why``: ``resources`` new money, ``covered_deficit`` a deficit that the municipality covers and does not recover.
    ``corresponding: false`` needs ``no_corresponding_because``.
    """

    kind: Literal["addition"]
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
    """A value worked out of other units: their mean, weighted by elever unless told otherwise."""

    mean_of: Literal["all", "same_recipient", "same_omrade"]
    weighted: bool = True


class SmallUnits(Strict):
    """What holds for units below a number of elever: their own index is not used."""

    below: Figure
    value: Annotated[Figure | Average | Literal["nothing"], Field(union_mode="left_to_right")]
