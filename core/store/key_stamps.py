"""Fingerprints of the keys that a kommun's rows rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.store.numbers import take_turn
from core.store.reach import KommunBound
from core.store.tables import KeyStampRow

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeyStampRecord:
    """The fingerprint of one key, and since when."""

    stamp: str
    set_at: datetime


class KeyStampRepository(KommunBound):
    """Fingerprints of one unit of work; never commits."""

    def get(self, kommun: str, purpose: str) -> KeyStampRecord | None:
        """Return the fingerprint of the key for a purpose, None before it was ever used."""
        here = (KeyStampRow.kommun == kommun, KeyStampRow.purpose == purpose)
        found = self._connection.execute(select(KeyStampRow.stamp, KeyStampRow.set_at).where(*here)).first()
        return None if found is None else KeyStampRecord(*found)

    def set(self, kommun: str, purpose: str, stamp: str, at: datetime) -> None:
        """Write the fingerprint, in place of an earlier one; one writer at a time."""
        take_turn(self._connection, kommun)
        here = (KeyStampRow.kommun == kommun, KeyStampRow.purpose == purpose)
        if self._connection.execute(update(KeyStampRow).where(*here).values(stamp=stamp, set_at=at)).rowcount == 0:
            new = insert(KeyStampRow).values(kommun=kommun, purpose=purpose, stamp=stamp, set_at=at)
            self._connection.execute(new)
