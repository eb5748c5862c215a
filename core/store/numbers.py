"""Numbers run by kommun, without gaps that anyone could wonder about: one taker at a time; so do states of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from core.store.errors import KommunUnknownError
from core.store.tables import KommunRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.orm import InstrumentedAttribute


def next_number(
    connection: Connection, number: InstrumentedAttribute[int], *of: ColumnElement[bool], kommun: str
) -> int:
    """Return the number after the highest among the rows ``of``, held for this transaction.

    Raises ``KommunUnknownError``.
    """
    take_turn(connection, kommun)
    highest = connection.scalar(select(number).where(*of).order_by(number.desc()).limit(1))
    return (highest or 0) + 1


def take_on(  # which row of which table, from what to what
    connection: Connection, table: type[Any], kommun: str, number: int, before: str, after: str, **values: object
) -> bool:
    """Take a numbered row from one state to another, with other values; False when it has left the first state."""
    done = connection.execute(
        update(table)
        .where(table.kommun == kommun, table.number == number, table.state == before)
        .values(state=after, **values)
    )
    return done.rowcount == 1


def take_turn(connection: Connection, kommun: str) -> None:
    """Wait until no other transaction takes numbers for the kommun.

    PostgreSQL locks the kommun's row, which still lets others refer to it; on SQLite a writer is
    alone from its beginning.
    """
    row = select(KommunRow.kommun).where(KommunRow.kommun == kommun).with_for_update(key_share=True)
    if connection.scalar(row) is None:
        raise KommunUnknownError(kommun)
