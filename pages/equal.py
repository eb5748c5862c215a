"""Page Lika villkor: the same elev at every recipient; each difference has a ground, or stands first as a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.equal import equal_kinds, equal_view, equal_years
from pages.components import equal_parts, frame, messages, picker
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the run that stands for the chosen year."""
    frame.title(_("Lika villkor"))
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        year = picker.year(ask_frozen(equal_years, reader))
        if year is None:
            messages.empty(_("Inget år är beslutat än."))
            return
        kind = picker.kind(ask_frozen(equal_kinds, reader, year))
    view = ask_frozen(equal_view, reader, year, kind)
    equal_parts.heading(view)
    frame.lead(equal_parts.finding(view))
    frame.header(_("Det som saknar grund"))
    equal_parts.findings(view)
    frame.header(_("Samma elev hos varje mottagare"))
    equal_parts.elever(view)
    frame.header(_("Hela året: enheterna som om kommunen drev dem"))
    equal_parts.years(view)
