"""No axe violation beyond the reviewed list, on every screen in both themes on desktop and phone.

``axe_reviewed.yaml`` names what is not ours to mend: the rule, the selector, the screens where it occurs, why it is let
be, and where it is reported upstream. An entry that no longer occurs on one of its screens fails the test as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.browser.looking import choose, pick, press, tab_to
from tests.browser.screens import ALLOCATION, BASIS, EVERY, START, UNIT
from tests.browser.tree import LINE, REGISTER_ROWS
from tests.support.browsing import axe_violations, settle, untranslated, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.screens import Screen
    from tests.support.servers import AppServer

REVIEWED: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("axe_reviewed.yaml").read_text("utf-8"))
LOOKS = pytest.mark.parametrize(
    ("phone", "theme"),
    [(False, "light"), (False, "dark"), (True, "light"), (True, "dark")],
    ids=["desktop-light", "desktop-dark", "phone-light", "phone-dark"],
)


def judged(page: Page, place: str, look: str) -> None:
    """Compare what axe finds with what is reviewed for the place and the look."""
    mine = [entry for entry in REVIEWED if place in entry["places"] and look in entry.get("looks", [look])]
    settle(page)
    new, met = [], []
    for violation in axe_violations(page):
        for node in violation["nodes"]:
            entry = next((one for one in mine if _is_reviewed(page, one, violation["id"], node)), None)
            if entry is None:
                new.append(f"{violation['id']} {node['target']} {node['html'][:160]} {node['failureSummary']}")
            else:
                met.append(entry)
    assert new == [], f"{place}, {look}"
    assert [entry for entry in mine if entry not in met] == [], "finns inte längre: ta bort undantaget ur listan"


def _is_reviewed(page: Page, entry: dict[str, Any], rule: str, node: dict[str, Any]) -> bool:
    fits = "([target, selector]) => document.querySelector(target)?.matches(selector) ?? false"
    return entry["rule"] == rule and bool(page.evaluate(fits, [node["target"][-1], entry["selector"]]))


def test_every_reviewed_exception_says_what_where_why_and_upstream() -> None:
    places = {screen.name for screen in EVERY} | {state[0] for state in STATES}
    for entry in REVIEWED:
        assert set(entry) - {"looks"} == {"rule", "selector", "places", "why", "upstream"}
        assert entry["places"]
        assert set(entry["places"]) <= places
        assert entry["upstream"].startswith("https://")


@pytest.mark.parametrize("screen", EVERY, ids=lambda screen: screen.name)
@LOOKS
def test_a_screen_is_accessible(
    app_server: AppServer, tab: Callable[..., Page], screen: Screen, theme: str, *, phone: bool
) -> None:
    page = tab(phone=phone, theme=theme)
    visit(page, screen.address(app_server.url))
    page.get_by_role("heading", level=1, name=screen.swedish, exact=True).wait_for()
    judged(page, screen.name, f"{'phone' if phone else 'desktop'}-{theme}")


def _open_rows(page: Page) -> None:
    page.locator(REGISTER_ROWS).first.click()
    pick(page, "Kontroll av antal")
    page.locator("table.sk caption").first.wait_for()


def _open_files(page: Page) -> None:
    page.get_by_text("Ladda ner besked").first.click()
    page.get_by_role("button", name="Besked som PDF").wait_for()


def _open_link(page: Page) -> None:
    page.get_by_text("Kopiera länk").first.click()
    page.locator("[data-testid=stPopoverBody] code").wait_for()


def _second_tab(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    page.locator("table.sk").first.wait_for()


def _third_tab(page: Page) -> None:
    page.get_by_role("tab").nth(2).click()
    page.locator("table.sk").first.wait_for()


def _fourth_tab(page: Page) -> None:
    page.get_by_role("tab").nth(3).click()
    page.locator("table.sk").first.wait_for()


def _open_form(page: Page) -> None:
    page.locator(".st-key-upload summary").first.click()
    page.locator("input[type=file]").wait_for(state="attached")


def _open_choices(page: Page) -> None:
    page.get_by_role("combobox", name="År").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()


def _open_table(page: Page) -> None:
    page.locator(".st-key-counts_table summary").first.click()
    page.locator(".st-key-counts_table table.sk").wait_for()


STATES: tuple[tuple[str, Screen, dict[str, str], Callable[[Page], None]], ...] = (
    ("registerrader", ALLOCATION, {"rad": LINE}, _open_rows),
    ("beskedets-filer", ALLOCATION, {}, _open_files),
    ("kopiera-lank", ALLOCATION, {"rad": LINE}, _open_link),
    ("manad-for-manad", ALLOCATION, {}, _second_tab),
    ("korningar", BASIS, {}, _second_tab),
    ("boken", BASIS, {}, _third_tab),
    ("utan-kategori", BASIS, {}, _fourth_tab),
    ("en-inlasning", BASIS, {"inlasning": "8"}, _open_form),
    ("val-av-ar", UNIT, {}, _open_choices),
    ("elever-manad-for-manad", UNIT, {}, _open_table),
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state[0])
@pytest.mark.parametrize(("phone", "theme"), [(False, "dark"), (True, "light")], ids=["desktop-dark", "phone-light"])
def test_what_opens_on_a_screen_is_accessible_and_in_swedish(
    app_server: AppServer,
    tab: Callable[..., Page],
    state: tuple[str, Screen, dict[str, str], Callable[[Page], None]],
    theme: str,
    *,
    phone: bool,
) -> None:
    name, screen, query, make = state
    page = tab(phone=phone, theme=theme)
    visit(page, screen.address(app_server.url, **query))
    make(page)
    settle(page)
    judged(page, name, f"{'phone' if phone else 'desktop'}-{theme}")
    assert untranslated(page) == []


def test_the_first_tab_stop_leads_past_the_menu(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, START.address(app_server.url))
    page.keyboard.press("Tab")
    first = page.evaluate("() => document.activeElement.textContent")
    assert first == "Hoppa till innehållet"


def test_language_and_year_are_chosen_by_keyboard(app_server: AppServer, tab: Callable[..., Page]) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url))
    choose(page, "År", "2025")
    assert "ar=2025" in page.url
    visit(page, START.address(app_server.url))
    tab_to(page, "[data-testid=stSidebar] [role=radiogroup] *")
    page.keyboard.press("ArrowRight")
    press(page, "Space")
    page.get_by_role("heading", level=1, name=START.english).wait_for()
