"""Who is looking: in demo mode a persona the reader chooses, otherwise whoever has logged in.

Without demo mode nobody is believed by their word: until the login is in place, everybody is a citizen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.access import Actor, Grant
from core.usecases.context import kommun_of
from core.usecases.open_kommuner import kommuner
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
        kommun, name = next(iter(kommuner(app)), ("", ""))
        return Reader(app, citizen(kommun, name), kommun)
    known = {persona.key: persona for persona in personas()}
    chosen = picker.setting(PERSONA, list(known), next(iter(known)))
    actor = known[chosen].actor
    return Reader(app, actor, kommun_of(actor), demo=True)


def citizen(kommun: str, name: str) -> Actor:
    """Return the actor of somebody who has not logged in: sees what is public."""
    grants = (Grant("medborgare", "allman", "", kommun, name),) if kommun else ()
    return Actor("medborgare", _("Allmänheten"), grants)


def switch(reader: Reader) -> None:
    """Show the choice of persona in demo mode, else where to log in."""
    if not reader.demo:
        st.caption(_("Du läser som allmänheten. Inloggning för rektorer, huvudmän och förvaltning kommer."))
        return
    known = {persona.key: persona for persona in personas()}
    descriptions = {key: persona.description for key, persona in known.items()}
    chosen = picker.select(_("Läs som (demo)"), PERSONA, list(known), descriptions.__getitem__)
    if chosen is not None:
        st.html(f'<p class="sk-note">{text.foreign(f"{known[chosen].display_name}: {descriptions[chosen]}")}</p>')
