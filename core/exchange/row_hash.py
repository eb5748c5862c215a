"""A row's hash: 48 bits that tell whether the same facts were counted.

Canonical row text = the stored values in the contract's order (without kommun, batch, row, the
hash itself and what the contract leaves out, such as the receiver's own reference), each written
plainly — whole numbers as digits, dates as ISO text, absent as nothing — joined by U+001F. The
hash is BLAKE2b of its UTF-8 form with a six-byte digest, read as a big-endian number. So anyone
with the table can recompute it; 48 bits keep sums of millions of hashes inside 64.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = "\x1f"
ROW_END = "\x1e"  # only to encode a whole block at once; like all control characters never inside a cell
DIGEST_BYTES = 6


def row_hashes(columns: Sequence[Iterable[str]]) -> list[int]:
    """Return the hash of each row of canonical columns."""
    whole = ROW_END.join(map(SEPARATOR.join, zip(*columns, strict=True)))
    digests = [blake2b(row, digest_size=DIGEST_BYTES).digest() for row in whole.encode().split(ROW_END.encode())]
    padded = np.zeros((len(digests), 8), np.uint8)
    padded[:, 8 - DIGEST_BYTES :] = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES)
    hashes: list[int] = padded.view(">u8").ravel().tolist()
    return hashes
