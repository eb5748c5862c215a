"""Hold a model's parts against each other: names that exist, order, dates, what law forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    return [*_twice(model), *_categories(model), *_lists(model), *_prices(model), *_amounts(model), *_printed(model)]


def _unknown(path: Path, kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    allowed = set(known)
    for name in names:
        if name not in allowed:
            yield path, f"{kind} ”{name}” finns inte i modellen. Finns: {', '.join(sorted(allowed)) or 'ingen'}."


def _twice(model: FundingModel) -> Iterator[Fault]:
    amounts = [name for step in model.amounts for name in (step.prices if isinstance(step, PerElevAmount) else [step.step])]
    for part, names in (
        ("price_lists", [one.list for one in model.price_lists]),
        ("counting", [one.rule for one in model.counting]),
        ("categories", [one.category for one in model.categories]),
        ("prices", [one.step for one in model.prices]),
        ("amounts", amounts),
    ):
        for place, name in enumerate(names):
            if name in names[:place]:
                yield (part, place), f"namnet ”{name}” används två gånger i {part}. Ge ett av dem ett annat namn."


def _categories(model: FundingModel) -> Iterator[Fault]:
    rules = [one.rule for one in model.counting]
    for place, category in enumerate(model.categories):
        if rules or model.amounts:
            yield from _unknown(("categories", place, "counting"), "Räkneregeln", [category.counting], rules)


def _lists(model: FundingModel) -> Iterator[Fault]:
    for place, one in enumerate(model.price_lists):
        if one.valid_to is not None and one.valid_to <= one.valid_from:
            yield ("price_lists", place, "valid_to"), "listan slutar innan den börjar. Rätta valid_to."
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
        if isinstance(step, PerElevPrice):
            yield from _per_elev(step, path, lists, categories)
        earlier.append(step.step)


def _per_elev(step: PerElevPrice, path: Path, lists: list[str], categories: list[str]) -> Iterator[Fault]:
    yield from _unknown((*path, "weights"), "Kategorin", step.weights, categories)
    yield from _unknown((*path, "from_budget"), "Kategorin", step.from_budget or {}, categories)
    yield from _unknown((*path, "take_from"), "Kategorin", [*step.take_from, *step.take_from.values()], categories)
    for number, uprating in enumerate(step.uprating):
        yield from _unknown((*path, "uprating", number), "Prislistan", [uprating.list, uprating.start], lists)
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
    for place, one in enumerate(model.printed):
        path: Path = ("printed", place)
        yield from _unknown((*path, "step"), "Prissteget", [one.step], [step.step for step in model.prices])
        yield from _unknown((*path, "category"), "Kategorin", [one.category], [each.category for each in model.categories])
        yield from _unknown((*path, "recipient"), "Mottagaren", [one.recipient], ["egen", "fristaende_hemma", "fristaende_annan", "annan_kommun"])
        if one.list is not None:
            yield from _unknown((*path, "list"), "Prislistan", [one.list], [each.list for each in model.price_lists])


