from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import CoreError, Month
from tests.pages import fakes, fakes_payments
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

ASKED = {"purpose_payment_11_G03": "fraga"}
"""A purpose chosen for the elever of the payment that the fakes show."""


def tab(screen: Screen, name: str) -> AppTest:
    return screen("payments", fakes.CONTROLLER, state={"payment_tabs": name})


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def test_the_finding_says_the_sum_how_many_units_and_until_when_to_object(screen: Screen) -> None:
    shown = words(screen("payments", fakes.CONTROLLER))
    assert "November 2026: 123 456,78 kr till 1 enhet." in shown
    assert "När den är godkänd kan mottagaren invända till och med 2026-12-11." in shown
    assert "2 rättelser av äldre månader väntar på slutavräkningen." in shown


def test_a_correction_stands_with_what_was_what_is_and_the_difference(screen: Screen) -> None:
    shown = words(screen("payments", fakes.CONTROLLER))
    assert "Rättelse" in shown
    for amount in ("110 000 kr", "113 456,78 kr", "3 456,78 kr"):
        assert amount in shown


def test_each_difference_from_the_month_before_has_its_reason(screen: Screen) -> None:
    shown = words(tab(screen, "Skillnader"))
    assert "+13 457 kr" in shown
    assert "Månadsbelopp +10 kr" in shown


def test_elever_are_listed_by_the_receivers_own_reference_where_there_is_one(screen: Screen) -> None:
    shown = words(screen("payments", fakes.CONTROLLER, state={"payment_tabs": "Elever", **ASKED}))
    assert "K-77" in shown
    assert "c3d4" in shown
    assert "inläsning 15, rad 42" in shown


def test_who_prepared_it_waits_for_a_colleague_and_may_cancel_or_prepare_the_next(
    screen: Screen, answer: Answer
) -> None:
    asked: list[object] = []

    def prepare(_app: object, _viewer: object, _kommun: str, month: Month, *, below_zero: bool) -> int:
        asked.append((month, below_zero))
        return 12

    answer("payments.prepare", prepare)
    test = tab(screen, "Ta fram och godkänn")
    assert "Väntar på godkännande av någon annan." in words(test)
    labels = {button.label for button in test.button}
    assert "Godkänn utbetalningen" not in labels
    assert {"Avbryt utbetalningen", "Ta fram utbetalningen"} <= labels
    assert "Utbetalning 12 för december 2026 är framtagen" in words(press(test, "Ta fram utbetalningen"))
    assert asked == [(Month(2026, 12), False)]


def test_somebody_else_approves_it(screen: Screen, answer: Answer) -> None:
    answer("payment_reading.payment_view", lambda *_: fakes_payments.TO_APPROVE)
    answer("payments.approve", lambda *_: None)
    test = tab(screen, "Ta fram och godkänn")
    assert "Utbetalning 11 är godkänd." in words(press(test, "Godkänn utbetalningen"))


def test_what_the_core_refuses_is_said(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise CoreError("Skriv varför utbetalningen avbryts.")

    answer("payments.cancel", refuse)
    test = press(tab(screen, "Ta fram och godkänn"), "Avbryt utbetalningen")
    assert "Skriv varför utbetalningen avbryts." in words(test)


def test_files_are_offered_when_it_is_approved_and_the_receiver_may_object(screen: Screen, answer: Answer) -> None:
    answer("payment_reading.payment_view", lambda *_: fakes_payments.OPEN)
    assert "Mottagaren kan invända till och med 2026-12-11." in words(screen("payments", fakes.CONTROLLER))
    answer("payment_objections.object_to", lambda *_: 9)
    test = press(tab(screen, "Invänd"), "Invänd mot utbetalningen")
    assert "Invändningen är sparad som fråga 9." in words(test)


def test_who_may_not_object_now_is_not_offered_to(screen: Screen) -> None:
    test = screen("payments", fakes.CONTROLLER)
    assert "Invänd" not in {one.label for one in test.tabs}


@pytest.mark.parametrize("name", ["Belopp", "Elever"])
def test_a_cancelled_payment_says_that_nothing_is_paid_and_who_made_it(
    screen: Screen, answer: Answer, name: str
) -> None:
    cancelled = replace(fakes_payments.VIEW, payment=fakes_payments.CANCELLED)
    answer("payment_reading.payment_view", lambda *_: cancelled)
    shown = words(tab(screen, name))
    assert "Den är avbruten, så ingenting betalas." in shown
    assert "framtagen av joar, kommandoraden" in shown
    for wrong in ("invända", "betalas 2026-11-20", "kommandorad:", "Skäl:"):
        assert wrong not in shown


def test_a_cancelled_payment_says_when_and_why(screen: Screen, answer: Answer) -> None:
    cancelled = replace(fakes_payments.CANCELLED, cancelled_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    view = replace(fakes_payments.VIEW, payment=cancelled, reason="fel & gammalt underlag")
    answer("payment_reading.payment_view", lambda *_: view)
    shown = words(screen("payments", fakes.CONTROLLER))
    assert "avbruten 2026-11-21 10:30" in shown
    assert "gammalt underlag" in shown
    assert "cancelled 21 Nov 2026, 10:30" in words(screen("payments", fakes.CONTROLLER, query={"lang": "en"}))


def test_a_recovery_is_proposed_and_decided_here(screen: Screen, answer: Answer) -> None:
    answer("recoveries.decide", lambda *_: None)
    answer("recoveries.propose", lambda *_, **__: 4)
    test = tab(screen, "Återkrav")
    assert "Dubbelt räknad elev" in words(test)
    assert "Återkrav 3 är beslutat." in words(press(test, "Besluta återkravet"))
    again = tab(screen, "Återkrav")
    assert "är inte ett tal" in words(press(again, "Föreslå återkravet"))


def test_with_no_payment_yet_the_first_month_can_be_prepared(screen: Screen, answer: Answer) -> None:
    answer("payment_reading.payments_view", lambda *_: fakes_payments.NONE)
    test = screen("payments", fakes.CONTROLLER)
    assert "Det finns ingen utbetalning att visa än." in words(test)
    assert "Ta fram utbetalningen" in {button.label for button in test.button}


@pytest.mark.parametrize("page", ["payments", "decisions"])
def test_who_may_see_none_is_told_why(screen: Screen, answer: Answer, page: str) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt.")

    answer("payment_reading.payments_view", refuse)
    answer("decision_reading.decisions_view", refuse)
    test = screen(page, fakes.CITIZEN)
    assert "Din roll ger inte rätt." in words(test)
    no_bug(test)
