"""The steps of a payment: prepare the next month, approve what somebody else prepared, note it paid, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.base import Month
from core.usecases.payments import approve, cancel, mark_paid, prepare
from pages.components import frame, messages, picker, text
from pages.components.ask import attempt
from pages.components.payment_parts import month
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.payment_views import PaymentsView, PaymentView
    from pages.components.reader import Reader


def show(reader: Reader, view: PaymentsView, one: PaymentView) -> None:
    """Show the steps that can follow for the chosen payment, and the next month."""
    _steps(reader, one)
    prepare_form(reader, view)


def prepare_form(reader: Reader, view: PaymentsView) -> None:
    """Let who may prepare the next month's payment."""
    if not view.may_prepare or view.next_month is None:
        return
    frame.header(_("Ta fram nästa månad"))
    following = Month.from_code(view.next_month)
    with st.form("prepare_payment", enter_to_submit=False):
        chosen = st.selectbox(
            _("Månad att betala"),
            _choices(following, fixed=bool(view.payments)),
            format_func=lambda one: month(one.code),
            key="prepare_month",
        )
        below_zero = st.checkbox(_("Återkrav får dra mer än vad enheten betalas i månaden"), key="prepare_below_zero")
        label = _("Ta fram utbetalningen")
        sent = st.form_submit_button(label, type="primary", key="prepare_button")
    if sent and chosen is not None:
        number = attempt(prepare, reader, reader.kommun, chosen, below_zero=below_zero)
        if number is not None:
            picker.choose("utbetalning", str(number))
            messages.done(
                _("Utbetalning {number} för {month} är framtagen och väntar på en kollegas godkännande.").format(
                    number=number, month=month(chosen.code)
                )
            )


def _choices(following: Month, *, fixed: bool) -> list[Month]:
    """Return the month that comes next, or any of the year when nothing is paid yet."""
    return [following] if fixed else [Month(following.year, number) for number in range(1, 13)]


def _steps(reader: Reader, one: PaymentView) -> None:
    payment = one.payment
    frame.header(_("Den valda utbetalningen"))
    said = _("Kontrollsumma för raderna: {hash}").format(hash=payment.sha256[:16])
    frame.note(said)
    if payment.state == "prepared" and one.may_approve:
        said = _("Godkänn {sum} till {n} enheter. Raderna låses och kan sedan bara rättas i en senare månad.").format(
            sum=text.kr(payment.total_ore, exact=True), n=len(one.units)
        )
        frame.note(said)
        done = _("Utbetalning {number} är godkänd.").format(number=payment.number)
        _button(reader, _("Godkänn utbetalningen"), "approve_payment", done, approve, payment.number)
    elif payment.state == "prepared":
        frame.note(_("Väntar på godkännande av någon annan."))
    if payment.state == "approved" and one.may_prepare:
        done = _("Utbetalning {number} är betald.").format(number=payment.number)
        _button(reader, _("Anteckna som betald"), "paid_payment", done, mark_paid, payment.number)
    if payment.state in {"prepared", "approved"} and one.may_prepare:
        _cancel(reader, payment.number)


def _button(reader: Reader, label: str, key: str, done: str, act: Callable[..., None], number: int) -> None:
    if st.button(label, type="primary", key=key):
        _carry_out(reader, done, act, number)


def _cancel(reader: Reader, number: int) -> None:
    with st.form("cancel_payment", enter_to_submit=False):
        reason = st.text_input(_("Varför avbryts den?"), key="cancel_reason")
        sent = st.form_submit_button(_("Avbryt utbetalningen"), key="cancel_button")
    if sent:
        done = _("Utbetalning {number} är avbruten.").format(number=number)
        _carry_out(reader, done, cancel, number, reason)


def _carry_out(reader: Reader, done: str, act: Callable[..., None], *args: object) -> None:
    """Do it and tell of it, or show why it was not done."""

    def whole(app: object, viewer: object) -> bool:
        act(app, viewer, reader.kommun, *args)
        return True

    if attempt(whole, reader):
        messages.done(done)
