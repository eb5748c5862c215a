"""Each exception from "only what this server sends" is needed: without it something on a page breaks.

The table of docs/drift.md tells why each is there; here the browser is asked. And with all of them in place, no screen
asks for anything more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.screens import EVERY, MAP, START
from tests.support.browsing import visit
from tests.support.databases import PROJECT
from tests.support.servers import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.screens import Screen
    from tests.support.databases import DatabaseMaker
    from tests.support.servers import AppServer

# directive, exception, the screen that needs it, and how the browser names what it then refuses
EXCEPTIONS = (
    ("style-src", "'unsafe-inline'", START, "style-src-elem inline"),
    ("img-src", "data:", MAP, "img-src data"),
    ("font-src", "data:", START, "font-src data"),
)
LISTEN = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => {
    window.refused.push(`${event.effectiveDirective} ${event.blockedURI.split(":")[0]}`);
});
"""
WASM = "script-src wasm-eval"  # tried by two libraries for what we do not use; see tests/browser/test_pages.py


@pytest.fixture(scope="module")
def lean(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AppServer, Path]]:
    """Give a dashboard, and the file that says which exception its policy lacks."""
    database, folder = database_maker.make("sqlite", "demo"), tmp_path_factory.mktemp("lean")
    file = folder / "exception"
    file.write_text("")
    with running_server(database, folder, 0, "tests.support.lean_policy:app", PROV_EXCEPTION=str(file)) as server:
        yield server, file
    database_maker.drop(database)


def refused(page: Page, screen: Screen, url: str) -> set[str]:
    page.add_init_script(LISTEN)
    visit(page, screen.address(url))
    if screen is MAP:  # it draws when all else has settled
        page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
        page.wait_for_timeout(1000)
    found: list[str] = page.evaluate("window.refused")
    return set(found) - {WASM}


@pytest.mark.parametrize(("directive", "source", "screen", "named"), EXCEPTIONS, ids=lambda one: str(one)[:20])
def test_without_an_exception_the_page_that_needs_it_is_refused_something(
    lean: tuple[AppServer, Path], new_page: Callable[..., Page], directive: str, source: str, screen: Screen, named: str
) -> None:
    server, file = lean
    file.write_text("")
    assert refused(new_page(), screen, server.url) == set()
    file.write_text(f"{directive} {source}")
    page = new_page()
    found = refused(page, screen, server.url)
    if named not in found:
        page.wait_for_function("named => window.refused.includes(named)", arg=named)


def test_no_screen_asks_for_anything_that_the_policy_refuses(
    lean: tuple[AppServer, Path], new_page: Callable[..., Page]
) -> None:
    server, file = lean
    file.write_text("")
    page = new_page()
    page.add_init_script(LISTEN)
    for screen in EVERY:
        visit(page, screen.address(server.url))
        found: list[str] = page.evaluate("window.refused")
        assert set(found) <= {WASM}, screen.name


def test_the_policy_has_these_exceptions_and_no_other_and_docs_tell_why() -> None:
    import asgi

    found = {
        (part.split()[0], source)
        for part in asgi.POLICY.split("; ")
        for source in part.split()[1:]
        if source not in {"'self'", "'none'", "'nonce-{nonce}'"}
    }
    assert found == {(directive, source) for directive, source, _, _ in EXCEPTIONS}
    assert "default-src 'self'" in asgi.POLICY
    text = (PROJECT / "docs" / "drift.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([\w-]+)` \| `([^`]+)` \|", text, re.MULTILINE))
    assert told == found
