"""Hold counting rules and conditions against what can be counted: no month unpaid in silence, no condition in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from core.base import NotANumberError, read_number
from core.parameters.parts import CountField, UnitField
from core.parameters.steps import WeightedPool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.parameters.model import FundingModel
    from core.parameters.parts import CountingRule, Predicate
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]
COUNTED, OF_UNITS = get_args(CountField), get_args(UnitField)
MONTHS = range(1, 13)
_ORDERED = {"age", "hours", "size", "arskurs"}


def check_counting(model: FundingModel) -> Iterator[Fault]:
    """Yield faults of counting rules, of conditions in categories and units, of weights, and of list dates."""
    for place, rule in enumerate(model.counting):
        yield from _rule(rule, ("counting", place), model.year)
    counts = bool(model.counting or model.amounts)  # a model that only prints prices may name any field
    for place, category in enumerate(model.categories):
        fields = COUNTED if counts else COUNTED + OF_UNITS
        yield from _conditions(category.where, ("categories", place, "where"), fields, "en kategori")
        for key, day in (("valid_from", category.valid_from), ("valid_to", category.valid_to)):
            if day is not None and day.day != 1:
                text = f"{key} är {day}, men elever räknas i hela månader. Låt kategorin börja och sluta den första."
                yield ("categories", place, key), text
    yield from _one_rule(model)
    for place, step in enumerate(model.amounts):
        if isinstance(step, WeightedPool):
            yield from _pool(step, ("amounts", place))
    if model.amounts:
        for place, one in enumerate(model.price_lists):
            if one.valid_from.day != 1:
                text = f"listan börjar {one.valid_from}, men priser gäller hela månader. Låt den börja den första."
                yield ("price_lists", place, "valid_from"), text


def _one_rule(model: FundingModel) -> Iterator[Fault]:
    """Yield categories of a verksamhet that two rules count: nothing would keep an elev from counting in both."""
    rules: dict[str, str] = {}
    for place, one in enumerate(model.categories):
        if not one.overlapping and one.counting != rules.setdefault(one.verksamhet.value, one.counting):
            text = (
                f"{one.category} räknas med {one.counting}, men {one.verksamhet.value} räknas med "
                f"{rules[one.verksamhet.value]}. Använd samma regel, eller skriv overlapping: true för ett tillägg."
            )
            yield ("categories", place, "counting"), text


def _rule(rule: CountingRule, path: Path, year: int) -> Iterator[Fault]:
    yield from _substitutes(rule, path)
    if rule.kind != "fixed_dates":
        if rule.dates:
            yield (*path, "dates"), f"dates hör till kind: fixed_dates. Ta bort dem eller byt kind i {rule.rule}."
        return
    for key in ("day", "fallback"):
        if key in rule.model_fields_set:
            yield (*path, key), f"{key} gäller inte fasta mätdagar. Ta bort raden."
    named = [month for one in rule.dates for month in one.months]
    for month in MONTHS:
        if named.count(month) != 1:
            yield (*path, "dates"), f"månad {month} ska bestämmas av precis en mätdag, nu {named.count(month)}."
    for month in sorted(set(named) - set(MONTHS)):
        yield (*path, "dates"), f"{month} är ingen månad. Skriv 1–12."
    for place, one in enumerate(rule.dates):
        if one.date.year not in (year - 1, year):
            text = f"mätdagen {one.date} ligger varken i modellens år {year} eller i året före. Rätta datumet."
            yield (*path, "dates", place), text


def _substitutes(rule: CountingRule, path: Path) -> Iterator[Fault]:
    if rule.substitutes and rule.kind != "monthly":
        yield (*path, "substitutes"), f"substitutes hör till kind: monthly. Ta bort dem eller byt kind i {rule.rule}."
    replaced = [one.month for one in rule.substitutes]
    for place, one in enumerate(rule.substitutes):
        here: Path = (*path, "substitutes", place)
        if replaced.count(one.month) > 1:
            yield here, f"månad {one.month} står två gånger i substitutes. Behåll en av raderna."
        if one.counts_as in replaced:
            text = f"månad {one.counts_as} räknas själv med en annan månads antal. Välj en som räknas på sin egen dag."
            yield here, text


def _conditions(where: Sequence[Predicate], path: Path, fields: Iterable[str], of: str) -> Iterator[Fault]:
    for place, one in enumerate(where):
        here: Path = (*path, place)
        if one.field not in set(fields):
            yield here, f"{of} kan inte ha villkor på {one.field}. Välj något av {', '.join(fields)}."
        elif one.between is not None:
            yield from _between(one.field, one.between, here)
        elif one.field == "size" and one.one_of is not None:
            yield here, 'size jämförs med = eller between, inte med in. Skriv till exempel between: ["0", "60"].'
        elif one.one_of == []:
            yield here, "in är tom, så villkoret kan aldrig uppfyllas. Ange minst ett värde."


def _between(field: str, limits: Sequence[str], here: Path) -> Iterator[Fault]:
    if field not in _ORDERED:
        yield here, f"{field} har ingen ordning, så between går inte. Använd = eller in."
        return
    try:
        low, high = (read_number("0" if field == "arskurs" and text == "F" else text) for text in limits)
    except NotANumberError as error:
        yield here, f"gränserna i between ska vara tal. {error}"
        return
    if low > high:
        yield here, f"between går från {limits[0]} till {limits[1]}, så ingen uppfyller det. Byt plats på gränserna."


def _pool(step: WeightedPool, path: Path) -> Iterator[Fault]:
    for category, weight in step.weights.items():
        if read_number(weight) < 0:
            yield (*path, "weights", category), f"vikten {weight} är negativ. En vikt är noll eller mer."
        if category not in step.categories and step.quantity is None:
            yield (
                (*path, "weights", category),
                f"{category} har en vikt men ingår inte i categories. Lägg till den där.",
            )
