"""A real browser for tests.

``new_page``  a function that opens a tab: ``page = new_page(phone=True, theme="dark")``. When the test ends it fails
              if any tab asked another machine for anything.
``tab``       the same, but the tab is shared by the session and comes washed: no cookies, no memory of requests and
              errors. Streamlit's scripts are then fetched and compiled once: for tests that open many pages.

>>> page = new_page()
>>> visit(page, f"{app_server.url}/resursfordelning?lang=sv")     # goto + settle
>>> assert not console_errors(page)
>>> assert not untranslated(page)                                 # English of Streamlit's own on a Swedish page
>>> assert not axe_violations(page)                               # page = new_page(bypass_csp=True)
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
import streamlit
from playwright.sync_api import Error

from tests.support.chromium import FLAGS, chromium_path
from tests.support.conversing import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
WAIT_MS = 30_000
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Streamlit first looks for its own routes below a deep link; both answers are 404 and harmless.
EXPECTED_404 = ("/_stcore/health", "/_stcore/host-config")
# The page is shown in full, says that its script rests, and for a while nothing in it changes.
STILL_MS = 80
_STILL = """still => new Promise(resolve => {
    let timer;
    const answer = () => {
        watch.disconnect();
        const app = document.querySelector("[data-testid=stApp]");
        resolve(app !== null && app.dataset.testScriptState === "notRunning"
            && document.querySelector('[data-stale="true"], [data-testid=stSkeleton]') === null);
    };
    const begun = performance.now();
    const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(answer, still);
        if (performance.now() - begun > 20 * still) { watch.disconnect(); clearTimeout(timer); resolve(false); }
    };
    const watch = new MutationObserver(wait);
    watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
    wait();
})"""
_LEFT = ("Execution context was destroyed", "Cannot find context", "frame was detached", "navigat")
_open: dict[int, Page] = {}
_talks: dict[int, Conversation] = {}
_requests: dict[int, list[str]] = {}
_errors: dict[int, list[str]] = {}


def visit(page: Page, url: str) -> None:
    """Open ``url`` and wait until the page has said all it has to say."""
    page.goto(url, wait_until="commit")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the server has answered all the page has asked, and what it answered stands still on the page.

    A press that has not yet left the page counts as well: it leaves while the page is watched standing still.
    """
    talk, last = _talks[id(page)], time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < last:
        if _stands_still(page) and not talk.is_waiting:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} blev inte färdig på {WAIT_MS} ms (svar väntas: {talk.is_waiting})")


def _stands_still(page: Page) -> bool:
    try:
        return bool(page.evaluate(_STILL, STILL_MS))
    except Error as error:
        if any(said in error.message for said in _LEFT):
            return False
        raise


def foreign_requests(addresses: list[str]) -> list[str]:
    """Return the addresses that lie on another machine."""
    here = {"127.0.0.1", "localhost", "::1"}
    inside = {"data", "blob", "about", "chrome-error", "devtools"}
    parts = [(address, urlsplit(address)) for address in addresses]
    return [address for address, part in parts if part.scheme not in inside and part.hostname not in here]


def assert_only_local_requests(page: Page) -> None:
    """Fail when the tab has asked another machine for anything so far."""
    assert foreign_requests(_requests[id(page)]) == []


def forget_requests(page: Page) -> None:
    """Let what the tab has asked for so far pass: only for the test that asks elsewhere on purpose."""
    _requests[id(page)].clear()


def wash(page: Page) -> None:
    """Make a shared tab as good as new: no cookies, nothing stored, no requests and errors remembered."""
    if page.url.startswith("http"):
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.goto("about:blank")  # first leave, since a page writes its cookie anew
    page.context.clear_cookies()
    _requests[id(page)].clear()
    _errors[id(page)].clear()


def console_errors(page: Page) -> list[str]:
    """Return what the browser has complained about so far, save Streamlit's two expected 404s."""
    return list(_errors[id(page)])


