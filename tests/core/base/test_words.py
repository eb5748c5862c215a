from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import Issue, Source, canonical_json, label, sha256, terms

ENUMS = [
    found
    for found in vars(terms).values()
    if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("term", [term for enum in ENUMS for term in enum])
def test_every_term_has_a_swedish_text(term: StrEnum) -> None:
    assert label(term)[0].isupper()
    assert term.value.isascii()


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_canonical_form_does_not_depend_on_order(content: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(content.items()))) == canonical_json(content)


def test_the_canonical_form_is_sorted_without_blanks_and_keeps_swedish_letters() -> None:
    assert canonical_json({"b": [1, None, True], "a": "å"}) == '{"a":"å","b":[1,null,true]}'


@pytest.mark.parametrize("content", [0.1, [1.0], {"a": {"b": (1, 2.5)}}, {"a": float("nan")}, {1, 2}, b"x"])
def test_a_float_or_anything_else_without_a_canonical_form_is_refused(content: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json(content)


def test_text_is_hashed_as_utf_8() -> None:
    assert sha256("å") == sha256("å".encode())
    assert sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_an_issue_says_file_row_column_and_what_to_do() -> None:
    issue = Issue("error", "c", "elever.csv", 7, "timmar", "fyrtio", "ett tal", "”fyrtio” är inte ett tal.")
    assert str(issue) == "elever.csv, rad 7, kolumn timmar: ”fyrtio” är inte ett tal."
    whole = Issue("error", "c", "elever.csv", None, None, None, "rader", "filen är tom.")
    assert str(whole) == "elever.csv: filen är tom."


def test_a_source_comes_back_as_it_was_stored() -> None:
    source = Source("batch", "elever.csv", detail="rad 3–14", batch=22)
    assert Source.from_json(source.to_json()) == source
    assert "url" not in source.to_json()
