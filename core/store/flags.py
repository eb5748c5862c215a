"""Questions about figures, and what became of them; a question is never removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from core.base import CoreError, Sentence
from core.store.numbers import next_number, take_turn
from core.store.reach import KommunBound
from core.store.tables import FlagRow

if TYPE_CHECKING:
    import builtins
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement


class FlagUnknownError(CoreError):
    """There is no such question."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Fråga {number} finns inte för kommun {kommun}. Se listan på sidan Frågor om underlaget.",
                number=number,
                kommun=kommun,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFlag:
    """A question as it is asked; ``key`` is an address in the unit's derivation, ``month`` yyyymm."""

    kommun: str
    about: str
    run: int
    enhet: str
    huvudman: str
    key: str
    month: int | None
    said: str
    made_at: datetime
    made_by: str
    made_by_name: str
    payment: int | None = None


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """A question as it stands."""

    kommun: str
    number: int
    about: str
    run: int
    payment: int | None
    enhet: str
    huvudman: str
    key: str
    month: int | None
    said: str
    made_at: datetime
    made_by: str
    made_by_name: str
    state: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    batch: int | None
    new_run: int | None
    effect_ore: int | None


class FlagRepository(KommunBound):
    """Questions of one unit of work; never commits."""

    def add(self, new: NewFlag, state: str) -> int:
        """Write a question and return its number; numbers run by kommun."""
        number = next_number(self._connection, FlagRow.number, FlagRow.kommun == new.kommun, kommun=new.kommun)
        values = {name: getattr(new, name) for name in NewFlag.__slots__}
        self._connection.execute(insert(FlagRow).values(**values, number=number, state=state))
        return number

    def get(self, kommun: str, number: int, *, to_change: bool = False) -> FlagRecord:
        """Return a question, held for this transaction when it is ``to_change``; raises ``FlagUnknownError``."""
        if to_change:
            take_turn(self._connection, kommun)
        found = self._select(FlagRow.kommun == kommun, FlagRow.number == number)
        if not found:
            raise FlagUnknownError(kommun, number)
        return found[0]

    def list(self, kommun: str, states: Collection[str] | None = None) -> builtins.list[FlagRecord]:
        """Return the questions of a kommun, of some states or all, newest first."""
        wanted = [FlagRow.kommun == kommun]
        if states is not None:
            wanted.append(FlagRow.state.in_(list(states)))
        return self._select(*wanted)[::-1]

    def change(self, kommun: str, number: int, **values: Any) -> None:  # noqa: ANN401 - columns of the table
        """Write a step of a question: its state and what came with it."""
        here = (FlagRow.kommun == kommun, FlagRow.number == number)
        self._connection.execute(update(FlagRow).where(*here).values(**values))

    def _select(self, *conditions: ColumnElement[bool]) -> builtins.list[FlagRecord]:
        columns = [getattr(FlagRow, name) for name in FlagRecord.__slots__]
        rows = self._connection.execute(select(*columns).where(*conditions).order_by(FlagRow.number))
        return [FlagRecord(*row) for row in rows]
