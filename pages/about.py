"""Page Om: how to read the pages, where figures come from, language, access, and what is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.components import frame
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(_reader: Reader) -> None:
    """Show the words a new reader needs; nothing is asked of the core."""
    frame.title(_("Om Skolkronan"))
    frame.lead(
        _("Skolkronan visar hur kommunens pengar till förskola och skola fördelas, och svarar på frågan varför.")
    )
    frame.header(_("Så läser du ett belopp"))
    st.markdown(
        _(
            "Varje belopp med prickad linje går att öppna. Summan delas i **bas**, **socioekonomi**, "
            "**struktur** och **individuellt stöd**; varje del i steg, varje steg i rader. En rad är ett "
            "antal gånger ett belopp. Under raden står vilket beslut, vilken lag och vilka inlästa rader den "
            "bygger på. Delarna summerar alltid till öret."
        )
    )
    frame.header(_("Vad orden betyder"))
    st.markdown(
        _(
            "- **Budget**: räknad på planerade elever, beslutad före året.\n"
            "- **Utfall**: räknad på elever i registret varje mätdag.\n"
            "- **Körning**: en uträkning som är frusen: indata, regler och belopp ändras aldrig i efterhand.\n"
            "- **Inläsning**: en fil som någon har lämnat; den godkänns eller avvisas hel.\n"
            "- **Ett streck (–)**: uppgiften saknas. Det är inte noll."
        )
    )
    frame.header(_("Källor"))
    st.markdown(
        _(
            "Reglerna står i kommunens beslutade modell, som hänvisar till skollagen (2010:800), "
            "skolförordningen (2011:185) och nämndens beslut. Antalen kommer ur de register som kommunen "
            "läser in. Sidorna räknar ingenting själva: de visar frusna körningar, och `python -m core "
            "verify-run` räknar om dem."
        )
    )
    frame.header(_("Vem ser vad"))
    st.markdown(
        _(
            "Rektor ser sina egna enheter, en enskild huvudman sina, förvaltningen alla. Summor av "
            "individuellt stöd visas bara när de omfattar så många att ingen kan kännas igen. En sida som du "
            "inte får se säger varför, och vem du kan fråga."
        )
    )
    frame.header(_("Språk och tillgänglighet"))
    st.markdown(
        _(
            "Sidorna finns på svenska och engelska; byt i sidofältet. Allt går att nå med tangentbordet: Tab "
            "flyttar, Enter öppnar. Varje diagram har en text och en tabell. Kommunens egna ord, som namn på "
            "steg, är på svenska också på engelska sidor."
        )
    )
