"""The pages by their address, for links between them: a page made anew with the same address is the same page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.navigation.page import Page

START: Final = "start"
UNIT: Final = "skolan"
ALLOCATION: Final = "resursfordelning"
CHANGE: Final = "forandring"
BASIS: Final = "underlag"
RECONCILE: Final = "avstamning"
CLAIMS: Final = "interkommunal"
EQUAL: Final = "lika-villkor"
WORKSHOP: Final = "modellverkstad"
QUESTIONS: Final = "fragor"
DECISIONS: Final = "beslut"
PAYMENTS: Final = "utbetalningar"
PEOPLE: Final = "behorigheter"
AUDIT: Final = "revision"
MAP: Final = "karta"
ABOUT: Final = "om"
LOGIN: Final = "logga-in"


def title(url_path: str) -> str:
    """Return the page's title in the reader's language."""
    return {
        START: _("Start"),
        UNIT: _("Skolan"),
        ALLOCATION: _("Resursfördelning"),
        CHANGE: _("Förändring"),
        BASIS: _("Underlag"),
        RECONCILE: _("Avstämning"),
        CLAIMS: _("Interkommunal ersättning"),
        EQUAL: _("Lika villkor"),
        WORKSHOP: _("Modellverkstad"),
        QUESTIONS: _("Frågor om underlaget"),
        DECISIONS: _("Beslut"),
        PAYMENTS: _("Utbetalningar"),
        PEOPLE: _("Behörigheter"),
        AUDIT: _("Revision"),
        MAP: _("Karta"),
        ABOUT: _("Om"),
        LOGIN: _("Logga in"),
    }[url_path]


def page(url_path: str) -> Page:
    """Return the registered page at ``url_path``, to link to."""
    return st.Page(_never_run, title=title(url_path), url_path=url_path, default=url_path == START)


def link(url_path: str, label: str, query: Mapping[str, str] | None = None, icon: str | None = None) -> None:
    """Show a link to another page of ours, without loading anything anew."""
    st.page_link(page(url_path), label=label, icon=icon, query_params=dict(query or {}))


def _never_run() -> None:
    """Stand in for the page in links; app.py registers the function that runs."""
