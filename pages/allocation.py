"""Page Resursfördelning: what one unit was allocated, and how the figure was derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.allocation import allocation_of, kinds_of, years_of
from core.usecases.change import main_parts
from core.usecases.choices import units_for
from pages.components import (
    allocation_parts,
    change_parts,
    corrections,
    derivation_tree,
    frame,
    messages,
    picker,
    sentences,
    succession_parts,
    tiles,
    what_if_parts,
)
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import AllocationView
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the allocation of the chosen unit, year and kind of run."""
    frame.title(_("Resursfördelning"))
    controls = st.container(horizontal=True, key="controls", vertical_alignment="bottom")
    with controls:
        enhet = picker.unit(ask_frozen(units_for, reader))
        if enhet is None:
            messages.empty(_("Det finns ingen enhet som du kan välja."))
            return
        year = picker.year(ask_frozen(years_of, reader, enhet))
        if year is None:
            messages.empty(_("Inga beslut finns för enheten än."))
            return
        kind = picker.kind(ask_frozen(kinds_of, reader, enhet, year))
    succession_parts.lead_on(reader, enhet)
    view = ask_frozen(allocation_of, reader, enhet, year, kind)

    with controls:
        allocation_parts.statement_files(reader, view)
    allocation_parts.heading(view)
    frame.lead(sentences.allocation(view, ask_frozen(main_parts, reader, enhet, year, kind)))
    succession_parts.compared(view)
    tiles.row(allocation_parts.tiles_of(view))
    _tabs(reader, view)


def _tabs(reader: Reader, view: AllocationView) -> None:
    """Show the tabs; only the open one costs anything."""
    shown = {
        _("Så är summan uppbyggd"): _built,
        _("Varför ändrades den?"): change_parts.of_unit,
        _("Månad för månad"): _months,
        _("Tänk om…"): what_if_parts.show,
    }
    titles = list(shown)
    if what_if_parts.asked():
        st.session_state["allocation_tabs"] = titles[-1]
    for title, tab in zip(titles, st.tabs(titles, key="allocation_tabs", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                frame.header(title)
                shown[title](reader, view)


def _built(reader: Reader, view: AllocationView) -> None:
    derivation_tree.show(reader, view)
    allocation_parts.sufficiency(view)
    allocation_parts.whole_table(view)


def _months(reader: Reader, view: AllocationView) -> None:
    allocation_parts.months(view)
    corrections.of_unit(reader, view)
