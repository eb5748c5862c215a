"""A column whose text is encrypted on its way in and decrypted on its way out; nothing searches in it.

The keyring travels on the engine's dialect (``core.store.engine.make_engine``), so nothing is global and each
engine has its own. Rotation is ``core.store.resealing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, TypeDecorator
from sqlalchemy.sql import operators

from core.store.column_keys import Keyring, no_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Dialect, Engine
    from sqlalchemy.sql.operators import OperatorType

KEYS = "skolkronan_column_keys"
_ALLOWED = frozenset({operators.is_, operators.is_not})


def hand_keys(engine: Engine, read: Callable[[], Sequence[bytes]] | None) -> None:
    """Let the columns of ``engine`` use the keys that ``read`` gives; it is asked when the first value is met."""
    setattr(engine.dialect, KEYS, Keyring(read or no_keys))


def keyring_of(dialect: Dialect) -> Keyring:
    """Return the keyring of an engine's dialect."""
    keyring = getattr(dialect, KEYS, None)
    return keyring if isinstance(keyring, Keyring) else Keyring(no_keys)


class EncryptedText(TypeDecorator[str]):
    """Free text about persons; ``column`` is ``table.column``, which the ciphertext is bound to."""

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """What may be asked of such a column in SQL: whether there is a text, and nothing of what it says."""

        def operate(self, op: OperatorType, *other: Any, **named: Any) -> ColumnElement[Any]:  # noqa: ANN401 - as it came
            """Pass on IS NULL; anything else is a bug, since ciphertext neither compares nor sorts.

            SQLAlchemy itself compares columns with columns when it looks them up.
            """
            between_columns = op is operators.eq and isinstance(other[0], ColumnElement)
            if op not in _ALLOWED and not between_columns:
                raise TypeError("an encrypted column can neither be searched nor sorted")
            return super().operate(op, *other, **named)

    comparator_factory = Comparator

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text encrypted with the first key."""
        return None if value is None else keyring_of(dialect).encrypt(self.column, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text; raises ``ColumnKeyUnknownError`` and ``ColumnValueDamagedError``."""
        return None if value is None else keyring_of(dialect).decrypt(self.column, value)
