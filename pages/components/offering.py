"""Which open pages have been given a field for a file: nobody else may send one.

Streamlit takes a file from every open session, also from one whose page has no such field: two hundred megabytes at a
time, kept in memory until the session ends, from anybody who can open the start page. ``asgi.py`` therefore asks here
before it reads a file. A page is offered the field once what it shows has said that its reader may deliver; the offer
ends with the reader.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Final

from streamlit.runtime.scriptrunner import get_script_run_ctx

LIFE_SECONDS: Final = 24 * 3600  # longer than any login; so that what is left behind does not grow
_offered: dict[str, float] = {}
_lock: Final = Lock()


def offer() -> None:
    """Let the open page of this run send files from now on."""
    session, now = _session(), time.monotonic()
    if session is None:
        return
    with _lock:
        for old in [one for one, since in _offered.items() if now - since > LIFE_SECONDS]:
            del _offered[old]
        _offered[session] = now


def withdraw() -> None:
    """Take the offer back: somebody else reads the page now."""
    session = _session()
    if session is not None:
        with _lock:
            _offered.pop(session, None)


def is_offered(session: str) -> bool:
    """Say whether an open page may send files."""
    with _lock:
        since = _offered.get(session)
    return since is not None and time.monotonic() - since <= LIFE_SECONDS


def _session() -> str | None:
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_id
