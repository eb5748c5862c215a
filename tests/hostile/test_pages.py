"""Every page under hostile names and forged addresses: the text is shown as text, and nothing breaks."""

from __future__ import annotations

import html
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from streamlit.testing.v1 import AppTest

from core.settings import PROJECT_FOLDER
from tests.hostile.judging import QUIET, judge_many
from tests.hostile.opened import open_everything, opened, page_modules
from tests.pages.reading import words
from tests.support.hostile import NASTY, PERSON
from tests.support.hostile_kommun import HOSTILE, LINK, NAMES, SCRIPT
from tests.support.small_kommun import CHIEF, CITIZEN, CONTROLLER, OWNER_CEDERN, REKTOR_A1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.small_kommun import Lillby

    Screen = Callable[..., AppTest]

PAGES = page_modules()
OF_ONE_UNIT = ("unit", "allocation")
VIEWERS = {"controller": CONTROLLER, "chef": CHIEF, "rektor": REKTOR_A1, "huvudman": OWNER_CEDERN, "alla": CITIZEN}
MARKDOWN = (
    "markdown", "title", "header", "subheader", "caption", "info", "warning", "error", "success", "button",
    "download_button", "button_group", "expander", "popover", "tab", "checkbox", "toggle", "radio", "metric",
    "page_link", "selectbox", "text_input", "text_area", "number_input", "date_input", "file_uploader",
)  # fmt: skip
"""Every sort of element whose text, label or help Streamlit reads as Markdown, as AppTest calls it."""
_QUERY_NAMES = re.compile(r'(?:Final(?:\[str\])? = |PARAMETER: Final = )"([a-z_]+)"|query_params\.get\("([a-z_]+)"\)')
_LIVE_LINK = re.compile(r"(?<!\\)!?\[[^\]\\]*(?<!\\)\]\((?:https?:)?//evil")


def query_names() -> list[str]:
    """Return the name of every parameter that a page reads, and some that Streamlit or nobody does."""
    found = {"persona", "lang", "kommun", "run", "embed", "embed_options", "session_id", "_", "__proto__", ""}
    for path in (PROJECT_FOLDER / "pages").rglob("*.py"):
        found |= {name for pair in _QUERY_NAMES.findall(path.read_text("utf-8")) for name in pair if name}
    return sorted(found)


FORGED = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "3",
    "99",
    "999999999",
    "2147483648",
    "9" * 30,
    "1e9",
    "1.5",
    "0x1",
    "\u0661",
    "\u00b2",
    "NaN",
    "A1",
    "B1",
    "a1",
    "A1%00",
    "../..",
    "..%2f",
    "dim:individ",
    "line:x|y|z",
    "line:a|b|c|d",
    "total",
    "step:",
    "grundskola",
    "utfall",
    "budget",
    "scenario",
    "controller",
    "rektor",
    "systemforvaltare",
    "en",
    "sv",
    "9901",
    "2025",
    "2026",
    "2027",
    "9907",
    "grundskola|4:2",
    "grundskola|4:2;grundskola|4:2",
    "x:9",
    "|:",
    ":::",
    "[]",
    "{}",
    "null",
    "true",
    "None",
    PERSON,
    *NAMES.values(),
    SCRIPT,
    LINK,
    "x" * 20_000,
    *(text for text in NASTY if len(text) < 600),
)


def names_read(screen: Screen, page: str) -> list[str]:
    """Return the name of every parameter that a page asks its address for."""
    asked: set[str] = set()
    get = QueryParamsProxy.get

    def noted(proxy: QueryParamsProxy, name: str, default: str | None = None) -> str | None:
        asked.add(name)
        return get(proxy, name, default)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QueryParamsProxy, "get", noted)
        for viewer in (CONTROLLER, REKTOR_A1):
            screen(page, viewer, {})
    return sorted(asked)


def addresses(screen: Screen, page: str) -> st.SearchStrategy[dict[str, str]]:
    """Draw forged addresses of a page: half of what stands in them is what the page does read."""
    names = st.sampled_from(names_read(screen, page)) | st.sampled_from(query_names())
    return st.dictionaries(names, st.sampled_from(FORGED) | st.text(max_size=30), max_size=5)


def test_the_forged_addresses_name_what_a_page_reads(screen: Screen) -> None:
    assert {"enhet", "ar"} <= set(names_read(screen, "unit"))
    assert {"enhet", "ar", "fran", "mot", "prova", "rad", "visa"} <= set(names_read(screen, "allocation"))
    assert "utfall" in names_read(screen, "login")
    assert {"korning", "forsok"} <= set(names_read(screen, "workshop"))


