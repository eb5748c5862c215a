from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import Category
from core.register import CategoriesOverlapError, Classifier, RowFields, age_in
from tests.support.models import cases

YEAR = 2026
TURNS = st.sampled_from(["calendar", "august", "exact"])


def row(**fields: Any) -> RowFields:  # noqa: ANN401 - any field may be named
    """Describe a row in grundskola of which nothing else is known."""
    nothing: dict[str, Any] = dict.fromkeys(RowFields.__slots__)
    return RowFields(**{**nothing, "verksamhet": "grundskola", "home": True, **fields})


def category(name: str = "a", **parts: object) -> Category:
    """Describe a category of grundskola."""
    return Category.model_validate(
        {"category": name, "label": name, "verksamhet": "grundskola", "counting": "r", **parts}
    )


@pytest.mark.parametrize("case", cases("register/classify"), ids=lambda case: case["name"])
def test_a_row_belongs_to_a_category_in_the_months_that_its_conditions_hold(case: dict[str, Any]) -> None:
    one = category(where=case["where"], age_turns=case.get("turns", "august"))
    found = Classifier([one], YEAR).segments(row(**case["row"]))
    assert [[first, after] for _, first, after in found] == case["months"]


def test_two_disjoint_categories_that_claim_a_row_are_named_with_what_the_row_holds() -> None:
    both = [category("a", where=[{"field": "arskurs", "=": "4"}]), category("b")]
    with pytest.raises(
        CategoriesOverlapError, match="a och b räknar båda en elev med verksamhet grundskola, årskurs 4"
    ):
        Classifier(both, YEAR).segments(row(arskurs="4"))


def test_categories_may_follow_each_other_within_the_year() -> None:
    both = [category(name, where=[{"field": "age", "=": age}]) for name, age in (("tva", "2"), ("tre", "3"))]
    assert Classifier(both, YEAR).segments(row(birth_month=202304)) == ((0, 1, 8), (1, 8, 13))


def test_a_supplement_counts_on_top() -> None:
    both = [category("a"), category("b", where=[{"field": "flag", "=": "nyanland"}], overlapping=True)]
    assert Classifier(both, YEAR).segments(row(flags="nyanland")) == ((0, 1, 13), (1, 1, 13))


@given(birth=st.tuples(st.integers(2005, 2026), st.integers(1, 12)), turns=TURNS)
def test_a_child_grows_a_year_older_once_a_year(birth: tuple[int, int], turns: str) -> None:
    born = birth[0] * 100 + birth[1]
    ages = [age_in(born, YEAR, month, turns) for month in range(1, 13)]
    assert ages == sorted(ages)
    assert ages[-1] - ages[0] <= 1
    assert age_in(born, YEAR + 1, 1, turns) - ages[-1] == (
        1 if turns == "calendar" or (turns, birth[1]) == ("exact", 1) else 0
    )


@given(birth=st.tuples(st.integers(2018, 2026), st.integers(1, 12)), turns=TURNS, bounds=st.lists(st.integers(0, 8)))
def test_age_groups_side_by_side_never_claim_a_child_twice_nor_lose_one(
    birth: tuple[int, int], turns: str, bounds: list[int]
) -> None:
    edges = sorted({-99, 99, *bounds})
    groups = [
        category(f"g{place}", age_turns=turns, where=[{"field": "age", "between": [str(low), str(high - 1)]}])
        for place, (low, high) in enumerate(pairwise(edges))
    ]
    segments = Classifier(groups, YEAR).segments(row(birth_month=birth[0] * 100 + birth[1]))
    assert sorted(month for _, first, after in segments for month in range(first, after)) == list(range(1, 13))
