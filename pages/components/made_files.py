"""The addresses of files made on click: whoever has the address has the file, so nobody may guess it.

Streamlit keeps such a file until its page runs again, and answers whoever asks for it by its address. The address is a
sum of what the file holds, which tells who can guess the file that it was made, by a guess at a time. Here the sum is
keyed by a secret of the process, and taken over the whole file, where Streamlit's leaves out most of a long one: two
long files that differ only there would be one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from streamlit.runtime import memory_media_file_storage as media

_KEY: Final = secrets.token_bytes(32)


def address(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """Return the address of a file: the same for the same file while the process lives, and for nobody to guess."""
    named = hmac.new(_KEY, f"{mimetype}\x1f{filename}\x1f{len(data)}\x1f".encode(), hashlib.sha256)
    named.update(data)
    return named.hexdigest()


def guard() -> None:
    """Let Streamlit give files these addresses; a private name, and tests/test_server.py fails when it goes."""
    media._calculate_file_id = address  # noqa: SLF001  # there is no public way
