"""A month's payment: worked out from the runs in force and what has been paid, prepared, approved by another, paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import CoreError, Month, Sentence
from core.parameters.paying import payment_terms_on
from core.publication.payment import PaymentAlteredError, PaymentState, moved, rows_hash
from core.publication.payment_rows import month_sentence, payment_parts, settled_recoveries
from core.publication.recovery import RecoveryState
from core.store.payments import NewPayment
from core.usecases.context import matter, must, must_in
from core.usecases.payment_basis import basis_of, plans_of
from core.usecases.reasons import clean_reason, sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.access import Actor, Resource
    from core.publication.payment import PaymentPart
    from core.store import UnitOfWork
    from core.store.payments import PaymentRecord
    from core.usecases.context import App


class MonthTakenError(CoreError):
    """The month has a payment already."""

    def __init__(self, month: int, number: int) -> None:
        self.month, self.number = month, number
        super().__init__(
            Sentence(
                "Utbetalning {number} för {month} finns redan och en månad betalas en gång. Avbryt den om den är fel "
                "och ännu inte betald; annars rättas den i nästa månads utbetalning.",
                number=number,
                month=month_sentence(month),
            )
        )


class MonthOutOfOrderError(CoreError):
    """Months are paid one after the other."""

    def __init__(self, month: int, following: int) -> None:
        self.month, self.following = month, following
        super().__init__(
            Sentence(
                "Månader betalas i ordning. Efter det som är betalt kommer {following}, inte {month}: ta fram "
                "{following}.",
                following=month_sentence(following),
                month=month_sentence(month),
            )
        )


class LaterPaymentError(CoreError):
    """A later month builds on this payment."""

    def __init__(self, number: int, later: int) -> None:
        self.number, self.later = number, later
        super().__init__(
            Sentence(
                "Utbetalning {later} för en senare månad bygger på utbetalning {number}. Avbryt den senare först, "
                "eller låt nästa månads utbetalning rätta.",
                later=later,
                number=number,
            )
        )


class ReasonMissingError(CoreError):
    """Something is to be done that must have its reason written."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(Sentence("Skriv varför {what}. Skälet sparas vid den.", what=what))


def prepare(app: App, viewer: Actor, kommun: str, month: Month, *, below_zero: bool = False) -> int:
    """Prepare the payment of a month and return its number; a month whose day is past is paid as soon as can be.

    ``below_zero``: a recovery may take more than a unit is paid in the month. Raises ``MonthTakenError``,
    ``MonthOutOfOrderError`` and ``NothingToPayError``.
    """
    must(viewer, "payment.prepare", kommun)
    with app.writing(viewer) as work:
        work.payments.take_turn(kommun)
        alive = work.payments.alive(kommun)
        _must_follow(alive, month)
        run, basis = basis_of(work, kommun, month, alive, below_zero=below_zero)
        parts = payment_parts(basis)
        terms = payment_terms_on(month.first_day)
        pay_on = terms.pay_from(month, app.clock().date(), app.holidays)
        new = NewPayment(
            kommun=kommun, run=run.number, month=month.code, pay_on=pay_on, object_until=terms.object_until(pay_on),
            sha256=rows_hash(parts), total_ore=sum(one.amount_ore for one in parts), prepared_at=app.clock(),
            prepared_by=viewer.subject,
        )  # fmt: skip
        number = work.payments.create(new, parts)
        facts: dict[str, object] = {"month": month.code, "run": run.number, "total_ore": new.total_ore}
        _audit(app, viewer, work, kommun, "payment.prepare", number, {**facts, "sha256": new.sha256})
        work.commit()
    return number


def approve(app: App, viewer: Actor, kommun: str, number: int) -> None:
    """Approve a prepared payment; its rows are locked by their hash.

    Raises ``ForbiddenError`` for jäv in a unit it pays, ``SameEyesError`` for who prepared it,
    ``PaymentAlteredError`` when rows and hash differ.
    """
    must(viewer, "payment.approve", kommun)
    with app.writing(viewer) as work:
        payment = _turn(work, kommun, number)
        parts = work.payments.parts(kommun, [number])
        must_in(viewer, "payment.approve", paid_matter(kommun, parts))
        after = moved(number, payment.state, PaymentState.APPROVED, prepared_by=payment.prepared_by, by=viewer.subject)
        must_be_whole(payment, parts)
        work.payments.move(kommun, number, payment.state, after, approved_at=app.clock(), approved_by=viewer.subject)
        facts: dict[str, object] = {"month": payment.month, "sha256": payment.sha256, "total_ore": payment.total_ore}
        _audit(app, viewer, work, kommun, "payment.approve", number, facts)
        work.commit()


