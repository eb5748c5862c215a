"""Walk the parts of a step: every term and condition in it, wherever its kind keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from core.parameters.parts import Predicate, Term
from core.parameters.steps import Factor, PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path

NAMED = ("attribute", "variable", "step")


def parts_of(part: object, path: Path = ()) -> Iterator[tuple[Path, BaseModel]]:
    """Yield a part and the parts within it, each with its place in the file."""
    if isinstance(part, BaseModel):
        yield path, part
        for name, field in type(part).model_fields.items():
            yield from parts_of(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, list):
        for place, one in enumerate(part):
            yield from parts_of(one, (*path, place))
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from parts_of(one, (*path, key))


def names_of_step(step: object) -> list[str]:
    """Return the names that an amount step is known by to later ones: a step of prices is known by its prices."""
    return list(step.prices) if isinstance(step, PerElevAmount) else [step.step]  # type: ignore[attr-defined]


def read_of_units(model: FundingModel, kind: str) -> dict[str, tuple[Path, bool]]:
    """Return the ``variable`` or ``attribute`` names that steps read: where first, and whether a value is needed."""
    found: dict[str, tuple[Path, bool]] = {}
    for place, step in enumerate(model.amounts):
        for path, part in parts_of(step, ("amounts", place)):
            name, needed = None, True
            if isinstance(part, Predicate) and part.field.startswith(f"{kind}."):
                name = part.field.partition(".")[2]
            elif kind == "variable" and isinstance(part, Term):
                name, needed = part.variable, part.default is None
            elif kind == "variable" and isinstance(part, Factor):
                name, needed = part.index, part.default is None
            if name is not None:
                first, before = found.get(name, (path, False))
                found[name] = first, before or needed
    return found
