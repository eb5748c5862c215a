"""Decisions on grants per huvudman, with what an appeal changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from core.base import CoreError, Sentence
from core.publication.decision import DecisionState
from core.publication.payment_rows import AppealChange
from core.store.numbers import next_number, take_on, take_turn
from core.store.payments import MovedMeanwhileError
from core.store.reach import KommunBound
from core.store.tables import DecisionChangeRow, DecisionRow, RunRow

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement


class DecisionUnknownError(CoreError):
    """A decision is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Beslut {number} finns inte för kommun {kommun}. Se listan på sidan Beslut.",
                number=number,
                kommun=kommun,
            )
        )


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision for one huvudman and run; ``created_by`` is the subject of who prepared it."""

    kommun: str
    number: int
    run: int
    huvudman: str
    huvudman_name: str
    state: DecisionState
    body: str | None
    decided_on: date | None
    paragraph: str | None
    decided_by: str | None
    delegation: str | None
    special_reasons: str | None
    total_ore: int
    content_sha256: str
    delivered_on: date | None
    delivered_how: str | None
    appeal_until: date | None
    appealed_on: date | None
    appeal_outcome: str | None
    replaces: int | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision as it is prepared."""

    kommun: str
    run: int
    huvudman: str
    huvudman_name: str
    special_reasons: str | None
    total_ore: int
    content_sha256: str
    replaces: int | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """Old and new öre of a unit for the whole year, with the reason."""

    enhet: str
    old_ore: int
    new_ore: int
    reason: str


class DecisionRepository(KommunBound):
    """Decisions of one unit of work; never commits."""

    def take_turn(self, kommun: str) -> None:
        """Wait until nobody else prepares or moves a decision of the kommun."""
        take_turn(self._connection, kommun)

    def create(self, new: NewDecision) -> int:
        """Write a draft and return its number."""
        number = next_number(self._connection, DecisionRow.number, DecisionRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in NewDecision.__slots__}
        self._connection.execute(insert(DecisionRow).values(**values, number=number, state=DecisionState.DRAFT.value))
        return number

    def get(self, kommun: str, number: int) -> DecisionRecord:
        """Return a decision; raises ``DecisionUnknownError``."""
        found = self._select(DecisionRow.kommun == kommun, DecisionRow.number == number)
        if not found:
            raise DecisionUnknownError(kommun, number)
        return found[0]

    def list(self, kommun: str) -> builtins.list[DecisionRecord]:
        """Return every decision, newest first."""
        return self._select(DecisionRow.kommun == kommun)[::-1]

    def _select(self, *conditions: ColumnElement[bool]) -> builtins.list[DecisionRecord]:
        rows = self._connection.execute(select(DecisionRow.__table__).where(*conditions).order_by(DecisionRow.number))
        return [DecisionRecord(**{**row, "state": DecisionState(row["state"])}) for row in rows.mappings()]

    def move(
        self,
        kommun: str,
        number: int,
        before: DecisionState,
        after: DecisionState,
        **values: Any,  # noqa: ANN401 - columns of the row
    ) -> None:
        """Take a decision from one state to another; raises ``MovedMeanwhileError`` when it has left the first."""
        if not take_on(self._connection, DecisionRow, kommun, number, before.value, after.value, **values):
            raise MovedMeanwhileError(Sentence("Beslut {number}", number=number))

    def change(self, kommun: str, number: int, changes: Sequence[ChangeRecord]) -> None:
        """Write what was changed; once for a decision."""
        rows = [
            {"kommun": kommun, "decision": number, **{name: getattr(one, name) for name in ChangeRecord.__slots__}}
            for one in changes
        ]
        self._connection.execute(insert(DecisionChangeRow), rows)

    def changes(self, kommun: str, number: int) -> builtins.list[ChangeRecord]:
        """Return what was changed, by unit."""
        table = DecisionChangeRow
        rows = self._connection.execute(
            select(table.enhet, table.old_ore, table.new_ore, table.reason)
            .where(table.kommun == kommun, table.decision == number)
            .order_by(table.enhet)
        )
        return [ChangeRecord(*row) for row in rows]

    def appeal_changes(self, kommun: str) -> builtins.list[AppealChange]:
        """Return what every changed decision moves in payments, by decision and unit."""
        table, decision = DecisionChangeRow, DecisionRow
        rows = self._connection.execute(
            select(table.enhet, decision.huvudman, RunRow.year, table.new_ore - table.old_ore, table.reason)
            .join(decision, (decision.kommun == table.kommun) & (decision.number == table.decision))
            .join(RunRow, (RunRow.kommun == decision.kommun) & (RunRow.number == decision.run))
            .where(table.kommun == kommun, decision.state == DecisionState.CHANGED.value)
            .order_by(table.decision, table.enhet)
        )
        return [AppealChange(*row) for row in rows]
