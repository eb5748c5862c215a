"""The parts of the page Utbetalningar that are read: one payment, its rows, its differences, the elever behind it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import Month
from core.usecases.operators import person_of
from core.usecases.payment_files import payment_file, voucher_file
from core.usecases.payment_objections import object_to
from core.usecases.payment_reading import elev_list, payment_differences
from pages.components import downloads, frame, looking, messages, picker, tables, text
from pages.components.ask import attempt
from pages.components.frozen import ask_frozen
from pages.components.tables import Cell, Column, Row, Table, change, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.payment_views import ElevList, PaymentInfo, PaymentView
    from pages.components.reader import Reader

UNIT: Final = "lista"  # the unit whose elever are listed, in the address
_LONGEST: Final = 1000  # characters
_SIE: Final = "application/octet-stream"


def month(code: int) -> str:
    """Return what a reader calls a month kept as yyyymm: "oktober 2026"."""
    when = Month.from_code(code)
    return f"{text.month(when.number)} {when.year}"


def state(code: str) -> str:
    """Return what a reader calls how far a payment has come."""
    return {
        "prepared": _("Framtagen"),
        "approved": _("Godkänd"),
        "paid": _("Betald"),
        "cancelled": _("Avbruten"),
    }[code]


def kind(code: str) -> str:
    """Return what a reader calls why a row is paid."""
    return {
        "monthly": _("Månadsbelopp"),
        "settlement": _("Avrundning"),
        "correction": _("Rättelse"),
        "appeal": _("Efter överklagande"),
        "recovery": _("Återkrav"),
    }[code]


def name(one: PaymentInfo) -> str:
    """Return what a reader calls a payment."""
    return _("{month}, utbetalning {number} ({state})").format(
        month=month(one.month), number=one.number, state=state(one.state).lower()
    )


def person(subject: str) -> str:
    """Return what a reader calls who did something: on the command line the name that was given."""
    name = person_of(subject)
    if name is None:
        return subject
    return _("{name}, kommandoraden").format(name=name) if name else _("kommandoraden")


def heading(view: PaymentView) -> None:
    """Show how far the payment has come, its days and who made it."""
    one = view.payment
    parts = [f"<b>{html.escape(state(one.state))}</b>", html.escape(_("körning {number}").format(number=one.run))]
    if one.pay_on is not None and one.state != "cancelled":
        parts.append(html.escape(_("betalas {day}").format(day=text.day(one.pay_on))))
    parts.append(html.escape(_("framtagen av {who}").format(who=person(one.prepared_by))))
    if one.approved_by is not None:
        parts.append(html.escape(_("godkänd av {who}").format(who=person(one.approved_by))))
    if one.cancelled_at is not None:
        parts.append(html.escape(_("avbruten {when}").format(when=text.moment(one.cancelled_at))))
    st.html(f'<p class="sk-status">{" · ".join(parts)}</p>')
    if view.reason is not None:
        said = _("Skäl: {reason}").format(reason=view.reason)
        frame.note(said)


def finding(view: PaymentView) -> str:
    """Return the sum, to how many units, and until when the receivers may object."""
    one = view.payment
    n = len(view.units)
    whole = ngettext("{month}: {sum} till {n} enhet.", "{month}: {sum} till {n} enheter.", n).format(
        month=month(one.month).capitalize(), sum=text.kr(one.total_ore, exact=True), n=n
    )
    if one.state == "cancelled":
        return f"{whole} {_('Den är avbruten, så ingenting betalas.')}"
    if one.object_until is None:
        return whole
    if one.may_object:
        template = _("Mottagaren kan invända till och med {day}.")
    elif one.state in {"approved", "paid"}:
        template = _("Tiden att invända gick ut {day}.")
    else:
        template = _("När den är godkänd kan mottagaren invända till och med {day}.")
    return f"{whole} {template.format(day=text.day(one.object_until))}"


def amounts(reader: Reader, view: PaymentView) -> None:
    """Show the rows, corrections with old and new, and the files for who may take them."""
    tables.show(_rows(view))
    if view.waiting:
        n = view.waiting
        said = ngettext(
            "{n} rättelse av en äldre månad väntar på slutavräkningen.",
            "{n} rättelser av äldre månader väntar på slutavräkningen.",
            n,
        ).format(n=n)
        frame.note(said)
    if view.may_take_files:
        _files(reader, view)


def _rows(view: PaymentView) -> Table:
    corrected = any(one.new_ore is not None for one in view.rows)
    columns = (
        Column(_("Enhet")),
        Column(_("Mottagare")),
        Column(_("Månad")),
        Column(_("Slag")),
        *((Column(_("Förut"), figure=True), Column(_("Nu"), figure=True)) if corrected else ()),
        Column(_("Kronor"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(one.name, swedish=True),
                words(one.huvudman_name, swedish=True),
                words(str(Month.from_code(one.month))),
                words(kind(one.kind)),
                *((money(one.old_ore, exact=True), money(one.new_ore, exact=True)) if corrected else ()),
                money(one.amount_ore, exact=True),
            )
        )
        for one in view.rows
    )
    between = [Cell("")] * (5 if corrected else 3)
    foot = Row((words(_("Summa")), *between, money(view.payment.total_ore, exact=True)), "sum")
    return Table(f"utbetalning_{view.payment.month}", _("Utbetalningens rader"), columns, rows, foot)


def _files(reader: Reader, view: PaymentView) -> None:
    number, code = view.payment.number, view.payment.month
    app, viewer, kommun = reader.app, reader.viewer, reader.kommun
    with st.container(horizontal=True, key="payment_files"):
        downloads.button(
            _("Betalfil (CSV)"), lambda: payment_file(app, viewer, kommun, number)[1], f"betalfil-{code}.csv",
            downloads.CSV, key="payment_csv",
        )  # fmt: skip
        downloads.button(
            _("Verifikation för egna enheter (SIE 4I)"), lambda: voucher_file(app, viewer, kommun, number)[1],
            f"verifikation-{code}.si", _SIE, key="payment_sie",
        )  # fmt: skip


def changes(reader: Reader, view: PaymentView) -> None:
    """Show each unit beside the month before, with the reason."""
    found = ask_frozen(payment_differences, reader, view.payment.number)
    if not found:
        messages.empty(_("Det finns ingen tidigare månad att jämföra med."))
        return
    columns = (
        Column(_("Enhet")),
        Column(_("Månaden före"), figure=True),
        Column(_("Nu"), figure=True),
        Column(_("Skillnad"), figure=True),
        Column(_("Skäl")),
    )
    rows = tuple(
        Row(
            (
                words(one.name, swedish=True),
                money(one.before_ore),
                money(one.now_ore),
                change(one.change_ore),
                words(one.reason, swedish=True),
            )
        )
        for one in found
    )
    caption = _("Skillnader mot månaden före")
    tables.show(Table(f"skillnader_{view.payment.month}", caption, columns, rows))


def elever(reader: Reader, view: PaymentView) -> None:
    """Show the elever that a unit is paid for, and when the time to object has run out where to turn."""
    names = {one.enhet: one.name for one in view.units if one.may_list}
    if not names:
        messages.forbidden(_("Elevlistan visas för den som får se enhetens registerrader."))
        return
    chosen = _unit(names)
    frame.header(_("Elever bakom beloppet"))
    why = looking.purpose(reader, f"payment_{view.payment.number}_{chosen}")
    found = None if why is None else attempt(elev_list, reader, view.payment.number, chosen, purpose=why)
    if found is not None:
        _listed(found)
    approved = view.payment.state in {"approved", "paid"}
    if approved and view.payment.object_until is not None and not view.payment.may_object:
        closed = _("Tiden att invända gick ut {day}.").format(day=text.day(view.payment.object_until))
        st.html(f'<p class="sk-note">{html.escape(closed)} {text.foreign(view.late)}</p>')


def _listed(found: ElevList) -> None:
    if found.planned:
        messages.empty(_("Månaden betalas efter planerade antal. Eleverna listas när utfallet är räknat."))
    elif found.erased_on is not None:
        looking.erased(found.erased_on)
    else:
        tables.show(_elever_table(found))
        looking.left_out(found.left_out)


def _unit(names: dict[str, str]) -> str:
    """Return the unit that the reader has chosen of these."""
    picker.setting(UNIT, list(names), next(iter(names)))
    return picker.select(_("Enhet"), UNIT, list(names), names.__getitem__) or next(iter(names))


def _elever_table(found: ElevList) -> Table:
    columns = (
        Column(_("Elev")),
        Column(_("Kategori")),
        Column(_("Årskurs")),
        Column(_("Grupp")),
        Column(_("Född")),
        Column(_("Källa")),
    )
    rows = tuple(
        Row(
            (
                words(one.referens or one.pseudonym),
                words(_(one.category), swedish=True),
                words(one.arskurs),
                words(one.group_name),
                words(str(Month.from_code(one.birth_month))),
                Cell(_("inläsning {batch}, rad {row}").format(batch=one.batch, row=one.row)),
            )
        )
        for one in found.rows
    )
    said = _("{n} elever som räknas {month}") if found.left_out is None else _("{n} elever visas för {month}")
    caption = said.format(n=len(found.rows), month=month(found.month))
    return Table(f"elever_{found.enhet}_{found.month}", caption, columns, rows)


def may_object(view: PaymentView) -> bool:
    """Say whether the reader may object to what some unit is paid now."""
    return any(one.may_object for one in view.units)


def objection(reader: Reader, view: PaymentView) -> None:
    """Let the receiver object to what one of its units is paid."""
    enhet = _unit({one.enhet: one.name for one in view.units if one.may_object})
    with st.form("object", enter_to_submit=False):
        said = st.text_area(_("Vad är fel? Skriv aldrig elevers namn eller personnummer."), max_chars=_LONGEST)
        sent = st.form_submit_button(_("Invänd mot utbetalningen"), key="object_button")
    if sent:
        flag = attempt(object_to, reader, view.payment.number, enhet, said)
        if flag is not None:
            messages.done(_("Invändningen är sparad som fråga {number}.").format(number=flag))
