"""A file on its way in: every fault at once, then whole in force, then whole out of force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.looking import choose, fill, plain, words
from tests.browser.screens import BASIS
from tests.support.browsing import console_errors, settle, untranslated, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

HEADER = "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster;manadslon_kr\r\n"
FAULTY = (
    f"{HEADER}G01;grundskola;lärare;2026-10-15;12,75;41300\r\n"
    "G77;grundskola;lärare;2026-10-15;3;41300\r\n"
    "G02;grundskola;lärare;15/10 2026;många;41300\r\n"
)
RIGHT = f"{HEADER}G01;grundskola;lärare;2026-10-15;12,75;41300\r\nG02;grundskola;lärare;2026-10-15;8;40900\r\n"


def upload(page: Page, name: str, content: str) -> None:
    """Fill in the form for a file of staff, in the encoding that spreadsheet programs write."""
    form = page.locator(".st-key-upload")
    if form.locator("details[open]").count() == 0:
        form.locator("summary").first.click()
    form.locator("input[type=file]").wait_for(state="attached")
    settle(page)
    choose(page, "Slag av fil", "Personal")
    form.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    )
    form.get_by_text(name).wait_for()
    settle(page)
    assert untranslated(page) == []
    form.get_by_role("button", name="Läs in", exact=True).click()


def faults(page: Page) -> list[dict[str, str]]:
    """Return the list of faults as it stands: by heading, row by row."""
    rows = page.locator("table.sk:has(caption:text('varningar'))").locator("tbody tr")
    return [
        {
            "Rad": plain(row.locator("th").inner_text()),
            **{
                cell.get_attribute("data-label") or "": plain(cell.inner_text())
                for cell in (row.locator("td").nth(place) for place in range(row.locator("td").count()))
            },
        }
        for row in (rows.nth(place) for place in range(rows.count()))
    ]


def state_of(page: Page, number: int) -> str:
    row = page.locator("table.sk tbody tr", has=page.locator("th", has_text=f"{number} · Personal"))
    return plain(row.locator('td[data-label="Läge"]').inner_text())


def test_a_file_with_faults_shows_them_all_and_a_right_one_is_accepted_and_taken_back(
    start_server: Callable[..., AppServer], tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, BASIS.address(start_server().url))
    upload(page, "personal_fel.csv", FAULTY)
    page.get_by_text("Filen kan inte godkännas förrän felen är rättade.").wait_for()
    settle(page)
    found = {(one["Rad"], one["Kolumn"]): one for one in faults(page)}
    assert set(found) == {("3", "enhet"), ("4", "matdag"), ("4", "heltidstjanster")}
    assert [one["Fanns"] for one in found.values()] == ["”G77”", "”15/10 2026”", "”många”"]
    assert all(one["Väntades"] not in {"", "–"} and one["Slag"] == "fel" for one in found.values())
    assert "ÅÅÅÅ-MM-DD" in found["4", "matdag"]["Väntades"]
    assert state_of(page, 34) == "Mottagen"
    assert page.get_by_role("button", name="Godkänn").count() == 0, "en fil med fel går inte att godkänna"

    upload(page, "personal.csv", RIGHT)
    page.get_by_text("Inläsning 35 är mottagen: 2 rader.").wait_for()
    settle(page)
    assert "1 inläsning väntar" not in words(page)
    page.get_by_role("button", name="Godkänn").click()
    page.get_by_text("Inläsning 35 är nu: godkänd.").wait_for()
    settle(page)
    assert (state_of(page, 34), state_of(page, 35)) == ("Mottagen", "Godkänd")

    fill(page, "Skäl att återta", "Fel månad")
    page.get_by_role("button", name="Återta").click()
    page.get_by_text("Inläsning 35 är nu: återtagen.").wait_for()
    settle(page)
    assert state_of(page, 35) == "Återtagen"
    assert console_errors(page) == []
