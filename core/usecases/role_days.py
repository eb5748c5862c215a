"""The days of a role: said with its last day, stored with the first day without it, held in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.base import CoreError, DateRange, Sentence, day_after

if TYPE_CHECKING:
    from core.store import GrantRecord, InvitationRecord
    from core.usecases.people_views import Standing

NO_LATER_THAN = date(2100, 1, 1)
ENDS_SOON_DAYS = 30
"""A role that ends within so many days is told of, so that it can be renewed in time."""


class RoleDaysError(CoreError):
    """A role cannot have these days."""


class RoleAlreadyHeldError(CoreError):
    """Somebody has the same role about the same thing on some of those days."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Rollen är redan given under hela eller en del av tiden (nummer {number}). Den behöver avslutas först, "
                "eller andra dagar väljas.",
                number=number,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """A role to be given, from today if ``first_day`` is None, through ``last_day`` or (None) until it is ended."""

    role: str
    scope_kind: str
    scope_id: str
    first_day: date | None = None
    last_day: date | None = None


def days_of(new: NewRole, today: date) -> DateRange:
    """Return the days as stored; raises ``RoleDaysError``.

    A role does not begin in the past: what somebody has seen before it was given would then look permitted.
    """
    first = new.first_day or today
    if first < today:
        raise RoleDaysError(
            Sentence("En roll kan inte börja före i dag ({today}). Välj {today} eller senare.", today=today)
        )
    if new.last_day is not None and new.last_day < first:
        raise RoleDaysError(
            Sentence(
                "Sista dagen ({last_day}) ligger före den första ({first}). Välj en senare sista dag.",
                last_day=new.last_day,
                first=first,
            )
        )
    if max(first, new.last_day or first) >= NO_LATER_THAN:
        raise RoleDaysError(
            Sentence("Välj dagar före {no_later_than}, eller lämna sista dagen tom.", no_later_than=NO_LATER_THAN)
        )
    return DateRange(first, None if new.last_day is None else day_after(new.last_day))


def last_day(valid_to: date | None) -> date | None:
    """Return the last day with a role, from the first day without it."""
    return None if valid_to is None else valid_to - timedelta(days=1)


def standing(grant: GrantRecord, day: date) -> Standing:
    """Say whether a role holds on a day, will hold, or has ended; one taken back holds no more."""
    if grant.ended_at is not None or (grant.valid_to is not None and grant.valid_to <= day):
        return "ended"
    return "coming" if day < grant.valid_from else "now"


def ends_soon(grant: GrantRecord, day: date) -> bool:
    """Say whether a role in force reaches its last day within ``ENDS_SOON_DAYS``."""
    held_through = day + timedelta(days=ENDS_SOON_DAYS)
    return standing(grant, day) == "now" and grant.valid_to is not None and grant.valid_to <= held_through


def must_be_new(grants: list[GrantRecord], subject: str, role: NewRole | InvitationRecord, days: DateRange) -> None:
    """Return if the person lacks that role on those days; raises ``RoleAlreadyHeldError``."""
    for one in grants:
        same = (one.subject, one.role, one.scope_kind, one.scope_id)
        held = one.ended_at is None and days.overlaps(DateRange(one.valid_from, one.valid_to))
        if held and same == (subject, role.role, role.scope_kind, role.scope_id):
            raise RoleAlreadyHeldError(one.number)
