from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from tests.pages import fakes_equal as fakes
from tests.pages.fakes import CITIZEN
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_sentence_on_top_says_how_many_and_what_they_are_worth(screen: Screen) -> None:
    shown = words(screen("equal", CITIZEN))
    assert "2 skillnader saknar grund." in shown
    assert "fristående enhet i annan kommun −30 900 kr" in shown


def test_a_finding_stands_with_recipient_amounts_and_paragraph(screen: Screen) -> None:
    shown = words(screen("equal"))
    assert "Socioekonomi, grundskola: ges inte till alla" in shown
    assert "−3 000 kr" in shown
    assert "−30 000 kr" in shown
    assert "skollagen (2010:800) 10 kap. 37 §" in shown


def test_what_a_reader_may_not_see_is_said_so_and_not_as_unknown(screen: Screen) -> None:
    shown = words(screen("equal"))
    assert "visas inte" in shown
    assert "okänt" not in shown
    assert "Individuellt stöd ingår inte i det som visas här" in shown


def test_the_same_elev_stands_at_every_recipient_with_each_step_and_its_ground(screen: Screen) -> None:
    shown = words(screen("equal"))
    assert "82 400 kr" in shown
    assert "87 344 kr" in shown
    assert "+4 944 kr till +5 200 kr" in shown
    assert "Mervärdesskatt: bara enskilda huvudmän" in shown


def test_a_verksamhet_without_differences_says_that_the_price_is_the_same(screen: Screen) -> None:
    shown = words(screen("equal", query={"verksamhet": "forskola"}))
    assert "Priset är detsamma för alla mottagare." in shown
    assert "87 344" not in shown


def test_a_step_that_carries_on_another_says_which(screen: Screen) -> None:
    test = screen("equal", state={"steps_of_year": True})
    assert "Saknar grund: följer av Socioekonomi" in words(test)


def test_when_everything_has_a_ground_the_page_says_so(screen: Screen, answer: Answer) -> None:
    answer("equal.equal_view", lambda *_: replace(fakes.VIEW, findings=(), years=()))
    shown = words(screen("equal"))
    assert "varje skillnad januari–oktober 2026 har en grund i lag eller beslut" in shown
    assert "Ingen skillnad saknar grund." in shown
    assert "Inga andra än egna enheter finns i körningen." in shown


def test_a_model_without_prices_and_a_kommun_without_years_are_said(screen: Screen, answer: Answer) -> None:
    answer("equal.equal_view", lambda *_: replace(fakes.VIEW, elever=(), ranges=()))
    assert "Modellen har inga priser per elev." in words(screen("equal"))
    answer("equal.equal_years", lambda *_: ())
    assert "Inget år är beslutat än." in words(screen("equal"))


def test_who_may_not_see_it_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se villkoren.")

    answer("equal.equal_years", refuse)
    assert "Din roll ger inte rätt att se villkoren." in words(screen("equal"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    test = screen("equal", query={"lang": "en"})
    assert no_bug(test)
    assert "2 differences lack a ground." in words(test)