@pytest.fixture
def screen(hostile_lillby: Lillby, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Open pages on Lillby under hostile names."""
    open_everything(monkeypatch)
    return partial(opened, hostile_lillby.app)


def bodies_of(test: AppTest, kind: str) -> Iterator[str]:
    """Yield every text of an element that is read as markup."""
    for one in test.get(kind):
        for name in ("body", "label", "title", "help", "text"):
            value = getattr(one.proto, name, "")
            if isinstance(value, str) and value:
                yield value
        for option in getattr(one.proto, "options", ()):
            if getattr(option, "content", ""):  # a selectbox' options are shown as they stand
                yield option.content


def must_show_text_as_text(test: AppTest) -> None:
    """Assert that no name is markup where markup is read."""
    for body in bodies_of(test, "html"):
        bare = re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL)
        assert "<script" not in bare.lower(), bare
        assert "<img" not in bare.lower(), bare
        assert "onerror" not in html.unescape(re.sub(r">[^<]*<", "><", bare)).lower(), bare
    for kind in MARKDOWN:
        for body in bodies_of(test, kind):
            assert not _LIVE_LINK.search(body), (kind, body)
            assert not re.search(r"(?<!\\)<script", body), (kind, body)
            assert not re.search(r"(?<!\\):red\[", body), (kind, body)


def must_answer(test: AppTest) -> None:
    """Assert that a page was shown, or a clear message of reasonable length."""
    assert [one.message for one in test.exception] == []
    must_show_text_as_text(test)
    for kind in ("error", "warning", "info"):
        for one in test.get(kind):
            assert "Traceback" not in one.proto.body
            assert len(one.proto.body) < 3_000, "a message repeats an endless address"


@pytest.mark.parametrize("viewer", ["controller", "huvudman"])
@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_are_shown_as_text(screen: Screen, page: str, viewer: str) -> None:
    for query in ({"enhet": "B1"}, {"enhet": "C1"}) if page in OF_ONE_UNIT else ({},):
        test = screen(page, VIEWERS[viewer], query)
        assert [one.message for one in test.exception] == []
        must_show_text_as_text(test)


@pytest.mark.parametrize(("page", "name"), [("workshop", "forsok"), ("basis", "inlasning"), ("decisions", "beslut")])
def test_what_an_address_opens_is_shown_as_text(screen: Screen, page: str, name: str) -> None:
    shown = set()
    for number in range(1, 12):
        test = screen(page, CONTROLLER, {name: str(number)})
        must_answer(test)
        shown |= {body for kind in MARKDOWN for body in bodies_of(test, kind)}
    hostile = {"workshop": "klick", "basis": "=cmd", "decisions": "red"}[page]
    assert [body for body in shown if hostile in body], "nothing of what would do harm was opened"


def test_what_was_just_done_is_told_as_text() -> None:
    def told() -> None:
        import streamlit as st

        from pages.components import messages
        from tests.support.hostile_kommun import LINK

        st.session_state["said"] = (f"{LINK} har fått rollen rektor.", True)
        messages.said()

    test = AppTest.from_function(told).run()
    must_answer(test)
    assert words(test).endswith("har fått rollen rektor.")


def test_some_page_does_show_each_name(screen: Screen) -> None:
    """Otherwise the test above would hold of empty pages."""
    shown = words(screen("start", CONTROLLER, {}))
    assert [name[:40] for name in HOSTILE[:6] if name[:40].replace("\\", "") not in shown] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_forged_address_gives_the_page_or_a_clear_message(screen: Screen, page: str) -> None:
    @given(query=addresses(screen, page), viewer=st.sampled_from(sorted(VIEWERS)))
    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
    def holds(query: dict[str, str], viewer: str) -> None:
        must_answer(screen(page, VIEWERS[viewer], query))

    holds()


@pytest.mark.nightly
@pytest.mark.parametrize("page", PAGES)
def test_a_thousand_forged_addresses(screen: Screen, page: str) -> None:
    def holds(query: dict[str, str], viewer: str) -> None:
        must_answer(screen(page, VIEWERS[viewer], query))

    judge_many(1_000, holds, query=addresses(screen, page), viewer=st.sampled_from(sorted(VIEWERS)))
