"""The page Utbetalningar: payments, rows, differences, elever behind, each within what the viewer may see."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import ForbiddenError, Resource, may, require
from core.base import CoreError, Month, RunKind, Sentence, Verksamhet, label
from core.parameters.paying import payment_terms_on
from core.publication.payment import PART_LABELS, STATE_LABELS, PaymentState
from core.publication.payment_difference import differences
from core.publication.payment_rows import recovered
from core.publication.recovery import STATE_LABELS as RECOVERY_LABELS
from core.usecases.context import kommun_of, may_in, unit_resource
from core.usecases.drill_down import erased_of_month, rows_of_month
from core.usecases.looks import listed, log_look, may_list, must_have_purpose
from core.usecases.payment_basis import paying_run
from core.usecases.payment_files import TAKEN, units_paid
from core.usecases.payment_views import (
    DifferenceView,
    ElevList,
    ElevRow,
    PaymentInfo,
    PaymentRowView,
    PaymentsView,
    PaymentView,
    RecoveryView,
    UnitOfPayment,
)
from core.usecases.payments import next_month, paid_matter
from core.usecases.presenting import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.access import Actor
    from core.parameters import Category
    from core.parameters.roles import Action
    from core.publication.payment import PaymentPart
    from core.store import RunUnitRecord, UnitOfWork
    from core.store.payments import PaymentRecord, RecoveryRecord
    from core.usecases.context import App

MONTHS = 12
SMALL = frozenset({Verksamhet.FORSKOLA, Verksamhet.PEDAGOGISK_OMSORG})
"""What is for children who are not elever yet."""


class NotPaidError(CoreError):
    """The unit has no row in the payment."""

    def __init__(self, enhet: str, number: int) -> None:
        self.enhet, self.number = enhet, number
        super().__init__(
            Sentence(
                "Enheten {enhet} ingår inte i utbetalning {number}. Välj en enhet i listan.", enhet=enhet, number=number
            )
        )


class NotForReceiversError(ForbiddenError):
    """Who neither prepares nor approves payments sees one when it is approved; before that nothing is paid."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence("Utbetalning {number} är inte godkänd. Du ser en utbetalning när den är godkänd.", number=number)
        )


def payments_view(app: App, viewer: Actor) -> PaymentsView:
    """Return the payments with some unit that the viewer may see, newest first; to receivers approved and paid ones.

    Raises ``ForbiddenError`` for who may see no unit's payments.
    """
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        payments = work.payments.list(kommun)
        seen = _seen_units(work, viewer, kommun)
        sums = work.payments.sums(kommun)
        alive = [one for one in payments if one.state is not PaymentState.CANCELLED]
        recoveries = _recoveries(work, kommun, alive, seen)
    following = next_month(alive) or Month(app.clock().year, 1)
    prepares = _may_all(viewer, "payment.prepare", kommun)
    return PaymentsView(
        tuple(
            _info(app, one, _of_seen(sums.get(one.number, {}), seen)) for one in payments[::-1] if _shown(viewer, one)
        ),
        recoveries,
        following.code if prepares else None,
        prepares,
        _may_all(viewer, "recovery.decide", kommun),
    )


def payment_view(app: App, viewer: Actor, number: int) -> PaymentView:
    """Return one payment with what the viewer may see of it; raises ``ForbiddenError``."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        seen = _seen_units(work, viewer, kommun)
        payment = _payment(work, viewer, kommun, number)
        parts = work.payments.parts(kommun, [number])
        rows = [one for one in parts if one.enhet in seen]
        units = units_paid(work, payment, rows)
        waiting = _waiting(work, payment, seen)
        cancelled = payment.state is PaymentState.CANCELLED
        reason = work.payments.reason(kommun, number) if cancelled else None
    terms = payment_terms_on(Month.from_code(payment.month).first_day)
    whole = _may_all(viewer, "payment.view", kommun)
    info = _info(app, payment, sum(one.amount_ore for one in rows))
    return PaymentView(
        payment=info,
        rows=tuple(sorted((_row(one, units[one.enhet]) for one in rows), key=_by_name)),
        units=_units(viewer, kommun, rows, units, is_open=info.may_object),
        waiting=waiting,
        late=terms.late,
        may_prepare=_may_all(viewer, "payment.prepare", kommun),
        may_approve=payment.prepared_by != viewer.subject
        and may_in(viewer, "payment.approve", paid_matter(kommun, parts)),
        may_take_files=whole and payment.state in TAKEN,
        reason=reason,
    )


def payment_differences(app: App, viewer: Actor, number: int) -> tuple[DifferenceView, ...]:
    """Return each unit's payment beside the month before's, with the reason; nothing for the first month."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        seen = _seen_units(work, viewer, kommun)
        payment = _payment(work, viewer, kommun, number)
        alive = work.payments.alive(kommun)
        before = next((one for one in reversed(alive) if one.month < payment.month), None)
        if before is None or not _shown(viewer, before):
            return ()
        rows = [one for one in work.payments.parts(kommun, [number]) if one.enhet in seen]
        old = [one for one in work.payments.parts(kommun, [before.number]) if one.enhet in seen]
        units = {**units_paid(work, before, old), **units_paid(work, payment, rows)}
        elever, small = _elever(work, payment, before)
    found = (
        DifferenceView(one.enhet, units[one.enhet].name, one.now_ore, one.before_ore, one.change_ore, one.reason)
        for one in differences(rows, old, elever, small)
    )
    return tuple(sorted(found, key=_by_name))


