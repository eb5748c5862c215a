"""Our own name of a person, from what a login provider says."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.access.subjects import SubjectFaultyError, subject_of

SAID = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F).filter(str.isprintable), min_size=1, max_size=40)


def test_a_subject_is_a_digest_that_never_changes() -> None:
    assert subject_of("https://login.example.se", "4711") == "p:27253b04484843bee689722a"


@given(SAID, SAID)
def test_a_subject_tells_nothing_of_whom_it_is(issuer: str, said: str) -> None:
    assert re.fullmatch(r"p:[0-9a-f]{24}", subject_of(issuer, said))


@given(st.tuples(SAID, SAID), st.tuples(SAID, SAID))
def test_two_persons_are_two_subjects(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one != other)
    assert subject_of(*one) != subject_of(*other)


@given(SAID, SAID, SAID)
def test_moving_the_border_between_provider_and_person_gives_another_subject(head: str, moved: str, tail: str) -> None:
    assert subject_of(head + moved, tail) != subject_of(head, moved + tail)


@given(SAID, SAID, st.sampled_from("\x00\x1f\x1e\n\t\r\x7f\u200b\u2028"))
def test_the_separator_cannot_be_sent_as_part_of_either(issuer: str, said: str, control: str) -> None:
    for pair in ((issuer + control + said, said), (issuer, control + said), (issuer + control, said)):
        with pytest.raises(SubjectFaultyError):
            subject_of(*pair)


@pytest.mark.parametrize("pair", [("", "4711"), ("https://login.example.se", ""), (" ", "4711"), ("a", " ")])
def test_nobody_is_no_subject(pair: tuple[str, str]) -> None:
    with pytest.raises(SubjectFaultyError, match="tomt"):
        subject_of(*pair)
