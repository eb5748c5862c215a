"""The keys of encrypted columns in tests: the same everywhere, so that any engine reads what another wrote."""

from __future__ import annotations

import base64

KEY = bytes(range(32))
GIVEN = base64.b64encode(KEY).decode()
"""As ``SKOLKRONAN_COLUMN_KEYS`` says it."""


def column_keys() -> tuple[bytes, ...]:
    """Return the keys, as ``make_engine(url, column_keys)`` asks for them."""
    return (KEY,)
