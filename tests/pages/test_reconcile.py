from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.usecases.choices import MissingDataError
from tests.pages import fakes_reconcile as fakes
from tests.pages.fakes import CONTROLLER
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def tab(screen: Screen, name: str) -> str:
    return words(screen("reconcile", CONTROLLER, state={"reconcile_tabs": name}))


def test_the_sentence_counts_what_agrees_what_differs_and_what_has_nothing_beside_it(screen: Screen) -> None:
    shown = words(screen("reconcile", CONTROLLER))
    assert "5 avstämningar stämmer på öret, men 2 skiljer. 3 har inget att jämföras med." in shown


def test_what_differs_stands_first_with_a_way_down(screen: Screen) -> None:
    test = screen("reconcile", CONTROLLER)
    assert "Betalplan = rader" in words(test)
    assert "−0,50 kr" in words(test)
    assert any("resursfordelning?enhet=G03&amp;ar=2026" in one.proto.body for one in test.get("html"))
    assert "Inläsning 22 (elever.csv): lämnarens summa är 120, vår 118." in words(test)


def test_the_book_stands_term_by_term_with_its_difference(screen: Screen) -> None:
    shown = tab(screen, "Boken post för post")
    assert "Nämndens reserv" in shown
    assert "Beslutad budget" in shown
    assert "0 kr" in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Raderna", "Potten är utdelad: Socioekonomi, grundskola"),
        ("Raderna", "Elever räknade en gång: grundskola"),
        ("Pris × antal", "Lokaler, grundskola"),
        ("Utbetalt och bokfört", "Ingen utbetalning är godkänd för året än"),
        ("Utbetalt och bokfört", "Ingen huvudbok är inläst."),
        ("Inläsningarna", "Inget att jämföra med"),
    ],
)
def test_each_part_says_its_own(screen: Screen, name: str, said: str) -> None:
    assert said in tab(screen, name)


def test_payments_and_a_ledger_that_are_there_are_compared(screen: Screen, answer: Answer) -> None:
    view = replace(fakes.VIEW, lines=(fakes.PAID, fakes.BOOKED), deliveries=(), differs=1)
    answer("reconcile.reconcile_view", lambda *_, **__: view)
    shown = tab(screen, "Utbetalt och bokfört")
    assert "Utbetalt = körningen: januari" in shown
    assert "Undervisning: G03" in shown


def test_when_all_agrees_no_warning_stands(screen: Screen, answer: Answer) -> None:
    view = replace(fakes.VIEW, lines=(fakes.UNITS,), deliveries=(), agrees=2, differs=0, absent=0)
    answer("reconcile.reconcile_view", lambda *_, **__: view)
    test = screen("reconcile", CONTROLLER)
    assert "2 avstämningar stämmer på öret och ingen skiljer." in words(test)
    assert not test.warning
    assert not test.error


def test_a_book_that_does_not_close_is_an_error_on_top(screen: Screen, answer: Answer) -> None:
    answer("reconcile.reconcile_view", lambda *_, **__: replace(fakes.VIEW, books_difference_ore=-100))
    assert "Boken går inte ihop: −1 kr skiljer." in words(screen("reconcile", CONTROLLER))


def test_a_run_without_a_book_says_so(screen: Screen, answer: Answer) -> None:
    answer("reconcile.reconcile_view", lambda *_, **__: replace(fakes.VIEW, books=(), books_difference_ore=None))
    assert "Körningen har ingen bok." in tab(screen, "Boken post för post")


def test_another_run_that_pays_is_said(screen: Screen, answer: Answer) -> None:
    other = replace(fakes.NOT_PAID, code="annan")
    answer("reconcile.reconcile_view", lambda *_, **__: replace(fakes.VIEW, lines=(other,)))
    assert "En annan körning bestämmer" in tab(screen, "Utbetalt och bokfört")


def test_a_kommun_without_runs_says_so(screen: Screen, answer: Answer) -> None:
    def none(*_: object, **__: object) -> None:
        raise MissingDataError("Det finns ingen körning att stämma av.")

    answer("reconcile.reconcile_view", none)
    assert "Det finns ingen körning att stämma av." in words(screen("reconcile", CONTROLLER))


def test_who_may_not_see_it_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se underlag.")

    answer("reconcile.reconcile_view", refuse)
    assert "Din roll ger inte rätt att se underlag." in words(screen("reconcile"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    test = screen("reconcile", CONTROLLER, query={"lang": "en"})
    assert no_bug(test)
    assert "5 lines agree to the öre, but 2 differ." in words(test)
