"""Runs: their states and stamps, a new run, a check from the frozen rows, and the way to a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import RunKind, RunState
from core.usecases.runs import allocate, set_state
from core.usecases.verify import verify
from pages.components import frame, messages, picker, tables, text
from pages.components.ask import attempt
from pages.components.tables import Cell, Column, Row, Table, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import BasisView, RunInfo
    from pages.components.reader import Reader

_KINDS: Final = (RunKind.UTFALL, RunKind.BUDGET, RunKind.SLUTAVRAKNING)
_NEXT: Final = {
    RunState.DRAFT: RunState.CHECKED,
    RunState.CHECKED: RunState.DECIDED,
    RunState.DECIDED: RunState.PUBLISHED,
}
_LAST_MONTH: Final = 12
_STAMP: Final = 12


def show(reader: Reader, view: BasisView) -> None:
    """Show the tab Körningar."""
    frame.header(_("Körningar"))
    if view.runs:
        tables.show(_table(view))
        frame.header(_("Kontrollera och besluta"))
        _one(reader, view)
    else:
        messages.empty(_("Ingen körning är gjord än."))
    if view.may_import:
        frame.header(_("Räkna en ny körning"))
        _create(reader)


def _table(view: BasisView) -> Table:
    columns = (
        Column(_("Körning")),
        Column(_("Läge")),
        Column(_("Beslut")),
        Column(_("Modell")),
        Column(_("Räknad")),
        Column(_("Fingeravtryck")),
    )
    return Table("korningar", _("Körningar, den senaste först"), columns, tuple(_row(run) for run in view.runs))


def _row(run: RunInfo) -> Row:
    return Row(
        (
            words(_("{number} · {kind} {year}").format(number=run.number, kind=text.word(run.kind), year=run.year)),
            words(text.word(run.state)),
            words(run.decision, swedish=True),
            words(_("{title}, version {version}").format(title=run.model_title, version=run.model_version)),
            words(f"{text.moment(run.created_at)}, {run.created_by}"),
            Cell(run.fingerprint[:_STAMP], run.fingerprint),
        )
    )


def _one(reader: Reader, view: BasisView) -> None:
    number = picker.run(view.runs)
    run = next((one for one in view.runs if one.number == number), None)
    if run is None:
        return
    if st.button(_("Räkna om och jämför (verify-run)"), key="verify", icon=":material/fact_check:"):
        _verify(reader, run)
    if view.may_decide and run.state in _NEXT and run.kind != RunKind.SCENARIO:
        _decide(reader, run)


def _verify(reader: Reader, run: RunInfo) -> None:
    report = attempt(verify, reader, reader.kommun, run.number)
    if report is None:
        return
    if report.ok:
        st.success(
            _("Körning {number} räknades om och blev densamma ({level}).").format(number=run.number, level=report.level)
        )
        return
    found = "\n".join(f"- {text.plain(str(one))}" for one in report.findings)
    st.error(found, title=_("Körning {number} skiljer sig").format(number=run.number))


def _decide(reader: Reader, run: RunInfo) -> None:
    following = _NEXT[RunState(run.state)]
    with st.form(f"decide_{run.number}", enter_to_submit=False):
        decision = None
        if following is RunState.DECIDED:
            decision = st.text_input(
                _("Beslut: organ, dag och paragraf"), placeholder=_("Till exempel: Utbildningsnämnden 2026-11-17 § 212")
            )
        label = _("Ändra läget till: {state}").format(state=text.word(following).lower())
        sent = st.form_submit_button(label, key=f"decide_button_{run.number}")
    if not sent:
        return
    if following is RunState.DECIDED and not decision:
        st.warning(_("Skriv vilket beslut det gäller."))
        return
    done = attempt(set_state, reader, reader.kommun, run.number, following.value, decision)
    if done is not None:
        st.success(_("Körning {number} är nu: {state}.").format(number=run.number, state=text.word(following).lower()))


def _create(reader: Reader) -> None:
    with st.form("create_run", enter_to_submit=False):
        year = st.number_input(
            _("År"), min_value=2020, max_value=2100, value=reader.app.clock().year, step=1, key="new_year"
        )
        kind = st.selectbox(_("Slag"), _KINDS, format_func=text.word, key="new_kind")
        month = st.selectbox(
            _("Räkna till och med"),
            range(1, _LAST_MONTH + 1),
            index=_LAST_MONTH - 1,
            format_func=text.month,
            key="new_month",
        )
        sent = st.form_submit_button(_("Räkna"), type="primary", key="create_button")
    if not sent:
        return
    with st.spinner(_("Räknar …")):
        run = attempt(allocate, reader, reader.kommun, int(year), kind.value, month)
    if run is not None:
        st.success(_("Körning {number} är räknad och väntar på kontroll.").format(number=run.number))
