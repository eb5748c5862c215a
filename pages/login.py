"""Page Logga in: says what one can do until the municipality's login is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.components import frame, messages, navigation
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show how to log in, or in demo mode that no login is needed."""
    frame.title(_("Logga in"))
    if reader.demo:
        frame.lead(_("I demoläget väljer du i sidofältet vem du läser som. Ingen inloggning behövs."))
        return
    messages.empty(
        _("Inloggningen är inte kopplad till kommunens konton än. Till dess ser alla det som är offentligt.")
    )
    st.button(_("Logga in"), disabled=True, key="login")
    navigation.link(navigation.START, _("Till det som är offentligt"))
