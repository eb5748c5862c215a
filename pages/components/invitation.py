"""The code of an invitation: where it is written, and what it gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import CoreError
from core.usecases.invitations import redeem
from pages.components import frame, messages, people_words, text, who
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.people_views import Person, Redeemed
    from pages.components.reader import Reader

_CODE_LENGTH: Final = 100


def form(reader: Reader, person: Person) -> None:
    """Ask ``person``, who has logged in, for a code; what it gives is told by the run that follows."""
    frame.header(_("Har du en inbjudan?"))
    with st.form("invitation_form", enter_to_submit=False):
        code = st.text_input(
            _("Kod"),
            key="invitation_code",
            max_chars=_CODE_LENGTH,
            autocomplete="off",
            placeholder=_("Koden som du har fått av kommunen"),
        )
        if st.form_submit_button(_("Använd koden")):
            _use(reader, person, code.strip())


def _use(reader: Reader, person: Person, code: str) -> None:
    if not code:
        st.error(_("Skriv koden först."), icon=":material/error:")
        return
    try:
        given = redeem(reader.app, person, code)
    except CoreError as error:
        messages.show(error)
        return
    st.session_state[who.WELCOME] = _given(reader, given)
    st.rerun()


def _given(reader: Reader, given: Redeemed) -> str:
    """Return which role an invitation gave, when it holds, and where to find it when that is not here."""
    facts = {
        "role": people_words.role(given.role, given.role_label),
        "about": people_words.about(given.scope_kind, given.scope_name),
        "first": text.day(given.first_day),
        "last": text.day(given.last_day),
    }
    if given.last_day is None:
        said = _("Du har fått rollen {role} för {about} från {first} och tills vidare.")
    else:
        said = _("Du har fått rollen {role} för {about} från {first} till och med {last}.")
    said = said.format(**facts)
    if not reader.kommun or given.kommun == reader.kommun:
        return said
    return said + " " + _("Välj {kommun} i sidofältet för att använda den.").format(kommun=given.kommun_name)
