"""The ways in: one button for each login provider, and a form while a local account is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.break_glass import has_open_account, log_in_locally
from core.usecases.open_kommuner import kommuner
from pages.components import frame, who
from pages.components.text import _, plain

if TYPE_CHECKING:
    from pages.components.reader import Reader


def buttons(reader: Reader) -> bool:
    """Show a button for each provider; False when there is none."""
    for one in reader.login.providers:
        st.button(plain(one.label), key=f"login_{one.name}", type="primary", on_click=st.login, args=(one.name,))
    return bool(reader.login.providers)


def local_form(reader: Reader) -> None:
    """Show the form of local accounts while one is open somewhere; not which, and not why a try failed."""
    if not has_open_account(reader.app):
        return
    frame.header(_("Lokalt konto"))
    frame.lead(_("För den som har fått ett namn och ett lösenord därför att inloggningstjänsten inte svarar."))
    note = _("Inloggningen gäller bara i den här fliken, och slutar om du laddar om sidan.")
    st.html(f'<p class="sk-note">{note}</p>')
    names = dict(kommuner(reader.app))
    with st.form("local_login_form", enter_to_submit=False):
        kommun = st.selectbox(_("Kommun"), list(names), format_func=names.__getitem__, key="local_kommun")
        name = st.text_input(_("Namn"), key="local_name", autocomplete="username", max_chars=30)
        password = st.text_input(
            _("Lösenord"), type="password", key="local_password", autocomplete="current-password", max_chars=100
        )
        sent = st.form_submit_button(_("Logga in med lokalt konto"))
    if sent:
        _try(reader, str(kommun), name, password)


def _try(reader: Reader, kommun: str, name: str, password: str) -> None:
    proof = log_in_locally(reader.app, kommun, name, password)
    if proof is None:
        st.error(_("Det gick inte att logga in. Kontrollera namn och lösenord. Efter fem försök stängs kontot."))
        return
    st.session_state[who.LOCAL_STATE] = proof
    st.rerun()
