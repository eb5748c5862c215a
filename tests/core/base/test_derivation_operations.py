"""Limits, curves and the ways to round: each operation computes its node, or the node is broken."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.base import Derivation, DerivationBrokenError, Op, Source, leaf

MODEL = Source("model", "Modell")

OPERATIONS: list[tuple[Op, list[str], str, str | None, str]] = [
    ("min", ["3", "2"], "2", None, "minst av"),
    ("max", ["3", "2"], "3", None, "störst av"),
    ("interpolate", ["50", "20", "300", "100", "0"], "187.5", None, "på linjen mellan två punkter"),
    ("level", ["150", "40"], "40", None, "där kurvan är jämn"),
    ("round", ["2.5"], "3", "1", "avrundat"),
    ("round_even", ["2.5"], "2", "1", "avrundat, halva till jämnt"),
    ("round_down", ["-2.59"], "-2.5", "0.1", "avrundat nedåt"),
    ("round_up", ["-2.51"], "-2.6", "0.1", "avrundat uppåt"),
]


@pytest.mark.parametrize(("op", "parts", "value", "step", "words"), OPERATIONS, ids=[one[0] for one in OPERATIONS])
def test_an_operation_computes_its_node_and_says_in_words_how(
    op: Op, parts: list[str], value: str, step: str | None, words: str
) -> None:
    children = tuple(leaf(str(place), "Del", Fraction(one), "", MODEL) for place, one in enumerate(parts))
    rounding = None if step is None else Fraction(step)
    node = Derivation("a", "Värde", op, Fraction(value), "", children, rounding=rounding)
    assert f"({words})" in node.sentence()
    with pytest.raises(DerivationBrokenError):
        Derivation("a", "Värde", op, Fraction(value) + 1, "", children, rounding=rounding)


@pytest.mark.parametrize("op", ["interpolate", "level", "round_even", "round_down", "round_up"])
def test_an_operation_takes_its_own_number_of_parts(op: Op) -> None:
    parts = (leaf("0", "Del", Fraction(1), "", MODEL),) * 3
    with pytest.raises(ValueError, match="children"):
        Derivation("a", "Värde", op, Fraction(1), "", parts)
