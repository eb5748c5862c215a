"""The reader's own roles, and the one change that everybody may make to their own: to report jäv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.login_views import LOCAL, SignedIn
from core.usecases.people import report_own_jav
from pages.components import frame, invitation, messages, people_words, tables
from pages.components.ask import attempt
from pages.components.people_parts import day, will
from pages.components.tables import Column, Row, Table, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.people_views import OwnRolesView, RoleChoice
    from pages.components.reader import Reader


def show(reader: Reader, view: OwnRolesView) -> None:
    """Show the reader's own roles, and the form for jäv to who has an account."""
    frame.header(_("Dina roller"))
    if view.grants:
        columns = (Column(_("Roll")), Column(_("Gäller")), Column(_("Från")), Column(_("Till och med")))
        rows = tuple(
            Row(
                (
                    words(people_words.role(one.role, one.role_label)),
                    words(people_words.about(one.scope_kind, one.scope_name), swedish=one.scope_kind != "kommun"),
                    day(one.first_day),
                    day(one.last_day, _("tills vidare")),
                )
            )
            for one in view.grants
        )
        tables.show(Table("dina_roller", _("Roller som du har i dag"), columns, rows))
        for one in view.grants:
            for closed in one.closed:
                said = _("{role} ({about}). {closed}. Ett nej vinner alltid över ett ja från en annan roll.")
                frame.note(
                    said.format(
                        role=people_words.role(one.role, one.role_label).capitalize(),
                        about=people_words.about(one.scope_kind, one.scope_name),
                        closed=people_words.closed(closed),
                    )
                )
    else:
        frame.note(_("Du har inget eget konto här; rollerna kommer från det du läser som."))
    frame.note(_("Ingen ändrar sina egna roller. Fråga systemförvaltaren om något är fel."))
    if view.jav is not None and view.jav.scopes:
        _report(reader, view.jav)
    if isinstance(reader.outcome, SignedIn) and reader.outcome.proof.provider != LOCAL:
        invitation.form(reader, reader.outcome.proof.person)


def _report(reader: Reader, jav: RoleChoice) -> None:
    frame.header(_("Anmäl att du är jävig"))
    frame.note(
        _(
            "Den som har ett eget intresse i en enhet ska inte handlägga det som rör den. En anmälan gäller från i dag "
            "och tar bara bort rättigheter. Systemförvaltaren avslutar den när skälet har upphört."
        )
    )
    names = {f"{one.kind}:{one.scope_id}": one for one in jav.scopes}
    chosen = st.selectbox(
        _("Vad är du jävig i?"),
        list(names),
        index=None,
        format_func={key: people_words.scope(one) for key, one in names.items()}.__getitem__,
        placeholder=_("Välj enhet eller huvudman"),
        key="own_jav_scope",
    )
    if chosen is None:
        return
    about = names[chosen]
    will(people_words.will_disqualify_oneself(about))
    if not st.button(_("Anmäl jäv"), type="primary", key="own_jav_button"):
        return
    number = attempt(report_own_jav, reader, reader.kommun, about.kind, about.scope_id)
    if number is not None:
        messages.done(_("Ditt jäv i {about} är anmält.").format(about=people_words.scope(about)))
