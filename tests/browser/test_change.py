"""Varför ändrades den? in the browser: bars that add up, and a way down to how a step was computed in each run."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import choose_by_typing, sideways
from tests.browser.screens import ALLOCATION, CHANGE, OWN
from tests.support.browsing import console_errors, settle, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

TAB = "Varför ändrades den?"


def kronor(shown: str) -> Fraction:
    """Return an amount that is written "−156 829,23 kr"."""
    return Fraction(re.sub(r"[^\d,−]", "", shown).replace("−", "-").replace(",", "."))


def amounts(page: Page) -> list[Fraction]:
    """Return the figures of the table of bars, first to last."""
    table = page.locator("table.sk", has=page.locator("caption", has_text="del för del"))
    return [kronor(cell) for cell in table.locator('tr td[data-label="Kronor"]').all_inner_texts()]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_bars_of_a_unit_add_up_and_lead_to_how_a_step_was_computed(
    app_server: AppServer, tab: Callable[..., Page], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, ALLOCATION.address(app_server.url, enhet=OWN))
    page.get_by_role("tab", name=TAB).click()
    page.locator("caption", has_text="del för del").wait_for()
    settle(page)
    first, *bars, last = amounts(page)
    assert first + sum(bars) == last
    assert len(bars) >= 5
    page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").first.wait_for()
    page.locator("summary", has_text="Belopp per elev").click()
    page.locator("caption", has_text="Stegen i belopp per elev").wait_for()
    settle(page)
    choose_by_typing(page, "Så räknades steget", "Måltider (grundskola)")
    page.locator(".sk-why").nth(1).wait_for()
    settle(page)
    assert page.locator(".sk-why").count() == 2
    assert not sideways(page)
    assert not console_errors(page)


def test_the_kommun_page_lists_units_by_name_and_its_bars_add_up(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, CHANGE.address(app_server.url))
    page.locator("caption", has_text="del för del").wait_for()
    settle(page)
    first, *bars, last = amounts(page)
    assert first + sum(bars) == last
    names = page.locator("table.sk", has=page.locator("caption", has_text="bokstavsordning")).locator("tbody th")
    shown = names.all_inner_texts()
    assert shown == sorted(shown, key=str.casefold)
    assert "Individuellt stöd ingår inte" in page.locator("[data-testid=stMain]").inner_text()
