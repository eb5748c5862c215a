"""The states of a recovery: proposed, decided by somebody else, settled when all is taken back, or cancelled."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence, either
from core.publication.payment import SameEyesError

if TYPE_CHECKING:
    from collections.abc import Mapping


class RecoveryState(StrEnum):
    """How far a recovery has come."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    SETTLED = "settled"
    CANCELLED = "cancelled"


STATE_LABELS = {
    RecoveryState.PROPOSED: "Föreslaget",
    RecoveryState.DECIDED: "Beslutat",
    RecoveryState.SETTLED: "Slutreglerat",
    RecoveryState.CANCELLED: "Återtaget",
}
_NEXT: Mapping[RecoveryState, tuple[RecoveryState, ...]] = {
    RecoveryState.PROPOSED: (RecoveryState.DECIDED, RecoveryState.CANCELLED),
    RecoveryState.DECIDED: (RecoveryState.SETTLED,),
    RecoveryState.SETTLED: (),
    RecoveryState.CANCELLED: (),
}


class RecoveryStateError(CoreError):
    """A recovery cannot be taken to the state asked for."""

    def __init__(self, number: int, state: RecoveryState, wanted: RecoveryState) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        follows = either([STATE_LABELS[one].lower() for one in _NEXT[state]])
        rest = (
            Sentence("Det kan bara bli {follows}.", follows=follows)
            if follows
            else Sentence("Det ändras inte mer; föreslå ett nytt om det behövs.")
        )
        super().__init__(
            Sentence(
                "Återkrav {number} är {state} och kan inte bli {wanted}. {rest}",
                number=number,
                state=Sentence(STATE_LABELS[state].lower()),
                wanted=Sentence(STATE_LABELS[wanted].lower()),
                rest=rest,
            )
        )


def moved(number: int, state: RecoveryState, wanted: RecoveryState, *, proposed_by: str, by: str) -> RecoveryState:
    """Return the state that follows; raises ``RecoveryStateError``, and ``SameEyesError`` for one's own proposal."""
    if wanted not in _NEXT[state]:
        raise RecoveryStateError(number, state, wanted)
    if wanted is RecoveryState.DECIDED and proposed_by == by:
        raise SameEyesError(Sentence("Återkrav {number}", number=number), by)
    return wanted
