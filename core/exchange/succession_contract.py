"""The contract of successions: which unit follows which, from a day; and what must hold over the whole file.

One row says that ``enhet`` is followed by ``efterfoljare``. Two units that merge are two rows with the same successor;
a unit that is split is one row for each successor, and the shares add up to 1. A unit that closes has no successor, a
unit that opens follows nobody.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.exchange.contracts import CellKind, Column, Contract, Uniqueness
from core.exchange.faults import SuccessionGoesRound, SuccessionShares, SuccessionUnnamed, shown
from core.exchange.shared_columns import VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.exchange.faults import FaultLog
    from core.exchange.row_rules import SoundRows

SUCCESSIONS = Contract(
    kind="successions",
    title="Efterföljare",
    table="succession",
    unique=Uniqueness(
        key=("enhet", "successor"), dated=False, said="varje enhet och efterföljare står på en rad"
    ),
    columns=(
        Column(
            header="enhet",
            field="enhet",
            cell=CellKind.UNIT,
            help="Enheten som upphör, delas eller går upp i en annan. Tom för en enhet som öppnar utan föregångare.",
            example="G001",
            required=False,
        ),
        Column(
            header="efterfoljare",
            field="successor",
            cell=CellKind.UNIT,
            help="Enheten som tar över. Tom för en enhet som stänger utan efterföljare.",
            example="G002",
            required=False,
        ),
        VALID_FROM,
        Column(
            header="andel",
            field="share",
            cell=CellKind.RATIO,
            low=0,
            high=1,
            help="Hur stor del av enheten som går till efterföljaren: 1 för hela. Andelarna av en enhet blir 1.",
            example="0,6",
        ),
    ),
)  # fmt: skip


class SuccessionCheck:
    """What must hold over a whole file of successions; a file of another kind has nothing to check."""

    def __init__(self, contract: Contract) -> None:
        self._is_ours = contract.kind == SUCCESSIONS.kind
        self._followed: dict[str, list[tuple[int, str, Fraction]]] = {}

    def take(self, sound: SoundRows, log: FaultLog) -> SoundRows:
        """Take in rows and return those that are sound each for itself."""
        if not self._is_ours:
            return sound
        bad = set()
        names = (sound.texts[name] for name in ("enhet", "successor", "share"))
        for row, enhet, successor, share in zip(sound.rows, *names, strict=True):
            if not enhet and not successor:
                bad.add(row)
                log.add(SuccessionUnnamed(None, "en enhet, en efterföljare eller båda"), row)
            elif Fraction(share) == 0:
                bad.add(row)
                log.add(SuccessionShares("0", "en andel över 0 och högst 1"), row, "andel")
            elif enhet:
                self._followed.setdefault(enhet, []).append((row, successor, Fraction(share)))
        return sound.without(bad)

    def report(self, log: FaultLog) -> None:
        """Log units whose shares do not add up to 1, and units that in the end follow themselves."""
        for enhet, rows in self._followed.items():
            whole = sum((share for _, _, share in rows), Fraction(0))
            if whole != 1:
                expected = f"andelar av {enhet} som tillsammans blir 1"
                log.add(
                    SuccessionShares(f"{enhet}: {float(whole):.4g}".replace(".", ","), expected), rows[0][0], "andel"
                )
        told: set[str] = set()
        for enhet, rows in self._followed.items():
            circle = self._after(enhet)
            if enhet in circle and enhet not in told:
                told |= circle
                log.add(SuccessionGoesRound(shown(enhet), "efterföljare som inte leder tillbaka"), rows[0][0])

    def _after(self, enhet: str) -> set[str]:
        """Return every unit that in turn follows ``enhet``; a unit that goes on beside a new one is not its own."""
        seen: set[str] = set()
        waiting = list(self._next(enhet))
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += self._next(one)
        return seen

    def _next(self, enhet: str) -> Iterator[str]:
        return (successor for _, successor, _ in self._followed.get(enhet, ()) if successor and successor != enhet)
