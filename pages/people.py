"""Page Behörigheter: who has which role where and until when; roles given, ended and offered; jäv reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.people_reading import access_page, own_roles
from pages.components import frame, messages, people_own, people_parts, people_steps, people_words
from pages.components.ask import ask
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show everybody's roles to who may see them, and the own roles to everybody who has one."""
    frame.title(_("Behörigheter"))
    page = ask(access_page, reader, reader.kommun)
    view, own = page.people, page.own
    if view is None:
        messages.said()
        if own is not None:
            people_own.show(reader, own)
        return
    frame.lead(people_words.finding(view))
    people_parts.warning(view)
    messages.said()
    parts: dict[str, Callable[[], None]] = {
        _("Roller"): lambda: people_parts.roles(view),
        _("Inbjudningar"): lambda: people_steps.invitations(reader, view),
    }
    if view.may_edit:
        parts[_("Ge och ta tillbaka")] = lambda: people_steps.changes(reader, view)
    parts[_("Dina roller")] = lambda: people_own.show(reader, ask(own_roles, reader, reader.kommun))
    for tab, part in zip(st.tabs(list(parts), key="people_tabs", on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab:
                part()
