"""The tab Tänk om…: elever up and down, what that is worth, and what the next counting day can still change.

Nothing is saved: the trial stands in the address (``prova``, ``fran``), and a link keeps it. The address is the only
memory, so the widgets are set from it in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.what_if import retried, what_if_of
from pages.components import downloads, frame, messages, navigation, picker, tables, text
from pages.components.ask import attempt
from pages.components.tables import Cell, Column, Row, Table, change, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.usecases.views import AllocationView
    from core.usecases.what_if_views import Group, WhatIfView
    from pages.components.reader import Reader

TRIES, FROM = "prova", "fran"
_MONTHS: Final = range(1, 13)
_FIRST: Final = 1


def asked() -> bool:
    """Say whether a link has just brought a trial with it, to open the tab on; our own writing of it is no link."""
    return any(
        asked and asked != st.session_state.get(f"written_{name}")
        for name in (TRIES, FROM)
        if (asked := st.query_params.get(name))
    )


def show(reader: Reader, view: AllocationView) -> None:
    """Show the trial that the address holds."""
    tries, month = st.query_params.get(TRIES, ""), st.query_params.get(FROM, "")
    for name, value in ((TRIES, tries), (FROM, month)):
        st.session_state[f"written_{name}"] = value or None
    first = int(month) if month.isdecimal() and len(month) <= len("12") else (0 if month else _FIRST)
    found = attempt(what_if_of, reader, view.unit.enhet, view.run.number, tries, first)
    if found is None:
        st.button(_("Återställ"), on_click=_forget, key="what_if_reset")
        return
    _steppers(found, tries)
    frame.lead(finding(found))
    _rest(found)
    if found.tried:
        _kept(reader, found)
        with st.expander(_("Vad ändringen består av"), key="what_if_parts", on_change="rerun") as box:
            if box.open:
                tables.show(_parts(found))
    frame.subheader(_("Vad nästa mätdag kan ändra i år"))
    tables.show(_next(found))
    _rule_of_thumb(found)


def _forget() -> None:
    for name in (TRIES, FROM):
        picker.write(name, None)


def _steppers(view: WhatIfView, tries: str) -> None:
    with st.container(horizontal=True, key="what_if_steppers", vertical_alignment="bottom"):
        for one in view.groups:
            key = f"prova_{view.enhet}_{one.key}"
            st.session_state[key] = one.then
            st.number_input(
                name_of(one).capitalize() if one.arskurs else one.label,
                min_value=0,
                max_value=one.most,
                step=1,
                key=key,
                on_change=_try,
                args=(tries, one.key, one.now, key),
                width=190,
            )
        st.session_state[f"w_{FROM}"] = view.from_month
        st.selectbox(_("Från och med"), _MONTHS, format_func=text.month, key=f"w_{FROM}", on_change=_from, width=190)
        if view.tried:
            st.button(_("Återställ"), on_click=_forget, key="what_if_reset", icon=":material/undo:")


def _try(tries: str, group: str, now: int, key: str) -> None:
    """Put the number a stepper was set to in the address (a widget's callback)."""
    picker.write(TRIES, retried(tries, group, now, int(st.session_state[key])) or None)


def _from() -> None:
    month = int(st.session_state[f"w_{FROM}"])
    picker.write(FROM, None if month == _FIRST else str(month))


def name_of(one: Group) -> str:
    """Return what a group is called in running text: "årskurs 4"."""
    if one.arskurs is None:
        return text.plain(one.label)
    if one.arskurs == "F":
        return _("förskoleklass")
    return _("årskurs {n}").format(n=one.arskurs)


def finding(view: WhatIfView) -> str:
    """Return the one sentence: what the trial is worth in a year, and the class limits it passes."""
    if view.year_ore is None:
        return _(
            "Ändra antalet elever i en grupp för att se vad det betyder för tilldelningen. Ingenting sparas: en länk "
            "bär det du prövar."
        )
    groups = text.joined(
        [_("{elever} i {group}").format(elever=text.elever(g.then), group=name_of(g)) for g in view.tried]
    )
    said = _worth(view.year_ore).format(groups=groups, sum=text.kr(abs(view.year_ore)))
    passed = [_class_step(one) for one in view.tried if one.classes and one.classes.more]
    return " ".join([said, *passed])


def _worth(ore: int) -> str:
    if ore == 0:
        return _("Med {groups} ändras inte tilldelningen.")
    if ore > 0:
        return _("Med {groups} ökar tilldelningen med {sum} om året (alla delar, potter till dagens pris).")
    return _("Med {groups} minskar tilldelningen med {sum} om året (alla delar, potter till dagens pris).")


def _class_step(one: Group) -> str:
    step = one.classes
    if step is None:
        return ""
    n = abs(step.more)
    if step.more > 0:
        said = ngettext(
            "Du passerar klassgränsen {limit} i {group}: en klass till kostar omkring {cost} om året.",
            "Du passerar klassgränsen {limit} i {group}: {n} klasser till kostar omkring {cost} om året var.",
            n,
        )
    else:
        said = ngettext(
            "Du går under klassgränsen {limit} i {group}: en klass färre brukar minska kostnaden med omkring {cost} "
            "om året.",
            "Du går under klassgränsen {limit} i {group}: {n} klasser färre brukar minska kostnaden med omkring {cost} "
            "om året var.",
            n,
        )
    return said.format(limit=step.limit, group=name_of(one), cost=text.kr(step.cost_ore), n=n)


def _rest(view: WhatIfView) -> None:
    if not view.tried:
        return
    if view.rest_ore is None:
        st.markdown(
            _("I år ändras ingenting: mätdagarna för månaderna från {month} har redan varit.").format(
                month=text.month(view.from_month)
            )
        )
        return
    st.markdown(
        _("I år ändras tilldelningen med {sum}: det som återstår att räkna är {months}.").format(
            sum=text.signed_kr(view.rest_ore), months=span(view.rest_months)
        )
    )


def span(months: Sequence[int]) -> str:
    """Return months in short: "juli–december", or one by one where some are missing between."""
    if not months:
        return text.ABSENT
    if len(months) > 1 and list(months) == list(range(months[0], months[-1] + 1)):
        return f"{text.month(months[0])}–{text.month(months[-1])}"
    return text.joined([text.month(one) for one in months])


def _kept(reader: Reader, view: WhatIfView) -> None:
    query = {
        picker.UNIT: view.enhet, picker.YEAR: str(view.of_run.year), picker.KIND: view.of_run.kind,
        TRIES: st.query_params.get(TRIES, ""), FROM: str(view.from_month),
    }  # fmt: skip
    with st.popover(_("Länk till försöket"), icon=":material/link:", key="what_if_link", on_change="rerun") as box:
        if box.open:
            st.code(frame.address(navigation.ALLOCATION, query, reader), language=None, wrap_lines=True)


def _parts(view: WhatIfView) -> Table:
    rows = tuple(Row((words(name, swedish=True), change(ore))) for name, ore in view.parts)
    total = Row((words(_("Summa")), change(view.year_ore)), "sum")
    caption = _("Vad ändringen består av, kronor om året: {enhet}").format(enhet=view.name)
    columns = (Column(_("Del")), Column(_("Kronor om året"), figure=True))
    return Table(downloads.safe_name((view.name, "tank om")), caption, columns, rows, total)


def _next(view: WhatIfView) -> Table:
    columns = (
        Column(_("Grupp")),
        Column(_("Elever nu"), figure=True),
        Column(_("Månader vars mätdag har passerat")),
        Column(_("Nästa mätdag")),
        Column(_("Den bestämmer")),
        Column(_("En elev till ger i år"), figure=True),
    )
    caption = _("Vad nästa mätdag kan ändra {year}: {enhet}").format(year=view.of_run.year, enhet=view.name)
    return Table(
        downloads.safe_name((view.name, "nasta matdag")), caption, columns, tuple(_next_row(one) for one in view.groups)
    )


def _next_row(one: Group) -> Row:
    name = words(name_of(one).capitalize()) if one.arskurs else words(one.label, swedish=True)
    if one.next is None:
        nothing = words(_("alla mätdagar har passerat"))
        return Row((name, figure(one.now), words(span(one.fixed)), nothing, Cell(text.ABSENT), Cell(text.ABSENT)))
    return Row(
        (
            name,
            figure(one.now),
            words(span(one.fixed)),
            words(text.day(one.next.day)),
            words(span(one.next.months)),
            money(one.next.per_elev_ore),
        )
    )


def _rule_of_thumb(view: WhatIfView) -> None:
    titles = dict.fromkeys(one.classes.reference.title for one in view.groups if one.classes)
    for title in titles:
        messages.note(title + ".")
