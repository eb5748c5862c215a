"""One page opened as somebody on a real database, every box open; what is sent is looked at afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_popover_container import PopoverContainer
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.runtime import context
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from core.settings import PROJECT_FOLDER
from pages.components import frozen
from pages.components.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from core.access import Actor
    from core.usecases.context import App

SECONDS = 60
SCRIPT = """
import importlib
from pages.components import frame
from tests.hostile import opened

frame.language()
frame.open_page()
importlib.import_module("pages.{page}").show(opened.reader())
"""
LOGIN = "login"  # the demo has no login, and says only that
ONE_TAB = ("basis",)  # two of its tabs choose a run, which no reader sees at once
_looks: list[Reader] = []
_page: list[str] = []


def page_modules() -> list[str]:
    """Return the module of every page that app.py registers."""
    source = (PROJECT_FOLDER / "app.py").read_text("utf-8")
    return sorted(set(re.findall(r"\(navigation\.[A-Z_]+, (\w+)\.show,", source)))


def reader() -> Reader:
    """Return who looks, for the page that is being run."""
    return _looks[-1]


def open_everything(patch: pytest.MonkeyPatch) -> None:
    """Let every box count as open, and the session keep what AppTest itself puts there.

    Nobody's browser is asked for: AppTest would make up one of mocks for each page, which takes as long as the page.
    """
    frozen.forget()
    patch.setattr(context, "_get_client_context", lambda: None)
    patch.setattr(SessionState, "_check_serializable", lambda _: None)
    for box in (ExpanderContainer, PopoverContainer):
        patch.setattr(box, "open", property(lambda _: True, lambda *_: None))
    chosen: Any = TabContainer.open
    patch.setattr(TabContainer, "open", property(lambda tab: _page[-1] not in ONE_TAB or chosen.fget(tab), chosen.fset))


def opened(app: App, page: str, actor: Actor, query: Mapping[str, str]) -> AppTest:
    """Return the page as it was sent."""
    _looks[:] = [Reader(app, actor, min(actor.kommuner), demo=page != LOGIN)]
    _page[:] = [page]
    test = AppTest.from_string(SCRIPT.format(page=page), default_timeout=SECONDS)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()
