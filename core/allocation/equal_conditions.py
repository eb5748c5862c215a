"""Whom a step is for, and whether it is built alike for all: its recipients, and every condition within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation.equal_grounds import OWN
from core.parameters import Average, Predicate, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def applies_to(step: object, recipient: str) -> bool:
    """Say whether a step gives ``recipient`` anything: named among its recipients and not shut out by a condition."""
    named = {one.value for one in getattr(step, "recipients", ())}
    return recipient in named and _meets(getattr(step, "where", ()), recipient)


def built_alike(step: object, recipient: str) -> bool:
    """Say whether every part of a step counts for ``recipient`` as for an own unit, and no mean is of its own kind."""
    return all(_meets(where, OWN) == _meets(where, recipient) for where in _conditions(step)) and not any(
        one.mean_of == "same_recipient" if isinstance(one, Average) else one.same == "recipient"
        for one in _parts(step)
        if isinstance(one, Average | Term)
    )


def _meets(where: Iterable[Predicate], recipient: str) -> bool:
    return all(_holds(one, recipient) for one in where if one.field == "recipient")


def _holds(predicate: Predicate, recipient: str) -> bool:
    if predicate.equals is not None:
        return predicate.equals == recipient
    return recipient in (predicate.one_of or predicate.between or ())


def _conditions(step: object) -> Iterator[Iterable[Predicate]]:
    for part in _parts(step):
        where = getattr(part, "where", None)
        if part is not step and isinstance(where, list):  # of a rounding, where is a word
            yield where


def _parts(part: object) -> Iterator[object]:
    """Yield a part of a model and everything declared within it."""
    if isinstance(part, Predicate):
        return
    declared = getattr(type(part), "model_fields", None)
    if declared is not None:
        yield part
        for name in declared:
            yield from _parts(getattr(part, name))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _parts(one)
