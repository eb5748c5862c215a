"""An administrator invites, copies the code, and ends a role; a rektor sees their own roles and reports jäv."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.access.subjects import subject_of
from core.bootstrap import build
from core.settings import Settings
from core.usecases.invitations import redeem
from core.usecases.people_views import Person
from tests.browser.looking import choose, choose_by_typing, fill, sideways, words
from tests.browser.screens import OWN_ROLES, PEOPLE
from tests.support.browsing import console_errors, settle, untranslated, visit
from tests.support.databases import demo_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

ISSUER = "https://inloggning.lindvik.example"
CHANGES = "Ge och ta tillbaka"


def at_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    settle(page)


def invite(page: Page) -> str:
    """Make an invitation and return the code that the page shows."""
    at_tab(page, CHANGES)
    fill(page, "Namn på den som bjuds in", "Åsa Vintergren")
    choose(page, "Roll", "rektor")
    choose_by_typing(page, "Vad ska rollen gälla?", "Bävernäsets")
    page.get_by_text("Åsa Vintergren får rollen rektor för Bävernäsets skola").wait_for()
    page.get_by_role("button", name="Gör inbjudan").click()
    page.get_by_text("Inbjudan är klar").wait_for()
    code = page.get_by_test_id("stCode").inner_text().strip()
    assert re.fullmatch(r"(?:[A-Z2-9]{4}-){5}[A-Z2-9]{4}", code)
    return code


def test_an_administrator_invites_and_the_code_is_shown_once_and_opens_the_role(
    start_server: Callable[..., AppServer], tab: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server()
    page = tab()
    visit(page, PEOPLE.address(server.url))
    assert "1 roll slutar inom 30 dagar och 1 inbjudan väntar." in words(page)
    code = invite(page)
    assert untranslated(page) == []
    at_tab(page, "Inbjudningar")
    assert "Åsa Vintergren" in words(page)
    assert code not in words(page)

    app = build(Settings.from_environment(demo_environment(server.database.url, tmp_path)))
    person = Person(subject_of(ISSUER, "a-1"), ISSUER, "a-1", "Åsa Vintergren")
    assert redeem(app, person, code.lower()).scope_name == "Bävernäsets skola"
    visit(page, PEOPLE.address(server.url))
    assert "16 personer har roller i Lindvik" in words(page)

    at_tab(page, CHANGES)
    choose(page, "Vad vill du göra?", "Avsluta en roll")
    choose_by_typing(page, "Vilken roll ska avslutas?", "Vintergren")
    page.get_by_text("Åsa Vintergren har inte längre rollen rektor för Bävernäsets skola").wait_for()
    page.get_by_role("button", name="Avsluta rollen").click()
    page.get_by_text("Rollen är avslutad: Åsa Vintergren").wait_for()
    assert "15 personer har roller i Lindvik" in words(page)
    assert console_errors(page) == []


def test_a_rektor_on_a_phone_sees_the_own_roles_only_and_reports_jav(
    start_server: Callable[..., AppServer], tab: Callable[..., Page]
) -> None:
    server = start_server()
    page = tab(phone=True)
    visit(page, OWN_ROLES.address(server.url))
    assert "Lerbäckens skola" in words(page)
    assert "Embla" not in words(page)
    choose_by_typing(page, "Vad är du jävig i?", "Bävernäsets")
    page.get_by_role("button", name="Anmäl jäv").click()
    page.get_by_text("Ditt jäv i Bävernäsets skola är anmält.").wait_for()
    assert "jävig" in words(page)
    assert sideways(page) == []
    assert console_errors(page) == []
