"""Page Logga in: the ways in, and what became of the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.login_views import SignedIn
from pages.components import frame, login_ways, messages, navigation
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show how to log in, or that it is done or not needed."""
    frame.title(_("Logga in"))
    messages.said()
    if reader.demo:
        frame.lead(_("I demoläget väljer du i sidofältet vem du läser som. Ingen inloggning behövs."))
        return
    if isinstance(reader.outcome, SignedIn):
        frame.lead(_("Du är inloggad som {name}.").format(name=reader.viewer.display_name))
        navigation.link(navigation.START, _("Till startsidan"))
        return
    _what_became()
    if reader.login.providers:
        frame.lead(_("Välj var du har ditt konto. Vad du sedan får se bestämmer kommunen."))
        with st.container(horizontal=True):
            login_ways.buttons(reader)
    else:
        messages.empty(
            _("Inloggningen är inte kopplad till kommunens konton än. Till dess ser alla det som är offentligt.")
        )
    login_ways.local_form(reader)
    navigation.link(navigation.START, _("Till det som är offentligt"))


def _what_became() -> None:
    """Say what the way here was, as the server put it in the address (asgi.py)."""
    match st.query_params.get("utfall"):
        case "utloggad":
            st.success(_("Du har loggat ut. Öppna flikar är också utloggade."), icon=":material/check_circle:")
        case "svarar-inte":
            st.warning(
                _("Inloggningstjänsten svarar inte. Försök igen om en stund. Fortsätter det, säg till kommunen."),
                icon=":material/warning:",
            )
        case "avbruten":
            st.warning(_("Inloggningen avbröts. Försök igen, eller fråga kommunen."), icon=":material/warning:")
