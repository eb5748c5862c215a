"""Who is looking: in demo mode a persona the reader chooses, otherwise whoever has logged in.

Without demo mode nobody is believed by their word: until the login is in place, everybody is a citizen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.access import Actor, Grant
from core.usecases.personas import personas
from pages.components import picker, text
from pages.components.reader import Reader
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.context import App

PERSONA: Final = "persona"


def is_looking(app: App, *, demo: bool) -> Reader:
    """Return the reader of this run; a persona in the address counts in demo mode only."""
    if not demo:
        return Reader(app, citizen(app.kommun), app.kommun)
    known = {persona.key: persona for persona in personas()}
    chosen = picker.setting(PERSONA, list(known), next(iter(known)))
    actor = known[chosen].actor
    kommun = next((grant.kommun for grant in actor.roles), app.kommun)
    return Reader(app, actor, kommun, demo=True)


def citizen(kommun: str) -> Actor:
    """Return the actor of somebody who has not logged in: sees what is public."""
    return Actor("medborgare", _("Allmänheten"), (Grant("medborgare", "allman", "", kommun),))


def switch(reader: Reader) -> None:
    """Show the choice of persona in demo mode, else where to log in."""
    if not reader.demo:
        st.caption(_("Du läser som allmänheten. Inloggning för rektorer, huvudmän och förvaltning kommer."))
        return
    known = {persona.key: persona for persona in personas()}
    chosen = picker.select(_("Läs som (demo)"), PERSONA, list(known), lambda key: known[key].description)
    if chosen is not None:
        st.html(f'<p class="sk-note">{text.foreign(known[chosen].display_name)}</p>')
