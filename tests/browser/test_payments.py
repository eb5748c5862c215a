"""A month's way: prepared by one, approved by another, taken along as files; and a decision as a document."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from tests.browser.looking import pick, plain, sideways, words
from tests.browser.screens import DECISIONS, HUVUDMAN, PAYMENTS
from tests.browser.test_downloads import fetched
from tests.support.browsing import console_errors, settle, untranslated, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_a_month_is_prepared_by_the_controller_approved_by_the_chief_and_its_files_taken(
    start_server: Callable[..., AppServer], new_page: Callable[..., Page]
) -> None:
    server, page = start_server(), new_page()
    visit(page, PAYMENTS.address(server.url))
    open_tab(page, "Ta fram och godkänn")
    press(page, "Ta fram utbetalningen")
    page.get_by_text("väntar på en kollegas godkännande").wait_for()
    open_tab(page, "Ta fram och godkänn")
    page.get_by_text("Väntar på godkännande av någon annan.").wait_for()
    settle(page)
    assert page.get_by_role("button", name="Godkänn utbetalningen").count() == 0
    assert untranslated(page) == []
    visit(page, PAYMENTS.address(server.url, persona="forvaltningschef"))
    open_tab(page, "Ta fram och godkänn")
    press(page, "Godkänn utbetalningen")
    page.get_by_text("är godkänd.").wait_for()
    open_tab(page, "Belopp")
    name, content = fetched(page, "Betalfil (CSV)")
    assert name == "betalfil-202611.csv"
    assert content.decode("utf-8-sig").startswith("referens;betalningsdag;period;")
    name, content = fetched(page, "Verifikation för egna enheter (SIE 4I)")
    assert name == "verifikation-202611.si"
    assert content.startswith(b"#FLAGGA 0\r\n#PROGRAM")
    open_tab(page, "Skillnader")
    page.get_by_text("barn och elever").first.wait_for()
    visit(page, PAYMENTS.address(server.url, persona=HUVUDMAN))
    open_tab(page, "Invänd")
    press(page, "Invänd mot utbetalningen")
    page.get_by_text("Skriv vad som är fel, med minst 10 tecken.").wait_for()
    assert untranslated(page) == []
    assert console_errors(page) == []


def test_a_huvudman_takes_along_its_decision_and_what_recomputes_it(
    app_server: AppServer, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    visit(page, DECISIONS.address(app_server.url, persona=HUVUDMAN))
    said = words(page)
    assert "Vintergäcken Utbildning AB" in said
    assert "kan överklagas till och med 2025-12-22" in said
    assert "Kråkriset" not in said
    _, content = fetched(page, "Beslutet som PDF")
    assert content.startswith(b"%PDF-")
    _, content = fetched(page, "Räkna om själv (ZIP)")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["LAS_MIG.txt", "modell.yaml", "enheter.csv", "korning.json", "facit.csv"]
    assert console_errors(page) == []


def test_a_huvudman_sees_the_elever_behind_its_payment_on_a_phone(
    app_server: AppServer, new_page: Callable[..., Page]
) -> None:
    page = new_page(phone=True)
    visit(page, PAYMENTS.address(app_server.url, persona=HUVUDMAN, lista="G13"))
    open_tab(page, "Elever")
    page.get_by_text("Elever bakom beloppet").wait_for()
    pick(page, "Fråga från huvudman")
    page.locator("table.sk caption").wait_for()
    settle(page)
    assert plain(page.locator("table.sk caption").inner_text()).endswith("elever visas för oktober 2026")
    assert "Färre än 5 elever med skyddade personuppgifter räknas men visas inte." in words(page)
    assert sideways(page) == []
    assert console_errors(page) == []
