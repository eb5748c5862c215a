"""What can be tried in a funding model: figures by address, counts and index values, as closed data.

An address is the way to a figure by names, parted by a slash: ``prices/grundskola.undervisning/values/grundskola.1_3``.
A trial is a list of changes against a model and its run; trying never changes either. What a figure may become is
held by the same checks as a model file (``apply_figures``), and by law in ``lawful``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from core.base import CoreError, Sentence, canonical_json, short
from core.parameters.check import check_model
from core.parameters.figures import LEFT_ALONE, PARTS, TABLES, Place, figures_of, is_figure, names_of, plain_model
from core.parameters.load import ModelFaultyError
from core.parameters.model import FundingModel
from core.parameters.parts import Figure, Name, Strict
from core.parameters.strict import fault_at, remedy_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Change",
    "ChangeFaultyError",
    "CountChange",
    "FigureChange",
    "IndexChange",
    "NoSuchFigureError",
    "Place",
    "apply_figures",
    "change_of",
    "change_removed",
    "change_set",
    "changeable",
    "changes_text",
    "marked",
    "model_text",
    "read_changes",
]

MOST_CHANGES = 500
MOST_ELEVER = 100_000
LINE = 110


class FigureChange(Strict):
    """A figure of the model becomes ``value`` (written as in the model: quoted, exact)."""

    kind: Literal["figure"] = "figure"
    address: str = Field(max_length=400)
    value: Figure

    @property
    def target(self) -> tuple[str, ...]:
        """What the change is about: two changes of a trial never have the same."""
        return (self.kind, self.address)


class CountChange(Strict):
    """A unit's elever of a category from a month on: ``delta`` more or fewer, or exactly ``n``."""

    kind: Literal["count"] = "count"
    enhet: str = Field(min_length=1, max_length=80)
    category: Name
    from_month: int = Field(default=1, ge=1, le=12)
    delta: int | None = Field(default=None, ge=-MOST_ELEVER, le=MOST_ELEVER)
    n: int | None = Field(default=None, ge=0, le=MOST_ELEVER)

    @model_validator(mode="after")
    def _one_of_two(self) -> CountChange:
        if (self.delta is None) == (self.n is None):
            msg = "ett ändrat antal har antingen delta (fler eller färre) eller n (nytt antal)"
            raise ValueError(msg)
        return self

    @property
    def target(self) -> tuple[str, ...]:
        """What the change is about."""
        return (self.kind, self.enhet, self.category, str(self.from_month))


class IndexChange(Strict):
    """A unit's value in an index becomes ``value``."""

    kind: Literal["index"] = "index"
    index: Name
    enhet: str = Field(min_length=1, max_length=80)
    value: Figure

    @property
    def target(self) -> tuple[str, ...]:
        """What the change is about."""
        return (self.kind, self.index, self.enhet)


Change = FigureChange | CountChange | IndexChange
_ONE: TypeAdapter[Change] = TypeAdapter(Annotated[Change, Field(discriminator="kind")])


class ChangeFaultyError(CoreError):
    """A trial cannot be read; ``place`` counts its changes from 1, 0 is the trial as a whole."""

    def __init__(self, place: int, what: str) -> None:
        self.place, self.what = place, what
        where = f"Ändring {place} i försöket" if place else "Försöket"
        what = short(what, 300)
        super().__init__(f"{where} går inte att läsa: {what}")


class NoSuchFigureError(CoreError):
    """An address names no figure of the model."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            Sentence(
                "Modellen har inget tal på adressen {address}. Sök fram talet i Modellverkstaden, eller se adresserna "
                "med kommandot what-if --list.",
                address=address[:200],
            )
        )


def read_changes(text: str) -> tuple[Change, ...]:
    """Return the changes written in JSON ``text``; raises ``ChangeFaultyError`` for the first that is not whole."""
    try:
        rows = json.loads(text or "[]", parse_float=str)
    except (ValueError, RecursionError) as error:  # a whole number of thousands of digits is a plain ValueError
        raise ChangeFaultyError(0, "texten är inte giltig JSON. Ange en lista med ändringar.") from error
    if not isinstance(rows, list) or len(rows) > MOST_CHANGES:
        raise ChangeFaultyError(0, f"ange en lista med högst {MOST_CHANGES} ändringar.")
    changes = tuple(_read(place, row) for place, row in enumerate(rows, 1))
    seen: set[tuple[str, ...]] = set()
    for place, change in enumerate(changes, 1):
        if change.target in seen:
            raise ChangeFaultyError(place, "samma sak ändras redan av en tidigare rad. Behåll en av dem.")
        seen.add(change.target)
    return changes


def change_of(row: dict[str, object]) -> Change:
    """Return one change from plain data, its figure as a model writes it; raises ``ChangeFaultyError``."""
    change = _read(1, row)
    if isinstance(change, CountChange):
        return change
    bare = "".join(change.value.split()).replace(",", ".").replace("\u2212", "-")
    return change.model_copy(update={"value": bare})


def _read(place: int, row: object) -> Change:
    try:
        return _ONE.validate_python(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in {"figure", "count", "index"})
        what = str(first["msg"]).removeprefix("Value error, ")
        raise ChangeFaultyError(place, f"{where or 'kind'}: {_swedish(first['type'], what)}") from error


def _swedish(kind: str, said: str) -> str:
    return {
        "union_tag_invalid": "ska vara figure, count eller index.",
        "union_tag_not_found": "ska vara figure, count eller index.",
        "model_attributes_type": "en ändring är nycklar med värden.",
        "missing": "saknas. Lägg till nyckeln.",
        "extra_forbidden": "finns inte här. Ta bort nyckeln.",
        "string_type": "ska vara en text.",
        "int_type": "ska vara ett heltal.",
        "greater_than_equal": "är för litet.",
        "less_than_equal": "är för stort.",
        "string_too_long": "är för lång.",
        "string_too_short": "saknas. Skriv den.",
        "string_pattern_mismatch": "får bara ha a–z, 0–9, punkt, streck och understreck.",
        "value_error": said,  # our own words
    }.get(kind, "går inte att läsa.")


def changes_text(changes: Iterable[Change]) -> str:
    """Return the changes as canonical JSON, in the order of what they are about: the same trial is the same text."""
    rows = sorted(changes, key=lambda one: one.target)
    return canonical_json([one.model_dump(mode="json", exclude_none=True) for one in rows])


def change_set(text: str, change: Change) -> str:
    """Return a trial's text with one more change, in place of an earlier one about the same."""
    return changes_text([*(one for one in read_changes(text) if one.target != change.target), change])


