from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.base import CoreError
from tests.pages import fakes, fakes_payments
from tests.pages.fakes_payments import APPEALED, DRAFT, ONE
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def test_every_huvudman_stands_with_its_decision_or_that_it_lacks_one(screen: Screen) -> None:
    shown = words(screen("decisions", fakes.CONTROLLER))
    assert "2026: 1 av 2 huvudmän har sina beslut, 1 är delgivna." in shown
    assert "Vintergäcken AB" in shown
    assert "Inte framtaget" in shown
    assert "2025-12-22" in shown


def test_a_decision_shows_what_was_decided_and_what_is_in_force_now(screen: Screen) -> None:
    shown = words(screen("decisions", fakes.CONTROLLER))
    assert "5 000 000 kr" in shown
    assert "5 010 000 kr" in shown
    assert "Nämnden 2025-11-24 § 219" in shown
    assert "kan överklagas till och med 2025-12-22" in shown


def test_a_draft_is_decided_by_somebody_else_with_body_day_and_paragraph(screen: Screen, answer: Answer) -> None:
    view = replace(ONE, decision=DRAFT, may_decide=True, may_appeal=False, may_settle=False)
    answer("decision_reading.decision_view", lambda *_: view)
    answer("decisions.decide", lambda *_: None)
    test = screen("decisions", fakes.CONTROLLER)
    assert "För in överklagandet" not in {button.label for button in test.button}
    assert "Beslut 7 är beslutat." in words(press(test, "För in beslutet"))


def test_a_decided_one_is_delivered(screen: Screen, answer: Answer) -> None:
    answer("decision_reading.decision_view", lambda *_: replace(ONE, may_deliver=True))
    answer("decisions.deliver", lambda *_: None)
    assert "Beslut 7 är delgivet." in words(press(screen("decisions", fakes.CONTROLLER), "För in delgivningen"))


def test_an_appeal_is_entered_refused_or_changes_one_amount(screen: Screen, answer: Answer) -> None:
    answer("decisions.appeal", lambda *_: None)
    assert "Beslut 7 är överklagat." in words(press(screen("decisions", fakes.CONTROLLER), "För in överklagandet"))
    answer("decision_reading.decision_view", lambda *_: replace(ONE, decision=APPEALED))
    answer("decisions.uphold", lambda *_: None)
    assert "Beslut 7 står fast." in words(press(screen("decisions", fakes.CONTROLLER), "Beslutet står fast"))
    changed: list[object] = []
    answer("decisions.change", lambda *given: changed.append(given[-2:]))
    test = screen("decisions", fakes.CONTROLLER)
    assert "är inte ett tal" in words(press(test, "Ändra beloppet"))
    test = screen("decisions", fakes.CONTROLLER)
    test.text_input(key="outcome").set_value("Dom 1-26")
    test.text_input(key="new_amount").set_value("5 100 000,50")
    assert "Beslut 7 är ändrat" in words(press(test, "Ändra beloppet"))
    assert changed == [("Dom 1-26", {"G13": 510_000_050})]


def test_missing_decisions_are_prepared_all_at_once_or_one_with_special_reasons(screen: Screen, answer: Answer) -> None:
    answer("decisions.prepare_all", lambda *_: (8,))
    answer("decisions.prepare", lambda *_: 9)
    test = press(screen("decisions", fakes.CONTROLLER), "Ta fram beslut för de 1 som saknar")
    assert "1 beslut är framtagna" in words(test)
    assert "Beslut 9 är framtaget" in words(press(screen("decisions", fakes.CONTROLLER), "Ta fram beslutet"))


def test_what_the_core_refuses_is_said(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise CoreError("Överklagandet kom för sent.")

    answer("decisions.appeal", refuse)
    test = press(screen("decisions", fakes.CONTROLLER), "För in överklagandet")
    assert "Överklagandet kom för sent." in words(test)
    no_bug(test)


def test_a_reader_without_the_right_sees_the_decision_and_no_forms(screen: Screen, answer: Answer) -> None:
    closed = replace(fakes_payments.DECISIONS, may_prepare=False, may_decide=False, may_deliver=False)
    answer("decision_reading.decisions_view", lambda *_: closed)
    answer("decision_reading.decision_view", lambda *_: replace(ONE, may_appeal=False, may_settle=False))
    test = screen("decisions", fakes.CONTROLLER)
    assert not {button.label for button in test.button} & {"Ta fram beslutet", "För in överklagandet"}


def test_with_no_decided_run_the_page_says_so(screen: Screen, answer: Answer) -> None:
    empty = replace(fakes_payments.DECISIONS, runs=(), run=None, rows=())
    answer("decision_reading.decisions_view", lambda *_: empty)
    assert "Ingen körning är beslutad än." in words(screen("decisions", fakes.CONTROLLER))
