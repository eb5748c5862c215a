"""How a measure came about, said in words with its figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.base import Derivation, Op, Source, leaf
from pages.components import why

MODEL = Source("model", "Modell")


def said(op: Op, value: str, parts: list[str], step: str | None = None) -> str:
    children = tuple(leaf(str(place), "Del", Fraction(one), "elever", MODEL) for place, one in enumerate(parts))
    rounding = None if step is None else Fraction(step)
    node = Derivation("a", "Värde", op, Fraction(value), "elever", children, rounding=rounding)
    return why.how(node).replace("\u00a0", " ")


CASES: list[tuple[Op, str, list[str], str | None, str]] = [
    ("min", "2", ["3", "2"], None, "det minsta av 3 elever, 2 elever"),
    ("max", "3", ["3", "2"], None, "det största av 3 elever, 2 elever"),
    ("interpolate", "75", ["50", "20", "120", "100", "0"], None,
     "50 elever ligger mellan 20 elever och 100 elever, som ger 120 elever och 0 elever"),
    ("level", "40", ["150", "40"], None, "150 elever ligger där kurvan är jämn, på 40 elever"),
    ("round", "3", ["2.5"], "1", "2,5 elever, avrundat till närmaste 1 elever"),
    ("round_even", "2", ["2.5"], "1", "2,5 elever, avrundat till närmaste 1 elever, halva till jämnt"),
    ("round_down", "2", ["2.5"], "1", "2,5 elever, avrundat nedåt till hela 1 elever"),
    ("round_up", "3", ["2.5"], "1", "2,5 elever, avrundat uppåt till hela 1 elever"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "value", "parts", "step", "words"), CASES, ids=[one[0] for one in CASES])
def test_how_a_node_follows_from_its_parts_is_said_with_their_figures(
    op: Op, value: str, parts: list[str], step: str | None, words: str
) -> None:
    assert said(op, value, parts, step) == words
