"""The parts of the page Behörigheter that are read: roles in force and to come, those that end soon, invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.components import frame, people_words, tables, text
from pages.components.tables import Cell, Column, Row, Table, words
from pages.components.text import ABSENT, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.usecases.people_views import Contradiction, GrantView, InvitationView, PeopleView


def will(said: str) -> None:
    """Show what is about to happen, above the button that lets it."""
    st.info(text.plain(said), icon=":material/arrow_forward:")


def warning(view: PeopleView) -> None:
    """Say when one person, or nobody, can give and take back roles, and whose roles contradict one another."""
    said = people_words.few_administrators(view)
    if said:
        st.warning(said, icon=":material/group:")
    against = people_words.contradicted(view)
    if against:
        st.warning(against, icon=":material/block:")


def will_close(name: str, found: Sequence[Contradiction]) -> None:
    """Show what roles of one person would close of one another, above the button that lets it happen."""
    for one in found:
        st.warning(text.plain(people_words.contradiction(name, one)), icon=":material/block:")
    if found:
        frame.note(
            _("Ett nej från en roll vinner alltid över ett ja från en annan. Ge rollen bara om det är meningen.")
        )


def roles(view: PeopleView) -> None:
    """Show who has which role, then what ends soon, then what has ended."""
    alive = [one for one in view.grants if one.standing != "ended"]
    ended = [one for one in view.grants if one.standing == "ended"]
    soon = [one for one in alive if one.ends_soon]
    frame.header(_("Vem har vilken roll"))
    if alive:
        tables.show(Table("behorigheter", _("Roller som gäller eller börjar senare"), _columns(), _rows(alive)))
    else:
        frame.note(_("Ingen har någon roll än. Bjud in den första."))
    against = [one for one in view.grants if one.closed]
    if against:
        frame.header(_("Roller som säger emot varandra"))
        tables.show(Table("emot_varandra", _("Vad en roll stänger av en annan"), _against_columns(), _against(against)))
    frame.header(_("Slutar inom 30 dagar"))
    if soon:
        tables.show(Table("slutar_snart", _("Roller som slutar inom 30 dagar"), _columns(), _rows(soon)))
    else:
        frame.note(_("Ingen roll slutar inom 30 dagar."))
    if ended:
        tables.behind(Table("avslutade", _("Roller som har avslutats"), _ended_columns(), _ended(ended)), "ended_roles")


def invitations(view: PeopleView) -> None:
    """Show the invitations that wait, and behind them those that do not."""
    waiting = [one for one in view.invitations if one.state == "open"]
    others = [one for one in view.invitations if one.state != "open"]
    if waiting:
        tables.show(Table("inbjudningar", _("Inbjudningar som väntar"), _waiting_columns(), _waiting(waiting)))
    else:
        frame.note(_("Ingen inbjudan väntar."))
    if others:
        caption = _("Inbjudningar som inte längre väntar")
        tables.behind(Table("gamla_inbjudningar", caption, _invitation_columns(), _invited(others)), "old_invitations")


def day(when: date | None, otherwise: str = ABSENT) -> Cell:
    """Return a day; files carry it as it is stored."""
    return Cell(otherwise if when is None else text.day(when), "" if when is None else when.isoformat())


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")), Column(_("Roll")), Column(_("Gäller")), Column(_("Läge")), Column(_("Från")),
        Column(_("Till och med")), Column(_("Gavs av")), Column(_("Nummer"), figure=True),
    )  # fmt: skip


def _rows(grants: Sequence[GrantView]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                words(one.name), words(people_words.role(one.role, one.role_label)), _about(one),
                words(people_words.standing(one)), day(one.first_day), day(one.last_day, _("tills vidare")),
                words(one.given_by), tables.figure(one.number),
            )
        )
        for one in grants
    )  # fmt: skip


def _against_columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")), Column(_("Roll")), Column(_("Gäller")), Column(_("Stängs av rollen")),
        Column(_("Det som stängs")),
    )  # fmt: skip


def _against(grants: Sequence[GrantView]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                words(one.name), words(people_words.role(one.role, one.role_label)), _about(one),
                words(people_words.closed_by(closed)), words(people_words.actions(closed)),
            )
        )
        for one in grants
        for closed in one.closed
    )  # fmt: skip


def _about(one: GrantView | InvitationView) -> Cell:
    return words(people_words.about(one.scope_kind, one.scope_name), swedish=one.scope_kind != "kommun")


def _ended_columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")), Column(_("Roll")), Column(_("Gäller")), Column(_("Från")), Column(_("Slutade")),
        Column(_("Avslutades av")), Column(_("Nummer"), figure=True),
    )  # fmt: skip


def _ended(grants: Sequence[GrantView]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                words(one.name), words(people_words.role(one.role, one.role_label)), _about(one), day(one.first_day),
                day(one.last_day) if one.ended_at is None else words(text.moment(one.ended_at)),
                words(one.ended_by or _("dagen som var bestämd")), tables.figure(one.number),
            )
        )
        for one in grants
    )  # fmt: skip


def _waiting_columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")), Column(_("Roll")), Column(_("Gäller")), Column(_("Koden gäller till")),
        Column(_("Bjöds in av")), Column(_("Nummer"), figure=True),
    )  # fmt: skip


def _waiting(invitations: Sequence[InvitationView]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                words(one.name), words(people_words.role(one.role, one.role_label)), _about(one),
                words(text.moment(one.expires_at)), words(one.made_by), tables.figure(one.number),
            )
        )
        for one in invitations
    )  # fmt: skip


def _invitation_columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")), Column(_("Roll")), Column(_("Gäller")), Column(_("Läge")), Column(_("Koden gäller till")),
        Column(_("Bjöds in av")), Column(_("Användes av")), Column(_("Nummer"), figure=True),
    )  # fmt: skip


def _invited(invitations: Sequence[InvitationView]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                words(one.name), words(people_words.role(one.role, one.role_label)), _about(one),
                words(people_words.invitation_state(one)), words(text.moment(one.expires_at)), words(one.made_by),
                words(one.used_by or ABSENT), tables.figure(one.number),
            )
        )
        for one in invitations
    )  # fmt: skip
