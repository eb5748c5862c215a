"""What somebody meets who has said who they are but is not let in: why, and the way on. Nothing else is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.login_views import LOCAL, Ended, Unknown
from pages.components import frame, invitation, login_ways, messages, who
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def title(reader: Reader) -> str:
    """Return what the page is called."""
    return _("Du har loggats ut") if isinstance(reader.outcome, Ended) else _("Du har ingen behörighet här")


def show(reader: Reader) -> None:
    """Show why the reader is not let in, and what they can do."""
    frame.title(title(reader))
    if isinstance(reader.outcome, Ended):
        _ended(reader, reader.outcome)
    elif isinstance(reader.outcome, Unknown):
        _unknown(reader, reader.outcome)


def _ended(reader: Reader, ended: Ended) -> None:
    is_local = ended.proof is not None and ended.proof.provider == LOCAL
    st.info(_why(reader, ended, is_local=is_local), icon=":material/lock_clock:")
    with st.container(horizontal=True):
        if not is_local:
            login_ways.buttons(reader)
        who.log_out_button(reader, _("Fortsätt utan att logga in"), key="leave")


def _why(reader: Reader, ended: Ended, *, is_local: bool) -> str:
    hours, minutes = reader.login.life // timedelta(hours=1), reader.login.idle // timedelta(minutes=1)
    too_old = _("Inloggningen är för gammal för att användas. Logga in igen.")
    return {
        "life": _("En inloggning gäller i högst {hours} timmar, och de har gått. Logga in igen.").format(hours=hours),
        "idle": _("Ingenting har hänt på {minutes} minuter. Logga in igen för att fortsätta.").format(minutes=minutes),
        "logout": _("Du har loggat ut, här eller i en annan flik. Logga in igen för att fortsätta."),
        "account": _("Ditt konto är stängt. Fråga kommunens systemförvaltare om det är fel."),
        "expired": _("Det lokala kontot är inte längre öppet.") if is_local else too_old,
        "stale": too_old,
        "unproved": _("Inloggningen gick inte att känna igen. Logga in igen."),
    }[ended.why]


def _unknown(reader: Reader, unknown: Unknown) -> None:
    person = unknown.proof.person
    if unknown.has_account:
        why = _("Du har ett konto, men ingen roll som gäller i dag. Be kommunens systemförvaltare om behörighet.")
    else:
        why = _("Vi vet vem du är, men du har inget konto här. Be kommunens systemförvaltare bjuda in dig.")
    st.warning(why, icon=":material/lock:")
    who_is = _("Inloggad som {name}. Om systemförvaltaren frågar efter ditt id: {id}").format(
        name=person.name or "–", id=person.subject
    )
    messages.note(who_is)
    invitation.form(reader, person)
    who.log_out_button(reader)
