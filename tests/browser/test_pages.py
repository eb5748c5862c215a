"""Every screen opens, in both languages, on a desktop and on a phone."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import choose_language, cut_texts, headings, sideways
from tests.browser.screens import ADMINISTRATOR, AUDITOR, EVERY, PAGES, START
from tests.support.browsing import PHONE, assert_only_local_requests, console_errors, settle, untranslated, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, ViewportSize

    from tests.browser.screens import Screen
    from tests.support.servers import AppServer

# The map's script carries a decoder for a format we do not use and tries to start it; the policy says no, and nothing
# is lost. (deck.gl's loaders, https://github.com/visgl/loaders.gl; the policy stays without wasm-unsafe-eval.)
REVIEWED_COMPLAINT = "WebAssembly.instantiate(): Compiling or instantiating WebAssembly module violates"

# What 1280 px becomes when a reader magnifies four times (WCAG 1.4.10).
MAGNIFIED: ViewportSize = {"width": 320, "height": 700}
DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
SCREENS = pytest.mark.parametrize("screen", EVERY, ids=lambda screen: screen.name)


@SCREENS
@DEVICES
def test_a_screen_opens_in_swedish_and_turns_english_by_the_switch(
    app_server: AppServer, tab: Callable[..., Page], screen: Screen, *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, screen.address(app_server.url))
    page.get_by_role("heading", level=1, name=screen.swedish, exact=True).wait_for()
    assert headings(page) == [screen.swedish]
    assert page.locator("html").get_attribute("lang") == "sv"
    assert untranslated(page) == []
    assert (sideways(page), cut_texts(page)) == ([], [])

    choose_language(page, "English")
    page.get_by_role("heading", level=1, name=screen.english, exact=True).wait_for()
    assert headings(page) == [screen.english]
    page.wait_for_selector("html[lang=en]", state="attached")
    assert "lang=en" in page.url
    assert (sideways(page), cut_texts(page)) == ([], [])
    if phone:
        page.set_viewport_size(MAGNIFIED)
        page.wait_for_timeout(100)
        assert sideways(page) == []
        page.set_viewport_size(PHONE)
    assert_only_local_requests(page)
    assert console_errors(page) == []


def test_a_reader_walks_through_the_menu_under_the_policy_without_a_complaint(
    app_server: AppServer, new_page: Callable[..., Page]
) -> None:
    """The one walk without ``bypass_csp``: what the content security policy stops stands in the console."""
    page = new_page()
    visit(page, START.address(app_server.url, persona="controller"))
    for screen in PAGES[1:-1]:  # the log in is not in the menu of demo mode
        if screen.persona in {ADMINISTRATOR, AUDITOR}:  # nor are these in a controller's
            continue
        menu = page.get_by_test_id("stSidebarNav")
        menu.locator(f'a[href*="/{screen.path}"]').click()
        page.get_by_role("heading", level=1, name=screen.swedish, exact=True).wait_for()
        settle(page)
        assert menu.locator("[aria-current=page]").get_attribute("href", timeout=5000) is not None
        assert page.title() == f"{menu.locator('[aria-current=page]').inner_text()} · Skolkronan"
        assert_only_local_requests(page)
    complaints = console_errors(page)
    assert [one for one in complaints if not one.startswith(REVIEWED_COMPLAINT)] == []
    assert complaints, "anmärkningen om WebAssembly är borta: ta bort undantaget"


@pytest.mark.parametrize("screen", PAGES, ids=lambda screen: screen.name)
def test_an_address_in_english_is_english_from_the_first_paint(app_server: AppServer, screen: Screen) -> None:
    with urllib.request.urlopen(screen.address(app_server.url, "en"), timeout=30) as answer:  # noqa: S310  # our own
        assert '<html lang="en">' in answer.read().decode()
