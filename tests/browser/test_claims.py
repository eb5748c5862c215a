"""Interkommunal ersättning and Avstämning as a controller meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import choose_by_typing, cut_texts, sideways, words
from tests.browser.screens import CLAIMS, RECONCILE
from tests.support.browsing import console_errors, settle, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_controller_asks_a_claim_why(app_server: AppServer, tab: Callable[..., Page], *, phone: bool) -> None:
    page = tab(phone=phone)
    visit(page, CLAIMS.address(app_server.url))
    assert "Andra kommuner ska betala" in words(page)
    choose_by_typing(page, "Krav", "mottagen i andra hand")
    page.locator(".sk-why").wait_for()
    said = words(page)
    assert "krav=" in page.url
    assert "Antal elever räknat på helår" in said
    assert (sideways(page), cut_texts(page)) == ([], [])
    page.get_by_role("tab", name="Att betala").click()
    page.locator("caption", has_text="Att betala per kommun och verksamhet").wait_for()
    assert "Hemkommunens pris" in words(page)
    assert console_errors(page) == []


def test_a_controller_follows_what_differs_and_reads_each_part(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, RECONCILE.address(app_server.url))
    said = words(page)
    assert "stämmer på öret" in said
    assert "lämnarens summa är 13858" in said
    for part, told in (
        ("Raderna", "Potten är utdelad"),
        ("Pris × antal", "Undervisning, grundskola"),
        ("Utbetalt och bokfört", "Ingen huvudbok är inläst."),
        ("Inläsningarna", "elevregister_2026-03.csv"),
    ):
        page.get_by_role("tab", name=part).click()
        page.get_by_text(told).first.wait_for()
        settle(page)
        assert (sideways(page), cut_texts(page)) == ([], [])
    assert console_errors(page) == []
