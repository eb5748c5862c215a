"""Årskurs is dated: what there is, on which days, and what a file may say."""

from __future__ import annotations

from datetime import date

import pytest

from core.parameters.arskurser import load_arskurser, read_arskurser
from core.parameters.strict import ParametersFaultyError
from core.register.arskurs import exists_on

TABLE = load_arskurser()


def arskurser_on(verksamhet: str, day: date) -> tuple[str, ...] | None:
    return TABLE.on(day).of(verksamhet)


def test_forskoleklass_is_gone_and_there_are_ten_arskurser_from_july_2028() -> None:
    assert arskurser_on("forskoleklass", date(2028, 6, 30)) == ("F",)
    assert arskurser_on("forskoleklass", date(2028, 7, 1)) == ()
    assert arskurser_on("grundskola", date(2028, 6, 30)) == tuple("123456789")
    assert arskurser_on("grundskola", date(2028, 7, 1)) == (*"123456789", "10")
    assert arskurser_on("gymnasieskola", date(2028, 7, 1)) is None
    assert arskurser_on("grundskola", date(1999, 9, 1)) == tuple("123456789")


def test_the_days_on_which_an_arskurs_exists() -> None:
    change = date(2028, 7, 1)
    assert exists_on(TABLE, "forskoleklass", "F") == ((None, change),)
    assert exists_on(TABLE, "grundskola", "4") == ((None, None),)
    assert exists_on(TABLE, "grundskola", "10") == ((change, None),)
    assert exists_on(TABLE, "grundskola", "11") == ()
    assert exists_on(TABLE, "forskola", "") is None


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