def elev_list(app: App, viewer: Actor, number: int, enhet: str, *, purpose: str) -> ElevList:
    """Return the elever that a unit was paid for in the payment's month; the look is written in the audit chain.

    Raises ``ForbiddenError`` for who may not see register rows of the unit, and ``PurposeMissingError`` without a
    purpose from the closed list.
    """
    kommun = kommun_of(viewer)
    with app.writing(viewer) as work:
        payment = _payment(work, viewer, kommun, number)
        mine = [one for one in work.payments.parts(kommun, [number]) if one.enhet == enhet]
        unit = units_paid(work, payment, mine).get(enhet)
        if unit is None or not mine:
            raise NotPaidError(enhet, number)
        require(viewer, "register_rows.view", unit_resource(kommun, unit))
        must_have_purpose(app, purpose)
        run = work.runs.get(kommun, payment.run)
        planned = run.kind == RunKind.BUDGET.value
        erased = None if planned else erased_of_month(app, work, run, payment.month % 100)
        kept = not planned and erased is None
        found = rows_of_month(app, work, run, unit, payment.month % 100) if kept else []
        found, left_out = listed(work, kommun, found, lambda one: one[1].elev, app.clock().date())
        if kept:
            log_look(app, viewer, work, kommun, enhet, purpose, {"payment": number, "month": payment.month})
    rows = [
        ElevRow(
            row.referens, row.elev, row.verksamhet, _category(category), row.arskurs, row.group_name, row.birth_month,
            row.batch, row.row,
        )
        for category, row in found
    ]  # fmt: skip
    info = _info(app, payment, sum(one.amount_ore for one in mine))
    late = payment_terms_on(Month.from_code(payment.month).first_day).late
    return ElevList(
        enhet, unit.name, payment.month, number, payment.object_until, info.may_object, late, tuple(rows), planned,
        left_out, erased,
    )  # fmt: skip


def _category(category: Category) -> str:
    """Return what the list calls the category: its verksamhet alone where it rests on sensitive data of the elev."""
    return category.label if may_list(category) else label(category.verksamhet)


def _payment(work: UnitOfWork, viewer: Actor, kommun: str, number: int) -> PaymentRecord:
    """Return a payment that the viewer may be shown; raises ``NotForReceiversError``."""
    payment = work.payments.get(kommun, number)
    if not _shown(viewer, payment):
        raise NotForReceiversError(number)
    return payment


def _shown(viewer: Actor, payment: PaymentRecord) -> bool:
    """Say whether the viewer is shown the payment: before it is approved only who sees the whole kommun's is."""
    return payment.state in TAKEN or _may_all(viewer, "payment.view", payment.kommun)


def _by_name(one: PaymentRowView | DifferenceView) -> tuple[str, str]:
    return one.name.casefold(), one.enhet


def _seen_units(work: UnitOfWork, viewer: Actor, kommun: str) -> set[str]:
    """Return the units whose payments the viewer may see, of the newest runs and of all that have been paid.

    Raises ``ForbiddenError`` when there is none.
    """
    seen: set[str] = set()
    known: dict[str, RunUnitRecord] = {}
    for number in sorted({one.run for one in work.payments.list(kommun)} | _newest(work, kommun)):
        known |= {one.enhet: one for one in work.runs.units(kommun, number)}
    seen = {one.enhet for one in known.values() if may(viewer, "payment.view", unit_resource(kommun, one)).allowed}
    if not seen:
        verdict = may(viewer, "payment.view", Resource("kommun", kommun))
        if not verdict.allowed:
            raise ForbiddenError(verdict.reason)
    return seen


def _newest(work: UnitOfWork, kommun: str) -> set[int]:
    years = [year for year, _ in work.sums.years_of(kommun, None, ("published", "decided"))]
    run = paying_run(work, kommun, Month(max(years), MONTHS)) if years else None
    return set() if run is None else {run.number}


