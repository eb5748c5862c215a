"""Recoveries on the page Utbetalningar: what is being taken back, a proposal, a decision by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import Month, kronor
from core.usecases.recoveries import decide, propose, withdraw
from pages.components import frame, messages, tables
from pages.components.ask import attempt
from pages.components.payment_parts import month
from pages.components.tables import Column, Row, Table, figure, money, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App
    from core.usecases.payment_views import PaymentsView, PaymentView, RecoveryView
    from pages.components.reader import Reader

_MOST: Final = 36  # months
_USUAL: Final = 3


def show(reader: Reader, view: PaymentsView, one: PaymentView) -> None:
    """Show every recovery of the reader's units, and the steps that the reader may take."""
    if view.recoveries:
        tables.show(_table(view))
    else:
        messages.empty(_("Inget återkrav är föreslaget."))
    waiting = [found for found in view.recoveries if found.state == "proposed"]
    if waiting and (view.may_decide_recovery or view.may_prepare):
        _decide(reader, view, waiting)
    if view.may_prepare and view.next_month is not None:
        _propose(reader, view, one)


def state(code: str) -> str:
    """Return what a reader calls how far a recovery has come."""
    return {
        "proposed": _("Föreslaget"),
        "decided": _("Beslutat"),
        "settled": _("Slutreglerat"),
        "cancelled": _("Återtaget"),
    }[code]


def _table(view: PaymentsView) -> Table:
    columns = (
        Column(_("Återkrav")),
        Column(_("Enhet")),
        Column(_("Läge")),
        Column(_("Belopp"), figure=True),
        Column(_("Återbetalt"), figure=True),
        Column(_("Månader"), figure=True),
        Column(_("Från")),
        Column(_("Skäl")),
    )
    rows = tuple(
        Row(
            (
                words(str(one.number)),
                words(one.name, swedish=True),
                words(state(one.state)),
                money(one.amount_ore, exact=True),
                money(one.taken_ore, exact=True),
                figure(one.months),
                words(month(one.first_month)),
                words(one.reason, swedish=True),
            )
        )
        for one in view.recoveries
    )
    return Table("aterkrav", _("Återkrav"), columns, rows)


def _decide(reader: Reader, view: PaymentsView, waiting: list[RecoveryView]) -> None:
    frame.header(_("Föreslagna återkrav"))
    names = {one.number: f"{one.number} · {one.name}" for one in waiting}
    with st.form("decide_recovery", enter_to_submit=False):
        number = st.selectbox(_("Återkrav"), list(names), format_func=names.__getitem__, key="recovery_number")
        paragraph = st.text_input(_("Paragraf i protokollet eller delegationslistan"), key="recovery_paragraph")
        yes = view.may_decide_recovery and st.form_submit_button(_("Besluta återkravet"), key="decide_recovery_button")
        no = view.may_prepare and st.form_submit_button(_("Återta förslaget"), key="withdraw_recovery_button")
    today = reader.app.clock().date()

    def decided(app: App, viewer: Actor) -> bool:
        decide(app, viewer, reader.kommun, number, paragraph, today)
        return True

    def withdrawn(app: App, viewer: Actor) -> bool:
        withdraw(app, viewer, reader.kommun, number)
        return True

    if yes and attempt(decided, reader):
        messages.done(_("Återkrav {number} är beslutat.").format(number=number))
    if no and attempt(withdrawn, reader):
        messages.done(_("Återkrav {number} är återtaget.").format(number=number))


def _propose(reader: Reader, view: PaymentsView, one: PaymentView) -> None:
    frame.header(_("Föreslå ett återkrav"))
    names = {unit.enhet: unit.name for unit in one.units}
    first = Month.from_code(view.next_month or one.payment.month)
    with st.form("propose_recovery", enter_to_submit=False):
        enhet = st.selectbox(_("Enhet"), list(names), format_func=names.__getitem__, key="recovery_unit")
        amount = st.text_input(_("Belopp i kronor"), placeholder="12 500", key="recovery_amount")
        months = st.number_input(_("Antal månader"), 1, _MOST, _USUAL, key="recovery_months")
        reason = st.text_input(_("Skäl"), key="recovery_reason")
        sent = st.form_submit_button(_("Föreslå återkravet"), key="propose_recovery_button")

    def proposed(app: App, viewer: Actor) -> int:
        return propose(
            app, viewer, reader.kommun, str(enhet), amount_ore=kronor(amount), months=int(months), first_month=first,
            reason=reason,
        )  # fmt: skip

    if sent and enhet is not None:
        number = attempt(proposed, reader)
        if number is not None:
            messages.done(_("Återkrav {number} är föreslaget och väntar på beslut.").format(number=number))
