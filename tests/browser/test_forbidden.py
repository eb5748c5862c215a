"""What a reader may not see is not there: not on the page, not in what is sent, not in the menu."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from core.usecases.personas import personas
from tests.browser.looking import plain, words
from tests.browser.screens import ALLOCATION, BASIS, FORBIDDEN_BASIS, FORBIDDEN_UNIT, FOREIGN, HUVUDMAN, UNIT
from tests.browser.tree import panel, row
from tests.support.browsing import settle, visit
from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

AMOUNT = re.compile(r"\d[\d  \u00a0]*(kr|öre)\b")
NO = "Du har inte behörighet"
SEES_BASIS = {"omradeschef_sodersidan", "forvaltningschef", "controller", "handlaggare", "samordnare", "revisor"}
MAY_IMPORT = {"controller", "handlaggare"}
SEALED = "F01"  # a förskola with fewer decisions of individual support than may be told


def told(server: AppServer, path: str, **query: str) -> str:
    """Return every text that the server sends when a page is opened by its address."""
    with Reader(server) as reader:
        return plain(
            " ".join(reader.open(path, query="&".join(f"{key}={value}" for key, value in query.items())).texts())
        )


@pytest.mark.parametrize("persona", [persona.key for persona in personas()])
def test_the_pages_open_for_whom_they_are_meant(app_server: AppServer, persona: str) -> None:
    for path in ("", "skolan", "resursfordelning", "karta", "om", "logga-in"):
        assert NO not in told(app_server, path, persona=persona), f"/{path} är stängd för {persona}"
    basis = told(app_server, "underlag", persona=persona)
    assert (NO not in basis) == (persona in SEES_BASIS)
    assert ("elevregister" in basis.lower()) == (persona in SEES_BASIS)
    assert ("Läs in en fil" in basis) == (persona in MAY_IMPORT)


@pytest.mark.parametrize("path", ["skolan", "resursfordelning"])
@pytest.mark.parametrize("persona", ["rektor_lerbacken", "huvudman_vintergacken", "omradeschef_sodersidan"])
def test_the_address_of_a_foreign_unit_tells_no_amount(app_server: AppServer, path: str, persona: str) -> None:
    shown = told(app_server, path, persona=persona, enhet="F20" if persona.startswith("omr") else FOREIGN)
    assert NO in shown
    assert AMOUNT.search(shown) is None


@pytest.mark.parametrize(
    ("path", "persona", "protected"),
    [
        ("underlag", "medborgare", "elevregister"),
        ("skolan", "rektor_lerbacken", "Lägeskommun"),
        ("resursfordelning", "huvudman_vintergacken", "Så är summan uppbyggd"),
    ],
)
def test_a_fresh_process_asked_first_for_what_is_protected_tells_nothing(
    start_server: Callable[..., AppServer], path: str, persona: str, protected: str
) -> None:
    server = start_server()
    for _ in range(2):  # Streamlit's own pages/ mechanism let the second through as well
        shown = told(server, path, persona=persona, enhet=FOREIGN)
        assert NO in shown
        assert AMOUNT.search(shown) is None
        assert protected.lower() not in shown.lower()


def test_a_reader_is_told_why_a_unit_is_closed_and_whom_to_ask(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    for screen, because in (
        (
            FORBIDDEN_UNIT,
            "Du ser inte Friskolan Tuvsnäppan: din roll (rektor, Lerbäckens skola) gäller en annan enhet.",
        ),
        (FORBIDDEN_BASIS, "Din roll (allmänheten, Lindvik) ger inte rätt att se underlag, körningar och böcker."),
    ):
        visit(page, screen.address(app_server.url))
        alert = page.get_by_role("alert")
        said = plain(alert.inner_text())
        assert NO in said
        assert because in said
        assert re.search(r"(Fråga|Begär ut) ", said), "vem man kan fråga"


def test_a_closed_page_is_not_in_the_menu_and_an_open_one_is(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    for persona, count in (("medborgare", 0), ("controller", 1)):
        visit(page, UNIT.address(app_server.url, persona=persona))
        assert page.get_by_test_id("stSidebarNav").locator('a[href*="/underlag"]').count() == count


def test_a_huvudman_who_turns_to_a_foreign_unit_can_choose_an_own_one(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, persona=HUVUDMAN, enhet=FOREIGN))
    assert NO in words(page)
    page.get_by_role("combobox", name="Enhet").focus()
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("option")
    options.first.wait_for()
    settle(page)
    assert options.all_inner_texts() == ["Snöbollsbuskens skola", "Vintergäckens skola"]
    page.keyboard.press("Enter")
    page.locator(row("total")).wait_for()
    assert NO not in words(page)
    assert FOREIGN not in page.url


def test_the_citizen_sees_neither_small_sums_of_support_nor_rows_of_the_register(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    line = "line:forskola.omsorg_pedagogik|forskola.3_5.mer_25|2026"
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, persona="medborgare", enhet=SEALED, rad=line))
    assert "visas inte" in plain(page.locator(row("dim:individ")).inner_text())
    page.locator(row("dim:individ")).click()
    page.get_by_text("det bygger på för få beslut").wait_for()
    rows = page.locator("[class*=st-key-rows_] summary")
    rows.first.click()
    page.locator(panel(line)).get_by_text("Uppgifter som kan peka ut en elev visas inte öppet.").wait_for()
    settle(page)
    assert page.locator(f"{panel(line)} table.sk").count() == 0


def test_who_may_bring_files_in_but_not_accept_them_sees_no_answer(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, BASIS.address(app_server.url, persona="handlaggare", inlasning="30"))
    page.get_by_role("heading", name="Inläsning 30").wait_for()
    assert page.get_by_role("button", name="Återta").count() == 0
    visit(page, BASIS.address(app_server.url, persona="controller", inlasning="30"))
    page.get_by_role("button", name="Återta").wait_for()
