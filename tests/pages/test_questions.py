"""The page Frågor om underlaget, and the form on the line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.usecases.flag_states import FlagTextError
from core.usecases.flag_views import FlagsView
from core.usecases.flags import NoCorrectedRunError
from tests.pages import fakes
from tests.pages.fakes_questions import CORRECTED, view_for
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_rektor_reads_the_question_the_answer_and_the_effect(screen: Screen) -> None:
    test = screen("questions", query={"fraga": "1"})
    shown = words(test)
    assert "3 frågor är ställda, och 1 väntar på svar." in shown
    assert "Vi har haft en elev till i årskurs 2 sedan september." in shown
    assert "Eleven saknades i registret; en rättad fil läses in." in shown
    assert "I körning 15 är beloppet ändrat med +9 570 kr." in shown
    assert "också månaderna efter" not in shown
    assert not test.text_area
    assert no_bug(test)


def test_a_run_with_more_months_says_that_the_change_is_not_the_correction_alone(
    screen: Screen, answer: Answer
) -> None:
    later = replace(CORRECTED, new_through_month=11)
    answer("flags.flags_view", lambda *_: FlagsView((later,), 0, ()))
    shown = words(screen("questions"))
    assert "Den räknar också månaderna efter oktober, så ändringen är inte bara rättelsen." in shown
    assert "1 fråga är ställd, och den har fått svar." in shown


def test_the_effect_on_individual_support_is_not_told(screen: Screen, answer: Answer) -> None:
    answer("flags.flags_view", lambda *_: FlagsView((replace(CORRECTED, effect_ore=None, old_ore=None),), 0, ()))
    shown = words(screen("questions"))
    assert "Vad den ändrade visas inte här" in shown
    assert "beloppet då: visas inte" in shown


@pytest.mark.parametrize(("button", "accepted"), [("accept_flag_3", True), ("reject_flag_3", False)])
def test_the_controller_answers(screen: Screen, answer: Answer, button: str, *, accepted: bool) -> None:
    given: list[object] = []

    def answered(_app: object, _viewer: object, number: int, text: str, **how: bool) -> object:
        given.append((number, text, how["accepted"]))
        return view_for(fakes.CONTROLLER).flags[0]

    answer("flags.answer_flag", answered)
    test = screen("questions", fakes.CONTROLLER)
    test.text_area(key="answer_text_3").input("Vi ser över det.")
    test.button(key=button).click().run()
    assert given == [(3, "Vi ser över det.", accepted)]
    assert "Fråga 3 är besvarad." in words(test)


def test_the_controller_names_the_import_and_shows_the_effect(screen: Screen, answer: Answer) -> None:
    test = screen("questions", fakes.CONTROLLER, {"fraga": "2"})
    test.selectbox(key="flag_batch_2").select(22)
    test.button(key="link_flag_2").click().run()
    assert "Fråga 2 rättas av inläsning 22." in words(test)

    def not_yet(*_: object) -> None:
        raise NoCorrectedRunError(23)

    answer("flags.close_flag", not_yet)
    test.button(key="close_flag_2").click().run()
    assert "Ingen beslutad körning bygger på inläsning 23 än." in words(test)


def test_who_asked_may_take_it_back(screen: Screen) -> None:
    test = screen("questions")
    test.button(key="withdraw_3").click().run()
    assert "Fråga 3 är återtagen." in words(test)
    assert "Ta tillbaka frågan" not in words(screen("questions", fakes.CONTROLLER))


def test_a_page_without_questions_says_where_they_are_asked(screen: Screen, answer: Answer) -> None:
    answer("flags.flags_view", lambda *_: FlagsView((), 0, ()))
    shown = words(screen("questions"))
    assert "Ingen har sagt till om någon uppgift än." in shown
    assert "säger till på raden i Resursfördelning" in shown


def test_who_may_see_no_question_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se det som sagts till om uppgifter.")

    answer("flags.flags_view", refuse)
    assert "Din roll ger inte rätt" in words(screen("questions", fakes.CITIZEN))


LINE_KEY = "line:grundskola.undervisning|grundskola.1_3|2026"
SLUG = "line-grundskola-undervisning-grundskola-1-3-2026"


def open_line(screen: Screen) -> AppTest:
    return screen("allocation", query={"enhet": "G03", "rad": LINE_KEY}, state={f"flag_{SLUG}": True})


def test_the_form_on_the_line_sends_what_is_wrong_with_which_month(screen: Screen, answer: Answer) -> None:
    given: list[object] = []

    def asked(_app: object, _viewer: object, *what: object) -> object:
        given.extend(what)
        return view_for(fakes.REKTOR).flags[0]

    answer("allocation.allocation_of", lambda *_: replace(fakes.ALLOCATION, may_flag=True))
    answer("flags.raise_flag", asked)
    test = open_line(screen)
    test.text_area(key=f"flag_said_{SLUG}").input("Vi har haft en elev till sedan september.")
    test.selectbox(key=f"flag_month_{SLUG}").select(9)
    test.button(key=f"flag_send_{SLUG}").click().run()
    assert given == ["G03", 14, LINE_KEY, "Vi har haft en elev till sedan september.", 9]
    assert "Fråga 3 är skickad till controllern." in words(test)


def test_what_cannot_be_sent_is_said_and_who_does_not_answer_for_the_unit_has_no_form(
    screen: Screen, answer: Answer
) -> None:
    def refuse(*_: object) -> None:
        raise FlagTextError("Texten ser ut att innehålla ett personnummer.")

    assert not open_line(screen).text_area
    answer("allocation.allocation_of", lambda *_: replace(fakes.ALLOCATION, may_flag=True))
    answer("flags.raise_flag", refuse)
    test = open_line(screen)
    test.button(key=f"flag_send_{SLUG}").click().run()
    assert "Texten ser ut att innehålla ett personnummer." in words(test)
