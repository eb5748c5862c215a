"""What a reach refuses, and how the refusal reaches whoever asked for work in another process."""

from __future__ import annotations

import copy

import pytest

from core.store.reach import OutOfReachError, Reach


def test_a_reach_holds_the_granted_kommuner_and_no_other() -> None:
    reach = Reach(frozenset({"9901"}))
    reach.must_hold("9901")
    with pytest.raises(OutOfReachError) as refused:
        reach.must_hold("9902")
    assert str(refused.value) == "kommun 9902 lies outside the reach of this unit of work"


def test_a_refusal_says_the_same_however_often_it_is_taken_apart_and_made_again() -> None:
    refused = OutOfReachError("9902")
    again = copy.copy(copy.copy(refused))  # by the same way as between two processes
    assert again is not refused
    assert type(again) is OutOfReachError
    assert (again.kommun, str(again)) == ("9902", str(refused))