def change_removed(text: str, target: str) -> str:
    """Return a trial's text without the change whose ``target``, joined by bars, is named."""
    return changes_text(one for one in read_changes(text) if "|".join(one.target) != target)


def changeable(model: FundingModel) -> tuple[Place, ...]:
    """Return every figure of the model that can be changed, in the model's order."""
    return figures_of(model)


def apply_figures(model: FundingModel, changes: Iterable[Change]) -> FundingModel:
    """Return the model with its figures changed and checked anew as a file is.

    Raises ``NoSuchFigureError``, and ``ModelFaultyError`` when the changed model no longer holds together. Without a
    changed figure the same model is returned.
    """
    wanted = {one.address: one.value for one in changes if isinstance(one, FigureChange)}
    if not wanted:
        return model
    plain = plain_model(model)
    for address, value in wanted.items():
        _set(plain, address, value)
    return _checked(plain)


def marked(model: FundingModel, changes: Iterable[Change]) -> FundingModel:
    """Return the model with its figures changed, each changed step's reference saying so: no tree cites a trial as law.

    Everything else is as ``apply_figures`` gives it. Raises as that does.
    """
    wanted = {one.address: one.value for one in changes if isinstance(one, FigureChange)}
    held = {one.address: one.value for one in figures_of(model)} if wanted else {}
    if not wanted:
        return model
    plain = plain_model(apply_figures(model, changes))
    said: dict[tuple[str, str], list[str]] = {}
    for address in sorted(wanted):
        part, name, *_ = address.split("/")
        said.setdefault((part, name), []).append(f"{held[address]} → {wanted[address]}")
    for (part, name), texts in said.items():
        row = next((one for one in plain[part] if one.get("step") == name), None) if part != "books" else None
        if row is not None:
            row["reference"] = {
                **row["reference"],
                "title": f"{row['reference']['title']} · ÄNDRAT I FÖRSÖK: {', '.join(texts)}",
            }
    return _checked(plain)


def _set(plain: dict[str, Any], address: str, value: str) -> None:
    way = tuple(address.split("/"))
    if way[0] not in PARTS:
        raise NoSuchFigureError(address)
    held: Any = plain
    key = ""
    for name in way[:-1]:
        held, key = _step_into(held, key, name, address)
    last = _place_in(held, key, way[-1], address)
    if not is_figure(_key_after(key, way[-1], held), held[last]):
        raise NoSuchFigureError(address)
    held[last] = value


def _step_into(held: Any, key: str, name: str, address: str) -> tuple[Any, str]:  # noqa: ANN401 - plain data
    return held[_place_in(held, key, name, address)], _key_after(key, name, held)


def _key_after(key: str, name: str, held: object) -> str:
    """Return the key that holds what stands at ``name``: rows of a list and categories of a table keep theirs."""
    return key if isinstance(held, list) or key in TABLES else name


def _place_in(held: Any, key: str, name: str, address: str) -> Any:  # noqa: ANN401 - plain data
    if isinstance(held, dict) and name in held and name not in LEFT_ALONE:
        return name
    if isinstance(held, list) and name in (names := names_of(held, key)):
        return names.index(name)
    raise NoSuchFigureError(address)


def _checked(plain: dict[str, Any]) -> FundingModel:
    file = "försöket"
    try:
        model = FundingModel.model_validate(plain)
    except ValidationError as error:
        faults = [
            fault_at(file, 1, one["type"], tuple(one["loc"]), remedy_of(one, tuple(one["loc"])))
            for one in error.errors()
        ]
        raise ModelFaultyError(file, faults) from error
    found = check_model(model)
    if found:
        raise ModelFaultyError(file, [fault_at(file, 1, "model", path, text) for path, text in found])
    return model


def model_text(model: FundingModel, heading: str = "") -> str:
    """Return the model as a file: reading it gives the same model. ``heading`` becomes a comment on top."""
    body = yaml.safe_dump(plain_model(model), allow_unicode=True, sort_keys=False, width=LINE)
    return f"# {heading}\n{body}" if heading else body
