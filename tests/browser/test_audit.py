"""Revision as the auditor meets it: the chain holds, what was done is found, unfolded and taken away."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import choose_by_typing, cut_texts, plain, sideways, words
from tests.browser.screens import AUDIT, CONTROLLER
from tests.support.browsing import console_errors, visit
from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_auditor_finds_what_was_done_and_unfolds_it(
    app_server: AppServer, tab: Callable[..., Page], *, phone: bool
) -> None:
    page = tab(phone=phone)
    visit(page, AUDIT.address(app_server.url))
    assert "Kedjan håller: " in words(page)
    choose_by_typing(page, "Vad", "Ändrade en körnings status")
    page.locator("caption", has_text="i urvalet").wait_for()
    shown = page.locator("table.sk tbody tr")
    assert shown.count() > 0
    assert all("Ändrade en körnings status" in one for one in shown.all_inner_texts())
    choose_by_typing(page, "Händelse", "Ändrade en körnings status")
    page.locator("caption", has_text="uppgifterna som de skrevs").wait_for()
    assert "Kontrollsumma" in words(page)
    assert (sideways(page), cut_texts(page)) == ([], [])
    page.get_by_role("button", name="Kontrollera hela kedjan").click()
    assert "Kedjan håller: " in words(page)
    assert console_errors(page) == []


def test_the_file_holds_what_was_asked_for(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, AUDIT.address(app_server.url))
    choose_by_typing(page, "Vad", "Räknade en körning")
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner som CSV", exact=True).click()
    assert download.value.suggested_filename == "handelselogg.csv"
    text = download.value.path().read_bytes().decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert heading[:5] == ["Händelse", "När", "Vem", "Vad", "Om"]
    assert rows
    assert {row[5] for row in rows} == {"run.create"}


def test_who_may_not_see_the_log_gets_none_of_it(app_server: AppServer) -> None:
    with Reader(app_server) as reader:
        told = plain(" ".join(reader.open("revision", query=f"persona={CONTROLLER}").texts()))
    assert "Du har inte behörighet" in told
    assert "ger inte rätt att se händelseloggen" in told
    assert "Kedjan håller" not in told
    assert "Torvald Grenklyka" not in told
