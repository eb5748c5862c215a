"""Why a delivery was turned down, a payment cancelled or money taken back: words beside it, a checksum in the chain.

The words stand in an encrypted column, where they can be encrypted anew and erased. The audit chain, of which nothing
may ever change, holds their checksum, so that it is seen when they are no longer the words that were written. The
checksum of what may be erased is keyed: who reads the log cannot try what a short reason was, before or after.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.base import CoreError, Sentence, holds_identity, sha256
from core.usecases.context import kommun_of, must
from core.usecases.keys import STAMP_DIGITS, stamp_of
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

    ``words`` is None when they are closed to the viewer or erased; ``fits`` says that the checksum is of these words,
    None that it was made with another key than there is now, and cannot be tried.
    """

    words: str | None
    closed: str | None = None
    fits: bool | None = True


def clean_reason(said: str) -> str | None:
    """Return a reason without space around it, None when nothing is written; raises ``ReasonUnfitError``."""
    text = " ".join(said.split())
    if len(text) > MOST:
        raise ReasonUnfitError(
            Sentence("Skälet är {count} tecken. Korta det till högst {most}.", count=len(text), most=MOST)
        )
    if holds_identity(text):
        raise ReasonUnfitError(Sentence("Skälet ser ut att innehålla ett personnummer. Skriv inga personnummer här."))
    return text or None


def checksum(decision: str | None) -> str:
    """Return what the audit chain is told of a decision's number, which is public: its checksum, or nothing."""
    return sha256(decision) if decision else ""


def sealed(app: App, kommun: str, about: str, words: str | None) -> str:
    """Return what the audit chain is told of words that may be erased: a keyed checksum, nothing where there are none.

    The first digits name the key, that of the pseudonyms, which is kept for as long as the rows are; ``about`` (what
    the link is about) keeps equal words about two things from looking alike.
    """
    if not words:
        return ""
    key = app.pseudonym_key()
    said = hmac.new(key, f"skolkronan words\x1f{kommun}\x1f{about}\x1f{words}".encode(), hashlib.sha256)
    return stamp_of(key) + said.hexdigest()[: DIGEST - STAMP_DIGITS]


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
    if closed or words is None:
        return Reason(None, closed)
    return Reason(words, None, _fits(told, sealed(app, kommun, link.subject, words)))


def _fits(told: str, now: str) -> bool | None:
    """Say whether two checksums are of the same words; None when they are of two keys."""
    return hmac.compare_digest(told, now) if told[:STAMP_DIGITS] == now[:STAMP_DIGITS] else None


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