def axe_violations(page: Page, *, tags: tuple[str, ...] = AXE_TAGS) -> list[dict]:
    """Return axe-core's violations on the page as it stands. The tab must be opened with ``bypass_csp=True``."""
    source = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    options = {"runOnly": {"type": "tag", "values": list(tags)}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return list(found["violations"])


def untranslated(page: Page) -> list[str]:
    """Return Streamlit's own English words that a reader of the Swedish page can see or hear."""
    said = page.evaluate(
        """() => [...document.querySelectorAll("body *")].flatMap(element => [
            ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.nodeValue.trim()),
            ...["aria-label", "title", "placeholder", "alt"].map(name => element.getAttribute(name) ?? ""),
        ])"""
    )
    heads = {text.partition(": ")[0] for text in said}  # "Show data: what the chart shows"
    return sorted((set(said) | heads) & builtin_words())


@functools.cache
def builtin_words() -> frozenset[str]:
    """Return the texts in Streamlit's own scripts that look like something said to a reader: two words or more.

    Single words stand in many places of those scripts with other meanings, so of them only those count that
    static/sv.js knows to be said to readers.
    """
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    phrase = re.compile(r"""[`"']([A-Z][a-z]+(?: [A-Za-z]+){1,12}[.!?]?)[`"']""")
    found = {match for file in scripts.glob("*.js") for match in phrase.findall(file.read_text(encoding="utf-8"))}
    table = Path("static/sv.js").read_text(encoding="utf-8").split("const WORDS = {")[1].split("};")[0]
    known = dict(re.findall(r'"([^"]+)": "([^"]+)"', table))
    return frozenset(found | {english for english, swedish in known.items() if english != swedish}) - set(
        known.values()
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a test that failed what its pages said: what a browser showed is gone afterwards."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("sidan", _as_left(page)) for page in _open.values() if page.url.startswith("http")]
    return report


def _as_left(page: Page) -> str:
    try:
        said = page.locator("body").inner_text(timeout=2000)
    except Error as error:
        said = error.message
    return f"{page.url}\nsvar väntas: {_talks[id(page)].is_waiting}\n{said[:4000]}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the session's browser; tests that want it are skipped, with the reason, where there is none."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium saknas (sudo apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


def open_tab(
    browser: Browser,
    *,
    phone: bool = False,
    theme: Literal["light", "dark"] = "light",
    bypass_csp: bool = False,
    language: str = "sv-SE",
    own_certificate: bool = False,
) -> Page:
    """Open a tab in a profile of its own, and listen to what it asks for and complains about.

    ``own_certificate``: the server's certificate is signed by itself, which a browser would else refuse.
    """
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        has_touch=phone,
        color_scheme=theme,
        bypass_csp=bypass_csp,
        ignore_https_errors=own_certificate,
        locale=language,
        timezone_id="Europe/Stockholm",
        accept_downloads=True,
    )
    context.set_default_timeout(WAIT_MS)
    context.on("page", _listen)
    return context.new_page()


def close_tab(page: Page) -> list[str]:
    """Close a tab's profile; return the addresses on other machines that its tabs have asked since they were washed."""
    asked = [address for one in page.context.pages for address in _requests.pop(id(one))]
    for one in page.context.pages:
        _errors.pop(id(one))
        _talks.pop(id(one))
        _open.pop(id(one))
    page.context.close()
    return foreign_requests(asked)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a tab in a profile of its own; no request may leave the machine."""
    pages: list[Page] = []

    def opened(**how: Any) -> Page:  # noqa: ANN401  # as open_tab
        pages.append(open_tab(browser, **how))
        return pages[-1]

    yield opened
    foreign = [address for page in pages for address in close_tab(page)]
    assert foreign == [], "sidan frågade en annan dator"


@pytest.fixture(scope="session")
def shared_tabs(browser: Browser) -> Iterator[dict[tuple[bool, str], Page]]:
    """Give the session's shared tabs, by phone or not and theme; ``tab`` opens them when first asked for."""
    tabs: dict[tuple[bool, str], Page] = {}
    yield tabs
    for page in tabs.values():
        close_tab(page)


@pytest.fixture
def tab(browser: Browser, shared_tabs: dict[tuple[bool, str], Page]) -> Iterator[Callable[..., Page]]:
    """Give a function that returns a washed shared tab (axe may run in it); no request may leave the machine."""
    used: list[Page] = []

    def shared(*, phone: bool = False, theme: Literal["light", "dark"] = "light") -> Page:
        if (phone, theme) not in shared_tabs:
            shared_tabs[phone, theme] = open_tab(browser, phone=phone, theme=theme, bypass_csp=True)
        page = shared_tabs[phone, theme]
        wash(page)
        used.append(page)
        return page

    yield shared
    for page in used:
        assert_only_local_requests(page)


def _listen(page: Page) -> None:
    requests = _requests[id(page)] = []
    errors = _errors[id(page)] = []
    _open[id(page)] = page
    talk = _talks[id(page)] = Conversation()
    talk.follow(page)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not urlsplit(message.location["url"]).path.endswith(EXPECTED_404):
            errors.append(message.text)

    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
