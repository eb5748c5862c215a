from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_page_says_who_the_unit_is_and_what_it_gets(screen: Screen) -> None:
    shown = words(screen("unit"))
    assert "Förskoleklass, grundskola, fritidshem · Kommunens egen enhet" in shown
    assert (
        "Lerbäckens skola får 43 118 200 kr januari–oktober 2026 för 369 elever. Det är 14 elever fler än året före."
        in shown
    )
    assert "41,3" in shown


def test_the_four_parts_stand_with_their_sum_and_a_sealed_part_with_its_reason(screen: Screen) -> None:
    shown = words(screen("unit"))
    assert "37 906 000 kr" in shown
    assert "Färre än tio beslut: summan visas inte." in shown


def test_what_is_missing_is_said_with_its_reason(screen: Screen) -> None:
    assert "Uppgift saknas Lerbäckens skola har ingen rad i elevregistret för mars." in words(screen("unit"))


def test_every_figure_of_the_chart_stands_in_its_words_and_its_table(screen: Screen) -> None:
    test = screen("unit", state={"counts_table": True})
    assert test.get("vega_lite_chart")[0].proto.alt.endswith("Förskoleklass 46; Årskurs 1–3 47; Årskurs 4–6 48.")
    assert "Räknade elever per årskurs och månad" in words(test)


def test_a_unit_without_counts_staff_or_run_says_so(screen: Screen, answer: Answer) -> None:
    bare = replace(
        fakes.UNIT,
        run=None,
        total_ore=None,
        per_elev_ore=None,
        elever=None,
        counts=(),
        staff=(),
        shares=(),
        area_m2=None,
        posts_hundredths=None,
    )
    answer("enhet.enhet_view", lambda *_: bare)
    test = screen("unit")
    shown = words(test)
    assert "För Lerbäckens skola finns inget beslutat belopp än." in shown
    assert "Inga räknade elever finns för året." in shown
    assert "Uppgift om personal saknas." in shown
    assert no_bug(test)


def test_another_unit_is_refused_with_the_reason(screen: Screen) -> None:
    shown = words(screen("unit", query={"enhet": "G04"}))
    assert "Du har inte behörighet Du ser inte Sjöängens skola" in shown
    assert "43 118 200" not in shown


def test_a_unit_that_has_no_year_yet_says_so(screen: Screen, answer: Answer) -> None:
    answer("allocation.years_of", lambda *_: ())
    assert "Inga beslut finns för enheten än." in words(screen("unit"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("unit", query={"lang": "en"}))
    assert "Lerbäckens skola gets SEK 43,118,200 in January–October 2026 for 369 pupils." in shown
    assert "Full-time posts" in shown
