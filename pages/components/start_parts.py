"""The parts of the page Start: standing, tiles, tasks, own units, totals by verksamhet, the list of units."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components import charts, frame, navigation, people_words, sentences, tables, text
from pages.components.tables import Cell, Column, Row, Table, figure, money, words
from pages.components.text import _
from pages.components.tiles import Tile

if TYPE_CHECKING:
    from core.usecases.views import KommunTile, StartView, Task

_LINKED: Final = 8  # more units than this are chosen on their page, not listed as links


def heading(view: StartView) -> None:
    """Show who is looking and which run the figures come from."""
    lines = [f"<b>{text.foreign(view.display_name)}</b> · {html.escape(people_words.role(view.role, view.role))}"]
    if view.run is not None:
        lines.append(html.escape(sentences.run_status(view.run)))
    st.html(f'<p class="sk-status">{"<br>".join(lines)}</p>')


def tiles_of(view: StartView) -> list[Tile]:
    """Return the figures of the top: the sum, elever, and kronor per elev."""
    last_year = str(view.run.year - 1) if view.run else ""
    before = (
        _("{sum} {year}").format(sum=text.kr(view.previous_total_ore), year=last_year)
        if view.previous_total_ore
        else ""
    )
    elever = _("{n} året före").format(n=text.count(view.previous_elever)) if view.previous_elever is not None else ""
    return [
        Tile(_("Tilldelning"), text.kr(view.total_ore), before),
        Tile(_("Barn och elever"), text.count(view.elever), elever),
        Tile(_("Per barn och elev"), text.kr(view.per_elev_ore), _("om året, medel över verksamheterna")),
    ]


def tasks(view: StartView) -> None:
    """Show what there is to do, each with its day and its page."""
    for task in view.tasks:
        due = _("senast {day}").format(day=text.day(task.due)) if task.due else ""
        label = " – ".join(part for part in (_task_words(task), due) if part)
        navigation.link(task.page or navigation.START, text.plain(label), dict(task.query), ":material/task_alt:")


def _task_words(task: Task) -> str:
    templates = {
        "batches_waiting": _("{n} inläsningar väntar på att godkännas eller avvisas"),
        "run_to_decide": _("Körning {number} väntar på beslut"),
        "books_open": _("Boken för {year} går inte ihop"),
        "counting_day": _("Nästa mätdag är {day}: se till att elevregistret stämmer"),
        "new_decision": _("Budgeten för {year} är beslutad: se vad enheten får"),
        "uncounted": _("{n} rader i registret saknar kategori"),
        "flags_open": _("Frågor om underlaget som väntar på svar: {n}"),
        "flags_answered": _("Frågor om underlaget som har fått svar: {n}"),
    }
    return templates.get(task.code, task.code).format_map(_Facts(dict(task.facts)))


class _Facts(dict[str, str]):
    """Facts of a task; one that is not given shows as a dash rather than stopping the page."""

    def __missing__(self, key: str) -> str:
        return text.ABSENT


def own_units(view: StartView) -> None:
    """Link to the reader's units, each to who it is and to its allocation."""
    if len(view.units) > _LINKED:
        navigation.link(navigation.ALLOCATION, _("Välj bland dina {n} enheter").format(n=len(view.units)))
        return
    for unit in view.units:
        with st.container(horizontal=True, key=f"own_{unit.enhet}", vertical_alignment="center"):
            st.markdown(f"**{text.plain(unit.name)}**", width="content")
            query = {"enhet": unit.enhet}
            navigation.link(navigation.UNIT, _("Skolan"), query, ":material/home_work:")
            navigation.link(navigation.ALLOCATION, _("Resursfördelning"), query, ":material/account_tree:")


def by_verksamhet(view: StartView) -> None:
    """Show kronor by verksamhet as a chart and the table behind it."""
    year = view.run.year if view.run else ""
    rows: list[dict[str, object]] = [
        {"category": text.word(code), "value": ore / text.ORE_PER_KRONA / 1_000_000, "shown": text.kr(ore)}
        for code, ore, _elever in view.verksamheter
    ]
    opening = _("Liggande staplar: kronor per verksamhet {year}.").format(year=year)
    charts.draw(
        "category_bars",
        rows,
        label=_("Verksamhet"),
        value=_("miljoner kronor"),
        alt_text=charts.described(opening, [f"{row['category']} {row['shown']}" for row in rows]),
        key="verksamhet_chart",
    )
    columns = (Column(_("Verksamhet")), Column(_("Kronor"), figure=True), Column(_("Barn och elever"), figure=True))
    body = tuple(Row((words(text.word(code)), money(ore), figure(n))) for code, ore, n in view.verksamheter)
    tables.show(Table("verksamheter", _("Pengarna per verksamhet {year}").format(year=year), columns, body))


def overview(view: StartView) -> None:
    """Show the municipality's units by name, never ranked; a search narrows the list by the name of a unit."""
    asked = st.text_input(_("Sök enhet"), key="overview_search", placeholder=_("Del av enhetens namn")).strip().lower()
    found = [tile for tile in view.overview if asked in tile.name.lower()]
    if not found:
        frame.note(_("Ingen enhet har det namnet."))
        return
    columns = (
        Column(_("Enhet")),
        Column(_("Verksamhet")),
        Column(_("Huvudman")),
        Column(_("Barn och elever"), figure=True),
        Column(_("Kronor"), figure=True),
        Column(_("Per elev och år"), figure=True),
    )
    tables.show(Table("enheter", _("Enheter i bokstavsordning"), columns, tuple(_overview_row(tile) for tile in found)))
    if not all(tile.is_whole for tile in found):
        note = _("* Utan individuellt stöd: det bygger på för få beslut för att visas utan att röja enskilda.")
        frame.note(note)


def _overview_row(tile: KommunTile) -> Row:
    return Row(
        (
            words(tile.name, swedish=True),
            words(text.kinds(tile.verksamheter)),
            words(text.word(tile.recipient)),
            figure(tile.elever),
            money(tile.total_ore) if tile.is_whole else _without_support(tile),
            money(tile.per_elev_ore),
        )
    )


def _without_support(tile: KommunTile) -> Cell:
    shown = money(tile.total_ore)
    return Cell(f"{shown.shown} *", shown.raw)
