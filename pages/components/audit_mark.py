"""The mark of the chain on the page Revision: what to keep outside the database, and whether a kept one still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.auditing import verify_chain
from pages.components import frame, text
from pages.components.ask import attempt
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.auditing import AuditView, ChainReport
    from pages.components.reader import Reader

_KEPT: Final = "audit_mark_kept"
_LONGEST: Final = 120


def mark(reader: Reader, view: AuditView) -> None:
    """Show the mark to keep, and take one that was kept, when the reader unfolds it."""
    with st.expander(_("Märke att spara"), key="audit_mark", on_change="rerun", type="compact") as box:
        if not box.open:
            return
        why = _(
            "Kedjan visar ändringar och luckor, men inte om de senaste händelserna har tagits bort. Spara därför "
            "märket någon annanstans än i databasen, till exempel i protokollet från granskningen, och pröva det nästa "
            "gång."
        )
        frame.note(why)
        if view.mark:
            st.code(view.mark, language=None, wrap_lines=True)
        with st.form("audit_mark_form", enter_to_submit=False):
            said = st.text_input(_("Märke från förra gången"), key=_KEPT, max_chars=_LONGEST, autocomplete="off")
            if st.form_submit_button(_("Pröva märket"), icon=":material/history:"):
                _try(reader, said.strip())


def _try(reader: Reader, said: str) -> None:
    if not said:
        st.error(_("Skriv märket först."), icon=":material/error:")
        return
    with st.spinner(_("Kontrollerar kedjan")):
        report = attempt(verify_chain, reader, mark=said)
    if report is not None:
        _tell(report)


def _tell(report: ChainReport) -> None:
    if report.kept == "gone":
        gone = _("Händelsen som märket gäller finns inte: kedjan slutar vid händelse {n}. De senare är borttagna.")
        st.error(gone.format(n=text.number(report.links)), title=_("Kedjans slut är borta"), icon=":material/link_off:")
    elif report.kept == "other":
        other = _("Händelsen som märket gäller har nu en annan kontrollsumma: kedjan har skrivits om.")
        st.error(other, title=_("Kedjan är omskriven"), icon=":material/link_off:")
    elif report.first_broken is not None:
        broken = _("Händelsen som märket gäller finns kvar, men händelse {number} har ändrats eller fattas.")
        st.error(broken.format(number=report.first_broken), title=_("Kedjan är bruten"), icon=":material/link_off:")
    else:
        st.success(
            _("Märket stämmer: allt till och med den händelsen är som det var när märket sparades."),
            icon=":material/link:",
        )
