from __future__ import annotations

import copy
import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import CoreError, Sentence, canonical_json, either, listed

SAID = Sentence("Körning {run} finns inte för {year}.", run=7, year=2026)


def test_a_sentence_is_its_text_and_remembers_how_it_was_made() -> None:
    assert SAID == "Körning 7 finns inte för 2026."
    assert (SAID.template, SAID.facts) == ("Körning {run} finns inte för {year}.", {"run": 7, "year": 2026})
    assert hash(SAID) == hash("Körning 7 finns inte för 2026.")
    assert json.dumps([SAID], ensure_ascii=False) == canonical_json([str(SAID)]) == canonical_json([SAID])


def test_facts_stand_as_text_writes_them() -> None:
    assert Sentence("den {day}: {what}", day=date(2026, 3, 1), what=Sentence("{n} fel", n=2)) == "den 2026-03-01: 2 fel"


@given(st.text())
def test_without_facts_the_text_stands_as_it_is_braces_and_all(text: str) -> None:
    assert Sentence(text) == text


@given(st.text())
def test_what_a_fact_holds_is_never_read_as_a_template(text: str) -> None:
    assert Sentence("Filen {name} saknas.", name=text) == f"Filen {text} saknas."


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_a_copy_remembers_too(again: object) -> None:
    made = again(SAID)  # type: ignore[operator]
    assert (made, made.template, made.facts) == (SAID, SAID.template, SAID.facts)


@pytest.mark.parametrize(
    ("parts", "or_", "comma"), [([], "", ""), (["a"], "a", "a"), (["a", "b", "c"], "a eller b eller c", "a, b, c")]
)
def test_things_are_listed_in_swedish(parts: list[str], or_: str, comma: str) -> None:
    assert (either(parts), listed(parts)) == (or_, comma)


def test_an_error_gives_the_sentence_it_was_made_of_or_its_text_as_one() -> None:
    assert CoreError(SAID).sentence is SAID
    assert str(CoreError(SAID)) == SAID
    plain = CoreError("Filen saknas.").sentence
    assert (plain, plain.template, plain.facts) == ("Filen saknas.", "Filen saknas.", {})
    assert CoreError().sentence == ""
