"""The keys of encrypted columns: the first encrypts, every one of them decrypts.

A stored value is ``sk1:<key>:<nonce and ciphertext>``: AES-256-GCM with the column's name as associated data, so
that a value moved to another column cannot be read there. ``<key>`` is a digest that names the key without telling
it. A text without the mark was written before the column was encrypted; it is read as it is until
``python -m core keys rotate`` has encrypted it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.base import CoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MARK = "sk1"
KEY_BYTES, NONCE_BYTES, ID_DIGITS = 32, 12, 8
ROTATE = "python -m core keys show visar vilka nycklar som behövs."


class ColumnKeysUnusableError(CoreError):
    """There are no keys, or none that can be used; ``said`` tells which and what to do."""

    def __init__(self, said: str) -> None:
        super().__init__(said)


class ColumnKeyUnknownError(CoreError):
    """A value was encrypted with a key that is not among ours."""

    def __init__(self, column: str, key: str) -> None:
        self.column, self.key = column, key
        super().__init__(
            f"En text i {column} är krypterad med nyckeln {key}, som inte finns bland dem programmet har fått. Lägg "
            f"tillbaka den i SKOLKRONAN_COLUMN_KEYS eller i nyckelfilen och starta om. {ROTATE}"
        )


class ColumnValueDamagedError(CoreError):
    """A value is not what was once encrypted for its column."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(
            f"En krypterad text i {column} är ändrad, flyttad eller skadad och visas inte. Återställ den ur "
            "säkerhetskopian och ta reda på vem som har skrivit i databasen."
        )


def key_id(key: bytes) -> str:
    """Return the name of a key: a digest that says which it is and nothing of what it is."""
    return hashlib.sha256(b"skolkronan column key\x1f" + key).hexdigest()[:ID_DIGITS]


def key_of(stored: str) -> str | None:
    """Return the name of the key that a stored value was encrypted with; None for a text in the clear."""
    mark, _, rest = stored.partition(":")
    return rest.partition(":")[0] if mark == MARK else None


class Keyring:
    """The keys of one engine, read when the first value is; ``read`` raises ``CoreError`` when it cannot."""

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        self._read = read
        self._known: dict[str, AESGCM] = {}
        self._first = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the keys, the one that encrypts first."""
        self._load()
        return tuple(self._known)

    def encrypt(self, column: str, text: str) -> str:
        """Return ``text`` as it is stored in ``column``; never twice the same."""
        self._load()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._known[self._first].encrypt(nonce, text.encode(), column.encode())
        return f"{MARK}:{self._first}:{base64.urlsafe_b64encode(sealed).decode()}"

    def decrypt(self, column: str, stored: str) -> str:
        """Return the text behind a stored value; raises ``ColumnKeyUnknownError`` and ``ColumnValueDamagedError``."""
        name = key_of(stored)
        if name is None:
            return stored
        self._load()
        if name not in self._known:
            self._load(anew=True)  # a key added since this process began
        if name not in self._known:
            raise ColumnKeyUnknownError(column, name)
        try:
            sealed = base64.b64decode(stored.split(":", 2)[2], altchars=b"-_", validate=True)
            return self._known[name].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], column.encode()).decode()
        except (InvalidTag, binascii.Error, IndexError, ValueError) as error:
            raise ColumnValueDamagedError(column) from error

    def _load(self, *, anew: bool = False) -> None:
        if self._known and not anew:
            return
        keys = self._read()
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ColumnKeysUnusableError(
                f"Nycklarna till krypterade kolumner saknas eller är inte {KEY_BYTES} byte långa. Se SKOLKRONAN_COLUMN_"
                "KEYS och SKOLKRONAN_COLUMN_KEY_FILE i docs/drift.md."
            )
        self._known = {key_id(key): AESGCM(key) for key in keys}
        self._first = next(iter(self._known))


def no_keys() -> Sequence[bytes]:
    """Say that nobody handed over any keys: what an engine has that is only made to migrate or to look."""
    raise ColumnKeysUnusableError(
        "Här behövs nycklarna till krypterade kolumner, men den här anslutningen har inte fått några. Ange dem i "
        "SKOLKRONAN_COLUMN_KEYS eller SKOLKRONAN_COLUMN_KEY_FILE."
    )
