"""Page Utbetalningar: what is paid month by month, why it differs, for which elever; prepared and approved by two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.payment_reading import payment_view, payments_view
from pages.components import frame, messages, payment_parts, payment_steps, picker, recovery_parts
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.payment_views import PaymentsView
    from pages.components.reader import Reader

CHOSEN: Final = "utbetalning"  # the chosen payment, in the address


def show(reader: Reader) -> None:
    """Show one payment and what may be done with it, of those that the reader may see."""
    frame.title(_("Utbetalningar"))
    view = ask_frozen(payments_view, reader)
    messages.said()
    if not view.payments:
        messages.empty(_("Det finns ingen utbetalning att visa än."))
        payment_steps.prepare_form(reader, view)
        return
    number = _choose(view)
    one = ask_frozen(payment_view, reader, number)
    payment_parts.heading(one)
    frame.lead(payment_parts.finding(one))
    parts: dict[str, Callable[[], None]] = {
        _("Belopp"): lambda: payment_parts.amounts(reader, one),
        _("Skillnader"): lambda: payment_parts.changes(reader, one),
        _("Elever"): lambda: payment_parts.elever(reader, one),
    }
    if payment_parts.may_object(one):
        parts[_("Invänd")] = lambda: payment_parts.objection(reader, one)
    parts[_("Återkrav")] = lambda: recovery_parts.show(reader, view, one)
    if view.may_prepare or one.may_approve:
        parts[_("Ta fram och godkänn")] = lambda: payment_steps.show(reader, view, one)
    for tab, part in zip(st.tabs(list(parts), key="payment_tabs", on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab:
                part()


def _choose(view: PaymentsView) -> int:
    """Return the number of the payment that the reader has chosen, the newest first."""
    names = {str(one.number): payment_parts.name(one) for one in view.payments}
    picker.setting(CHOSEN, list(names), next(iter(names)))
    chosen = picker.select(_("Månad"), CHOSEN, list(names), names.__getitem__)
    return int(chosen or next(iter(names)))
