"""Page Avstämning: does the run add up, line by line, and where to look when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.reconcile import reconcile_view
from pages.components import frame, picker, reconcile_parts
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show what differs first, then the book and every identity, of which only the open part is sent."""
    frame.title(_("Avstämning"))
    view = ask_frozen(reconcile_view, reader, run=picker.asked_run())
    picker.run(view.runs)
    frame.lead(reconcile_parts.finding(view))
    reconcile_parts.differing(reader, view)
    names = [_("Boken post för post"), _("Raderna"), _("Pris × antal"), _("Utbetalt och bokfört"), _("Inläsningarna")]
    book, rows, prices, paid, delivered = st.tabs(names, key="reconcile_tabs", on_change="rerun")
    if book.open:
        with book:
            reconcile_parts.book(view)
    if rows.open:
        with rows:
            reconcile_parts.rows(reader, view)
    if prices.open:
        with prices:
            reconcile_parts.prices(reader, view)
    if paid.open:
        with paid:
            reconcile_parts.paid(reader, view)
    if delivered.open:
        with delivered:
            reconcile_parts.delivered(reader, view)
