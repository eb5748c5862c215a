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

    Runs and deliveries are immutable but for their state, and so are payments, recoveries, decisions and questions;
    a saved trial has a new edition:
    an equal stamp means equal answers to equal questions by equal readers. It tells nothing else, so no access is
    asked for.
    """
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        runs = [f"{run.number}{run.state}" for run in work.runs.list(kommun)]
        batches = [f"{batch.number}{batch.state}" for batch in work.batches.list(kommun)]
        flags = [f"{flag.number}{flag.state}{flag.batch or 0}" for flag in work.flags.list(kommun)]
        payments = [f"{one.number}{one.state}" for one in work.payments.list(kommun)]
        recoveries = [f"{one.number}{one.state}" for one in work.payments.recoveries(kommun)]
        trials = [f"{one.number}{one.state}{one.edition}" for one in work.scenarios.list(kommun, archived=True)]
        decisions = [f"{one.number}{one.state}{one.appealed_on}" for one in work.decisions.list(kommun)]
    parts = (runs, batches, flags, payments, recoveries, decisions, trials)
    return sha256("|".join((str(app.clock().date()), *(one for part in parts for one in ("", *part)))))
