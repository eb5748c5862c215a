"""Lika villkor as a reader meets it: another verksamhet is chosen, its ladder read, and the whole taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import choose, cut_texts, sideways, words
from tests.browser.screens import CONTROLLER, EQUAL
from tests.support.browsing import console_errors, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_reader_chooses_a_verksamhet_and_reads_why_its_prices_differ(
    app_server: AppServer, tab: Callable[..., Page], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, EQUAL.address(app_server.url))
    assert "saknar grund" in words(page)
    choose(page, "Verksamhet", "Grundskola")
    page.get_by_text("Årskurs 1–3").first.wait_for()
    said = words(page)
    assert "verksamhet=grundskola" in page.url
    assert "Årskurs 1–3" in said
    assert "Mervärdesskatt: bara enskilda huvudmän" in said
    assert (sideways(page), cut_texts(page)) == ([], [])
    assert console_errors(page) == []


def test_the_findings_can_be_taken_along_as_a_file(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, EQUAL.address(app_server.url, persona=CONTROLLER))
    with page.expect_download() as download:
        page.locator(".st-key-files_utan_grund").get_by_role("button", name="Ladda ner som CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Socioekonomisk fördelning" in text
