"""Page Resursfördelning: what one unit was allocated, and how the figure was derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.components import allocation_parts, derivation_tree, frame, messages, picker, sentences, tiles
from pages.components.ask import ask
from pages.components.frozen import allocation_of, units_for, years_of
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the allocation of the chosen unit, year and kind of run."""
    frame.title(_("Resursfördelning"))
    controls = st.container(horizontal=True, key="controls", vertical_alignment="bottom")
    with controls:
        enhet = picker.unit(ask(units_for, reader))
        if enhet is None:
            messages.empty(_("Det finns ingen enhet som du kan välja."))
            return
        year = picker.year(ask(years_of, reader, enhet))
        kind = picker.kind()
    if year is None:
        messages.empty(_("Inga beslut finns för enheten än."))
        return
    view = ask(allocation_of, reader, enhet, year, kind)

    with controls:
        allocation_parts.statement_files(reader, view)
    allocation_parts.heading(view)
    frame.lead(sentences.allocation(view))
    tiles.row(allocation_parts.tiles_of(view))
    built, months = _("Så är summan uppbyggd"), _("Månad för månad")
    first, second = st.tabs([built, months], key="allocation_tabs", on_change="rerun")
    if first.open:
        with first:
            frame.header(built)
            derivation_tree.show(reader, view)
            allocation_parts.sufficiency(view)
            allocation_parts.whole_table(view)
    if second.open:
        with second:
            frame.header(months)
            allocation_parts.months(view)
