"""Every figure of a funding model that somebody decides: where it stands, what it is called, who decides it.

The walk goes through prices, amounts and books as the model declares them. Which keys hold figures is a closed list;
a test holds it against the types of every step, so that a new kind of step cannot be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from core.base import NotANumberError, Verksamhet, label, read_number
from core.parameters.parts import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.parameters.model import FundingModel

DecidedBy = Literal["law", "namnd", "forvaltning"]
PARTS = ("prices", "amounts", "books")
TABLES = frozenset({"values", "weights", "from_budget"})
"""Keys that hold figures by category (and price list)."""
SINGLE: Mapping[str, tuple[str, str]] = {
    "values": ("belopp", "kr"),
    "from_budget": ("budget som delas med planerat antal", "kr"),
    "weights": ("vikt", "vikt"),
    "weight": ("vikt", "vikt"),
    "factor": ("faktor", "faktor"),
    "divisor": ("delas med", "faktor"),
    "rate": ("andel", "andel"),
    "pool": ("pott", "kr"),
    "amount": ("belopp", "kr"),
    "decided": ("beslutad budget", "kr"),
    "default": ("värde för den som saknar", "värde"),
    "floor": ("minsta förändring", "andel"),
    "ceiling": ("största förändring", "andel"),
    "share": ("del av förändringen", "andel"),
    "minimum": ("lägsta belopp", "kr/elev"),
    "value": ("värde", "värde"),
    "below": ("gräns för liten enhet", "elever"),
    "at_least": ("lägst", "värde"),
    "at_most": ("högst", "värde"),
    "if_zero": ("värde när inget finns att dela med", "värde"),
    "points": ("kurvans punkt", "värde"),
}
"""What a figure is called and its unit, by the key that holds it."""
BY_NAME = {"prices": "step", "amounts": "step", "terms": "term", "uprating": "list", "size_steps": "up_to"}
"""What the rows of a list are named by; rows of other lists by their place."""
LEFT_ALONE = frozenset({"reference", "where", "rounding"})
RATES_OF_LAW = frozenset({"administration", "mervardesskatt"})


@dataclass(frozen=True, slots=True)
class Place:
    """A figure that can be changed.

    ``value`` is what the model says; ``step`` the step (or term of the books) it belongs to; ``decided_by`` who may
    change it: ``law`` the riksdag and the government, ``namnd`` the nämnd (also where a law says what is to be paid
    for but the kommun how much), ``forvaltning`` the administration, by its own guideline.
    """

    address: str
    label: str
    value: str
    unit: str
    step: str
    reference: Reference | None
    decided_by: DecidedBy


def figures_of(model: FundingModel) -> tuple[Place, ...]:
    """Return every figure of the model that can be changed, in the model's order."""
    plain = plain_model(model)
    return tuple(place for part in PARTS if part in plain for place in _part(model, part, plain[part]))


def plain_model(model: FundingModel) -> dict[str, Any]:
    """Return the model as plain data, as its file would say it."""
    plain: dict[str, Any] = _plain(model.model_dump(mode="python", by_alias=True, exclude_unset=True))
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - plain data, whatever its shape
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def names_of(rows: list[Any], key: str) -> list[str]:
    """Return what the rows of the list under ``key`` are called in an address."""
    by = BY_NAME.get(key)
    named = by is not None and all(isinstance(row, dict) and by in row for row in rows)
    return [str(row[by]) for row in rows] if named else [str(place) for place in range(len(rows))]


def is_figure(key: str, value: object) -> bool:
    """Say whether what stands under ``key`` is a figure that can be changed."""
    if key not in SINGLE or not isinstance(value, str):
        return False
    try:
        read_number(value)
    except NotANumberError:
        return False
    return True


def leaves(value: Any, key: str, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:  # noqa: ANN401 - plain data of any shape
    """Yield (way, key, figure) of every figure under a part of plain data."""
    if is_figure(key, value):
        yield way, key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in LEFT_ALONE:
                yield from leaves(one, key if key in TABLES else name, (*way, str(name)))
    elif isinstance(value, list):
        for name, one in zip(names_of(value, key), value, strict=True):
            yield from leaves(one, key, (*way, name))


def _part(model: FundingModel, part: str, plain: Any) -> Iterator[Place]:  # noqa: ANN401 - plain data of any shape
    if part == "books":
        yield from _books(model, plain)
        return
    categories = {one.category: one.label for one in model.categories}
    lists = {one.list: one.label for one in model.price_lists}
    for row in plain:
        reference = Reference.model_validate(row["reference"]) if "reference" in row else None
        title = row["label"]
        if row.get("verksamhet"):
            title += f" · {label(Verksamhet(row['verksamhet'])).lower()}"
        unit = row.get("unit", "kr/elev") if part == "prices" else None
        for way, key, figure in leaves(row, "", (part, row["step"])):
            said = [categories.get(name) or lists.get(name) or _size(way, name) for name in way[2:]]
            what, in_unit = SINGLE[key]
            shown = ", ".join([title, *(one for one in said if one), *([] if key == "values" else [what])])
            yield Place(
                "/".join(way), shown, figure, unit if unit and key == "values" else in_unit, row["step"], reference,
                _decided_by(reference, str(row.get("kostnadsslag")), key),
            )  # fmt: skip


def _size(way: tuple[str, ...], name: str) -> str:
    return f"högst {name} elever" if "size_steps" in way and name.isdecimal() else ""


def _books(model: FundingModel, plain: Any) -> Iterator[Place]:  # noqa: ANN401 - plain data of any shape
    held = model.books
    if held is None:
        return
    yield Place("books/decided", "Beslutad budget", held.decided, "kr", "books", held.reference, "namnd")
    for row, term in zip(plain["terms"], held.terms, strict=True):
        reference = term.reference or held.reference
        for way, key, figure in leaves(row, "", ("books", "terms", term.term)):
            yield Place(
                "/".join(way), f"Boken: {term.label}", figure, SINGLE[key][1], term.term, reference,
                _decided_by(reference, "", key),
            )  # fmt: skip


def _decided_by(reference: Reference | None, kostnadsslag: str, key: str) -> DecidedBy:
    """Return who may change a figure: law fixes the rates of administration and VAT, and no amounts."""
    if reference is not None and reference.kind == "guideline":
        return "forvaltning"
    if reference is not None and reference.kind == "law" and key == "rate" and kostnadsslag in RATES_OF_LAW:
        return "law"
    return "namnd"
