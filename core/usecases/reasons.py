"""Why a delivery was turned down, a payment cancelled or money taken back: words beside it, a checksum in the chain.

The words stand in an encrypted column, where they can be encrypted anew and erased. The audit chain, of which nothing
may ever change, holds their checksum, so that it is seen when they are no longer the words that were written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.base import CoreError, holds_identity, sha256
from core.usecases.context import kommun_of, must
from core.usecases.presenting import SUPPORT

if TYPE_CHECKING:
    from core.access import Actor
    from core.parameters.roles import Action
    from core.store import UnitOfWork
    from core.usecases.context import App

MOST = 1000
DIGEST = 64
"""Characters of a checksum; what is shorter or longer was written in words, by an earlier version."""


class ReasonUnfitError(CoreError):
    """A reason is too long, or names a person."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The words behind a checksum of the log, or why they are not shown.

    ``words`` is None when they are closed to the viewer or erased; ``fits`` says that the checksum is of these words.
    """

    words: str | None
    closed: str | None = None
    fits: bool = True


def clean_reason(said: str) -> str | None:
    """Return a reason without space around it, None when nothing is written; raises ``ReasonUnfitError``."""
    text = " ".join(said.split())
    if len(text) > MOST:
        raise ReasonUnfitError(f"Skälet är {len(text)} tecken. Korta det till högst {MOST}.")
    if holds_identity(text):
        raise ReasonUnfitError("Skälet ser ut att innehålla ett personnummer. Skriv inga personnummer här.")
    return text or None


def checksum(reason: str | None) -> str:
    """Return what the audit chain is told of a reason: its checksum, or nothing where there is none."""
    return sha256(reason) if reason else ""


def batch_reason(app: App, viewer: Actor, batch: int) -> str | None:
    """Return why a delivery was turned down; for one of decided support only to who may see all of that."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        closed = _closed_batch(viewer, work, kommun, batch)
        return None if closed else work.batches.reason(kommun, batch)


def reason_of_link(app: App, viewer: Actor, seq: int) -> Reason | None:
    """Return the reason behind a link of the log, None for one that tells of none.

    Who reads the log sees the words only when the page where they were written would show them.
    """
    kommun = kommun_of(viewer)
    must(viewer, "audit.view", kommun)
    with app.reading(viewer) as work:
        link = work.audit.link(kommun, seq)
        if link is None or link.payload is None:
            return None
        told = json.loads(link.payload).get("reason", "")
        kind, _, number = link.subject.partition(":")
        if len(told) != DIGEST or kind not in {"batch", "payment", "recovery"}:
            return None
        closed, words = _behind(viewer, work, kommun, kind, int(number))
    return Reason(None, closed) if closed else Reason(words, None, words is None or checksum(words) == told)


def _behind(viewer: Actor, work: UnitOfWork, kommun: str, kind: str, number: int) -> tuple[str | None, str | None]:
    """Return why the words are closed to the viewer, and the words."""
    if kind == "batch":
        closed = _closed(viewer, "basis.view", kommun) or _closed_batch(viewer, work, kommun, number)
        return closed, None if closed else work.batches.reason(kommun, number)
    closed = _closed(viewer, "payment.view", kommun)
    if closed:
        return closed, None
    if kind == "payment":
        return None, work.payments.reason(kommun, number)
    return None, work.payments.recovery(kommun, number).reason


def _closed_batch(viewer: Actor, work: UnitOfWork, kommun: str, batch: int) -> str | None:
    support = work.batches.get(kommun, batch).kind in SUPPORT
    return _closed(viewer, "individual.view", kommun) if support else None


def _closed(viewer: Actor, action: Action, kommun: str) -> str | None:
    verdict = may(viewer, action, Resource("kommun", kommun))
    return None if verdict.allowed else verdict.reason
