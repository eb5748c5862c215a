"""Which key encrypts what, and encrypting anew with the first key: rotation, kommun by kommun, a batch at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import Text, not_, select, type_coerce, update

from core.store.column_keys import MARK, key_of
from core.store.encrypted import EncryptedText, keyring_of
from core.store.reach import KommunBound
from core.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ColumnElement

CLEAR = ""
"""Stands for the key of a text that is not encrypted yet."""


def encrypted_columns() -> Iterator[Column[str]]:
    """Yield every encrypted column there is, in the order of the tables."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, EncryptedText))


class ResealingRepository(KommunBound):
    """Encrypted values of one unit of work, as they are stored; never commits."""

    def key_ids(self, kommun: str) -> tuple[str, ...]:  # noqa: ARG002 - every question names its kommun
        """Return the names of the keys that the program has, the one that encrypts first."""
        return keyring_of(self._connection.dialect).ids

    def counts(self, kommun: str) -> dict[str, int]:
        """Return how many values each key encrypts, by the key's name; ``CLEAR`` for those in the clear."""
        found: Counter[str] = Counter()
        for column in encrypted_columns():
            raw = type_coerce(column, Text)
            rows = self._connection.execute(select(raw).where(column.table.c.kommun == kommun, raw.is_not(None)))
            for (stored,) in rows:
                found[key_of(stored) or CLEAR] += 1
        return dict(found)

    def reseal(self, kommun: str, limit: int) -> int:
        """Encrypt anew at most ``limit`` values that the first key did not encrypt; return how many were.

        A value that somebody changes meanwhile is left to the next round. Raises ``ColumnKeyUnknownError`` and
        ``ColumnValueDamagedError``: what cannot be read is never written over.
        """
        done = 0
        for column in encrypted_columns():
            if done < limit:
                done += self._reseal(column, kommun, limit - done)
        return done

    def _reseal(self, column: Column[str], kommun: str, limit: int) -> int:
        keyring = keyring_of(self._connection.dialect)
        table, name, raw = column.table, str(column), type_coerce(column, Text)
        keys = list(table.primary_key.columns)
        waiting: list[ColumnElement[bool]] = [
            table.c.kommun == kommun,
            raw.is_not(None),
            not_(raw.startswith(f"{MARK}:{keyring.ids[0]}:", autoescape=True)),
        ]
        rows = self._connection.execute(select(*keys, raw).where(*waiting).order_by(*keys).limit(limit)).all()
        for *key, stored in rows:
            anew = keyring.encrypt(name, keyring.decrypt(name, stored))
            here = [part == value for part, value in zip(keys, key, strict=True)]
            self._connection.execute(
                update(table).where(*here, raw == stored).values({column: type_coerce(anew, Text)})
            )
        return len(rows)
