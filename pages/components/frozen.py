"""The page border's memory: answers about frozen runs, kept for those who may see exactly the same.

An answer is kept under the question, the stamp of the kommun's runs and deliveries (``data_version``) and the whole
actor with every grant: the verdict of access is part of the answer, and a reader whose grants change asks anew.
Errors are never kept; what concerns single elever (register rows) is never asked through here. The views are
frozen, so one object serves everybody who may see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, cast

import streamlit as st

from core.usecases.data_version import data_version
from pages.components.ask import Answer, Given, ask, attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.context import App
    from pages.components.reader import Reader

_ANSWERS = 1024


@st.cache_resource(show_spinner=False, max_entries=_ANSWERS)
def _kept(key: tuple[str, ...], _ask: Callable[[], object]) -> object:  # noqa: ARG001 - what the answer is kept under
    return _ask()


def ask_frozen(
    use_case: Callable[Concatenate[App, Actor, Given], Answer],
    reader: Reader,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer:
    """Return the answer as ``ask`` does, from memory when nothing has changed; arguments are codes and years."""
    return ask(_remembered(use_case, reader, *args, **kwargs), reader)


def attempt_frozen(
    use_case: Callable[Concatenate[App, Actor, Given], Answer],
    reader: Reader,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Answer | None:
    """Return the answer as ``attempt`` does, from memory when nothing has changed: for a part of a page."""
    return attempt(_remembered(use_case, reader, *args, **kwargs), reader)


def _remembered(
    use_case: Callable[Concatenate[App, Actor, Given], Answer],
    reader: Reader,
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Callable[[App, Actor], Answer]:
    def remembered(app: App, viewer: Actor) -> Answer:
        if "version" not in reader.memo:  # once a run: a page asks its questions of one moment
            reader.memo["version"] = data_version(app, viewer)
        question = f"{use_case.__module__}.{use_case.__qualname__}{args}{sorted(kwargs.items())}"
        answer = _kept((question, repr(viewer), reader.memo["version"]), lambda: use_case(app, viewer, *args, **kwargs))
        return cast("Answer", answer)

    return remembered


def forget() -> None:
    """Empty the memory (for tests, which answer the same question differently)."""
    _kept.clear()
