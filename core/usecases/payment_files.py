"""The files of an approved payment: what is paid to others (CSV) and the internal voucher of own units (SIE 4I)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.base import CoreError, Month, Recipient, Sentence
from core.exchange.payment_file import CSV_TYPE, PaymentFileRow, payment_csv
from core.exchange.sie_out import SIE, SieCompany, SieRow, SieVoucher, sie_file
from core.parameters.paying import voucher_terms_on
from core.publication.payment import PART_LABELS, PartKind, PaymentState
from core.publication.payment_rows import month_text
from core.usecases.context import must
from core.usecases.payments import must_be_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.access import Actor
    from core.publication.payment import PaymentPart
    from core.store import RunUnitRecord, UnitOfWork
    from core.store.payments import PaymentRecord
    from core.usecases.context import App

TAKEN = (PaymentState.APPROVED, PaymentState.PAID)


class NotApprovedError(CoreError):
    """Files are made of approved payments only."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Utbetalning {number} är inte godkänd, så ingen betalfil skrivs. Låt någon annan än den som tog fram "
                "den godkänna den först.",
                number=number,
            )
        )


def payment_file(app: App, viewer: Actor, kommun: str, number: int) -> tuple[str, bytes, str]:
    """Return (file name, content, media type) of the payment file: enskilda huvudmän and other kommuner."""
    must(viewer, "payment.view", kommun)
    with app.reading(viewer) as work:
        payment, parts = _approved(work, kommun, number)
        units = units_paid(work, payment, parts)
    others = [one for one in parts if units[one.enhet].recipient != Recipient.EGEN.value]
    return (
        f"betalfil_{Month.from_code(payment.month)}_{number}.csv",
        payment_csv(_rows(payment, others, units)),
        CSV_TYPE,
    )


def voucher_file(app: App, viewer: Actor, kommun: str, number: int) -> tuple[str, bytes, str]:
    """Return (file name, content, media type) of the voucher: the kommun's own units, as SIE 4I."""
    must(viewer, "payment.view", kommun)
    with app.reading(viewer) as work:
        payment, parts = _approved(work, kommun, number)
        units = units_paid(work, payment, parts)
        record = work.kommuner.get(kommun)
    own = [one for one in parts if units[one.enhet].recipient == Recipient.EGEN.value]
    month = Month.from_code(payment.month)
    made_on = app.clock().date()
    company = SieCompany(record.name, record.orgnr, "Skolkronan", app.version, made_on, month.year)
    content = _voucher(company, payment.pay_on or month.last_day, payment, own, units)
    return f"verifikation_{month}_{number}.si", content, SIE


def units_paid(work: UnitOfWork, payment: PaymentRecord, parts: Iterable[PaymentPart]) -> Mapping[str, RunUnitRecord]:
    """Return the units of a payment: as its run froze them, else as the newest run that had them."""
    units = {one.enhet: one for one in work.runs.units(payment.kommun, payment.run)}
    missing = {one.enhet for one in parts} - units.keys()
    if missing:
        for run in work.runs.list(payment.kommun):
            units = {one.enhet: one for one in work.runs.units(payment.kommun, run.number)} | units
            if not missing - units.keys():
                break
    return units


def _approved(work: UnitOfWork, kommun: str, number: int) -> tuple[PaymentRecord, list[PaymentPart]]:
    payment = work.payments.get(kommun, number)
    if payment.state not in TAKEN:
        raise NotApprovedError(number)
    parts = work.payments.parts(kommun, [number])
    must_be_whole(payment, parts)
    return payment, parts


def _rows(
    payment: PaymentRecord, parts: Iterable[PaymentPart], units: Mapping[str, RunUnitRecord]
) -> list[PaymentFileRow]:
    sums: dict[tuple[str, str], dict[PartKind, int]] = defaultdict(lambda: defaultdict(int))
    for one in parts:
        sums[one.huvudman, one.enhet][one.kind] += one.amount_ore
    period = str(Month.from_code(payment.month))
    return [
        PaymentFileRow(
            f"{payment.kommun}-{payment.number}-{enhet}", payment.pay_on, period, huvudman,
            units[enhet].huvudman_name, enhet, units[enhet].name, sum(kinds.values()),
            tuple(kinds[kind] for kind in PartKind),
        )
        for (huvudman, enhet), kinds in sorted(sums.items())
    ]  # fmt: skip


def _voucher(
    company: SieCompany,
    day: date,
    payment: PaymentRecord,
    parts: Iterable[PaymentPart],
    units: Mapping[str, RunUnitRecord],
) -> bytes:
    """Return the voucher: income at each unit (credit), the sum as cost at the board (debit)."""
    terms = voucher_terms_on(day)
    sums: dict[tuple[str, PartKind], int] = defaultdict(int)
    for one in parts:
        sums[one.enhet, one.kind] += one.amount_ore
    dimension, central = terms.dimension.number, terms.central_object
    period = month_text(payment.month)
    rows = [
        SieRow(terms.unit_account.number, ((dimension, enhet),), -ore, f"{PART_LABELS[kind]} {period}")
        for (enhet, kind), ore in sorted(sums.items())
        if ore
    ]
    total = sum(sums.values())
    text = f"Resursfördelning {period}, utbetalning {payment.number}"
    rows.append(SieRow(terms.central_account.number, ((dimension, central.code),), total, text))
    paid = sorted({enhet for enhet, _ in sums})
    objects = [(dimension, central.code, central.name), *((dimension, one, units[one].name) for one in paid)]
    accounts = {one.number: one.name for one in (terms.unit_account, terms.central_account)}
    voucher = SieVoucher(terms.series, day, text, tuple(rows))
    return sie_file(company, accounts, {dimension: terms.dimension.name}, objects, [voucher] if rows else [])
