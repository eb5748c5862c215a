"""The keys of encrypted columns and of pseudonyms: which are in use, rotation, and what the pseudonyms rest on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence
from core.store.resealing import CLEAR
from core.usecases.context import must

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from core.access import Actor
    from core.store import UnitOfWork
    from core.usecases.context import App

BATCH = 500
"""Values encrypted anew in one transaction."""
PSEUDONYM = "pseudonym"
STAMP_DIGITS = 16


class PseudonymKeyChangedError(CoreError):
    """The key of the pseudonyms is another than the kommun's rows were made with."""

    def __init__(self, kommun: str, stamp: str, set_at: datetime) -> None:
        self.kommun, self.stamp = kommun, stamp
        super().__init__(
            Sentence(
                "Nyckeln för pseudonymer är en annan än den som kommun {kommun} har använt sedan {set_at} "
                "(fingeravtryck {stamp}). Med den här nyckeln skulle varje elev få en ny pseudonym, så filen läses "
                "inte in. Lägg tillbaka nyckelfilen ur säkerhetskopian. Finns den inte längre: läs in hela perioder på "
                "nytt efter python -m core keys stamp --renew --by NAMN, så att gamla och nya pseudonymer aldrig "
                "blandas.",
                kommun=kommun,
                set_at=f"{set_at:%Y-%m-%d}",
                stamp=stamp,
            )
        )


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many texts each key encrypts, by the key's fingerprint; ``clear`` are not encrypted yet."""

    keys: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[str, int], ...]
    clear: int


@dataclass(frozen=True, slots=True)
class StampView:
    """The fingerprint that a kommun's pseudonyms rest on (None before the first import), and that of the key now."""

    stamp: str | None
    set_at: datetime | None
    now: str

    @property
    def matches(self) -> bool:
        """Whether files can be read in with the key that the program has now."""
        return self.stamp in (None, self.now)


def keys_in_use(app: App, viewer: Actor, kommun: str) -> KeyUse:
    """Return which keys the program has and how many texts of the kommun each encrypts; never a key itself."""
    must(viewer, "retention.view", kommun)
    with app.reading(viewer) as work:
        ids, counts = work.resealing.key_ids(kommun), work.resealing.counts(kommun)
    return _use(ids, counts)


def _use(ids: tuple[str, ...], counts: Mapping[str, int]) -> KeyUse:
    unknown = sorted(counts.keys() - {*ids, CLEAR})
    return KeyUse(
        tuple((one, counts.get(one, 0)) for one in ids),
        tuple((one, counts[one]) for one in unknown),
        counts.get(CLEAR, 0),
    )


def rotate(app: App, viewer: Actor, kommun: str, progress: Callable[[int], None] | None = None) -> int:
    """Encrypt with the first key every text that another key encrypted, or none; return how many.

    A transaction a batch: what is done stays done if the rotation is broken off, and the next one goes on from there.
    """
    must(viewer, "retention.carry_out", kommun)
    total = 0
    while True:
        with app.writing(viewer) as work:
            done = work.resealing.reseal(kommun, BATCH)
            if done:
                facts: dict[str, object] = {"texts": done, "key": work.resealing.key_ids(kommun)[0]}
                work.audit.append(kommun, app.clock(), viewer.subject, "keys.rotate", "keys:column", facts)
                work.commit()
        if not done:
            return total
        total += done
        if progress is not None:
            progress(total)


def stamp_of(key: bytes) -> str:
    """Return the fingerprint of a key of pseudonyms; it tells keys apart and nothing more."""
    return hashlib.sha256(b"skolkronan pseudonym key\x1f" + key).hexdigest()[:STAMP_DIGITS]


def stamp_view(app: App, viewer: Actor, kommun: str) -> StampView:
    """Return what the kommun's pseudonyms rest on beside the key there is now."""
    must(viewer, "retention.view", kommun)
    now = stamp_of(app.pseudonym_key())
    with app.reading(viewer) as work:
        found = work.key_stamps.get(kommun, PSEUDONYM)
    return StampView(None, None, now) if found is None else StampView(found.stamp, found.set_at, now)


def must_be_the_key(work: UnitOfWork, kommun: str, key: bytes) -> None:
    """Return if files may be read in with ``key``; raises ``PseudonymKeyChangedError``."""
    found = work.key_stamps.get(kommun, PSEUDONYM)
    if found is not None and found.stamp != stamp_of(key):
        raise PseudonymKeyChangedError(kommun, found.stamp, found.set_at)


def keep_stamp(app: App, work: UnitOfWork, kommun: str, key: bytes) -> None:
    """Write the fingerprint with the first import; raises ``PseudonymKeyChangedError`` for another key than before."""
    must_be_the_key(work, kommun, key)
    if work.key_stamps.get(kommun, PSEUDONYM) is None:
        work.key_stamps.set(kommun, PSEUDONYM, stamp_of(key), app.clock())


def renew_stamp(app: App, viewer: Actor, kommun: str) -> StampView:
    """Let the kommun go on with the key there is now, the old one being lost; every earlier pseudonym stands alone."""
    must(viewer, "retention.carry_out", kommun)
    now = stamp_of(app.pseudonym_key())
    with app.writing(viewer) as work:
        found = work.key_stamps.get(kommun, PSEUDONYM)
        if found is None or found.stamp != now:
            work.key_stamps.set(kommun, PSEUDONYM, now, app.clock())
            facts: dict[str, object] = {"old": found.stamp if found else "", "new": now}
            work.audit.append(kommun, app.clock(), viewer.subject, "keys.renew", "keys:pseudonym", facts)
            work.commit()
    return stamp_view(app, viewer, kommun)