def mark_paid(app: App, viewer: Actor, kommun: str, number: int) -> None:
    """Note that an approved payment has been paid; recoveries that it ends are settled."""
    must(viewer, "payment.prepare", kommun)
    with app.writing(viewer) as work:
        payment = _turn(work, kommun, number)
        after = moved(number, payment.state, PaymentState.PAID, prepared_by=payment.prepared_by, by=viewer.subject)
        must_be_whole(payment, work.payments.parts(kommun, [number]))
        work.payments.move(kommun, number, payment.state, after, paid_at=app.clock())
        _audit(app, viewer, work, kommun, "payment.prepare", number, {"month": payment.month, "state": after.value})
        _settle(app, viewer, work, kommun)
        work.commit()


def cancel(app: App, viewer: Actor, kommun: str, number: int, reason: str) -> None:
    """Cancel a payment that has not been paid; the newest only, since later ones build on it."""
    must(viewer, "payment.prepare", kommun)
    why = clean_reason(reason)
    if why is None:
        raise ReasonMissingError(Sentence("utbetalningen avbryts"))
    with app.writing(viewer) as work:
        payment = _turn(work, kommun, number)
        after = moved(number, payment.state, PaymentState.CANCELLED, prepared_by=payment.prepared_by, by=viewer.subject)
        later = [one for one in work.payments.alive(kommun) if one.month > payment.month]
        if later:
            raise LaterPaymentError(number, later[-1].number)
        work.payments.move(kommun, number, payment.state, after, cancelled_at=app.clock(), reason=why)
        said = sealed(app, kommun, f"payment:{number}", why)
        facts: dict[str, object] = {"month": payment.month, "state": after.value, "reason": said}
        _audit(app, viewer, work, kommun, "payment.prepare", number, facts)
        work.commit()


def paid_matter(kommun: str, parts: Iterable[PaymentPart]) -> tuple[Resource, ...]:
    """Return everybody whom a payment pays: who is disqualified for one of them does not approve it."""
    paid: dict[str, set[str]] = {}
    for one in parts:
        paid.setdefault(one.huvudman, set()).add(one.enhet)
    return tuple(about for huvudman, enheter in paid.items() for about in matter(kommun, huvudman, enheter))


def must_be_whole(payment: PaymentRecord, parts: Sequence[PaymentPart]) -> None:
    """Return when the rows are those the hash was made of; raises ``PaymentAlteredError``."""
    if rows_hash(parts) != payment.sha256 or sum(one.amount_ore for one in parts) != payment.total_ore:
        raise PaymentAlteredError(payment.number)


def next_month(alive: Sequence[PaymentRecord]) -> Month | None:
    """Return the month that is paid next, or None when nothing has been paid yet."""
    return Month.from_code(alive[-1].month).next() if alive else None


def _must_follow(alive: Sequence[PaymentRecord], month: Month) -> None:
    taken = next((one for one in alive if one.month == month.code), None)
    if taken is not None:
        raise MonthTakenError(month.code, taken.number)
    following = next_month(alive)
    if following is not None and following != month:
        raise MonthOutOfOrderError(month.code, following.code)


def _turn(work: UnitOfWork, kommun: str, number: int) -> PaymentRecord:
    work.payments.take_turn(kommun)
    return work.payments.get(kommun, number)


def _settle(app: App, viewer: Actor, work: UnitOfWork, kommun: str) -> None:
    """Settle the recoveries that the paid payments have taken back in full."""
    paid = [one.number for one in work.payments.alive(kommun) if one.state is PaymentState.PAID]
    recoveries = work.payments.recoveries(kommun)
    done = settled_recoveries(plans_of(recoveries), work.payments.parts(kommun, paid))
    for one in recoveries:
        if one.number in done and one.state is RecoveryState.DECIDED:
            work.payments.move_recovery(kommun, one.number, one.state, RecoveryState.SETTLED)
            facts: dict[str, object] = {"state": RecoveryState.SETTLED.value}
            work.audit.append(kommun, app.clock(), viewer.subject, "recovery.decide", f"recovery:{one.number}", facts)


def _audit(
    app: App, viewer: Actor, work: UnitOfWork, kommun: str, action: str, number: int, facts: dict[str, object]
) -> None:
    work.audit.append(kommun, app.clock(), viewer.subject, action, f"payment:{number}", facts)
