from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from tests.pages import fakes_claims as fakes
from tests.pages.fakes import CONTROLLER
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_sentence_says_what_is_owed_each_way_and_what_has_no_price(screen: Screen) -> None:
    shown = words(screen("claims", CONTROLLER))
    assert "Andra kommuner ska betala 42 000 kr och kommunen 36 000 kr januari–oktober 2026." in shown
    assert "1 krav saknar regel eller pris." in shown


def test_claims_stand_by_kommun_with_ground_and_basis_and_one_by_one(screen: Screen) -> None:
    shown = words(screen("claims", CONTROLLER, state={"every_claim": True}))
    for said in ("9902", "Särskilda skäl", "Mottagarens kostnad", "Saknar regel eller pris", "Ingen grund i registret"):
        assert said in shown
    assert "84 000 kr" in shown
    assert "Strandskolan" not in shown


def test_a_chosen_claim_is_explained(screen: Screen) -> None:
    shown = words(screen("claims", CONTROLLER, query={"krav": fakes.KEY}))
    assert "Budget för undervisning" in shown


def test_what_we_pay_stands_in_its_own_part(screen: Screen) -> None:
    shown = words(screen("claims", CONTROLLER, state={"claims_tabs": "Att betala", "every_payment": True}))
    assert "Strandskolan" in shown
    assert "Hemkommunens pris" in shown


def test_a_model_without_rules_says_what_to_do(screen: Screen, answer: Answer) -> None:
    answer("claims.claims_view", lambda *_, **__: replace(fakes.VIEW, has_rules=False, sums=(), lines=()))
    assert "Modellen har inga regler för krav (ike)." in words(screen("claims", CONTROLLER))


def test_nobody_from_elsewhere_and_nobody_elsewhere_is_said(screen: Screen, answer: Answer) -> None:
    answer("claims.claims_view", lambda *_, **__: replace(fakes.VIEW, sums=(), lines=(), without_price=0))
    assert "Inga elever från andra kommuner finns vid egna enheter." in words(screen("claims", CONTROLLER))
    shown = words(screen("claims", CONTROLLER, state={"claims_tabs": "Att betala"}))
    assert "Inga egna elever finns vid andra kommuners enheter." in shown


def test_before_any_register_is_counted_the_page_says_so(screen: Screen, answer: Answer) -> None:
    answer("claims.claims_view", lambda *_, **__: replace(fakes.VIEW, run=None))
    assert "Ingen körning räknar registret än." in words(screen("claims", CONTROLLER))


def test_who_may_not_see_it_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se underlag.")

    answer("claims.claims_view", refuse)
    assert "Din roll ger inte rätt att se underlag." in words(screen("claims"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    test = screen("claims", CONTROLLER, query={"lang": "en"})
    assert no_bug(test)
    assert "1 claim lacks a rule or a price." in words(test)
