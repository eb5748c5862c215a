"""Looks at rows of elever: a purpose from a closed list first, one link in the chain a look, and who is never listed.

The link says who looked, at which unit and figure, and why; never at which elev. Elever with protected identity are
counted like all others but stand in no list, whoever asks and whichever file it rests on: a marking in any delivery of
the kommun holds for every row of that elev. How many are left out is said from the threshold up (trosklar.yaml), and
where so few others are left that the list would point at the missing one, the whole list is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from core.base import Sentence, canonical_json
from core.parameters.purposes import load_purposes
from core.parameters.thresholds import load_thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from core.access import Actor
    from core.parameters import Category
    from core.store import BatchRecord, UnitOfWork
    from core.usecases.context import App

Row = TypeVar("Row")
LOOK = "register_rows.view"
SEALED_FLAG = Sentence(
    "Raderna visas inte: kategorin bygger på en uppgift som kan vara känslig, och elever får inte sökas fram efter en "
    "sådan (skollagen 26 a kap. 4 §, dataskyddslagen 3 kap. 3 §). Antalet räknas och visas som vanligt."
)


@dataclass(frozen=True, slots=True)
class PurposeChoice:
    """A purpose that may be chosen now."""

    purpose: str
    label: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Elever with protected identity who are counted but not listed.

    ``number`` is None when they are fewer than ``fewest``; ``whole`` says that nobody else is listed either.
    """

    number: int | None
    fewest: int
    whole: bool = False


def purposes_now(app: App, _viewer: Actor) -> tuple[PurposeChoice, ...]:
    """Return the purposes that rows may be looked at for today."""
    return tuple(PurposeChoice(one.purpose, one.label) for one in load_purposes().on(app.clock().date()))


def must_have_purpose(app: App, purpose: str) -> None:
    """Return if rows may be looked at for ``purpose`` today; raises ``PurposeMissingError``."""
    load_purposes().must_hold(purpose, app.clock().date())


def log_look(
    app: App, viewer: Actor, work: UnitOfWork, kommun: str, enhet: str, purpose: str, facts: dict[str, object]
) -> None:
    """Write a look in the chain; the same again within the minutes of andamal.yaml is the same look. Commits."""
    said, subject = {**facts, "enhet": enhet, "purpose": purpose}, f"enhet:{enhet}"
    since = app.clock() - timedelta(minutes=load_purposes().same_look_minutes)
    if not work.audit.said_since(kommun, since, viewer.subject, LOOK, subject, canonical_json(said)):
        work.audit.append(kommun, app.clock(), viewer.subject, LOOK, subject, said)
        work.commit()


def may_list(category: Category) -> bool:
    """Say whether rows may be listed by a category: not by one that chooses elever on sensitive data."""
    return load_purposes().may_list(category)


def listed(
    work: UnitOfWork, kommun: str, rows: Sequence[Row], elev_of: Callable[[Row], str], day: date
) -> tuple[list[Row], LeftOut | None]:
    """Return the rows that may be listed, and what is said of those that may not."""
    protected = work.facts.protected(kommun)
    hidden = {elev_of(row) for row in rows} & protected
    if not hidden:
        return list(rows), None
    shown = [row for row in rows if elev_of(row) not in protected]
    fewest = load_thresholds().individual_support_on(day).fewest
    number = len(hidden) if len(hidden) >= fewest else None
    if len({elev_of(row) for row in shown}) < fewest:
        return [], LeftOut(number, fewest, whole=True)
    return shown, LeftOut(number, fewest)


def erased_on(batches: Sequence[BatchRecord]) -> date | None:
    """Return the day on which retention erased rows of the deliveries, None while all are kept."""
    days = [one.erased_at.date() for one in batches if one.erased_at is not None]
    return max(days, default=None)
