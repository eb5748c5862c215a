"""Page Underlag: what was delivered, what was computed from it, whether the books close, what no category counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.basis import basis_view
from pages.components import basis_batches, basis_books, basis_runs, corrections, frame, picker
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the four parts, of which only the open one is asked for and sent."""
    frame.title(_("Underlag"))
    view = ask_frozen(basis_view, reader, run=picker.asked_run())
    frame.lead(basis_books.finding(view))
    names = [_("Inläsningar"), _("Körningar"), _("Boken"), _("Utan kategori")]
    batches, runs, books, uncounted = st.tabs(names, key="basis_tabs", on_change="rerun")
    if batches.open:
        with batches:
            basis_batches.show(reader, view)
    if runs.open:
        with runs:
            basis_runs.show(reader, view)
    if books.open:
        with books:
            basis_books.books(view)
            corrections.of_run(reader, view.chosen)
    if uncounted.open:
        with uncounted:
            basis_books.uncounted(view)
