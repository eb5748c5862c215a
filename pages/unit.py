"""Page Skolan: who we are, how many elever, what we get, what it buys. One column, made for a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.allocation import years_of
from core.usecases.choices import units_for
from core.usecases.enhet import enhet_view
from pages.components import frame, messages, picker, sentences, succession_parts, tiles, unit_parts
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the chosen unit in the chosen year."""
    frame.title(_("Skolan"))
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        enhet = picker.unit(ask_frozen(units_for, reader))
        if enhet is None:
            messages.empty(_("Det finns ingen enhet som du kan välja."))
            return
        year = picker.year(ask_frozen(years_of, reader, enhet))
    succession_parts.lead_on(reader, enhet)
    if year is None:
        messages.empty(_("Inga beslut finns för enheten än."))
        return
    view = ask_frozen(enhet_view, reader, enhet, year)

    unit_parts.heading(view)
    succession_parts.history(view.history)
    frame.lead(sentences.unit(view))
    messages.missing(view.missing)
    tiles.row(unit_parts.tiles_of(view))
    unit_parts.to_allocation(view)
    frame.header(_("Elever"))
    unit_parts.counts(view)
    frame.header(_("Tilldelning i fyra delar"))
    unit_parts.shares(view)
    frame.header(_("Vad pengarna räcker till"))
    unit_parts.staff(view)
    frame.header(_("Om enheten"))
    unit_parts.facts(view)
