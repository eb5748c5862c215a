"""From the total to the rows of the register by keyboard alone, and the same figures as on the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.looking import focused, open_tab, pick, plain, press, tab_to
from tests.browser.screens import ALLOCATION, OWN
from tests.browser.tree import BAS, CATEGORY, LINE, REGISTER_ROWS, STEP, TOTAL, panel, row
from tests.support.browsing import console_errors, settle, visit
from tests.support.databases import PROJECT, demo_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.support.servers import AppServer


@pytest.fixture(scope="module")
def explained(app_server: AppServer, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Give a function that finds an amount's derivation in what ``python -m core explain`` says of the whole sum."""
    command = [sys.executable, "-m", "core", "explain", OWN, "--year", "2026", "--json"]
    environment = demo_environment(app_server.database.url, tmp_path_factory.mktemp("explain"))
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT, env=environment)
    whole: dict[str, Any] = json.loads(done.stdout)["derivation"]

    def every(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("children", ()):
            yield from every(child)

    return lambda key: next(node for node in every(whole) if node["key"] == key)


def kronor(shown: str) -> Fraction:
    """Return an amount that is written "7 643 766,67 kr"."""
    return Fraction(re.sub(r"[^\d,−]", "", shown).replace("−", "-").replace(",", "."))


def amount_of(page: Page, key: str) -> Fraction:
    return kronor(page.locator(f"{row(key)} p > strong").inner_text())


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    children = node.get("children", [])
    return [leaf for child in children for leaf in leaves(child)] if children else [node]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_three_presses_and_a_purpose_lead_from_the_sum_to_the_rows_it_counts(
    app_server: AppServer, tab: Callable[..., Page], explained: Callable[[str], dict[str, Any]], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, ALLOCATION.address(app_server.url))
    assert page.locator(f"{panel(BAS)}[open]").count() == 1, "den första delen är öppen från början"

    tab_to(page, row(STEP))
    press(page, "Enter")
    assert focused(page, row(STEP)), "tangentbordet står kvar på raden som öppnades"
    tab_to(page, row(LINE), most=3)
    press(page, "Enter")
    why = page.locator(f"{panel(LINE)} .sk-why")
    why.wait_for()
    derivation = explained(LINE)
    assert kronor(why.locator(".v").first.inner_text()) == Fraction(derivation["value"])
    assert derivation["source"]["title"] in why.inner_text()
    tab_to(page, REGISTER_ROWS, most=12)
    press(page, "Space")
    page.get_by_text("Välj ändamål, så visas raderna.").wait_for()
    assert page.locator(f"{panel(LINE)} table.sk").count() == 0, "ingen rad före ändamålet"
    pick(page, "Kontroll av antal")
    table = page.locator(f"{panel(LINE)} table.sk")
    table.wait_for()
    settle(page)

    october = next(leaf for leaf in leaves(derivation) if leaf["key"] == f"count:{CATEGORY}|2026/10")
    said = plain(table.locator("caption").inner_text())
    assert said == f"{october['value']} rader räknas i oktober"
    headers = [plain(header) for header in table.locator("tbody th").all_inner_texts()]
    assert len(headers) == 50, "femtio rader åt gången, resten på nästa sida"
    assert all(re.fullmatch(rf"inläsning {october['source']['batch']}, rad \d+", header) for header in headers)
    assert console_errors(page) == []


def test_every_level_says_the_same_sum_as_the_command_line(
    app_server: AppServer, tab: Callable[..., Page], explained: Callable[[str], dict[str, Any]]
) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, rad=LINE))
    for key in (TOTAL, BAS, STEP, LINE):
        value = Fraction(explained(key)["value"])
        assert amount_of(page, key) == round(value), f"{key}: hela kronor på raden"
    tab_to(page, row(TOTAL))
    press(page, "Enter")
    shown = page.locator(f"{panel(TOTAL)} .sk-why .v").first.inner_text()
    assert kronor(shown) == Fraction(explained(TOTAL)["value"])


def test_a_row_closes_by_keyboard_and_what_it_hid_is_gone(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, rad=LINE))
    tab_to(page, row(LINE))
    assert page.locator(f"{panel(LINE)} .sk-why").count() == 1
    press(page, "Space")
    page.locator(f"{panel(LINE)} .sk-why").wait_for(state="detached")
    assert focused(page, row(LINE))


def test_a_copied_link_opens_the_same_row(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, rad=LINE))
    tab_to(page, f"{panel(LINE)} [class*=st-key-link_] button")
    press(page, "Enter")
    link = plain(page.locator("[data-testid=stPopoverBody] code").inner_text())
    assert link.startswith(f"{app_server.url}/resursfordelning?")
    page.keyboard.press("Escape")
    visit(page, link)
    page.locator(f"{panel(LINE)} .sk-why").wait_for()


def test_the_sources_of_a_count_lead_to_the_delivery_they_came_in(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    """Who may see Underlag follows a count to its file."""
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, persona="controller", enhet=OWN, rad=LINE))
    why = page.locator(f"{panel(LINE)} .sk-why")
    why.locator("details > summary").first.click()
    address = why.locator('a[href*="inlasning="]').first.get_attribute("href")
    assert address is not None
    visit(page, address if address.startswith("http") else app_server.url + address)
    page.get_by_role("heading", level=3, name="elevregister_2026").wait_for()


def test_the_year_month_by_month_adds_up_to_the_sum(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url))
    total = amount_of(page, TOTAL)
    open_tab(page, "Månad för månad")
    table = page.locator("table.sk", has=page.locator("caption", has_text="Månad för månad"))
    table.wait_for()
    settle(page)
    earned = table.locator('td[data-label="Enligt räknade elever"]').all_inner_texts()
    assert len(earned) == 12
    counted = [kronor(month) for month in earned if "kr" in month]
    assert len(counted) == 10
    assert abs(sum(counted) - total) <= 10, "hela kronor i tio månader: högst en halv krona fel i varje"
