"""Who is looking, and which pages they may open; the first and only script of the dashboard.

Every page is registered for everybody, so that a link always leads somewhere: one that the reader may not open
is left out of the menu and says why when it is opened. ``pages/`` holds functions only (streamlit.md finding 1).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from core.access import Resource, may, may_somewhere
from core.bootstrap import build
from core.settings import Settings
from pages import (
    about,
    allocation,
    audit,
    basis,
    change,
    claims,
    decisions,
    equal,
    login,
    map,  # noqa: A004 - the page is named as its file
    payments,
    people,
    questions,
    reconcile,
    start,
    unit,
    workshop,
)
from pages.components import frame, gate, messages, navigation, who

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import Page

    from core.access import Action
    from core.usecases.context import App
    from pages.components.reader import Reader

    Show = Callable[[Reader], None]

# One line a page: where it is, what shows it, and the action that opens it for the whole kommun (None: the page's
# own use case decides, unit by unit).
PAGES: tuple[tuple[str, Show, Action | None], ...] = (
    (navigation.START, start.show, "start.view"),
    (navigation.UNIT, unit.show, None),
    (navigation.ALLOCATION, allocation.show, None),
    (navigation.CHANGE, change.show, "change.view"),
    (navigation.BASIS, basis.show, "basis.view"),
    (navigation.RECONCILE, reconcile.show, "basis.view"),
    (navigation.WORKSHOP, workshop.show, "scenario.view"),
    (navigation.CLAIMS, claims.show, "basis.view"),
    (navigation.EQUAL, equal.show, "equal.view"),
    (navigation.QUESTIONS, questions.show, None),
    (navigation.DECISIONS, decisions.show, None),
    (navigation.PAYMENTS, payments.show, None),
    (navigation.PEOPLE, people.show, None),
    (navigation.AUDIT, audit.show, "audit.view"),
    (navigation.MAP, map.show, "map.view"),
    (navigation.ABOUT, about.show, None),
    (navigation.LOGIN, login.show, None),
)

# Pages that their own use case opens, and the action without which there is nothing on them for a reader: out of the
# menu then.
OFFERED_WITH: dict[str, Action] = {
    navigation.UNIT: "enhet.view",
    navigation.ALLOCATION: "allocation.view",
    navigation.QUESTIONS: "flag.view",
    navigation.DECISIONS: "decision.view",
    navigation.PAYMENTS: "payment.view",
    navigation.PEOPLE: "access.view",
}


@st.cache_resource(show_spinner=False)
def program() -> tuple[App, Settings]:
    """Build the program once per process."""
    settings = Settings.from_environment()
    return build(settings), settings


def registered(reader: Reader, url_path: str, show: Show, action: Action | None) -> Page:
    """Return the page, closed and out of the menu when the reader may not open it."""
    if who.is_shut_out(reader):
        return _page(url_path, partial(gate.show, reader), gate.title(reader), is_offered=False)
    verdict = may(reader.viewer, action, Resource("page", reader.kommun)) if action else None
    is_open = verdict is None or verdict.allowed
    is_offered = url_path not in OFFERED_WITH or may_somewhere(reader.viewer, OFFERED_WITH[url_path])
    is_offered = is_offered and (url_path != navigation.LOGIN or (not reader.demo and reader.outcome is None))
    run = partial(show, reader) if is_open else partial(closed, reader, url_path, verdict.reason if verdict else "")
    return _page(url_path, run, navigation.title(url_path), is_offered=is_open and is_offered)


def _page(url_path: str, run: Callable[[], None], title: str, *, is_offered: bool) -> Page:
    visibility: Literal["visible", "hidden"] = "visible" if is_offered else "hidden"
    return st.Page(run, title=title, url_path=url_path, default=url_path == navigation.START, visibility=visibility)


def closed(reader: Reader, url_path: str, reason: str) -> None:
    """Show that the reader may not open a page, why, and whom to ask."""
    frame.title(navigation.title(url_path))
    messages.forbidden(reason)
    messages.way_in(reader)


def main() -> None:
    """Run one screen."""
    st.set_page_config(page_title="Skolkronan", page_icon="static/ikon.png", layout="wide")
    frame.language()
    app, settings = program()
    reader = who.is_looking(app, settings)
    page = st.navigation([registered(reader, *one) for one in PAGES], expanded=True)
    st.set_page_config(page_title=f"{page.title} · Skolkronan")
    frame.open_page()
    with st.sidebar:
        who.switch(reader)
        frame.language_switch()
    who.banner(reader)
    page.run()


main()
