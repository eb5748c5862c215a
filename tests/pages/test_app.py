"""The whole dashboard against fakes: who is looking, which pages are in the menu, and what a closed one says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import bootstrap
from core.usecases import personas
from tests.pages import fakes
from tests.pages.reading import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.views import StartView

    Open = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

APP = Path(__file__).resolve().parents[2] / "app.py"
KNOWN = tuple(personas.Persona(one.subject, one.display_name, one.display_name, one) for one in fakes.VIEWERS.values())


@pytest.fixture
def opened(answer: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the dashboard with an address, in demo mode unless told otherwise."""
    answer("personas.personas", lambda: KNOWN)
    monkeypatch.setattr(bootstrap, "build", lambda _settings: fakes.FakeApp())
    st.cache_resource.clear()

    def run(*, demo: bool = True, **query: str) -> AppTest:
        monkeypatch.setenv("SKOLKRONAN_DEMO", "1" if demo else "0")
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            test.query_params[name] = value
        return test.run()

    return run


def test_a_persona_in_the_address_is_who_looks_in_demo_mode(opened: Open) -> None:
    assert "Enheterna i Lindvik" in words(opened(persona="controller"))
    assert "Lerbäckens skola får" in words(opened(persona="rektor"))


def test_an_unknown_persona_is_nobody_in_particular(opened: Open) -> None:
    assert "Lerbäckens skola får" in words(opened(persona="chefen"))


def test_without_demo_mode_a_persona_in_the_address_counts_for_nothing(
    opened: Open, answer: Callable[..., None]
) -> None:
    asked: list[str] = []

    def start_view(_app: object, viewer: Actor) -> StartView:
        asked.append(viewer.subject)
        return fakes.START_KOMMUN

    answer("start.start_view", start_view)
    test = opened(demo=False, persona="controller")
    assert not [box for box in test.sidebar.selectbox if box.label == "Läs som (demo)"]
    assert asked == ["medborgare"]


def test_the_language_switch_turns_the_words_and_the_marker(answer: Answer) -> None:
    # A page made of a function cannot be run twice by AppTest, so the switch is tested by itself.
    script = """
from pages.components import frame
frame.language()
frame.open_page()
frame.language_switch()
frame.title(frame.text._("Karta"))
"""
    test = AppTest.from_string(script).run()
    assert any('data-lang="sv"' in one.proto.body for one in test.get("html"))
    test.button_group[0].set_value("en").run()
    assert any('data-lang="en"' in one.proto.body for one in test.get("html"))
    assert test.title[0].value == "Map"


def test_the_language_of_the_address_is_followed_and_stays_in_it(opened: Open) -> None:
    test = opened(lang="en")
    assert "School money in Lindvik" in words(test)
    assert test.query_params["lang"] == "en"


def test_an_unknown_language_is_swedish(opened: Open) -> None:
    assert "Skolans pengar i Lindvik" in words(opened(lang="fi"))
