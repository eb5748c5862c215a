"""Page Förändring: why what the whole municipality shares out has changed, bar by bar, and every unit by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.change import change_kinds, change_years
from pages.components import change_parts, frame, messages, picker
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the change between the run that stands for the chosen year and an earlier one."""
    frame.title(_("Förändring"))
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        year = picker.year(ask_frozen(change_years, reader))
        if year is None:
            messages.empty(_("Inget år är beslutat än."))
            return
        kind = picker.kind(ask_frozen(change_kinds, reader, year))
        view = change_parts.chosen(reader, year, kind)
    if view is None:
        return
    change_parts.show(reader, view, frame.header)
    frame.header(_("Enheterna"))
    change_parts.units(view, reader)
