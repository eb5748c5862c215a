"""Why this amount? The tree of a line, a step, a dimension or a unit, built on request.

Every node recomputes itself and the root must equal the stored öre. Values in the tree are
kronor and elever; öre stay in the lines.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.explain_lines import EXPLAINERS
from core.allocation.explain_measures import explain_measure
from core.allocation.explain_parts import ORE, NoSuchAmountError, RunFacts, step_name
from core.base import Derivation, Dimension, label, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.allocation.lines import Line


def explain(key: str, facts: RunFacts) -> Derivation:
    """Return the derivation of ``total``, ``dim:…``, ``step:…``, ``line:…`` or ``measure:step|period``.

    Raises ``NoSuchAmountError``.
    """
    kind, _, name = key.partition(":")
    if kind == "measure":
        found = explain_measure(key, facts)
        if found is None:
            raise NoSuchAmountError(key)
        return found
    if kind == "total":
        lines = list(facts.lines)
    elif kind == "dim":
        lines = [line for line in facts.lines if line.dimension == name]
    elif kind == "step":
        lines = [line for line in facts.lines if line.step == name]
    else:
        lines = [line for line in facts.lines if line.key == key]
    if not lines and kind != "total":
        raise NoSuchAmountError(key)
    match kind:
        case "total":
            return _total(lines, facts)
        case "dim":
            return _dimension(name, lines, facts)
        case "step":
            return _step(name, lines, facts)
        case _:
            return explain_line(lines[0], facts)


def _total(lines: Sequence[Line], facts: RunFacts) -> Derivation:
    parts = [
        _dimension(one.value, [line for line in lines if line.dimension == one.value], facts)
        for one in Dimension
        if any(line.dimension == one.value for line in lines)
    ]
    return total("total", "Tilldelning", "kr", parts).must_equal(_kronor(lines))


def _dimension(name: str, lines: Sequence[Line], facts: RunFacts) -> Derivation:
    steps = list(dict.fromkeys(line.step for line in lines))
    parts = [_step(step, [line for line in lines if line.step == step], facts) for step in steps]
    return total(f"dim:{name}", label(Dimension(name)), "kr", parts).must_equal(_kronor(lines))


def _step(step: str, lines: Sequence[Line], facts: RunFacts) -> Derivation:
    parts = [explain_line(line, facts) for line in lines]
    return total(f"step:{step}", step_name(facts.model, lines[0]), "kr", parts).must_equal(_kronor(lines))


def _kronor(lines: Sequence[Line]) -> Fraction:
    return Fraction(sum(line.amount_ore for line in lines), ORE)


def explain_line(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of one line; its root equals the stored öre or an error is raised."""
    return EXPLAINERS[line.kind](line, facts).must_equal(Fraction(line.amount_ore, ORE))
