"""Walk the parts of a step: every term and condition in it, wherever its kind keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from core.parameters.measure_steps import Measure
from core.parameters.parts import Predicate, Term
from core.parameters.steps import Factor, PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path


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
    return list(step.prices) if isinstance(step, PerElevAmount) else [step.step]  # type: ignore[attr-defined]  # every amount step has a name


def read_of_units(model: FundingModel, kind: str) -> dict[str, tuple[Path, bool]]:
    """Return the ``variable`` or ``attribute`` names that steps read: where first, and whether a value is needed."""
    found: dict[str, tuple[Path, bool]] = {}
    for place, step in enumerate(model.amounts):
        for path, name, needed in _read(step, kind, ("amounts", place)):
            first, before = found.get(name, (path, False))
            found[name] = first, before or needed
    return found


def _read(step: object, kind: str, path: Path = ()) -> Iterator[tuple[Path, str, bool]]:
    """Yield the ``variable`` or ``attribute`` names that one step reads: where, and whether a value is needed."""
    for where, part in parts_of(step, path):
        if isinstance(part, Predicate) and part.field.startswith(f"{kind}."):
            yield where, part.field.partition(".")[2], True
        elif kind == "attribute" and isinstance(part, Term) and (part.same or "").startswith("attribute."):
            yield where, (part.same or "").partition(".")[2], True
        elif kind == "variable" and isinstance(part, Term) and part.variable is not None:
            yield where, part.variable, part.default is None
        elif kind == "variable" and isinstance(part, Factor) and part.index is not None:
            yield where, part.index, part.default is None


def steps_read(step: object) -> set[str]:
    """Return the earlier steps that an amount step reads: those it is taken on, terms, factors, conditions."""
    return {name for name in getattr(step, "of", None) or () if isinstance(name, str)} | _built_on(step)


def _built_on(step: object) -> set[str]:
    """Return the earlier steps whose values a step builds on: terms, factors, what a pool is shared by, conditions."""
    read = {getattr(step, "quantity", None) or ""}
    for _, part in parts_of(step):
        if isinstance(part, Term | Factor) and part.step is not None:
            read.add(part.step)
        elif isinstance(part, Predicate) and part.field.startswith("step."):
            read.add(part.field.removeprefix("step."))
    return read - {""}


def steps_on_variables(model: FundingModel, names: Collection[str]) -> frozenset[str]:
    """Return the amount steps that read one of the units' figures ``names``, themselves or by way of a measure.

    What is paid is known to whoever sees it: a rate on such an amount reads no figure.
    """
    found: set[str] = set()
    measures = {step.step for step in model.amounts if isinstance(step, Measure)}
    for step in model.amounts:
        own = {name for _, name, _ in _read(step, "variable")}
        if own & set(names) or _built_on(step) & found & measures:
            found.update(names_of_step(step))
    return frozenset(found)
