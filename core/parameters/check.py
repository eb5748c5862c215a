"""Hold a model's parts against each other: names that exist, order, dates, what law forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Recipient
from core.parameters.check_counting import check_counting
from core.parameters.check_measures import check_measures
from core.parameters.check_rules import check_rules
from core.parameters.check_units import check_units
from core.parameters.ike import check_ike
from core.parameters.steps import (
    DeductionAmount,
    DeductionPrice,
    MarkupAmount,
    PerElevAmount,
    PerElevPrice,
    PerUnit,
    WeightedPool,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]


def check_model(model: FundingModel) -> list[Fault]:
    """Return every fault as (path in the file, Swedish text with remedy)."""
    return [
        *_twice(model),
        *_categories(model),
        *check_counting(model),
        *_lists(model),
        *_prices(model),
        *_amounts(model),
        *_printed(model),
        *check_measures(model),
        *check_rules(model),
        *check_units(model),
        *check_ike(model),
    ]


def _unknown(path: Path, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    allowed = set(known)
    for name in names:
        if name not in allowed:
            yield path, f"{kind} ”{name}” finns inte i modellen. Finns: {', '.join(sorted(allowed)) or 'ingen'}."


def _twice(model: FundingModel) -> Iterator[Fault]:
    paid = [
        (place, name)
        for place, step in enumerate(model.amounts)
        for name in (step.prices if isinstance(step, PerElevAmount) else [step.step])
    ]
    for part, names in (
        ("price_lists", list(enumerate(one.list for one in model.price_lists))),
        ("counting", list(enumerate(one.rule for one in model.counting))),
        ("categories", list(enumerate(one.category for one in model.categories))),
        ("prices", list(enumerate(one.step for one in model.prices))),
        ("amounts", paid),
    ):
        seen: set[str] = set()
        for place, name in names:
            if name in seen:
                yield (part, place), f"namnet ”{name}” används två gånger i {part}. Ge ett av dem ett annat namn."
            seen.add(name)


def _categories(model: FundingModel) -> Iterator[Fault]:
    rules = [one.rule for one in model.counting]
    for place, category in enumerate(model.categories):
        path: Path = ("categories", place, "counting")
        if (rules or model.amounts) and not category.counting:
            yield path, f"kategorin {category.category} saknar räkneregel. Lägg till counting."
        elif rules or model.amounts:
            yield from _unknown(path, "Räkneregeln", [category.counting], rules)


def _lists(model: FundingModel) -> Iterator[Fault]:
    for place, one in enumerate(model.price_lists):
        if one.valid_to is not None and one.valid_to <= one.valid_from:
            yield ("price_lists", place, "valid_to"), "listan slutar innan den börjar. Rätta valid_to."
        if one.valid_from in [other.valid_from for other in model.price_lists[:place]]:
            yield (
                ("price_lists", place, "valid_from"),
                f"två prislistor börjar {one.valid_from}. Låt bara en lista börja samma dag.",
            )
    paying = {month for months in model.periods().values() for month in months}
    if model.amounts and len(paying) < 12:  # noqa: PLR2004 - twelve months in a year
        missing = ", ".join(str(month) for month in range(1, 13) if month not in paying)
        yield ("price_lists",), f"månaderna {missing} saknar prislista. Lägg till en lista som gäller då."


def _prices(model: FundingModel) -> Iterator[Fault]:
    lists, categories = [one.list for one in model.price_lists], [one.category for one in model.categories]
    earlier: list[str] = []
    for place, step in enumerate(model.prices):
        path: Path = ("prices", place)
        yield from _unknown((*path, "lists"), "Prislistan", step.lists or [], lists)
        yield from _unknown((*path, "categories"), "Kategorin", step.categories or [], categories)
        if step.of is not None:
            yield from _unknown((*path, "of"), "Det tidigare steget", step.of, earlier)
        if isinstance(step, PerElevPrice | DeductionPrice):
            for category, value in (step.values or {}).items():
                yield from _unknown((*path, "values"), "Kategorin", [category], categories)
                if isinstance(value, dict):
                    yield from _unknown((*path, "values", category), "Prislistan", value, lists)
            yield from _uprating(step, path, lists)
        if isinstance(step, PerElevPrice):
            yield from _per_elev(step, path, categories)
        earlier.append(step.step)


def _uprating(step: PerElevPrice | DeductionPrice, path: Path, lists: list[str]) -> Iterator[Fault]:
    given = {name for value in (step.values or {}).values() if isinstance(value, dict) for name in value}
    reached: list[str] = []
    for place, one in enumerate(step.uprating):
        here: Path = (*path, "uprating", place)
        yield from _unknown(here, "Prislistan", [one.list, one.start], lists)
        if one.list in reached:
            yield here, f"listan ”{one.list}” räknas upp två gånger i steget. Behåll en av raderna."
        if one.list in given:
            yield here, f"listan ”{one.list}” har egna värden i steget. Ta bort dem eller uppräkningen."
        if {one.list, one.start} <= set(lists) and lists.index(one.start) >= lists.index(one.list):
            yield here, f"listan ”{one.start}” måste stå före ”{one.list}” i price_lists för att räknas upp."
        reached.append(one.list)


def _per_elev(step: PerElevPrice, path: Path, categories: list[str]) -> Iterator[Fault]:
    yield from _unknown((*path, "weights"), "Kategorin", step.weights, categories)
    yield from _unknown((*path, "from_budget"), "Kategorin", step.from_budget or {}, categories)
    yield from _unknown((*path, "take_from"), "Kategorin", [*step.take_from, *step.take_from.values()], categories)
    if step.of is None:
        for key in ("on", "factor", "weights", "take_from", "divisor"):
            if key in step.model_fields_set:
                yield (*path, key), f"{key} gäller bara ett pris av tidigare steg. Ta bort raden eller ange of."
    if step.divisor.strip("0,.- ") == "":
        yield (*path, "divisor"), "divisorn får inte vara noll."


def _amounts(model: FundingModel) -> Iterator[Fault]:
    categories, prices = [one.category for one in model.categories], [one.step for one in model.prices]
    earlier: list[str] = []
    for place, step in enumerate(model.amounts):
        path: Path = ("amounts", place)
        if isinstance(step, PerElevAmount):
            yield from _unknown((*path, "prices"), "Prissteget", step.prices, prices)
            earlier.extend(step.prices)
            continue
        if isinstance(step, WeightedPool | PerUnit):
            yield from _unknown((*path, "categories"), "Kategorin", step.categories, categories)
        if isinstance(step, WeightedPool):
            yield from _unknown((*path, "weights"), "Kategorin", step.weights, categories)
        if isinstance(step, MarkupAmount | DeductionAmount):
            yield from _unknown((*path, "of"), "Det tidigare beloppssteget", step.of, earlier)
        earlier.append(step.step)


def _printed(model: FundingModel) -> Iterator[Fault]:
    steps, categories = [step.step for step in model.prices], [one.category for one in model.categories]
    lists = [one.list for one in model.price_lists]
    for place, one in enumerate(model.printed):
        path: Path = ("printed", place)
        yield from _unknown((*path, "step"), "Prissteget", [one.step], steps)
        yield from _unknown((*path, "category"), "Kategorin", [one.category], categories)
        yield from _unknown((*path, "recipient"), "Mottagaren", [one.recipient], list(Recipient))
        if one.list is not None:
            yield from _unknown((*path, "list"), "Prislistan", [one.list], lists)
        elif len(lists) > 1:
            yield path, "modellen har flera prislistor. Ange vilken den tryckta siffran gäller med list."
