"""Closed conditions on a unit: its kind, its words and figures, its size, and what earlier steps gave it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence, read_number
from core.parameters import read_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.allocation.inputs import AllocationInput, UnitFacts
    from core.allocation.kinds.base import SoFar
    from core.parameters import Predicate

MONTHS = 12


class VariableMissingError(CoreError):
    """A step or a condition asks for a figure that the unit does not have."""

    def __init__(self, step: str, variable: str, enhet: str) -> None:
        self.step, self.variable, self.enhet = step, variable, enhet
        asked = Sentence("steget {step}", step=step) if step else Sentence("ett villkor")
        super().__init__(
            Sentence(
                "Enheten {enhet} saknar variabeln {variable}, som {asked} i modellen läser. Läs in ett värde för "
                "enheten, ange default på termen (eller if_empty på kolumnen), eller begränsa steget med recipients "
                "eller ett tidigare villkor i where.",
                enhet=enhet,
                variable=variable,
                asked=asked,
            )
        )


class AttributeUnknownError(CoreError):
    """A condition asks for a word that no unit of the data can have: nobody would ever meet it."""

    def __init__(self, step: str, attribute: str) -> None:
        self.step, self.attribute = step, attribute
        super().__init__(
            Sentence(
                "Steget {step} har villkor på uppgiften {attribute}, men underlaget har ingen sådan uppgift om "
                "enheterna. Ord om enheter läses ur enhetsfilen för evaluate; i en körning: skriv villkoret på omrade, "
                "landsbygd, enhet eller en variabel ur indexfilen.",
                step=step,
                attribute=attribute,
            )
        )


def meets(  # what a condition is held against
    where: Iterable[Predicate],
    enhet: int,
    period: str,
    so_far: SoFar,
    *,
    categories: Sequence[int] = (),
    step: str = "",
) -> bool:
    """Say whether the unit at place ``enhet`` meets every condition, held in their order.

    ``categories``: places of the categories whose elever are its ``size`` (without them: every elev once). A unit
    without the word asked for, or without a value of the step asked for, does not meet the condition.
    Raises ``VariableMissingError`` for a figure that the unit does not have, and ``AttributeUnknownError`` for a
    word that none can have.
    """
    return all(_holds(one, enhet, period, so_far, categories, step) for one in where)


def _holds(one: Predicate, enhet: int, period: str, so_far: SoFar, categories: Sequence[int], step: str) -> bool:
    data = so_far.data
    unit = data.units[enhet]
    kind, dot, name = one.field.partition(".")
    if kind == "size":
        place = data.quantities.periods.index(period)
        return _in_order(one, mean_elever(data, enhet, place, categories or every_elev_once(data)))
    if dot and kind == "variable":
        value = data.index.get(name, {}).get(unit.enhet)
        if value is None:
            raise VariableMissingError(step, name, unit.enhet)
        return _in_order(one, value)
    if dot and kind == "step":
        found = so_far.value_of(name, enhet, period)
        return found is not None and _in_order(one, found[0])
    if kind == "attribute" and name not in data.attributes:
        raise AttributeUnknownError(step, name)
    wanted = {one.equals} if one.equals is not None else set(one.one_of or ())
    return not wanted.isdisjoint(_words(kind, name, unit, data))


def _words(kind: str, name: str, unit: UnitFacts, data: AllocationInput) -> set[str]:
    if kind == "attribute":
        word = data.attributes[name].get(unit.enhet)
        return set() if word is None else {word}
    if kind == "verksamhet":
        return set(unit.verksamheter)
    if kind == "landsbygd":
        return {"ja" if unit.landsbygd else "nej"}
    if kind == "omrade":
        return {unit.omrade} if unit.omrade else set()
    return {unit.recipient if kind == "recipient" else unit.enhet}


def word_shared(field: str, unit: UnitFacts, attributes: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return which units a unit is put together with by a word they share: ``omrade=Norra``; None without the word."""
    if field in {"omrade", "recipient"}:
        word = unit.omrade if field == "omrade" else unit.recipient
    else:
        word = attributes.get(field.removeprefix("attribute."), {}).get(unit.enhet)
    return f"{field}={word}" if word else None


def _in_order(one: Predicate, value: Fraction) -> bool:
    """Hold a figure against a condition: equal, one of, or between limits."""
    if one.between is not None:
        low, high = one.between
        return _between(low, high, value)
    return value in _figures(tuple([one.equals] if one.equals is not None else one.one_of or ()))


@lru_cache(maxsize=1024)
def _figures(texts: tuple[str, ...]) -> frozenset[Fraction]:
    return frozenset(read_number(text) for text in texts)


def _between(low: str, high: str, value: Fraction) -> bool:
    lowest, low_held = _limit(low)
    highest, high_held = _limit(high)
    above = lowest is None or lowest < value or (low_held and lowest == value)
    return above and (highest is None or value < highest or (high_held and highest == value))


@lru_cache(maxsize=1024)
def _limit(text: str) -> tuple[Fraction | None, bool]:
    return read_limit(text)


def mean_elever(data: AllocationInput, enhet: int, place: int, categories: Sequence[int]) -> Fraction:
    """Return the mean number of elever over the counted months of the period at ``place``."""
    months = data.quantities.months[place]
    if not months or not categories:
        return Fraction(0)
    den = lcm(*(data.quantities.den[one] for one in categories))
    num = data.quantities.num[enhet, list(categories), place].tolist()
    yearly = sum(n * (den // data.quantities.den[one]) for one, n in zip(categories, num, strict=True))
    return Fraction(yearly * MONTHS, den * months)


def every_elev_once(data: AllocationInput) -> list[int]:
    """Return the places of the categories that do not count on top of others."""
    return [place for place, one in enumerate(data.model.categories) if not one.overlapping]
