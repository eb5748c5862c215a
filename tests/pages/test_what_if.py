"""Tänk om…: elever up and down in the address, one sentence, and what the next counting day can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]

TAB = {"allocation_tabs": "Tänk om…"}
FOUR = "prova_G03_grundskola|4"


def test_two_more_elever_are_said_in_one_sentence_with_the_class_limit_they_pass(screen: Screen) -> None:
    shown = words(screen("allocation", query={"prova": "grundskola|4:2"}))
    assert (
        "Med 29 elever i årskurs 4 ökar tilldelningen med 200 000 kr om året (alla delar, potter till dagens pris). "
        "Du passerar klassgränsen 28 i årskurs 4: en klass till kostar omkring 900 000 kr om året."
    ) in shown
    assert "I år ändras tilldelningen med +16 667 kr: det som återstår att räkna är december." in shown
    assert "Kommunens tumregel: högst 28 elever i en klass." in shown


def test_a_stepper_puts_the_trial_in_the_address(screen: Screen) -> None:
    test = screen("allocation", state=TAB)
    assert "Ändra antalet elever i en grupp för att se vad det betyder" in words(test)
    test.number_input(key=FOUR).set_value(25).run()
    assert test.query_params["prova"] == "grundskola|4:-2"
    assert "Med 25 elever i årskurs 4 minskar tilldelningen med 200 000 kr" in words(test)


def test_reset_empties_the_address(screen: Screen) -> None:
    test = screen("allocation", query={"prova": "grundskola|4:2", "fran": "8"})
    test.button(key="what_if_reset").click().run()
    assert "prova" not in test.query_params
    assert test.number_input(key=FOUR).value == 27


def test_what_the_next_counting_day_decides_stands_by_group(screen: Screen) -> None:
    shown = words(screen("allocation", state=TAB))
    assert "Årskurs 4 27 januari–november 2026-12-15 december 8 333 kr" in shown.replace("  ", " ")
    assert "alla mätdagar har passerat" in shown


def test_a_forged_link_is_refused_in_words_and_can_be_put_right(screen: Screen) -> None:
    for forged in ("grundskola|4:mycket", "finns.inte:2", "x" * 400, "grundskola|4:2;grundskola|4:3"):
        test = screen("allocation", query={"prova": forged})
        assert "Länken går inte att pröva" in words(test)
        assert no_bug(test)
    test = screen("allocation", query={"prova": "grundskola|4:2", "fran": "13"})
    assert "är ingen månad" in words(test)
    test.button(key="what_if_reset").click().run()
    assert "Länken går inte att pröva" not in words(test)


def test_the_tab_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("allocation", query={"lang": "en", "prova": "grundskola|4:2"}))
    assert "With 29 pupils in grade 4, the allocation rises by SEK 200,000 a year" in shown
