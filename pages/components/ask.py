"""One question to a use case; what a person can mend becomes a message.

Anything else is a bug: it passes through, and the server shows it as one (asgi.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.access import ForbiddenError
from core.base import CoreError
from pages.components import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.context import App
    from pages.components.reader import Reader

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def ask(
    use_case: Callable[Concatenate[App, Actor, Given], Answer],
    reader: Reader,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer:
    """Return the answer, or show what the reader can do about a ``CoreError`` and end the page there."""
    try:
        return use_case(reader.app, reader.viewer, *args, **kwargs)
    except CoreError as error:
        messages.show(error)
        if isinstance(error, ForbiddenError):
            messages.way_in(reader)
        st.stop()


def attempt(
    use_case: Callable[Concatenate[App, Actor, Given], Answer],
    reader: Reader,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer | None:
    """Return the answer, or show the message and None: for a part of a page, when the rest still stands."""
    try:
        return use_case(reader.app, reader.viewer, *args, **kwargs)
    except CoreError as error:
        messages.show(error)
        return None
