"""Page Resursfördelning: what one unit was allocated, and how the figure was derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.allocation import allocation_of, kinds_of, years_of
from core.usecases.choices import units_for
from pages.components import allocation_parts, derivation_tree, frame, messages, picker, sentences, tiles
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
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
    view = ask_frozen(allocation_of, reader, enhet, year, kind)

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
