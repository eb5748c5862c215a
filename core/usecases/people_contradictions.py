"""Roles of one person that contradict one another: told beside the role, and before one is given.

Only roles that both hold on some day are weighed. What is closed where is asked of ``core.access`` about the kommun and
every unit of its register.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.access import Grant, Resource
from core.access.contradictions import closable, closed_by
from core.base import DateRange, swedish_day
from core.parameters.roles import load_roles
from core.usecases.choices import register_units
from core.usecases.context import must, unit_resource
from core.usecases.people_views import ClosedBy, Contradiction
from core.usecases.role_days import days_of, standing
from core.usecases.role_scopes import choices_of, must_be_givable, role_label, scope_name, scopes_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from core.access import Actor
    from core.store import GrantRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.role_days import NewRole


def contradictions(app: App, viewer: Actor, kommun: str, subject: str, new: NewRole) -> tuple[Contradiction, ...]:
    """Return what a new role would close of somebody's other roles, and they of it.

    Raises ``ForbiddenError``, ``RoleNotGivableError``, ``ScopeUnknownError`` and ``RoleDaysError``.
    """
    must(viewer, "access.edit", kommun)
    today = swedish_day(app.clock())
    with app.reading(viewer) as work:
        scopes, resources = scopes_here(work, kommun, today), resources_here(work, kommun, today)
        must_be_givable(choices_of(scopes), scopes, new.role, new.scope_kind, new.scope_id)
        held = [one for one in work.people.grants(kommun) if one.subject == subject]
    days = days_of(new, today)
    kind = next(kind for kind in scopes if kind == new.scope_kind)
    given = Grant(new.role, kind, new.scope_id, kommun, scope_name(scopes, kind, new.scope_id))
    found = []
    for one in held:
        if standing(one, today) == "ended" or not days.overlaps(DateRange(one.valid_from, one.valid_to)):
            continue
        other = _grant(one, scope_name(scopes, one.scope_kind, one.scope_id))
        for giving, denying, number in ((given, other, one.number), (other, given, None)):
            found += [
                Contradiction(giving.role, role_label(giving.role), giving.scope_kind, giving.name or "", closed)
                for closed in _closed(denying, number, giving, resources)
            ]
    return tuple(found)


def closed_roles(
    work: UnitOfWork, kommun: str, grants: Iterable[GrantRecord], today: date
) -> Mapping[int, tuple[ClosedBy, ...]]:
    """Return, by the number of a role, what the same person's other roles close of it; most close nothing."""
    held: dict[str, list[GrantRecord]] = defaultdict(list)
    for one in grants:
        if standing(one, today) != "ended":
            held[one.subject].append(one)
    pairs = [
        (giving, denying)
        for mine in held.values()
        for giving in mine
        for denying in mine
        if _together(giving, denying) and closable(_grant(denying), _grant(giving))
    ]
    if not pairs:  # the register is read for those few only
        return {}
    resources = resources_here(work, kommun, today)
    found: dict[int, tuple[ClosedBy, ...]] = {}
    for giving, denying in pairs:
        closed = _closed(_grant(denying), denying.number, _grant(giving), resources)
        if closed:
            found[giving.number] = (*found.get(giving.number, ()), *closed)
    return found


def resources_here(work: UnitOfWork, kommun: str, today: date) -> tuple[Resource, ...]:
    """Return the kommun and every unit of its register as access is asked about them."""
    units = register_units(work, kommun, today)
    return (Resource("kommun", kommun), *(unit_resource(kommun, unit) for unit in units))


def _together(one: GrantRecord, other: GrantRecord) -> bool:
    """Say whether two roles both hold on some day."""
    days = DateRange(one.valid_from, one.valid_to)
    return one.number != other.number and days.overlaps(DateRange(other.valid_from, other.valid_to))


def _closed(denying: Grant, number: int | None, giving: Grant, resources: Sequence[Resource]) -> tuple[ClosedBy, ...]:
    words = load_roles().actions
    return tuple(
        ClosedBy(
            number,
            denying.role,
            role_label(denying.role),
            tuple((action, words[action]) for action in one.actions),
            () if one.whole else tuple(dict.fromkeys(place.name or place.enhet or "" for place in one.where)),
        )
        for one in closed_by(denying, giving, resources)
    )


def _grant(one: GrantRecord, name: str | None = None) -> Grant:
    return Grant(one.role, one.scope_kind, one.scope_id, one.kommun, name)  # type: ignore[arg-type]  # as the book says
