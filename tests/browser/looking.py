"""What a reader can see, hear and reach on the page as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.browsing import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

_SIDEWAYS = """() => [...document.querySelectorAll("html, body, [data-testid=stMain] *")]
    .filter(one => one.matches("html, body") || ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .filter(one => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
_OUTSIDE = """() => [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter(one => one.getClientRects().length && one.closest("svg, canvas, [class*=sr-only]") === null)
    .filter(one => getComputedStyle(one).clipPath === "none" && !one.closest("thead"))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .map(one => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`)"""
_CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim()))
    .filter(one => one.closest("thead, [role=tooltip], .vega-embed") === null)
    .filter(one => {
        for (let box = one; box && box.dataset.testid !== "stMain"; box = box.parentElement) {
            const style = getComputedStyle(box);
            if (style.display === "inline") continue;
            if (style.overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1) return true;
            if (style.overflowX !== "visible" && style.textOverflow === "clip") return false;
        }
        return false;
    })
    .map(one => one.textContent.trim().slice(0, 60))"""


def sideways(page: Page) -> list[str]:
    """Return what can be scrolled sideways, or stands outside the window."""
    settle(page)
    return [*page.evaluate(_SIDEWAYS), *page.evaluate(_OUTSIDE)]


def cut_texts(page: Page) -> list[str]:
    """Return the texts of the page (not the sidebar) of which only a part is shown."""
    settle(page)
    return list(page.evaluate(_CUT))


def headings(page: Page) -> list[str]:
    """Return the texts of the page's h1."""
    settle(page)
    return page.locator("h1").all_inner_texts()


def words(page: Page) -> str:
    """Return all that the page says, in one line with plain spaces."""
    settle(page)
    return plain(page.locator("[data-testid=stMain]").inner_text())


def plain(text: str) -> str:
    """Return a text with every kind of space as one plain space."""
    return re.sub(r"\s+", " ", text).strip()


def choose_language(page: Page, name: str) -> None:
    """Choose the language by its name in the switch, in the sidebar (behind a button on a phone)."""
    switch = page.get_by_role("radio", name=name)
    if not _is_inside(page, switch):
        page.get_by_test_id("stExpandSidebarButton").click()
    page.locator("[data-testid=stSidebar]").get_by_text(name, exact=True).click()
    settle(page)


def _is_inside(page: Page, one: Locator) -> bool:
    box = one.bounding_box() if one.count() else None
    return box is not None and box["x"] >= 0 and page.viewport_size is not None


def focused(page: Page, selector: str) -> bool:
    """Say whether what the keyboard acts on is, or stands in, what the selector finds."""
    return bool(page.evaluate("selector => document.activeElement?.closest(selector) !== null", selector))


def tab_to(page: Page, selector: str, *, most: int = 120) -> None:
    """Press Tab until the keyboard acts on what the selector finds; it must then be seen to do so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page, selector):
            ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none", f"{selector} visar inte att tangentbordet står där"
            return
    raise AssertionError(f"{selector} nås inte med Tab på {most} tryck")


def fill(page: Page, label: str, text: str) -> None:
    """Write in a field and leave it, and wait for the page's answer, so that nothing moves under the next press."""
    page.get_by_role("textbox", name=label).fill(text)
    press(page, "Tab")


def pick(page: Page, name: str) -> None:
    """Choose one of several buttons of which one is always in; a click that falls in a rerun is lost, so look."""
    button = page.get_by_role("radio", name=name)
    for _ in range(3):
        settle(page)
        button.click()
        settle(page)
        if button.is_checked():
            return
    raise AssertionError(f"{name} går inte att välja")


def press(page: Page, key: str) -> None:
    """Press a key and wait for the page's answer."""
    page.keyboard.press(key)
    settle(page)


def open_tab(page: Page, name: str, *, most: int = 8) -> None:
    """Open one of the page's tabs by keyboard; a press that falls in a rerun is lost, and a reader presses again."""
    wanted = page.get_by_role("tab", name=name, exact=True)
    for _ in range(most):
        if wanted.get_attribute("aria-selected") == "true":
            return
        if not focused(page, "[role=tab]"):
            tab_to(page, '[role=tab][aria-selected="true"]')
        press(page, "ArrowRight")
    raise AssertionError(f"fliken {name} öppnas inte med piltangenten")


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a field, opened by keyboard. A page that scrolls closes the list; a reader opens it again."""
    field = page.get_by_role("combobox", name=label, exact=True).first
    wanted = page.get_by_role("option", name=option, exact=True)

    def open_list() -> None:
        field.focus()
        page.keyboard.press("ArrowDown")

    _until_shown(page, field, wanted, open_list)
    wanted.click()
    settle(page)


def choose_by_typing(page: Page, label: str, typed: str) -> None:
    """Choose the first option that holds what is typed; begin again when a page that scrolls has closed the list."""
    field = page.get_by_role("combobox", name=label, exact=True).first
    wanted = page.get_by_role("option").filter(has_text=typed).first
    _until_shown(page, field, wanted, lambda: field.fill(typed))
    press(page, "Enter")


def _until_shown(page: Page, field: Locator, wanted: Locator, act: Callable[[], None]) -> None:
    settle(page)
    field.scroll_into_view_if_needed()
    for _ in range(5):
        act()
        settle(page)
        if wanted.count():
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"{wanted} visas inte när {field} öppnas")
