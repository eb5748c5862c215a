"""Hold the columns of the units file against the model: what they name exists, and what the model reads is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import NotANumberError, read_number
from core.parameters.rule_steps import CaseAmounts
from core.parameters.steps import Given
from core.parameters.walk import read_of_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.parameters.model import FundingModel
    from core.parameters.parts import UnitColumn
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]
WORDS = {"variable": ("variabeln", "variable"), "attribute": ("uppgiften", "attribute")}


def check_units(model: FundingModel) -> Iterator[Fault]:
    """Yield the faults of ``units``."""
    if model.units is None:
        return
    categories = [one.category for one in model.categories]
    given = [step.step for step in model.amounts if isinstance(step, Given | CaseAmounts)]
    read = {kind: read_of_units(model, kind) for kind in WORDS}
    held: set[tuple[object, ...]] = set()
    for place, one in enumerate(model.units.columns):
        path: Path = ("units", "columns", place)
        yield from _unknown((*path, "category"), "Kategorin", one.category, categories)
        yield from _unknown((*path, "given"), "Steget av sorten given", one.given, given)
        yield from _unknown((*path, "index"), "Indexet", one.index, read["variable"])
        yield from _unread((*path, "variable"), "variable", one.variable, read["variable"])
        yield from _unread((*path, "attribute"), "attribute", one.attribute, read["attribute"])
        yield from _if_empty(one, path)
        what = (one.category, one.given, one.index or one.variable, one.attribute, one.field)
        if {(*what, one.month), (*what, None)} & held or (one.month is None and any(what == kept[:5] for kept in held)):
            yield path, f"kolumnen ”{one.column}” säger något som en tidigare kolumn redan säger. Behåll en av dem."
        held.add((*what, one.month))
    yield from _missing(model, read)


def _unknown(path: Path, kind: str, name: str | None, known: Iterable[str]) -> Iterator[Fault]:
    allowed = sorted(set(known))
    if name is not None and name not in allowed:
        yield path, f"{kind} ”{name}” finns inte i modellen. Finns: {', '.join(allowed) or 'ingen'}."


def _unread(path: Path, kind: str, name: str | None, read: Iterable[str]) -> Iterator[Fault]:
    if name is not None and name not in set(read):
        word, key = WORDS[kind]
        yield path, f"inget steg läser {word} ”{name}”. Rätta namnet, eller ta bort kolumnen med {key}."


def _if_empty(column: UnitColumn, path: Path) -> Iterator[Fault]:
    if column.if_empty is None or column.attribute is not None or column.field is not None:
        return
    try:
        read_number(column.if_empty)
    except NotANumberError as error:
        yield (*path, "if_empty"), f"if_empty ska vara ett tal i en kolumn med tal. {error}"


def _missing(model: FundingModel, read: dict[str, dict[str, tuple[Path, bool]]]) -> Iterator[Fault]:
    columns = model.units.columns if model.units else []
    there = {
        "variable": {one.index or one.variable for one in columns},
        "attribute": {one.attribute for one in columns},
    }
    for kind, (word, key) in WORDS.items():
        for name, (path, needed) in read[kind].items():
            if needed and name not in there[kind]:
                yield (
                    path,
                    f"{word} ”{name}” finns inte bland kolumnerna i units. Lägg till en kolumn med {key}: {name}.",
                )
