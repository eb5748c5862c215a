"""Empty, missing, forbidden: each with a look of its own and a next step.

Which look an error gets follows from its class; its Swedish text comes from the core as a template and facts. In
English the template is looked up; a text that the catalogue lacks follows the frame in Swedish, marked as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from core.access import ForbiddenError
from pages.components import navigation
from pages.components.text import _, foreign, plain, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.base import CoreError
    from pages.components.reader import Reader

_EMPTY = frozenset({"NoRunError", "NoUnitError", "NoModelError"})
_MISSING = frozenset({"MissingDataError", "DerivationBrokenError"})


def show(error: CoreError) -> None:
    """Show an error of the core in the look that fits it."""
    name = type(error).__name__
    if isinstance(error, ForbiddenError):
        forbidden(error.sentence)
    elif name in _EMPTY:
        empty(error.sentence, getattr(error, "latest_year", None))
    elif name in _MISSING:
        missing([error.sentence])
    else:
        st.error(_sentence(error.sentence), title=_("Det gick inte"), icon=":material/error:")
        _only_swedish(error.sentence)


def forbidden(reason: str) -> None:
    """Say that the reader may not see this, why, and whom to ask."""
    st.warning(_sentence(reason), title=_("Du har inte behörighet"), icon=":material/lock:")
    _only_swedish(reason)


def way_in(reader: Reader) -> None:
    """Offer whoever has not logged in to do so, where they have met a closed page."""
    if reader.outcome is None and not reader.demo and reader.login.providers:
        navigation.link(navigation.LOGIN, _("Logga in, om du har en roll i kommunen"), icon=":material/login:")


def empty(text: str, latest_year: int | None = None) -> None:
    """Say that nothing is decided yet, and offer the latest year that is."""
    st.info(_sentence(text), title=_("Inget att visa än"), icon=":material/hourglass_empty:")
    _only_swedish(text)
    if latest_year is not None:
        from pages.components import picker

        st.button(_("Visa {year}").format(year=latest_year), on_click=picker.choose_year, args=(latest_year,))


def missing(sentences: Sequence[str]) -> None:
    """Say which figures are missing and why; absent is not zero."""
    if not sentences:
        return
    lines = [_sentence(text) for text in sentences]
    body = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    st.warning(body, title=_("Uppgift saknas"), icon=":material/help:")
    _only_swedish(*sentences)


def done(sentence: str, *, is_good: bool = True) -> NoReturn:
    """Run the page anew, so that it shows what has just been changed, and let ``said`` tell of it."""
    st.session_state["said"] = (sentence, is_good)
    st.rerun()


def said() -> None:
    """Tell what the last run did, once; wherever on the page the reader is, it is in sight (skolkronan.css)."""
    sentence, is_good = st.session_state.pop("said", ("", True))
    if not sentence:
        return
    with st.container(key="said"):
        if is_good:
            st.success(_sentence(sentence), icon=":material/check_circle:")
        else:
            st.error(_sentence(sentence), icon=":material/error:")


def _sentence(text: str) -> str:
    """Return a sentence as Markdown that shows it as it stands, or where it stands when it is only in Swedish."""
    said = told(text)
    return plain(_("Texten finns bara på svenska. Den står här under.") if said is None else said)


def _only_swedish(*texts: str) -> None:
    """Show the sentences that the catalogue lacks, marked as Swedish; a message itself cannot be marked."""
    for text in texts:
        if told(text) is None:
            note(text)


def note(text: str) -> None:
    """Show a quiet remark in the municipality's own words."""
    st.html(f'<p class="sk-note">{foreign(text)}</p>')
