"""An objection to a payment: a question like any other, but only within the window that the payment's terms give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access import require
from core.base import CoreError, Month, Sentence
from core.parameters.paying import payment_terms_on
from core.publication.payment_rows import month_sentence
from core.publication.texts import day_sentence
from core.store import NewFlag
from core.usecases.context import kommun_of, unit_resource
from core.usecases.flag_states import OPEN, clean_text
from core.usecases.payment_files import TAKEN, units_paid
from core.usecases.payment_reading import NotPaidError
from core.usecases.reasons import sealed

if TYPE_CHECKING:
    from datetime import date

    from core.access import Actor
    from core.usecases.context import App


class ObjectionTooLateError(CoreError):
    """The window has closed."""

    def __init__(self, month: int, closed_on: date, late: str) -> None:
        self.month, self.closed_on = month, closed_on
        super().__init__(
            Sentence(
                "Invändningar mot utbetalningen för {month} togs emot till och med {closed_on}. {late}",
                month=month_sentence(month),
                closed_on=day_sentence(closed_on),
                late=Sentence(late),
            )
        )


class NothingToObjectToError(CoreError):
    """The payment is not approved, so nothing has been paid."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Utbetalning {number} är inte godkänd än. Invänd när den är godkänd; sista dagen står då vid den.",
                number=number,
            )
        )


def object_to(app: App, viewer: Actor, number: int, enhet: str, said: str) -> int:
    """Object to what a unit was paid and return the question's number.

    Raises ``ObjectionTooLateError``, which says where to turn instead, and ``ForbiddenError``.
    """
    kommun = kommun_of(viewer)
    with app.writing(viewer) as work:
        payment = work.payments.get(kommun, number)
        mine = [one for one in work.payments.parts(kommun, [number]) if one.enhet == enhet]
        unit = units_paid(work, payment, mine).get(enhet)
        if unit is None or not mine:
            raise NotPaidError(enhet, number)
        require(viewer, "flag.raise", unit_resource(kommun, unit))
        if payment.state not in TAKEN or payment.object_until is None:
            raise NothingToObjectToError(number)
        if app.clock().date() > payment.object_until:
            late = payment_terms_on(Month.from_code(payment.month).first_day).late
            raise ObjectionTooLateError(payment.month, payment.object_until, late)
        new = NewFlag(
            kommun=kommun, about="payment", run=payment.run, payment=number, enhet=enhet, huvudman=unit.huvudman,
            key="total", month=payment.month, said=clean_text(said, Sentence("vad som är fel")), made_at=app.clock(),
            made_by=viewer.subject, made_by_name=viewer.display_name,
        )  # fmt: skip
        flag = work.flags.add(new, OPEN)
        facts: dict[str, object] = {
            "payment": number, "enhet": enhet, "month": payment.month,
            "said": sealed(app, kommun, f"flag:{flag}", new.said),
        }  # fmt: skip
        work.audit.append(kommun, app.clock(), viewer.subject, "flag.raise", f"flag:{flag}", facts)
        work.commit()
    return flag
