"""Units that follow each other, on Skolan and Resursfördelning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.usecases.succession import Followed, UnitHistory
from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

DAY = date(2026, 7, 1)
WHOLE = Followed("G07", "Björkskolan", DAY, Fraction(1))
PART = Followed("G04", "Sjöängens skola", DAY, Fraction(1, 4))


def test_skolan_says_what_the_unit_follows_and_what_follows_it(screen: Screen, answer: Answer) -> None:
    found = UnitHistory((WHOLE,), (PART,), date(2020, 8, 1), date(2027, 7, 1))
    answer("enhet.enhet_view", lambda *_: replace(fakes.UNIT, history=found))
    shown = words(screen("unit"))
    assert "Efterträder Björkskolan (från 2026-07-01)." in shown
    assert "Fortsätter som Sjöängens skola (25 procent från 2026-07-01)." in shown
    assert "Enheten öppnade 2020-08-01." in shown
    assert "Enheten upphörde 2027-07-01 utan efterföljare." in shown


def test_a_unit_that_has_always_been_itself_says_nothing(screen: Screen) -> None:
    shown = words(screen("unit"))
    assert "Efterträder" not in shown
    assert "Fortsätter" not in shown


@pytest.mark.parametrize("page", ["allocation", "unit"])
def test_an_old_address_leads_to_the_units_that_took_over(screen: Screen, answer: Answer, page: str) -> None:
    def forwarded(*_: object) -> tuple[Followed, ...]:
        return WHOLE, PART

    answer("succession.forwarded", forwarded)
    test = screen(page)
    assert "Enheten har upphört. Den fortsätter som Björkskolan (från 2026-07-01) och Sjöängens skola" in words(test)
    labels = [one.proto.label for one in test.get("page_link")]
    assert [one for one in labels if one.startswith("Visa ")] == ["Visa Björkskolan", "Visa Sjöängens skola"]
    assert no_bug(test)


def test_the_comparison_says_whose_figures_the_year_before_is(screen: Screen, answer: Answer) -> None:
    compared = (("Björkskolan", Fraction(1)), ("Ekskolan", Fraction(3, 4)))
    answer("allocation.allocation_of", lambda *_: replace(fakes.ALLOCATION, compared=compared))
    shown = words(screen("allocation"))
    assert "I jämförelsen med 2025 ingår också Björkskolan och Ekskolan (75 procent), som enheten efterträder." in shown
