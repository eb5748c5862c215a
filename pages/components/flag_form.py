"""Say that a figure is wrong, on the line itself: one small form, sent only when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.flags import raise_flag
from pages.components import frame, navigation, text
from pages.components.ask import attempt
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import AllocationView
    from pages.components.reader import Reader

LONGEST = 1000  # characters


def offer(reader: Reader, view: AllocationView, key: str, slug: str) -> None:
    """Offer the form for the amount at ``key`` to who answers for the unit."""
    if not view.may_flag:
        return
    label = _("Säg till om något är fel")
    with st.popover(label, type="tertiary", icon=":material/flag:", key=f"flag_{slug}", on_change="rerun") as box:
        if box.open:
            _form(reader, view, key, slug)


def _form(reader: Reader, view: AllocationView, key: str, slug: str) -> None:
    with st.form(f"flag_form_{slug}", enter_to_submit=False, border=False):
        said = st.text_area(
            _("Vad är fel, och vad borde det vara?"),
            max_chars=LONGEST,
            placeholder=_("Till exempel: vi har haft 24 elever i årskurs 2 sedan september."),
            key=f"flag_said_{slug}",
        )
        months = list(range(1, view.run.through_month + 1))
        month = st.selectbox(
            _("Månad (frivillig)"),
            months,
            index=None,
            format_func=text.month,
            placeholder=_("Hela året"),
            key=f"flag_month_{slug}",
        )
        advice = _("Skriv inga namn eller personnummer. Controllern svarar, och frågan följer med i underlaget.")
        frame.note(advice)
        sent = st.form_submit_button(_("Skicka frågan"), type="primary", key=f"flag_send_{slug}")
    if not sent:
        return
    asked = attempt(raise_flag, reader, view.unit.enhet, view.run.number, key, said, month)
    if asked is not None:
        st.success(_("Fråga {number} är skickad till controllern.").format(number=asked.number))
        navigation.link(navigation.QUESTIONS, _("Se frågan och svaret"), {"fraga": str(asked.number)})
