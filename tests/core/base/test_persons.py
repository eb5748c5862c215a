"""Somebody's number is found in a text and taken out of it; other figures are left."""

from __future__ import annotations

import pytest

from core.base import HIDDEN_PERSON, holds_identity, short, without_identities
from tests.support.hostile import PERSON, PERSONS


@pytest.mark.parametrize("person", PERSONS)
def test_a_number_is_taken_out_however_it_is_written_and_the_rest_stays(person: str) -> None:
    said = without_identities(f"nyckeln ”{person}” finns inte, {person} inte heller")
    assert said == f"nyckeln ”{HIDDEN_PERSON}” finns inte, {HIDDEN_PERSON} inte heller"
    assert not holds_identity(said)


@pytest.mark.parametrize(
    "text", ["", "60000", "12 345 678,90", "1234567890", f"{PERSON[:-1]}3", f"1{PERSON}", "2026-01-01"]
)
def test_what_is_nobodys_number_is_left_as_it_stands(text: str) -> None:
    assert without_identities(text) == text


def test_a_text_for_a_message_is_on_one_line_not_too_long_and_tells_of_nobody() -> None:
    assert short(f"{PERSON}\tett\nfel") == f"{HIDDEN_PERSON}\u25a1ett\u25a1fel"
    assert (short("a" * 61, 60), short("a" * 60, 60), short(None)) == ("a" * 60 + "…", "a" * 60, "")
