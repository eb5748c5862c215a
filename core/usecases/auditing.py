"""The page Revision and its commands: what has been done in a kommun, by whom, and whether the chain of it holds.

Reading the log is written in the log too, once a visit: whoever follows others' looks is followed as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.base import day_after, swedish_midnight
from core.store.audit import Wanted
from core.usecases.audit_marks import kept, mark_of, read_mark
from core.usecases.context import kommun_of, must
from core.usecases.people_names import called, names_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from core.access import Actor
    from core.store import AuditRecord, UnitOfWork
    from core.usecases.audit_marks import MarkKept
    from core.usecases.context import App

LAST_PAGE = 1_000_000
ROWS = 50
MOST = 50_000
"""Links in one file: more than a year of a kommun, and still a table that opens."""
VISIT = timedelta(minutes=30)
NEWEST = 500
"""So many links are checked while the page opens (15 microseconds a link); all of them when the reader asks."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the chain of a kommun holds, and the number of the first link that does not.

    ``checked``: how many links, the newest, of ``links`` in all. ``mark``: of the newest link, to be kept elsewhere.
    ``kept``: what became of the link of a mark that was kept; the chain does not hold when it is not there.
    """

    ok: bool
    first_broken: int | None
    links: int
    checked: int
    mark: str = ""
    kept: MarkKept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWanted:
    """Which links to show: of an action, by an actor (subject), from a day to and including another. None: all."""

    action: str | None = None
    actor: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class AuditLink:
    """One link. ``payload`` is canonical JSON, or None when retention has erased it: that it was done stays."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    about: str
    payload: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """A part of the log, newest first; ``found`` links are wanted, of ``links`` in all.

    ``actions`` are codes, ``actors`` subject and name: what there is to choose among.
    """

    links: int
    latest_at: datetime | None
    found: int
    rows: tuple[AuditLink, ...]
    actions: tuple[str, ...]
    actors: tuple[tuple[str, str], ...]
    mark: str = ""
    """Of the newest link: its number and checksum, to be kept outside the database."""


def verify_chain(
    app: App,
    viewer: Actor,
    kommun: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    newest: int | None = None,
    mark: str | None = None,
) -> ChainReport:
    """Recompute every link of the chain, or the ``newest``; a payload that retention has erased breaks nothing.

    ``progress`` is told the number of the last link checked, and how many there are. ``mark``: as it was kept outside
    the database, which tells whether the chain's end has been cut off. Raises ``MarkFaultyError``.
    """
    kommun = kommun or kommun_of(viewer)
    must(viewer, "audit.view", kommun)
    wanted = None if mark is None else read_mark(mark)
    with app.reading(viewer) as work:
        links = work.audit.count(kommun, Wanted())
        told = None if progress is None else (lambda done: progress(done, links))
        after = 0 if newest is None else max(0, links - newest)
        broken = work.audit.first_broken(kommun, told, after=after)
        found = None if wanted is None else kept(work, kommun, wanted)
        latest = mark_of(work.audit.newest(kommun, Wanted(), limit=1))
    holds = broken is None and found in {None, "held"}
    return ChainReport(holds, broken, links, links - after, str(latest or ""), found)


def audit_view(
    app: App, viewer: Actor, wanted: AuditWanted | None = None, *, page: int = 1, kommun: str | None = None
) -> AuditView:
    """Return page ``page`` of the wanted links; the first look of a visit is written in the chain."""
    kommun = kommun or kommun_of(viewer)
    must(viewer, "audit.view", kommun)
    _log_visit(app, viewer, kommun)
    asked = _within(wanted or AuditWanted())
    with app.reading(viewer) as work:
        actions, actors = work.audit.told_of(kommun)
        names = names_of(work.people.accounts(kommun))
        rows = _links(work, kommun, asked, names, offset=(min(max(page, 1), LAST_PAGE) - 1) * ROWS, limit=ROWS)
        links, latest = work.audit.count(kommun, Wanted()), work.audit.newest(kommun, Wanted(), limit=1)
        found = work.audit.count(kommun, asked)
    by_name = sorted(((one, called(one, names)) for one in actors), key=lambda one: (one[1].casefold(), one[0]))
    mark = str(mark_of(latest) or "")
    return AuditView(links, latest[0].at if latest else None, found, rows, tuple(actions), tuple(by_name), mark)


def audit_file_links(app: App, viewer: Actor, wanted: AuditWanted | None = None) -> tuple[AuditLink, ...]:
    """Return the wanted links for a file, newest first, ``MOST`` at most; taking it is written in the chain."""
    kommun = kommun_of(viewer)
    must(viewer, "audit.view", kommun)
    asked = _within(wanted or AuditWanted())
    with app.writing(viewer) as work:
        rows = _links(work, kommun, asked, names_of(work.people.accounts(kommun)), limit=MOST)
        facts: dict[str, object] = {"links": len(rows)}
        work.audit.append(kommun, app.clock(), viewer.subject, "audit.download", f"kommun:{kommun}", facts)
        work.commit()
    return rows


def _log_visit(app: App, viewer: Actor, kommun: str) -> None:
    """Write that the log is read, unless this reader has been seen reading it within the last half hour."""
    now = app.clock()
    recently = Wanted(action="audit.view", actor=viewer.subject, since=now - VISIT)
    with app.reading(viewer) as work:
        if work.audit.count(kommun, recently):
            return
    with app.writing(viewer) as work:
        work.audit.append(kommun, now, viewer.subject, "audit.view", f"kommun:{kommun}", {})
        work.commit()


def _within(wanted: AuditWanted) -> Wanted:
    """Return the days as moments: a day begins and ends at midnight in Sweden."""
    return Wanted(
        wanted.action or None,
        wanted.actor or None,
        swedish_midnight(wanted.first_day) if wanted.first_day else None,
        swedish_midnight(day_after(wanted.last_day)) if wanted.last_day else None,
    )


def _links(  # which links of which kommun, and how their actors are called
    work: UnitOfWork, kommun: str, wanted: Wanted, names: dict[str, str], *, offset: int = 0, limit: int
) -> tuple[AuditLink, ...]:
    return tuple(_link(one, names) for one in work.audit.newest(kommun, wanted, offset=offset, limit=limit))


def _link(one: AuditRecord, names: dict[str, str]) -> AuditLink:
    return AuditLink(
        one.seq, one.at, one.actor, called(one.actor, names), one.action, one.subject, one.payload, one.hash
    )
