"""Årskurs is dated: what there is, what follows, and what a file may say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters.arskurser import load_arskurser, read_arskurser
from core.parameters.strict import ParametersFaultyError
from core.register.arskurs import arskurs_label, arskurs_next, arskurser_on, exists_on

TABLE = load_arskurser()
AUTUMN = {year: date(year, 9, 1) for year in range(2024, 2032)}
EIGHT_STEPS = [("forskoleklass", "F"), *[("grundskola", str(number)) for number in range(1, 9)]]


def test_forskoleklass_is_gone_and_there_are_ten_arskurser_from_july_2028() -> None:
    assert arskurser_on(TABLE, "forskoleklass", date(2028, 6, 30)) == ("F",)
    assert arskurser_on(TABLE, "forskoleklass", date(2028, 7, 1)) == ()
    assert arskurser_on(TABLE, "grundskola", date(2028, 6, 30)) == tuple("123456789")
    assert arskurser_on(TABLE, "grundskola", date(2028, 7, 1)) == (*"123456789", "10")
    assert arskurser_on(TABLE, "gymnasieskola", date(2028, 7, 1)) is None
    assert arskurser_on(TABLE, "grundskola", date(1999, 9, 1)) == tuple("123456789")


@pytest.mark.parametrize(("form", "arskurs", "autumn", "expect"), [
    ("forskoleklass", "F", 2026, ("grundskola", "1")),
    ("forskoleklass", "F", 2027, ("grundskola", "2")),     # starts in the second årskurs of ten
    ("grundskola", "3", 2026, ("grundskola", "4")),
    ("grundskola", "3", 2027, ("grundskola", "5")),
    ("grundskola", "8", 2027, ("grundskola", "10")),
    ("grundskola", "9", 2027, None),                       # has gone through grundskola, as before
    ("grundskola", "9", 2028, ("grundskola", "10")),
    ("grundskola", "10", 2028, None),
    ("fritidshem", "F", 2027, ("fritidshem", "2")),
    ("forskoleklass", "F", 2028, None),                    # nobody can be there
    ("grundskola", "okänd", 2026, None),
    ("gymnasieskola", "1", 2026, None),
])  # fmt: skip
def test_the_next_school_years_arskurs(form: str, arskurs: str, autumn: int, expect: tuple[str, str] | None) -> None:
    assert arskurs_next(TABLE, form, arskurs, AUTUMN[autumn]) == expect
    assert arskurs_next(TABLE, form, arskurs, date(autumn + 1, 6, 30)) == expect  # the same school year in spring


@given(st.sampled_from(EIGHT_STEPS), st.integers(2024, 2027))
def test_everybody_moves_one_year_nearer_the_end_whatever_the_numbers_are(start: tuple[str, str], autumn: int) -> None:
    left = 9 - (0 if start[1] == "F" else int(start[1]))
    place: tuple[str, str] | None = start
    year, steps = autumn, 0
    while place is not None:
        place = arskurs_next(TABLE, *place, date(year, 9, 1))
        year, steps = year + 1, steps + 1
    assert steps == left + 1


def test_the_days_on_which_an_arskurs_exists() -> None:
    change = date(2028, 7, 1)
    assert exists_on(TABLE, "forskoleklass", "F") == ((None, change),)
    assert exists_on(TABLE, "grundskola", "4") == ((None, None),)
    assert exists_on(TABLE, "grundskola", "10") == ((change, None),)
    assert exists_on(TABLE, "grundskola", "11") == ()
    assert exists_on(TABLE, "forskola", "") is None


def test_arskurser_as_a_reader_meets_them() -> None:
    assert [arskurs_label(one) for one in ("F", "10")] == ["Förskoleklass", "Årskurs 10"]


PERIOD = "  - {{valid_from: {}, reference: {{kind: law, title: a}}, forms: [{{verksamhet: {}, arskurser: []}}]}}\n"
HEAD = "periods:\n" + PERIOD.format("2020-07-01", "grundskola")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (PERIOD.format("2020-07-01", "grundskola"), "står inte efter den förra"),
        (PERIOD.format("2028-07-01", "fritidshem"), "samma verksamheter"),
    ],
)
def test_a_table_with_faults_is_refused(more: str, fault: str) -> None:
    with pytest.raises(ParametersFaultyError, match=fault):
        read_arskurser(HEAD + more, "arskurser.yaml")
