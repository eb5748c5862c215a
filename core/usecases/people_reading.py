"""Who has which role where and until when, what waits and what ends; and, for anybody, the own roles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.access.oneself import must_have_a_role
from core.base import swedish_day
from core.usecases.context import must
from core.usecases.invitation_codes import waiting
from core.usecases.people_contradictions import closed_roles
from core.usecases.people_names import called, names_of
from core.usecases.people_views import AccessPage, AccountView, GrantView, InvitationView, OwnRolesView, PeopleView
from core.usecases.people_writing import ACTIVE, administrators
from core.usecases.role_days import ends_soon, last_day, standing
from core.usecases.role_scopes import JAV, Scopes, choices_of, only_denies, role_label, scope_name, scopes_here

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.access import Actor
    from core.store import AccountRecord, GrantRecord, InvitationRecord
    from core.usecases.context import App

_ORDER = {"now": 0, "coming": 1, "ended": 2}


def access_page(app: App, viewer: Actor, kommun: str) -> AccessPage:
    """Return what the viewer may see of roles; raises ``ForbiddenError`` for who has none and may see nobody's."""
    if may(viewer, "access.view", Resource("kommun", kommun)).allowed:
        return AccessPage(people=people_view(app, viewer, kommun), own=None)
    return AccessPage(people=None, own=own_roles(app, viewer, kommun))


def people_view(app: App, viewer: Actor, kommun: str) -> PeopleView:
    """Return the accounts, roles and invitations of a kommun; raises ``ForbiddenError``."""
    must(viewer, "access.view", kommun)
    today = swedish_day(app.clock())
    with app.reading(viewer) as work:
        accounts, grants = work.people.accounts(kommun), work.people.grants(kommun)
        invitations, scopes = work.people.invitations(kommun), scopes_here(work, kommun, today)
        closed = closed_roles(work, kommun, grants, today)
    names, may_edit = names_of(accounts), may(viewer, "access.edit", Resource("kommun", kommun)).allowed
    editor = viewer if may_edit else None
    shown = [replace(_grant(one, names, scopes, today, editor), closed=closed.get(one.number, ())) for one in grants]
    shown.sort(key=lambda one: (_ORDER[one.standing], one.name.casefold(), one.number))
    return PeopleView(
        kommun_name=scopes["kommun"][kommun],
        today=today,
        accounts=tuple(_account(one, grants, today, viewer) for one in accounts),
        grants=tuple(shown),
        invitations=tuple(_invitation(app, one, names, scopes) for one in reversed(invitations)),
        roles=choices_of(scopes),
        administrators=len(administrators(app, accounts, grants)),
        may_edit=may_edit,
    )


def own_roles(app: App, viewer: Actor, kommun: str) -> OwnRolesView:
    """Return the viewer's own roles in the kommun and what jäv can be reported in; raises ``ForbiddenError``."""
    must_have_a_role(viewer, kommun)
    today = swedish_day(app.clock())
    with app.reading(viewer) as work:
        scopes = scopes_here(work, kommun, today)
        own = [one for one in work.people.own_grants(today) if one.kommun == kommun]
        names = names_of(work.people.own_accounts())
        closed = closed_roles(work, kommun, own, today)
    jav = next((one for one in choices_of(scopes) if one.role == JAV), None)
    grants = tuple(replace(_grant(one, names, scopes, today, None), closed=closed.get(one.number, ())) for one in own)
    return OwnRolesView(grants=grants, jav=jav if viewer.subject in names else None)


def _account(account: AccountRecord, grants: Sequence[GrantRecord], today: date, viewer: Actor) -> AccountView:
    held = [one for one in grants if one.subject == account.subject and standing(one, today) == "now"]
    return AccountView(
        subject=account.subject, name=account.name, is_open=account.state == ACTIVE,
        is_self=account.subject == viewer.subject, roles_now=len(held), made_at=account.made_at,
    )  # fmt: skip


def _grant(grant: GrantRecord, names: dict[str, str], scopes: Scopes, today: date, editor: Actor | None) -> GrantView:
    """Return a role as it is shown; ``editor`` is whoever looks, when they may end the roles of others."""
    now = standing(grant, today)
    return GrantView(
        number=grant.number, subject=grant.subject, name=called(grant.subject, names), role=grant.role,
        role_label=role_label(grant.role), only_denies=only_denies(grant.role), scope_kind=grant.scope_kind,
        scope_id=grant.scope_id,
        scope_name=scope_name(scopes, grant.scope_kind, grant.scope_id), first_day=grant.valid_from,
        last_day=last_day(grant.valid_to), standing=now, ends_soon=ends_soon(grant, today), given_at=grant.given_at,
        given_by=called(grant.given_by, names), ended_at=grant.ended_at,
        ended_by=None if grant.ended_by is None else called(grant.ended_by, names),
        may_end=editor is not None and now != "ended" and grant.subject != editor.subject,
    )  # fmt: skip


def _invitation(app: App, one: InvitationRecord, names: dict[str, str], scopes: Scopes) -> InvitationView:
    return InvitationView(
        number=one.number, name=one.name, role=one.role, role_label=role_label(one.role), scope_kind=one.scope_kind,
        scope_id=one.scope_id, scope_name=scope_name(scopes, one.scope_kind, one.scope_id), first_day=one.valid_from,
        last_day=last_day(one.valid_to), state=waiting(one, app.clock()), made_at=one.made_at,
        made_by=called(one.made_by, names), expires_at=one.expires_at,
        used_by=None if one.used_by is None else called(one.used_by, names),
    )  # fmt: skip
