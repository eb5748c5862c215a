"""Which unit follows which: history for a reader, and what a comparison over time compares with.

A comparison with the year before follows the successor: a unit that two others merged into is compared with the sum
of both, a unit split off with its share of the one that was split.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import may
from core.usecases.choices import register_units
from core.usecases.context import kommun_of, unit_resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.access import Actor
    from core.store import SuccessionRecord, UnitOfWork
    from core.usecases.context import App

DECEMBER, LAST = 12, 31
YEARS_KNOWN = 10
ONE = Fraction(1)
Parts = tuple[tuple[str, Fraction], ...]
"""Units with the share of each."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A unit beside another in its history: its id and name, from which day, and what share of the one that ended."""

    enhet: str
    name: str
    valid_from: date
    share: Fraction


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """What a unit follows and what follows it. ``opened`` without a predecessor, ``closed`` without a successor."""

    predecessors: tuple[Followed, ...] = ()
    successors: tuple[Followed, ...] = ()
    opened: date | None = None
    closed: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the unit."""
        return not (self.predecessors or self.successors or self.opened or self.closed)


def batches_of(work: UnitOfWork, kommun: str, years: Iterable[int]) -> tuple[int, ...]:
    """Return the deliveries of successions in force at the end of some years, in order."""
    days = [date(year, DECEMBER, LAST) for year in years]
    held = work.batches.in_force(kommun, "successions", days)
    return tuple(sorted({number for numbers in held.values() for number in numbers}))


def successors(rows: Iterable[SuccessionRecord], after: date = date.min, until: date = date.max) -> dict[str, Parts]:
    """Return, by unit that was followed, those that in the end follow it, with the share of it that went to each.

    Only successions later than ``after`` and at latest on ``until`` are followed. A part that closed for good is left
    out, so shares add up to at most 1.
    """
    within = [row for row in rows if after < row.valid_from <= until]
    return {enhet: resolved(within, enhet) for enhet in sorted({row.enhet for row in within if row.enhet})}


def predecessors(following: Mapping[str, Parts]) -> dict[str, Parts]:
    """Return the same the other way: by successor, the units it follows with the share of each that came to it."""
    found: dict[str, list[tuple[str, Fraction]]] = {}
    for enhet, parts in following.items():
        for successor, share in parts:
            found.setdefault(successor, []).append((enhet, share))
    return {successor: tuple(parts) for successor, parts in sorted(found.items())}


def resolved(rows: Sequence[SuccessionRecord], enhet: str, since: date = date.min) -> Parts:
    """Return the units that in the end follow ``enhet``, with its shares; later successions of theirs are followed."""
    first = [row for row in rows if row.enhet == enhet and row.valid_from > since]
    if not first:
        return ()
    sums: dict[str, Fraction] = {}
    for row in first:
        if row.successor is None:
            continue
        further = resolved(rows, row.successor, row.valid_from) or ((row.successor, ONE),)
        for name, share in further:
            sums[name] = sums.get(name, Fraction(0)) + row.share * share
    return tuple(sorted(sums.items()))


def compared_by_month(work: UnitOfWork, kommun: str, year: int, before: int, enhet: str) -> dict[int, Parts]:
    """Return, by month (1–12), the units of the year ``before`` that a unit's month of ``year`` is compared with.

    A unit that ends in July is compared with itself until June; from July its months belong to those who follow it,
    each with its share. So every month of the year before is compared with once, and whole.
    """
    rows = work.successions.of_batches(kommun, batches_of(work, kommun, range(before, year + 1)))
    found: dict[int, Parts] = {}
    for month in range(1, DECEMBER + 1):
        following = successors(rows, date(before, 1, 1), date(year, month, 1))
        itself = () if enhet in following else ((enhet, ONE),)
        found[month] = tuple(sorted((*itself, *predecessors(following).get(enhet, ()))))
    return found


def history(work: UnitOfWork, kommun: str, enhet: str, today: date) -> UnitHistory:
    """Return what a unit follows and what follows it, over the years that the registers know."""
    rows = work.successions.of_batches(
        kommun, batches_of(work, kommun, range(today.year - YEARS_KNOWN, today.year + 1))
    )
    names = {unit.enhet: unit.name for unit in register_units(work, kommun, today)} if rows else {}

    def named(other: str, row: SuccessionRecord) -> Followed:
        return Followed(other, names.get(other, other), row.valid_from, row.share)

    opened = [row.valid_from for row in rows if row.successor == enhet and row.enhet is None]
    closed = [row.valid_from for row in rows if row.enhet == enhet and row.successor is None]
    return UnitHistory(
        tuple(named(row.enhet, row) for row in rows if row.successor == enhet and row.enhet),
        tuple(named(row.successor, row) for row in rows if row.enhet == enhet and row.successor),
        max(opened, default=None),
        max(closed, default=None),
    )


def forwarded(app: App, viewer: Actor, enhet: str) -> tuple[Followed, ...]:
    """Return the units that now stand for one that has ended, of those that the viewer may see; none if it goes on."""
    kommun, today = kommun_of(viewer), app.clock().date()
    with app.reading(viewer) as work:
        found = history(work, kommun, enhet, today).successors
        by_id = {unit.enhet: unit for unit in register_units(work, kommun, today)}
    if any(one.enhet == enhet for one in found):
        return ()
    return tuple(
        one
        for one in found
        if one.valid_from <= today
        and one.enhet in by_id
        and may(viewer, "allocation.view", unit_resource(kommun, by_id[one.enhet])).allowed
    )
