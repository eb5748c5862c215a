"""Asking again who is there, where a part of a page runs without the rest: fragments and files made on click.

app.py asks on every run, but a fragment's rerun and a download's making begin in the middle of a page, with the reader
of the run before. Both pass here, so that a role taken back or a login ended acts there too.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

import streamlit as st

from core.access.logins import Limits
from core.base import CoreError
from core.usecases.login_views import SignedIn
from core.usecases.sign_in import narrowed, sign_in
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.components.reader import Reader

Given = ParamSpec("Given")
Made = TypeVar("Made")
FRESH: Final = "asked in this run"
_present: ContextVar[Reader | None] = ContextVar("present", default=None)


class NotHereError(CoreError):
    """Whoever opened the page has logged out since, or may see something else now."""

    def __init__(self) -> None:
        super().__init__(_("Du är inte längre inloggad som när sidan öppnades. Ladda om sidan."))


def reads(reader: Reader) -> None:
    """Say who reads in the rest of this run; runs are threads of their own, so nobody else hears it."""
    _present.set(reader)


def is_still_there(reader: Reader) -> bool:
    """Ask anew whether the reader is logged in with the same roles; whoever never logged in always is."""
    if not isinstance(reader.outcome, SignedIn):
        return True
    limits = Limits(reader.login.life, reader.login.idle)
    again = sign_in(reader.app, reader.outcome.proof, limits, reader.outcome)
    return isinstance(again, SignedIn) and narrowed(again, reader.kommun) == reader.viewer


def fragment(show: Callable[Concatenate[Reader, Given], None]) -> Callable[Concatenate[Reader, Given], None]:
    """Make a part of a page that reruns by itself; when its reader has gone, the whole page runs instead."""

    @wraps(show)
    def run(reader: Reader, *args: Given.args, **kwargs: Given.kwargs) -> None:
        if reader.memo.pop(FRESH, None) is None and not is_still_there(reader):
            st.rerun()
        reads(reader)
        show(reader, *args, **kwargs)

    return cast("Callable[Concatenate[Reader, Given], None]", st.fragment(run))


def asked_again(make: Callable[[], Made]) -> Callable[[], Made]:
    """Return ``make``, which raises ``NotHereError`` if its reader has gone when it is carried out."""
    reader = _present.get()

    @wraps(make)
    def run() -> Made:
        if reader is not None and not is_still_there(reader):
            raise NotHereError
        return make()

    return run
