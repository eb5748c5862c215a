"""Recovery of an overpayment: proposed by one, decided by another, taken back out of coming payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import CoreError, Month, Sentence, format_kr, sha256
from core.publication.recovery import RecoveryState, moved
from core.store.payments import RecoveryRecord
from core.usecases.context import matter, must, must_in
from core.usecases.reasons import sealed

if TYPE_CHECKING:
    from datetime import date

    from core.access import Action, Actor
    from core.store import UnitOfWork
    from core.usecases.context import App

MOST_MONTHS = 36


class RecoveryUnfitError(CoreError):
    """A recovery cannot be proposed like that."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(Sentence("Återkravet kan inte föreslås: {what}.", what=what))


def propose(  # noqa: PLR0913 - what is to be recovered, from whom and how
    app: App, viewer: Actor, kommun: str, enhet: str, *, amount_ore: int, months: int, first_month: Month, reason: str
) -> int:
    """Propose that ``amount_ore`` is taken back from a unit over ``months`` and return the number.

    Raises ``RecoveryUnfitError``, also for more than the unit has been paid.
    """
    must(viewer, "payment.prepare", kommun)
    with app.writing(viewer) as work:
        work.payments.take_turn(kommun)
        huvudman, paid = _paid_to(work, kommun, enhet)
        must_in(viewer, "payment.prepare", matter(kommun, huvudman, [enhet]))
        _must_fit(amount_ore, months, reason, paid)
        new = RecoveryRecord(
            kommun, 0, enhet, huvudman, amount_ore, months, first_month.code, reason.strip(), RecoveryState.PROPOSED,
            app.clock(), viewer.subject, None, None, None,
        )  # fmt: skip
        number = work.payments.propose(new)
        said = sealed(app, kommun, f"recovery:{number}", new.reason)
        facts: dict[str, object] = {
            "enhet": enhet, "amount_ore": amount_ore, "months": months, "reason": said,
        }  # fmt: skip
        work.audit.append(kommun, app.clock(), viewer.subject, "payment.prepare", f"recovery:{number}", facts)
        work.commit()
    return number


def decide(app: App, viewer: Actor, kommun: str, number: int, paragraph: str, on: date) -> None:
    """Decide a proposed recovery; raises ``SameEyesError`` for who proposed it."""
    must(viewer, "recovery.decide", kommun)
    if not paragraph.strip():
        raise RecoveryUnfitError(Sentence("paragraf i protokollet eller delegationslistan saknas"))
    _move(app, viewer, kommun, number, RecoveryState.DECIDED, decided_on=on, paragraph=paragraph.strip())


def withdraw(app: App, viewer: Actor, kommun: str, number: int) -> None:
    """Withdraw a recovery that is not decided."""
    must(viewer, "payment.prepare", kommun)
    _move(app, viewer, kommun, number, RecoveryState.CANCELLED)


def _move(app: App, viewer: Actor, kommun: str, number: int, wanted: RecoveryState, **values: date | str) -> None:
    action: Action = "recovery.decide" if wanted is RecoveryState.DECIDED else "payment.prepare"
    with app.writing(viewer) as work:
        work.payments.take_turn(kommun)
        now = work.payments.recovery(kommun, number)
        must_in(viewer, action, matter(kommun, now.huvudman, [now.enhet]))
        after = moved(number, now.state, wanted, proposed_by=now.created_by, by=viewer.subject)
        by = {"decided_by": viewer.subject} if after is RecoveryState.DECIDED else {}
        work.payments.move_recovery(kommun, number, now.state, after, **values, **by)
        said = {name: sha256(value) if isinstance(value, str) else str(value) for name, value in values.items()}
        facts: dict[str, object] = {"state": after.value, **said}
        work.audit.append(kommun, app.clock(), viewer.subject, action, f"recovery:{number}", facts)
        work.commit()


def _paid_to(work: UnitOfWork, kommun: str, enhet: str) -> tuple[str, int]:
    """Return the huvudman of a unit that has been paid, and how much; raises ``RecoveryUnfitError``."""
    numbers = [one.number for one in work.payments.alive(kommun)]
    mine = [one for one in work.payments.parts(kommun, numbers) if one.enhet == enhet]
    if not mine:
        raise RecoveryUnfitError(Sentence("enheten {enhet} har inte fått någon utbetalning", enhet=enhet))
    return mine[-1].huvudman, sum(one.amount_ore for one in mine)


def _must_fit(amount_ore: int, months: int, reason: str, paid_ore: int) -> None:
    if amount_ore <= 0:
        raise RecoveryUnfitError(Sentence("beloppet ska vara större än noll"))
    if amount_ore > paid_ore:
        raise RecoveryUnfitError(
            Sentence("enheten har fått {paid_ore} och mer kan inte krävas tillbaka", paid_ore=format_kr(paid_ore))
        )
    if not 1 <= months <= MOST_MONTHS:
        raise RecoveryUnfitError(Sentence("antalet månader ska vara 1–{most_months}", most_months=MOST_MONTHS))
    if not reason.strip():
        raise RecoveryUnfitError(Sentence("skälet saknas"))
