"""The parts of the page Beslut that are read: the finding, every huvudman, one decision with its files."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.decision_reading import Format, decision_file
from core.usecases.recompute_kit import recompute_kit
from pages.components import downloads, frame, tables, text
from pages.components.tables import Column, Row, Table, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.decision_views import DecisionInfo, DecisionsView, DecisionView
    from pages.components.reader import Reader

_FORMATS: Final[tuple[Format, ...]] = ("pdf", "xlsx", "json")
_MIMES: Final = {"pdf": "application/pdf", "xlsx": downloads.XLSX, "json": "application/json"}
_ZIP: Final = "application/zip"


def state(code: str) -> str:
    """Return what a reader calls how far a decision has come."""
    return {
        "draft": _("Utkast"),
        "decided": _("Beslutat"),
        "delivered": _("Delgivet"),
        "appealed": _("Överklagat"),
        "changed": _("Ändrat"),
        "replaced": _("Ersatt"),
    }[code]


def form(code: str) -> str:
    """Return what a reader calls what a huvudman gets."""
    return {
        "beslut": _("Beslut om bidrag"),
        "fordelning": _("Fördelningsbesked"),
        "ersattning": _("Besked om interkommunal ersättning"),
    }[code]


def name(one: DecisionInfo) -> str:
    """Return what a reader calls a decision in a list."""
    return _("{huvudman}: beslut {number} ({state})").format(
        huvudman=one.huvudman_name, number=one.number, state=state(one.state).lower()
    )


def finding(view: DecisionsView) -> str:
    """Return how many huvudmän have their decision, and how many of those are delivered."""
    year = view.run.year if view.run else ""
    n = len(view.rows)
    made = [row.decision for row in view.rows if row.decision is not None and row.decision.state != "draft"]
    delivered = sum(one.delivered_on is not None for one in made)
    return ngettext(
        "{year}: {made} av {n} huvudman har sitt beslut, {delivered} är delgivet.",
        "{year}: {made} av {n} huvudmän har sina beslut, {delivered} är delgivna.",
        n,
    ).format(year=year, made=len(made), n=n, delivered=delivered)


def table(view: DecisionsView) -> None:
    """Show every huvudman of the run with what it gets and how far that has come."""
    columns = (
        Column(_("Huvudman")),
        Column(_("Slag")),
        Column(_("Enheter"), figure=True),
        Column(_("Kronor"), figure=True),
        Column(_("Läge")),
        Column(_("Mottaget")),
        Column(_("Överklagas till och med")),
    )
    rows = []
    for row in view.rows:
        one = row.decision
        rows.append(
            Row(
                (
                    words(row.name, swedish=True),
                    words(form(one.form) if one else text.ABSENT),
                    figure(row.units),
                    money(one.total_ore if one else None, exact=True),
                    words(state(one.state) if one else _("Inte framtaget")),
                    words(text.day(one.delivered_on) if one and one.delivered_on else None),
                    words(text.day(one.appeal_until) if one and one.appeal_until else None),
                )
            )
        )
    tables.show(Table("beslut", _("Beslut per huvudman"), columns, tuple(rows)))


def one(reader: Reader, view: DecisionView) -> None:
    """Show one decision: what, to whom, its days, its units and its files."""
    decision = view.decision
    frame.header(_("{form} {number}, {huvudman}").format(
        form=form(decision.form), number=decision.number, huvudman=text.plain(decision.huvudman_name)
    ))  # fmt: skip
    _status(view)
    _files(reader, view)
    columns = (Column(_("Enhet")), Column(_("Beslutat"), figure=True), Column(_("Gäller nu"), figure=True))
    rows = tuple(
        Row((words(unit.name, swedish=True), money(unit.decided_ore, exact=True), money(unit.now_ore, exact=True)))
        for unit in view.units
    )
    foot = Row((words(_("Summa")), money(decision.total_ore, exact=True), money(view.now_ore, exact=True)), "sum")
    tables.show(Table(f"beslut_{decision.number}", _("Belopp för varje enhet"), columns, rows, foot))


def _status(view: DecisionView) -> None:
    one = view.decision
    parts = [f"<b>{html.escape(state(one.state))}</b>"]
    if view.provisional:
        parts.append(html.escape(_("preliminärt")))
    if one.decided_on is not None:
        parts.append(f"{text.foreign(one.body or '')} {html.escape(text.day(one.decided_on))} "
                     f"{text.foreign(one.paragraph or '')}")  # fmt: skip
    if one.delivered_on is not None:
        parts.append(html.escape(_("mottaget {day}").format(day=text.day(one.delivered_on))))
    if one.appeal_until is not None:
        parts.append(html.escape(_("kan överklagas till och med {day}").format(day=text.day(one.appeal_until))))
    if one.appealed_on is not None:
        parts.append(html.escape(_("överklagat {day}").format(day=text.day(one.appealed_on))))
    if one.outcome is not None:
        parts.append(text.foreign(one.outcome))
    st.html(f'<p class="sk-status">{" · ".join(parts)}</p>')


def _files(reader: Reader, view: DecisionView) -> None:
    decision = view.decision
    with st.container(horizontal=True, key="decision_files"):
        for suffix in _FORMATS:
            downloads.button(
                _("Beslutet som {format}").format(format=suffix.upper()),
                _maker(reader, decision.number, suffix),
                f"beslut-{decision.number}.{suffix}",
                _MIMES[suffix],
                key=f"decision_{suffix}",
            )
        if view.may_recompute:
            units = [one.enhet for one in view.units]
            downloads.button(
                _("Räkna om själv (ZIP)"), lambda: recompute_kit(reader.app, reader.viewer, decision.run, units),
                f"rakna-om-{decision.number}.zip", _ZIP, key="decision_zip",
            )  # fmt: skip


def _maker(reader: Reader, number: int, suffix: Format) -> Callable[[], bytes]:
    return lambda: decision_file(reader.app, reader.viewer, number, suffix)[1]
