"""What is changed: each change with its old value, what it rests on and who decides it; and the way to one more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import read_number
from core.usecases.workshop import bench_of, saved_trial, trial_of, with_change
from pages.components import messages, tables, text, workshop_trial
from pages.components.ask import attempt
from pages.components.frozen import ask_frozen, attempt_frozen
from pages.components.tables import Column, Row, Table, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.parameters import Place
    from core.usecases.workshop_views import Bench, ChangeRow, TrialView, WorkshopView
    from pages.components.reader import Reader
    from pages.components.workshop_trial import Trial

_MONTHS: Final = range(1, 13)
_MOST: Final = 10_000
_DECIMALS: Final = 6
_SHARE: Final = "andel"
_BARE: Final = frozenset({"index", "vikt", "faktor", "värde"})


def show(reader: Reader, view: WorkshopView, trial: Trial) -> TrialView | None:
    """Show the changes and how to make more; return what they do, or None when there is nothing to say."""
    if view.may_edit:
        _add(reader, ask_frozen(bench_of, reader, trial.run), trial)
    if trial.is_empty:
        messages.note(_("Inget är ändrat än: försöket är körningen som den är."))
        return None
    if view.may_edit:
        answer = attempt_frozen(trial_of, reader, trial.run, trial.changes)
    elif trial.opened is not None:
        answer = attempt_frozen(saved_trial, reader, trial.opened.number)
    else:
        answer = None
    if answer is None:
        st.button(_("Töm försöket"), on_click=workshop_trial.clear, key="bench_clear")
        return None
    tables.show(_table(answer), files=False)
    if view.may_edit:
        _remove(answer, trial)
    return answer


def _table(answer: TrialView) -> Table:
    columns = (
        Column(_("Vad")),
        Column(_("I körningen"), figure=True),
        Column(_("I försöket"), figure=True),
        Column(_("Vilar på")),
        Column(_("Vem bestämmer")),
    )
    return Table("andringar", _("Försökets ändringar"), columns, tuple(_row(one) for one in answer.changes))


def _row(one: ChangeRow) -> Row:
    return Row(
        (
            words(one.what, swedish=True),
            words(with_unit(one.old, one.unit)),
            words(with_unit(one.new, one.unit)),
            words(one.reference, swedish=True),
            words(who_decides(one.decided_by)),
        )
    )


def with_unit(shown: str, unit: str) -> str:
    """Return a figure of the model as a reader meets it: "57 400 kr/elev", "0,03 (3 %)"."""
    if not shown:
        return text.ABSENT
    value = read_number(shown)
    written = text.number(value, _DECIMALS)
    if unit == _SHARE:
        return f"{written} ({text.percent(value, _DECIMALS)})"
    if unit == "kr":
        return text.in_kronor(written)
    return written if unit in _BARE else f"{written}{text.NBSP}{_unit(unit)}"


def _unit(unit: str) -> str:
    return {"kr/elev": _("kr/elev"), "kr/barn": _("kr/barn"), "elever": _("elever")}.get(unit, unit)


def who_decides(decided_by: str) -> str:
    """Return who may change a figure, in the reader's words."""
    return {
        "law": _("riksdag och regering: lag"),
        "namnd": _("nämnden"),
        "forvaltning": _("förvaltningen: riktlinje"),
        "": text.ABSENT,
    }[decided_by]


def _remove(answer: TrialView, trial: Trial) -> None:
    with st.container(horizontal=True, key="bench_remove", vertical_alignment="bottom"):
        names = {one.target: one.what for one in answer.changes}
        target = st.selectbox(_("Ta bort en ändring"), list(names), format_func=names.__getitem__, key="bench_target")
        st.button(
            _("Ta bort"), on_click=workshop_trial.remove, args=(trial.changes, target or ""), key="bench_remove_one"
        )
        st.button(_("Töm försöket"), on_click=workshop_trial.clear, key="bench_clear")


def _add(reader: Reader, bench: Bench, trial: Trial) -> None:
    kinds = {"figure": _("Ett tal i modellen"), "count": _("Antal elever"), "index": _("Ett index")}
    kind = st.segmented_control(
        _("Ändra"), list(kinds), format_func=kinds.__getitem__, default="figure", required=True, key="bench_kind"
    )
    with st.container(horizontal=True, key="bench_add", vertical_alignment="bottom"):
        made = {"figure": _figure, "count": _count, "index": _index}[kind or "figure"](bench)
        sent = st.button(_("Lägg till"), type="primary", key="bench_add_button", disabled=made is None)
    if sent and made is not None:
        changes = attempt(with_change, reader, trial.run, trial.changes, made)
        if changes is not None:
            workshop_trial.lay(changes)
            st.rerun()


def _figure(bench: Bench) -> dict[str, object] | None:
    places = {one.address: one for one in bench.figures}
    names = {one.address: _shown(one) for one in bench.figures}
    address = st.selectbox(
        _("Tal (sök på namn)"), list(places), format_func=names.__getitem__, index=None,
        placeholder=_("Välj ett tal"), key="bench_figure",
    )  # fmt: skip
    if address is None:
        return None
    place = places[address]
    value = st.text_input(
        _("Nytt värde, nu {old}").format(old=with_unit(place.value, place.unit)),
        key=f"bench_value_{address}",
        width=240,
    )
    title = place.reference.title if place.reference else text.ABSENT
    st.html(
        f'<p class="sk-note">{text.foreign(title)}. {_("Bestäms av")} {who_decides(place.decided_by)}.</p>',
        width="stretch",
    )
    return {"kind": "figure", "address": address, "value": value}


def _shown(place: Place) -> str:
    return f"{place.label}: {with_unit(place.value, place.unit)}"


def _count(bench: Bench) -> dict[str, object] | None:
    units = {one.enhet: one for one in bench.units}
    called = {one.enhet: one.name for one in bench.units}
    enhet = st.selectbox(_("Enhet"), list(units), format_func=called.__getitem__, key="bench_unit")
    names = dict(units[enhet].categories) if enhet else {}
    category = st.selectbox(_("Kategori"), list(names), format_func=names.__getitem__, key=f"bench_category_{enhet}")
    month = st.selectbox(_("Från och med"), _MONTHS, format_func=text.month, key="bench_month", width=150)
    delta = st.number_input(
        _("Fler (+) eller färre (−) elever"), min_value=-_MOST, max_value=_MOST, value=1, step=1, key="bench_delta",
        width=220,
    )  # fmt: skip
    if not category or not delta:
        return None
    return {"kind": "count", "enhet": enhet, "category": category, "from_month": month, "delta": int(delta)}


def _index(bench: Bench) -> dict[str, object] | None:
    if not bench.indexes:
        st.markdown(_("Körningen har inget index."))
        return None
    index = st.selectbox(_("Index"), list(bench.indexes), key="bench_index")
    names = {one.enhet: one.name for one in bench.units}
    enhet = st.selectbox(_("Enhet"), list(names), format_func=names.__getitem__, key="bench_index_unit")
    held = bench.indexes[index].get(enhet) if index else None
    value = st.text_input(
        _("Nytt värde, nu {old}").format(old=text.count(held, 2)), key=f"bench_index_{index}_{enhet}", width=240
    )
    return {"kind": "index", "index": index, "enhet": enhet, "value": value}
