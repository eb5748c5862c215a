"""Pages against fakes: every use case a page asks is replaced by one that answers from tests/pages/fakes.py."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

import tests.pages
from pages.components import frozen, offering
from tests.pages import fakes

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor

    Screen = Callable[..., AppTest]


def page_modules() -> list[str]:
    """Return every module of the pages, loaded."""
    import pages

    names = [found.name for found in pkgutil.walk_packages(pages.__path__, "pages.")]
    for name in names:
        importlib.import_module(name)
    return names


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[..., object]], None]:
    """Return a function that lets a use case ("module.function") answer something else in this test."""
    names = page_modules()

    def replace(use_case: str, fake: Callable[..., object]) -> None:
        module, function = use_case.split(".")
        frozen.forget()
        for name in names:
            loaded = getattr(sys.modules[name], function, None)
            if loaded is not None and getattr(loaded, "__module__", "") in {f"core.usecases.{module}", fakes.__name__}:
                monkeypatch.setattr(sys.modules[name], function, fake)

    for use_case, fake in every_answer().items():
        fake.__module__ = fakes.__name__
        replace(use_case, fake)
    return replace


def every_answer() -> dict[str, Callable[..., object]]:
    """Return the answers of tests/pages/fakes.py and of every ``fakes_<subject>.py`` beside it, by use case."""
    found: dict[str, Callable[..., object]] = dict(fakes.answers())
    for module in pkgutil.iter_modules(tests.pages.__path__, "tests.pages."):
        if module.name.startswith("tests.pages.fakes_"):
            found.update(importlib.import_module(module.name).answers())
    return found


@pytest.fixture(autouse=True)
def _nothing_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page have been offered a field for a file: every page under test is the same session."""
    monkeypatch.setattr(offering, "_offered", {})


@pytest.fixture
def screen(answer: Callable[..., None]) -> Screen:
    """Return a function that runs one page as somebody, with a query in the address and widgets already set."""

    def open_page(
        page: str,
        viewer: Actor = fakes.REKTOR,
        query: dict[str, str] | None = None,
        state: dict[str, object] | None = None,
    ) -> AppTest:
        test = AppTest.from_string(SCRIPT.format(page=page, viewer=viewer.subject), default_timeout=60)
        for name, value in (query or {}).items():
            test.query_params[name] = value
        for name, kept in (state or {}).items():
            test.session_state[name] = kept
        return test.run()

    return open_page


SCRIPT = """
import importlib
from pages.components import frame
from pages.components.reader import Reader
from tests.pages import fakes

frame.language()
frame.open_page()
reader = Reader(fakes.FakeApp(), fakes.VIEWERS["{viewer}"], fakes.KOMMUN, demo=True)
importlib.import_module("pages.{page}").show(reader)
"""
