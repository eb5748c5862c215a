from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pages.reading import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest


def test_the_page_explains_how_to_read_an_amount(screen: Callable[..., AppTest]) -> None:
    assert "Så läser du ett belopp" in words(screen("about"))


def test_the_page_speaks_english_when_asked(screen: Callable[..., AppTest]) -> None:
    assert "How to read an amount" in words(screen("about", query={"lang": "en"}))


def test_the_login_page_says_that_demo_mode_needs_none(screen: Callable[..., AppTest]) -> None:
    assert "Ingen inloggning behövs." in words(screen("login"))
