"""Modellverkstad and Tänk om… in a browser: the main act of each, on a desk and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import cut_texts, press, sideways
from tests.browser.screens import ALLOCATION, WORKSHOP
from tests.support.browsing import console_errors, settle, untranslated, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

POT = "Socioekonomisk fördelning · grundskola, pott"
BENCH = '[data-testid="stMain"]'


def lay_on_the_bench(page: Page, figure: str, value: str) -> None:
    """Choose a figure by its name, give it a new value and add it."""
    page.get_by_role("combobox", name="Tal (sök på namn)").fill(figure)
    page.get_by_role("option", name=re.compile(re.escape(figure))).first.click()
    settle(page)
    page.get_by_label(re.compile("^Nytt värde, nu")).fill(value)
    press(page, "Tab")
    page.get_by_role("button", name="Lägg till").click()
    page.get_by_role("heading", name="Vad det betyder för kommunen").wait_for()
    settle(page)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_larger_pot_is_tried_and_its_winners_shown(
    app_server: AppServer, tab: Callable[..., Page], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, WORKSHOP.address(app_server.url))
    lay_on_the_bench(page, POT, "60 000 000")
    page.get_by_text(re.compile(r"14 enheter får mer, 0 får mindre och 38 lika mycket")).wait_for()
    table = page.locator("table.sk", has_text="Vad försöket betyder för varje enhet")
    table.wait_for()
    assert "Lerbäckens skola" in table.inner_text()
    assert sideways(page) == []
    assert cut_texts(page) == []
    assert untranslated(page) == []
    assert console_errors(page) == []


def test_what_law_forbids_is_shown_with_its_paragraph_and_cannot_be_saved(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, WORKSHOP.address(app_server.url))
    lay_on_the_bench(page, "Administration · grundskola, andel", "0,05")
    page.get_by_text("Lagen hindrar försöket.").wait_for()
    settle(page)
    assert "14 kap. 4" in page.locator(BENCH).inner_text()
    assert page.get_by_role("button", name="Spara och frys försöket").count() == 0


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_rektor_steps_up_and_a_link_keeps_the_trial(
    app_server: AppServer, tab: Callable[..., Page], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, ALLOCATION.address(app_server.url))
    page.get_by_role("tab", name="Tänk om…").click()
    four = page.get_by_role("spinbutton", name="Årskurs 4", exact=True)
    four.wait_for()
    settle(page)
    before = int(four.input_value())
    page.locator("[class*=st-key-prova]", has=four).get_by_test_id("stNumberInputStepUp").click()
    said = page.get_by_text(re.compile(rf"Med {before + 1}\s+elever i årskurs 4 ökar tilldelningen med"))
    said.wait_for()
    settle(page)
    assert "prova=grundskola%7C4%3A1" in page.url or "prova=grundskola|4:1" in page.url
    sentence = said.inner_text()
    assert sideways(page) == []
    assert cut_texts(page) == []
    address = page.url
    visit(page, address)
    page.get_by_text(sentence).wait_for()
    assert console_errors(page) == []


def test_a_forged_link_is_met_with_words(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, prova="grundskola|4:många"))
    page.get_by_text("Länken går inte att pröva").wait_for()
    page.get_by_role("button", name="Återställ").click()
    page.get_by_role("spinbutton", name="Årskurs 4", exact=True).wait_for()
    settle(page)
    assert "prova" not in page.url
