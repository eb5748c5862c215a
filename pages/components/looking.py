"""Before rows of elever are shown: the purpose, in one click; after, what is said of those who are not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.looks import purposes_now
from pages.components import frame, text
from pages.components.ask import ask
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from datetime import date

    from core.usecases.looks import LeftOut, PurposeChoice
    from pages.components.reader import Reader


def purpose(reader: Reader, key: str) -> str | None:
    """Return the purpose that the reader has chosen for the rows ``key``; until then say that one is needed."""
    names = {one.purpose: _name(one) for one in ask(purposes_now, reader)}
    chosen: str | None = st.pills(
        _("Varför behöver du se raderna?"), list(names), format_func=names.__getitem__, key=f"purpose_{key}"
    )
    if chosen is None:
        said = _(
            "Välj ändamål, så visas raderna. Titten skrivs i händelseloggen: vem, vad och varför, aldrig vilken elev."
        )
        frame.note(said)
    return chosen


def _name(one: PurposeChoice) -> str:
    """Return what a reader calls a purpose; one that the kommun has added has only its Swedish name."""
    return {
        "kontroll": _("Kontroll av antal"),
        "fraga": _("Fråga från huvudman eller vårdnadshavare"),
        "rattelse": _("Rättelse av underlag"),
        "utbetalning": _("Utbetalning eller invändning"),
        "revision": _("Revision"),
    }.get(one.purpose, one.label)


def left_out(found: LeftOut | None) -> None:
    """Say that elever with protected identity are counted but not listed, and no more than may be said."""
    if found is None:
        return
    if found.number is None:
        said = _("Färre än {fewest} elever med skyddade personuppgifter räknas men visas inte.").format(
            fewest=found.fewest
        )
    else:
        said = ngettext(
            "{n} elev med skyddade personuppgifter räknas men visas inte.",
            "{n} elever med skyddade personuppgifter räknas men visas inte.",
            found.number,
        ).format(n=found.number)
    if found.whole:
        said += " " + _("De övriga är så få att inte heller de visas här.")
    by_hand = _("Frågor om dem hanteras för hand: vänd dig till handläggaren.")
    frame.note(f"{said} {by_hand}")


def erased(day: date) -> None:
    """Say that the rows are gone, since when, and what is left."""
    said = _("Raderna är gallrade {day}. Antalet och beloppet finns kvar i körningen och kan kontrolleras.").format(
        day=text.day(day)
    )
    frame.note(said)
