"""What stands around every page: language, style, title, and the address of what is shown."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.components import picker, style, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pages.components.reader import Reader

PARAMETER = "lang"
_COOKIE = "skolkronan_lang"
_NAMES = {"sv": "Svenska", "en": "English"}


def language() -> text.Language:
    """Decide this run's language: the switch, else the address, else the cookie, else Swedish; English stays in it."""
    cookie = st.context.cookies.get(_COOKIE)
    chosen = picker.setting(PARAMETER, text.LANGUAGES, "en" if cookie == "en" else "sv")
    answer: text.Language = "en" if chosen == "en" else "sv"
    st.session_state[text.STATE_KEY] = answer
    text.speak(answer)
    picker.write(PARAMETER, "en" if answer == "en" else None)
    return answer


def open_page() -> None:
    """Tell the browser the language (static/sv.js reads the mark) and send the style sheet."""
    st.html(f'<span data-lang="{text.language()}" hidden></span>')
    style.put()


def language_switch() -> None:
    """Show the switch; its names stand in their own languages."""
    st.segmented_control(
        "Språk / Language",
        text.LANGUAGES,
        format_func=_NAMES.__getitem__,
        key=f"w_{PARAMETER}",
        required=True,
        on_change=picker.keep,
        args=(PARAMETER,),
    )


def title(words: str) -> None:
    """Show the page's only h1."""
    st.title(words, anchor=False)


def header(words: str) -> None:
    """Show a heading one level below the title."""
    st.header(words, anchor=False)


def subheader(words: str) -> None:
    """Show a heading two levels below the title."""
    st.subheader(words, anchor=False)


def lead(sentence: str) -> None:
    """Show the page's finding: one sentence in plain words."""
    st.markdown(f"{text.plain(sentence)}")


def note(words: str) -> None:
    """Show a quiet sentence."""
    st.html(f'<p class="sk-note">{html.escape(words)}</p>')


def address(page: str, query: Mapping[str, str], reader: Reader | None = None) -> str:
    """Return a full address to ``page`` that opens what ``query`` says, in this language (and persona, in demo)."""
    here = urlsplit(st.context.url or "")
    extra = {PARAMETER: "en"} if text.language() == "en" else {}
    if reader is not None and reader.demo:
        extra["persona"] = reader.viewer.subject
    base = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return f"{base}/{page}?{urlencode({**query, **extra})}"
