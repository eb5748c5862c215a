"""The steps of a decision: prepare, decide what somebody else prepared, deliver, enter an appeal and its outcome."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from core.base import kronor
from core.usecases.decisions import Deciding, appeal, change, decide, deliver, prepare, prepare_all, uphold
from pages.components import frame, messages
from pages.components.ask import attempt
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.context import App
    from core.usecases.decision_views import DecisionsView, DecisionView
    from pages.components.reader import Reader


def show(reader: Reader, view: DecisionView) -> None:
    """Show the forms of the steps that can follow now for this reader."""
    if view.may_decide:
        _decide(reader, view.decision.number)
    if view.may_deliver:
        _deliver(reader, view.decision.number)
    if view.may_appeal:
        _appeal(reader, view.decision.number)
    if view.may_settle:
        _outcome(reader, view)


def prepare_forms(reader: Reader, view: DecisionsView) -> None:
    """Let who may prepare decisions prepare those that are missing, or one anew with special reasons."""
    if not view.may_prepare or view.run is None:
        return
    run = view.run.number
    frame.header(_("Ta fram beslut"))
    missing = [row for row in view.rows if row.decision is None]
    if missing and st.button(
        _("Ta fram beslut för de {n} som saknar").format(n=len(missing)), type="primary", key="prepare_all"
    ):
        numbers = attempt(prepare_all, reader, reader.kommun, run)
        if numbers is not None:
            messages.done(_("{n} beslut är framtagna och väntar på att beslutas.").format(n=len(numbers)))
    names = {row.huvudman: row.name for row in view.rows}
    with st.form("prepare_decision", enter_to_submit=False):
        huvudman = st.selectbox(_("Huvudman"), list(names), format_func=names.__getitem__, key="prepare_huvudman")
        reasons = st.text_input(
            _("Särskilda skäl att visa andra kostnadsslag tillsammans (lämna annars tomt)"), key="special_reasons"
        )
        sent = st.form_submit_button(_("Ta fram beslutet"), key="prepare_decision_button")
    if sent and huvudman is not None:
        number = attempt(prepare, reader, reader.kommun, run, huvudman, reasons)
        if number is not None:
            messages.done(_("Beslut {number} är framtaget och väntar på att beslutas.").format(number=number))


def _decide(reader: Reader, number: int) -> None:
    with st.form("decide_decision", enter_to_submit=False):
        body = st.text_input(_("Vem har beslutat? Nämnden, eller på delegation"), key="decision_body")
        on = st.date_input(_("Beslutsdag"), value=_today(reader), key="decision_day", format="YYYY-MM-DD")
        paragraph = st.text_input(_("Paragraf i protokollet eller delegationslistan"), key="decision_paragraph")
        delegation = st.text_input(_("Punkt i delegationsordningen (om på delegation)"), key="decision_delegation")
        sent = st.form_submit_button(_("För in beslutet"), type="primary", key="decide_decision_button")
    if sent and isinstance(on, dt.date):
        deciding = Deciding(body=body, on=on, paragraph=paragraph, delegation=delegation)
        _carry_out(reader, _("Beslut {number} är beslutat.").format(number=number), decide, number, deciding)


def _deliver(reader: Reader, number: int) -> None:
    with st.form("deliver_decision", enter_to_submit=False):
        on = st.date_input(
            _("Dag då huvudmannen fick beslutet"), value=_today(reader), key="delivered_day", format="YYYY-MM-DD"
        )
        how = st.text_input(_("Hur lämnades det?"), placeholder=_("Till exempel: brev med mottagningsbevis"), key="how")
        sent = st.form_submit_button(_("För in delgivningen"), type="primary", key="deliver_decision_button")
    if sent:
        _carry_out(reader, _("Beslut {number} är delgivet.").format(number=number), deliver, number, on, how)


def _appeal(reader: Reader, number: int) -> None:
    with st.form("appeal_decision", enter_to_submit=False):
        on = st.date_input(
            _("Dag då överklagandet kom in"), value=_today(reader), key="appeal_day", format="YYYY-MM-DD"
        )
        sent = st.form_submit_button(_("För in överklagandet"), key="appeal_decision_button")
    if sent:
        _carry_out(reader, _("Beslut {number} är överklagat.").format(number=number), appeal, number, on)


def _outcome(reader: Reader, view: DecisionView) -> None:
    number = view.decision.number
    names = {one.enhet: one.name for one in view.units}
    with st.form("outcome_decision", enter_to_submit=False):
        outcome = st.text_input(_("Dom eller omprövning: vem, dag och målnummer"), key="outcome")
        enhet = st.selectbox(_("Enhet vars belopp ändras"), list(names), format_func=names.__getitem__, key="new_unit")
        amount = st.text_input(_("Nytt belopp för hela året, i kronor"), key="new_amount")
        changed = st.form_submit_button(_("Ändra beloppet"), key="change_decision_button")
        same = view.decision.state == "appealed" and st.form_submit_button(
            _("Beslutet står fast"), key="uphold_decision_button"
        )
    if same:
        _carry_out(reader, _("Beslut {number} står fast.").format(number=number), uphold, number, outcome)
    if not changed:
        return

    def whole(app: App, viewer: Actor) -> bool:
        change(app, viewer, reader.kommun, number, outcome, {str(enhet): kronor(amount)})
        return True

    if attempt(whole, reader):
        messages.done(_("Beslut {number} är ändrat; skillnaden betalas från nästa utbetalning.").format(number=number))


def _today(reader: Reader) -> dt.date:
    return reader.app.clock().date()


def _carry_out(reader: Reader, done: str, act: Callable[..., None], *args: object) -> None:
    """Do it and tell of it, or show why it was not done."""

    def whole(app: App, viewer: Actor) -> bool:
        act(app, viewer, reader.kommun, *args)
        return True

    if attempt(whole, reader):
        messages.done(done)
