"""Varför ändrades den? The waterfall, the same as a table, and a way from each bar down to its steps."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.allocation import derivation_of
from core.usecases.change import change_of, earlier_runs
from pages.components import change_words, charts, downloads, frame, messages, picker, sentences, tables, text, why
from pages.components.ask import attempt
from pages.components.frozen import ask_frozen
from pages.components.tables import Cell, Column, Row, Table, change, figure, money, words
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.change_views import ChangePart, ChangeStep, ChangeView
    from core.usecases.views import AllocationView
    from pages.components.reader import Reader

COMPARED = "mot"


def chosen(reader: Reader, year: int, kind: str, enhet: str | None = None) -> ChangeView | None:
    """Let the reader choose what a year is compared with, and return the change; say so when there is nothing."""
    _run, options = ask_frozen(earlier_runs, reader, year, kind)
    if not options:
        messages.empty(_("Det finns ingen tidigare körning att jämföra {year} med.").format(year=year))
        return None
    names = {str(one.number): picker.run_name(one) for one in options}
    asked = picker.setting(COMPARED, list(names), next(iter(names)))
    number = picker.select(_("Jämför med"), COMPARED, list(names), names.__getitem__) or asked
    return ask_frozen(change_of, reader, int(number), _run.number, enhet)


def of_unit(reader: Reader, allocation: AllocationView) -> None:
    """Show the change of the unit whose allocation is shown."""
    run = allocation.run
    view = chosen(reader, run.year, run.kind, allocation.unit.enhet)
    if view is not None:
        show(reader, view)


def show(reader: Reader, view: ChangeView, heading: Callable[[str], None] = frame.subheader) -> None:
    """Show a change from its finding to its steps, under a ``heading`` of the level that follows the page's last."""
    frame.lead(change_words.finding(view))
    if view.sealed:
        messages.note(view.sealed)
    if not view.parts:
        return
    _waterfall(view)
    tables.show(_table(view))
    heading(_("Del för del"))
    for part in view.parts:
        _behind(reader, view, part)


def _waterfall(view: ChangeView) -> None:
    """Draw the parts between the two sums; a longer first run is shown for the months that both have counted."""
    first, last = change_words.run_name(view.run_from), change_words.run_name(view.run_to)
    begins, parts = view.from_ore, view.parts
    if parts[0].part == change_words.MONTHS and view.run_from.through_month > view.run_to.through_month:
        first = _("{run}, samma månader").format(run=first)
        begins, parts = parts[0].end_ore, parts[1:]
    rows = [
        _bar(first, begins, begins, text.kr(begins), ""),
        *(
            _bar(
                sentences.bar(one.part),
                one.start_ore,
                one.end_ore,
                text.signed_kr(one.shown_ore),
                _("mer") if one.shown_ore > 0 else _("mindre"),
            )
            for one in parts
        ),
        _bar(last, view.to_ore, view.to_ore, text.kr(view.to_ore), ""),
    ]
    opening = _("Vattenfall från {first} till {last}: varje stapel börjar där den förra slutar.").format(
        first=first, last=last
    )
    charts.draw(
        "waterfall",
        rows,
        label=_("Del"),
        value=_("miljoner kronor"),
        alt_text=charts.described(opening, [f"{row['bar']} {row['shown']}" for row in rows]),
        key="change_chart",
    )


def _bar(name: str, start: int, end: int, shown: str, sign: str) -> dict[str, object]:
    scale = text.ORE_PER_KRONA * 1_000_000
    return {
        "bar": name, "start": start / scale, "end": end / scale, "right": max(start, end) / scale, "shown": shown,
        "sign": sign,
    }  # fmt: skip


