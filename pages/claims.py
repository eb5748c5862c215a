"""Page Interkommunal ersättning: what other kommuner owe for their elever here, and what we pay for ours elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.claims import claims_view
from pages.components import claim_parts, frame, messages, picker
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show both directions of the chosen run, of which only the open one is sent."""
    frame.title(_("Interkommunal ersättning"))
    view = ask_frozen(claims_view, reader, run=picker.asked_run())
    if view.run is None:
        messages.empty(_("Ingen körning räknar registret än."))
        return
    picker.run(view.runs)
    frame.lead(claim_parts.finding(view))
    claim, pay = st.tabs([_("Att kräva"), _("Att betala")], key="claims_tabs", on_change="rerun")
    if claim.open:
        with claim:
            claim_parts.to_claim(reader, view)
    if pay.open:
        with pay:
            claim_parts.to_pay(view)
