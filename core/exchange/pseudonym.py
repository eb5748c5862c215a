"""Elever by keyed hash: who they are never leaves the reader.

Pseudonym = the first 20 hexadecimal digits of HMAC-SHA256(key, kommun ␟ identity), where ␟ is
U+001F. The kommun is in the message so that two municipalities in one database cannot be
matched against each other. A personnummer with a hyphen and one without give the same
pseudonym. Our own exports mark pseudonyms with ``pseudonym:``, which is read back as it stands.

HMAC is written out (RFC 2104): the two keyed states are made once and copied for each elev,
which is twice as quick as a call that keys them anew; a test holds it equal to the library's.
"""

from __future__ import annotations

import hashlib
import re
from itertools import repeat
from typing import TYPE_CHECKING, TypeGuard

from core.base import CoreError
from core.exchange.cells import expected_by, plain
from core.exchange.faults import HIDDEN, CellEmpty, CellTooLong, CellUnprintable, CodeMalformed, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.exchange.contracts import Column

PSEUDONYM_MARK = "pseudonym:"
PSEUDONYM_LENGTH = 20
IDENTITY_LENGTH = 64
SHORTEST_KEY = 16
_BLOCK = 64
_ROW_END = "\x1e"  # only to encode a whole block at once; never inside an identity
_PERSONNUMMER = re.compile(r"(\d{8})-(\d{4})\Z")
_PSEUDONYM = re.compile(rf"[0-9a-f]{{{PSEUDONYM_LENGTH}}}\Z")


class PseudonymKeyShortError(CoreError):
    """The key is too short to keep identities secret."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"Nyckeln för pseudonymer har {length} tecken men behöver minst {SHORTEST_KEY}. "
            "Låt programmet skapa en ny nyckelfil, eller ange en längre nyckel."
        )


class Pseudonymiser:
    """Identities of one kommun to pseudonyms."""

    def __init__(self, key: bytes, kommun: str) -> None:
        if len(key) < SHORTEST_KEY:
            raise PseudonymKeyShortError(len(key))
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + f"{kommun}\x1f".encode())
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(self, identity: str) -> str:
        """Return the pseudonym of one identity, already plain."""
        return self.many([identity])[0]

    def many(self, identities: Sequence[str]) -> list[str]:
        """Return the pseudonyms of identities, already plain."""
        inner_copy, outer_copy = self._inner.copy, self._outer.copy
        pseudonyms: list[str] = []
        add = pseudonyms.append
        for identity in _ROW_END.join(identities).encode().split(_ROW_END.encode()):
            inner = inner_copy()
            inner.update(identity)
            outer = outer_copy()
            outer.update(inner.digest())
            add(outer.hexdigest()[:PSEUDONYM_LENGTH])
        return pseudonyms


class PersonColumn:
    """The elev column, block by block; its faults never show what was found."""

    def __init__(self, column: Column, pseudonymiser: Pseudonymiser) -> None:
        self.faulty = False
        self._column = column
        self._pseudonymiser = pseudonymiser

    def convert(self, cells: Sequence[str | Fault]) -> list[str | Fault]:
        """Return pseudonyms, or the fault, for each cell."""
        if _are_simple(cells):
            distinct = list(dict.fromkeys(cells))  # an elev in grundskola and fritidshem is hashed once
            pseudonyms = dict(zip(distinct, self._pseudonymiser.many(distinct), strict=True))
            return list(map(pseudonyms.__getitem__, cells))
        return list(map(self._careful, cells, repeat(expected_by(self._column))))

    def _careful(self, cell: str | Fault, expected: str) -> str | Fault:
        identity = cell.hidden() if isinstance(cell, Fault) else _plain_identity(cell, expected)
        if isinstance(identity, Fault):
            self.faulty = True
            return identity
        if identity.startswith(PSEUDONYM_MARK):
            return identity.removeprefix(PSEUDONYM_MARK)
        return self._pseudonymiser.of(identity)


def _are_simple(cells: Sequence[str | Fault]) -> TypeGuard[Sequence[str]]:
    """Say whether every cell of a block can be hashed as it stands; asked of the whole block at once, for speed."""
    try:
        whole = "".join(cells)  # type: ignore[arg-type]  # a Fault among them raises, which is the answer
    except TypeError:
        return False
    return (
        whole.isascii()
        and whole.isprintable()
        and not any(sign in whole for sign in " -:'")
        and "" not in cells
        and max(map(len, cells), default=0) <= IDENTITY_LENGTH  # type: ignore[arg-type]  # only texts are left
    )


def _plain_identity(cell: str, expected: str) -> str | Fault:
    """Return an identity ready to be hashed, or the fault in it."""
    identity = plain(cell)
    if not identity:
        return CellEmpty(HIDDEN, expected)
    if not identity.isprintable():
        return CellUnprintable(HIDDEN, expected)
    if len(identity) > IDENTITY_LENGTH:
        return CellTooLong(HIDDEN, expected)
    if identity.startswith(PSEUDONYM_MARK) and not _PSEUDONYM.match(identity.removeprefix(PSEUDONYM_MARK)):
        return CodeMalformed(HIDDEN, f"{expected}, eller en pseudonym ur programmets egen export")
    return _PERSONNUMMER.sub(r"\1\2", identity)
