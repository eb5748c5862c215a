"""A payment's rows and the states it goes through: prepared, approved by somebody else, paid or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence, canonical_json, either, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

YEAR_END = 12
HUNDRED = 100


class PaymentState(StrEnum):
    """How far a payment has come."""

    PREPARED = "prepared"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


class PartKind(StrEnum):
    """Why a row is paid."""

    MONTHLY = "monthly"
    SETTLEMENT = "settlement"
    CORRECTION = "correction"
    APPEAL = "appeal"
    RECOVERY = "recovery"


PART_LABELS = {
    PartKind.MONTHLY: "Månadsbelopp",
    PartKind.SETTLEMENT: "Avrundning",
    PartKind.CORRECTION: "Rättelse",
    PartKind.APPEAL: "Efter överklagande",
    PartKind.RECOVERY: "Återkrav",
}
STATE_LABELS = {
    PaymentState.PREPARED: "Framtagen",
    PaymentState.APPROVED: "Godkänd",
    PaymentState.PAID: "Betald",
    PaymentState.CANCELLED: "Avbruten",
}
_NEXT: Mapping[PaymentState, tuple[PaymentState, ...]] = {
    PaymentState.PREPARED: (PaymentState.APPROVED, PaymentState.CANCELLED),
    PaymentState.APPROVED: (PaymentState.PAID, PaymentState.CANCELLED),
    PaymentState.PAID: (),
    PaymentState.CANCELLED: (),
}


class PaymentStateError(CoreError):
    """A payment cannot be taken to the state asked for."""

    def __init__(self, number: int, state: PaymentState, wanted: PaymentState) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        follows = either([STATE_LABELS[one].lower() for one in _NEXT[state]])
        rest = (
            Sentence("Den kan bara bli {follows}.", follows=follows)
            if follows
            else Sentence("Den ändras inte mer; rätta i nästa månads utbetalning.")
        )
        super().__init__(
            Sentence(
                "Utbetalning {number} är {state} och kan inte bli {wanted}. {rest}",
                number=number,
                state=Sentence(STATE_LABELS[state].lower()),
                wanted=Sentence(STATE_LABELS[wanted].lower()),
                rest=rest,
            )
        )


class SameEyesError(CoreError):
    """Who prepared a payment or a decision may not be who approves or decides it."""

    def __init__(self, what: str, by: str) -> None:
        self.what, self.by = what, by
        super().__init__(
            Sentence(
                "{what} är framtagen av {by} och ska granskas av någon annan. Be en kollega göra det.", what=what, by=by
            )
        )


class PaymentAlteredError(CoreError):
    """The stored rows are not those that the payment's hash was made of."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Raderna i utbetalning {number} stämmer inte med dess kontrollsumma. Betala inte; avbryt "
                "utbetalningen, ta fram den på nytt och anmäl avvikelsen till systemförvaltaren.",
                number=number,
            )
        )


@dataclass(frozen=True, slots=True, order=True)
class PaymentPart:
    """One row of a payment: ``month`` (yyyymm) is the month it concerns; a correction carries old and new öre."""

    enhet: str
    month: int
    kind: PartKind
    huvudman: str
    amount_ore: int
    reason: str
    old_ore: int | None = None
    new_ore: int | None = None


def rows_hash(parts: Iterable[PaymentPart]) -> str:
    """Return the SHA-256 that a payment's rows are locked by: their canonical form, in order."""
    plain = [
        [one.enhet, one.month, one.kind.value, one.huvudman, one.old_ore, one.new_ore, one.amount_ore, one.reason]
        for one in sorted(parts, key=part_order)
    ]
    return sha256(canonical_json(plain))


def moved(number: int, state: PaymentState, wanted: PaymentState, *, prepared_by: str, by: str) -> PaymentState:
    """Return the state that follows; raises ``PaymentStateError``, and ``SameEyesError`` for one's own payment."""
    if wanted not in _NEXT[state]:
        raise PaymentStateError(number, state, wanted)
    if wanted is PaymentState.APPROVED and prepared_by == by:
        raise SameEyesError(Sentence("Utbetalning {number}", number=number), by)
    return wanted


def part_order(part: PaymentPart) -> tuple[bytes, int, str]:
    """Return what rows are put in order by: unit, the month concerned, kind."""
    return part.enhet.encode(), part.month, part.kind.value
