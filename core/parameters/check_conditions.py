"""Hold conditions on a unit against what a unit has: fields, words, figures, and what earlier steps gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from core.base import NotANumberError, read_number
from core.parameters.parts import UnitField, read_limit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from core.parameters.parts import Predicate
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]
OF_UNITS = get_args(UnitField)


def check_condition(one: Predicate, here: Path, of: str, earlier: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of a condition on a unit; ``of`` is what has it, ``earlier`` the steps before it."""
    kind, dot, name = one.field.partition(".")
    if not dot and one.field not in OF_UNITS:
        known = ", ".join((*OF_UNITS, "attribute.…", "variable.…", "step.…"))
        yield here, f"{of} kan inte ha villkor på {one.field}. Välj något av {known}."
        return
    if kind == "step" and dot and name not in earlier:
        there = ", ".join(sorted(earlier)) or "inget"
        yield here, f"villkoret gäller steget ”{name}”, som inte finns tidigare i amounts. Finns: {there}."
    figure = one.field == "size" or (dot and kind in {"variable", "step"})
    if one.one_of == []:
        yield here, "in är tom, så villkoret kan aldrig uppfyllas. Ange minst ett värde."
    elif one.between is not None:
        yield from _between(one.field, one.between, here) if figure else _unordered(one.field, here)
    elif figure:
        yield from _figures([one.equals] if one.equals is not None else one.one_of or [], here)


def _unordered(field: str, here: Path) -> Iterator[Fault]:
    yield here, f"{field} har ingen ordning, så between går inte. Använd = eller in."


def _figures(texts: Sequence[str], here: Path) -> Iterator[Fault]:
    for text in texts:
        try:
            read_number(text)
        except NotANumberError as error:
            yield here, f"villkoret jämför ett tal. {error}"


def _between(field: str, limits: Sequence[str], here: Path) -> Iterator[Fault]:
    low, high = limits
    for text, sign in ((low, "<"), (high, ">")):
        if text.startswith(sign):
            yield here, f"gränsen {text} står på fel sida. Skriv den undre gränsen först: >55, sedan den övre: <1600."
            return
    try:
        (lowest, low_held), (highest, high_held) = read_limit(low), read_limit(high)
    except NotANumberError as error:
        yield here, f"gränserna i between ska vara tal. {error}"
        return
    if lowest is None or highest is None:
        return
    if lowest > highest or (lowest == highest and not (low_held and high_held)):
        yield here, f"between går från {low} till {high}, så ingen uppfyller det. Byt plats på gränserna i {field}."
