"""The audit chain: each link's hash covers the one before and a salted hash of its payload.

Retention may erase a payload with its salt; the link stays and the chain still holds, since only
the payload's hash is in it. The database itself refuses every other change.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from core.base import canonical_json, sha256
from core.store.numbers import take_turn
from core.store.reach import KommunBound
from core.store.records import AuditRecord
from core.store.tables import AuditEntryRow as Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement


FIRST_LINK = "0" * 64
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links: of some action, by some actor, from a moment on and before another; None: whichever.

    Never by what they are about: that would be a search on persons.
    """

    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    before: datetime | None = None


class AuditRepository(KommunBound):
    """The chain of a kommun, within one unit of work; never commits."""

    def append(
        self, kommun: str, at: datetime, actor: str, action: str, subject: str, facts: dict[str, object]
    ) -> AuditRecord:
        """Add a link: who did what to what, with ``facts`` as its payload."""
        take_turn(self._connection, kommun)
        last = select(Row.seq, Row.hash).where(Row.kommun == kommun).order_by(Row.seq.desc()).limit(1)
        number, prev_hash = self._connection.execute(last).one_or_none() or (0, FIRST_LINK)
        payload, salt = canonical_json(facts), secrets.token_hex(16)
        link = AuditRecord(
            kommun,
            number + 1,
            at.astimezone(UTC),
            actor,
            action,
            subject,
            payload,
            salt,
            sha256(salt + payload),
            prev_hash,
            "",
        )
        link = replace(link, hash=link_hash(link))
        self._connection.execute(insert(Row).values({name: getattr(link, name) for name in AuditRecord.__slots__}))
        return link

    def entries(self, kommun: str, *, after: int = 0, limit: int = PAGE) -> Sequence[AuditRecord]:
        """Return at most ``limit`` links after number ``after``, oldest first."""
        columns = [getattr(Row, name) for name in AuditRecord.__slots__]
        rows = self._connection.execute(
            select(*columns).where(Row.kommun == kommun, Row.seq > after).order_by(Row.seq).limit(limit)
        )
        return [AuditRecord(*row) for row in rows]

    def about(self, kommun: str, action: str, subject: str) -> Sequence[AuditRecord]:
        """Return the links that tell of one action on one subject, oldest first."""
        columns = [getattr(Row, name) for name in AuditRecord.__slots__]
        here = (Row.kommun == kommun, Row.action == action, Row.subject == subject)
        rows = self._connection.execute(select(*columns).where(*here).order_by(Row.seq))
        return [AuditRecord(*row) for row in rows]

    def said_since(self, kommun: str, since: datetime, actor: str, action: str, subject: str, payload: str) -> bool:
        """Say whether exactly this was told at ``since`` or later; an erased payload says nothing.

        Only the links after the last earlier one are looked through, and not a chain of many years: where a clock has
        gone back, something may be told once more, never once too few.
        """
        earlier = select(Row.seq).where(Row.kommun == kommun, Row.at < since).order_by(Row.seq.desc()).limit(1)
        after = self._connection.scalar(earlier) or 0
        here = (Row.kommun == kommun, Row.actor == actor, Row.action == action, Row.subject == subject)
        found = select(Row.seq).where(*here, Row.seq > after, Row.at >= since, Row.payload == payload).limit(1)
        return self._connection.scalar(found) is not None

    def newest(self, kommun: str, wanted: Wanted, *, offset: int = 0, limit: int = PAGE) -> Sequence[AuditRecord]:
        """Return the links that are wanted, newest first."""
        columns = [getattr(Row, name) for name in AuditRecord.__slots__]
        found = select(*columns).where(Row.kommun == kommun, *_of(wanted)).order_by(Row.seq.desc())
        return [AuditRecord(*row) for row in self._connection.execute(found.offset(offset).limit(limit))]

    def count(self, kommun: str, wanted: Wanted) -> int:
        """Return how many links are wanted."""
        return self._connection.scalar(select(func.count()).where(Row.kommun == kommun, *_of(wanted))) or 0

    def told_of(self, kommun: str) -> tuple[list[str], list[str]]:
        """Return the actions and the actors that the chain has links of, each in the order of their codes."""
        actions, actors = (
            sorted(self._connection.scalars(select(column).where(Row.kommun == kommun).distinct()))
            for column in (Row.action, Row.actor)
        )
        return actions, actors

    def first_broken(self, kommun: str, told: Callable[[int], None] | None = None, *, after: int = 0) -> int | None:
        """Return the number of the first link that is missing or does not follow, or None when the chain holds.

        ``told`` is told the number of the last link checked, now and then. With ``after`` only later links are
        checked, the first of them against the stored hash of link ``after``.
        """
        before = select(Row.hash).where(Row.kommun == kommun, Row.seq == after)
        seq, prev_hash = after, (self._connection.scalar(before) or FIRST_LINK) if after else FIRST_LINK
        while links := self.entries(kommun, after=seq):
            for link in links:
                seq += 1
                if link.seq != seq or link.prev_hash != prev_hash or not _holds(link):
                    return seq
                prev_hash = link.hash
            if told is not None:
                told(seq)
        return None

    def link(self, kommun: str, seq: int) -> AuditRecord | None:
        """Return one link, None where there is none of that number."""
        columns = [getattr(Row, name) for name in AuditRecord.__slots__]
        found = self._connection.execute(select(*columns).where(Row.kommun == kommun, Row.seq == seq)).first()
        return None if found is None else AuditRecord(*found)

    def erase_payload(self, kommun: str, seq: int) -> None:
        """Erase what a link says, as retention asks; that it was done stays."""
        self._connection.execute(
            update(Row).where(Row.kommun == kommun, Row.seq == seq).values(payload=None, salt=None)
        )


def _of(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.action is not None:
        yield Row.action == wanted.action
    if wanted.actor is not None:
        yield Row.actor == wanted.actor
    if wanted.since is not None:
        yield Row.at >= wanted.since
    if wanted.before is not None:
        yield Row.at < wanted.before


def link_hash(link: AuditRecord) -> str:
    """Return the hash that a link should have."""
    at = link.at.astimezone(UTC).isoformat()
    what = (link.actor, link.action, link.subject)
    return sha256(canonical_json([link.kommun, link.seq, at, *what, link.payload_hash, link.prev_hash]))


def _holds(link: AuditRecord) -> bool:
    kept = link.payload is None or sha256(f"{link.salt}{link.payload}") == link.payload_hash
    return kept and link.hash == link_hash(link)