def _may_all(viewer: Actor, action: Action, kommun: str) -> bool:
    return may(viewer, action, Resource("kommun", kommun)).allowed


def _of_seen(sums: Mapping[str, int], seen: set[str]) -> int:
    return sum(ore for enhet, ore in sums.items() if enhet in seen)


def _info(app: App, one: PaymentRecord, total_ore: int) -> PaymentInfo:
    today = app.clock().date()
    is_open = one.state in TAKEN and one.object_until is not None and today <= one.object_until
    return PaymentInfo(
        one.number, one.month, one.run, one.state, STATE_LABELS[one.state], one.pay_on, one.object_until, is_open,
        total_ore, one.sha256, one.prepared_by, one.prepared_at, one.approved_by,
        one.approved_at, one.cancelled_at,
    )  # fmt: skip


def _row(one: PaymentPart, unit: RunUnitRecord) -> PaymentRowView:
    return PaymentRowView(
        one.enhet, unit.name, one.huvudman, unit.huvudman_name, unit.recipient, one.month, one.kind.value,
        PART_LABELS[one.kind], one.old_ore, one.new_ore, one.amount_ore, one.reason,
    )  # fmt: skip


def _units(
    viewer: Actor, kommun: str, rows: Sequence[PaymentPart], units: Mapping[str, RunUnitRecord], *, is_open: bool
) -> tuple[UnitOfPayment, ...]:
    sums: dict[str, int] = {}
    for one in rows:
        sums[one.enhet] = sums.get(one.enhet, 0) + one.amount_ore
    found = [
        UnitOfPayment(
            enhet, units[enhet].name, ore,
            may(viewer, "register_rows.view", unit_resource(kommun, units[enhet])).allowed,
            is_open and may(viewer, "flag.raise", unit_resource(kommun, units[enhet])).allowed,
        )
        for enhet, ore in sums.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.enhet)))


def _elever(
    work: UnitOfWork, payment: PaymentRecord, before: PaymentRecord
) -> tuple[dict[str, tuple[Fraction | None, Fraction | None]], set[str]]:
    """Return each unit's elever of the month before and of this month, and the units with children before school."""
    (then, small_then), (now, small_now) = _counted(work, before), _counted(work, payment)
    return {enhet: (then.get(enhet), now.get(enhet)) for enhet in then.keys() | now.keys()}, small_then | small_now


def _counted(work: UnitOfWork, payment: PaymentRecord) -> tuple[dict[str, Fraction], set[str]]:
    """Return elever of the month by unit, supplements left out, and the units some of whose places are of SMALL."""
    model = model_of(work.runs.get(payment.kommun, payment.run))
    verksamhet = {one.category: one.verksamhet for one in model.categories if not one.overlapping}
    sums: dict[str, Fraction] = {}
    small: set[str] = set()
    for enhet, category, n, den in work.payments.elever(payment.kommun, payment.run, payment.month, list(verksamhet)):
        sums[enhet] = sums.get(enhet, Fraction(0)) + Fraction(n * MONTHS, den)
        if n and verksamhet[category] in SMALL:
            small.add(enhet)
    return sums, small


def _waiting(work: UnitOfWork, payment: PaymentRecord, seen: set[str]) -> int:
    run = work.runs.get(payment.kommun, payment.run)
    if run.kind != RunKind.UTFALL.value:
        return 0
    return sum(enhet in seen for enhet, _ in work.payments.waiting(run.kommun, run.year, run.number))


def _recoveries(
    work: UnitOfWork, kommun: str, alive: Sequence[PaymentRecord], seen: set[str]
) -> tuple[RecoveryView, ...]:
    """Return recoveries, oldest first; what a unit has paid back fills its oldest recovery first."""
    recoveries = work.payments.recoveries(kommun)
    if not recoveries:
        return ()
    left = recovered(work.payments.parts(kommun, [one.number for one in alive]))
    names: dict[str, str] = {}
    for run in sorted({one.run for one in alive}):
        names |= {unit.enhet: unit.name for unit in work.runs.units(kommun, run)}
    found = []
    for one in recoveries:
        if one.enhet in seen:
            held = one.decided_on is not None
            taken = min(one.amount_ore, left.get(one.enhet, 0)) if held else 0
            left[one.enhet] = left.get(one.enhet, 0) - taken
            found.append(_recovery(one, names.get(one.enhet, one.enhet), taken))
    return tuple(found)


def _recovery(one: RecoveryRecord, name: str, taken_ore: int) -> RecoveryView:
    return RecoveryView(
        one.number, one.enhet, name, one.amount_ore, taken_ore, one.months, one.first_month, one.reason, one.state,
        RECOVERY_LABELS[one.state], one.paragraph,
    )  # fmt: skip
