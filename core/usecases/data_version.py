"""Has anything a page shows changed since last time? A short stamp, so that a page's memory knows when to forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import sha256
from core.usecases.context import kommun_of

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App


def data_version(app: App, viewer: Actor) -> str:
    """Return a stamp of the day and of the state of all that pages show of the viewer's kommun.

    Runs, deliveries, payments, recoveries, decisions and questions are immutable but for their state and the words that
    retention erases, and a saved trial has a new edition: an equal stamp means equal answers to equal questions by
    equal readers, and what is erased is gone from every page's memory. It tells nothing else; no access is asked for.
    """
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        return sha256("|".join((str(app.clock().date()), *work.stamps.states(kommun))))