def _table(view: ChangeView) -> Table:
    columns = (Column(_("Del")), Column(_("Kronor"), figure=True), Column(_("Varav avrundning, öre"), figure=True))
    first = Row((words(change_words.run_name(view.run_from)), money(view.from_ore, exact=True), Cell("")), "l1")
    rows = tuple(
        Row(
            (
                words(sentences.bar(one.part)),
                money(one.shown_ore, exact=True),
                figure(one.remainder_ore, 2) if one.remainder_ore else Cell(""),
            )
        )
        for one in view.parts
    )
    last = Row((words(change_words.run_name(view.run_to)), money(view.to_ore, exact=True), Cell("")))
    caption = _("Från {first} till {last}, del för del").format(
        first=change_words.run_name(view.run_from), last=change_words.run_name(view.run_to)
    )
    whose = view.unit.name if view.unit else view.kommun_name
    name = downloads.safe_name((whose, str(view.run_from.number), str(view.run_to.number), "andring"))
    return Table(name, caption, columns, (first, *rows), last)


def _behind(reader: Reader, view: ChangeView, part: ChangePart) -> None:
    """Show what a bar is and its steps, when opened."""
    label = f"{text.plain(sentences.bar(part.part))} **{text.plain(text.signed_kr(part.shown_ore))}**"
    with st.expander(label, key=f"part_{part.part}", on_change="rerun") as box:
        if not box.open:
            return
        frame.note(change_words.about(part, view))
        tables.show(_steps(view, part), files=False)
        if view.unit is not None:
            _derived(reader, view, part)


def _steps(view: ChangeView, part: ChangePart) -> Table:
    columns = (
        Column(_("Steg")),
        Column(_("Del av ändringen"), figure=True),
        Column(change_words.run_name(view.run_from), figure=True),
        Column(change_words.run_name(view.run_to), figure=True),
    )
    rows = tuple(
        Row((words(_(one.label), swedish=True), change(one.shown_ore), money(one.from_ore), money(one.to_ore)))
        for one in part.steps
    )
    caption = _("Stegen i {part}").format(part=sentences.bar(part.part).lower())
    return Table(f"steg_{part.part}", caption, columns, rows)


def _derived(reader: Reader, view: ChangeView, part: ChangePart) -> None:
    """Let the reader choose a step and show how it was computed in each of the runs."""
    steps = {one.step: one for one in part.steps}
    step = st.selectbox(
        _("Så räknades steget"),
        list(steps),
        index=None,
        format_func=lambda name: _(steps[name].label),
        placeholder=_("Välj ett steg"),
        key=f"step_{part.part}",
    )
    if step is not None:
        _trees(reader, view, steps[step])


def _trees(reader: Reader, view: ChangeView, step: ChangeStep) -> None:
    for run, ore in ((view.run_from, step.from_ore), (view.run_to, step.to_ore)):
        st.html(f"<p><b>{html.escape(change_words.run_name(run))}</b></p>")
        if not ore:
            frame.note(_("Steget ger inget i den här körningen."))
            continue
        tree = attempt(derivation_of, reader, view.unit.enhet if view.unit else "", run.number, f"step:{step.step}")
        if tree is not None:
            st.html(why.markup(tree, why.DEEPEST, reader))


def units(view: ChangeView, reader: Reader) -> None:
    """Show every unit's change by name, never ranked; a search narrows the list by the name of a unit."""
    asked = st.text_input(_("Sök enhet"), key="change_search", placeholder=_("Del av enhetens namn")).strip().lower()
    found = [one for one in view.units if asked in one.name.lower()]
    if not found:
        frame.note(_("Ingen enhet har det namnet."))
        return
    columns = (
        Column(_("Enhet")),
        Column(change_words.run_name(view.run_from), figure=True),
        Column(change_words.run_name(view.run_to), figure=True),
        Column(_("Skillnad"), figure=True),
    )
    query = {"ar": str(view.run_to.year), "visa": view.run_to.kind}
    rows = tuple(
        Row(
            (
                words(
                    one.name,
                    swedish=True,
                    href=frame.address("resursfordelning", {"enhet": one.enhet, **query}, reader),
                ),
                money(one.from_ore),
                money(one.to_ore),
                change(one.difference_ore),
            )
        )
        for one in found
    )
    tables.show(Table("andring_enheter", _("Enheter i bokstavsordning"), columns, rows))
