"""People, roles and invitations, made by hand for the pages' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.usecases.people_views import (
    AccessPage,
    AccountView,
    GrantView,
    InvitationView,
    Invited,
    OwnRolesView,
    PeopleView,
    RoleChoice,
    ScopeChoice,
)
from tests.pages.fakes import CONTROLLER, KOMMUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor

TODAY = date(2026, 11, 22)
THEN = datetime(2026, 1, 7, 9, tzinfo=UTC)
CODE = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ"
LERBACK = ScopeChoice("enhet", "G03", "Lerbäckens skola")
SJOANG = ScopeChoice("enhet", "G04", "Sjöängens skola")
TOWN = ScopeChoice("kommun", KOMMUN, "Lindvik")
REKTOR_ROLE = RoleChoice("rektor", "rektor", only_denies=False, scopes=(LERBACK, SJOANG))
CONTROLLER_ROLE = RoleChoice("controller", "controller", only_denies=False, scopes=(TOWN,))
NOWHERE_ROLE = RoleChoice("omradeschef", "områdeschef", only_denies=False, scopes=())
JAV_ROLE = RoleChoice("jav", "jävig", only_denies=True, scopes=(LERBACK, SJOANG))
REKTOR = GrantView(
    number=1, subject="p:maj", name="Maj-Lis Tallgård", role="rektor", role_label="rektor", only_denies=False,
    scope_kind="enhet", scope_id="G03", scope_name="Lerbäckens skola", first_day=date(2026, 1, 7),
    last_day=date(2026, 12, 18), standing="now", ends_soon=True, given_at=THEN, given_by="Kommandoraden (demo)",
    ended_at=None, ended_by=None, may_end=True,
)  # fmt: skip
ADMIN = replace(
    REKTOR, number=2, subject="p:embla", name="Embla Rönnklint", role="systemforvaltare",
    role_label="systemförvaltare", scope_kind="kommun", scope_id=KOMMUN, scope_name="Lindvik", last_day=None,
    ends_soon=False, may_end=False,
)  # fmt: skip
COMING = replace(
    REKTOR, number=3, scope_id="G04", scope_name="Sjöängens skola", first_day=date(2027, 1, 1), last_day=None,
    standing="coming", ends_soon=False,
)  # fmt: skip
JAV = replace(
    REKTOR, number=4, role="jav", role_label="jävig", only_denies=True, scope_id="G04", scope_name="Sjöängens skola",
    last_day=None, ends_soon=False,
)  # fmt: skip
ENDED = replace(
    REKTOR, number=5, role="controller", role_label="controller", scope_kind="kommun", scope_name="Lindvik",
    standing="ended", ends_soon=False, ended_at=datetime(2026, 8, 14, 12, tzinfo=UTC), ended_by="Embla Rönnklint",
    may_end=False,
)  # fmt: skip
OPEN = InvitationView(
    number=1, name="Nora Fjällvide", role="rektor", role_label="rektor", scope_kind="enhet", scope_id="G04",
    scope_name="Sjöängens skola", first_day=TODAY, last_day=None, state="open",
    made_at=datetime(2026, 11, 18, 13, tzinfo=UTC), made_by="Embla Rönnklint",
    expires_at=datetime(2026, 12, 2, 13, tzinfo=UTC), used_by=None,
)  # fmt: skip
USED = replace(OPEN, number=2, name="Maj-Lis T", state="used", used_by="Maj-Lis Tallgård")
MAJ = AccountView(subject="p:maj", name="Maj-Lis Tallgård", is_open=True, is_self=False, roles_now=2, made_at=THEN)
EMBLA = replace(MAJ, subject="p:embla", name="Embla Rönnklint", is_self=True, roles_now=1)
CLOSED = replace(MAJ, subject="p:gamm", name="Gamla Kontot", is_open=False, roles_now=0)
VIEW = PeopleView(
    kommun_name="Lindvik", today=TODAY, accounts=(EMBLA, MAJ, CLOSED), grants=(REKTOR, ADMIN, JAV, COMING, ENDED),
    invitations=(USED, OPEN), roles=(REKTOR_ROLE, CONTROLLER_ROLE, NOWHERE_ROLE, JAV_ROLE), administrators=2,
    may_edit=True,
)  # fmt: skip
OWN = OwnRolesView(grants=(ADMIN,), jav=JAV_ROLE)
EMPTY = replace(VIEW, accounts=(), grants=(), invitations=(), administrators=0)


def page_for(viewer: Actor) -> AccessPage:
    """Return what the administrator (the pages' controller stands in) sees, or somebody's own roles only."""
    if viewer == CONTROLLER:
        return AccessPage(VIEW, None)
    return AccessPage(None, replace(OWN, grants=(replace(REKTOR, may_end=False),)))


def answers() -> dict[str, Callable[..., object]]:
    """Return the answers by use case."""
    return {
        "people_reading.access_page": lambda _app, viewer, _kommun: page_for(viewer),
        "people_reading.own_roles": lambda *_: OWN,
        "people_contradictions.contradictions": lambda *_: (),
        "people.give_role": lambda *_: 6,
        "people.end_role": lambda *_: 1,
        "people.close_account": lambda *_: 1,
        "people.open_account": lambda *_: None,
        "people.report_own_jav": lambda *_: 6,
        "invitations.invite": lambda *_: Invited(3, CODE, datetime(2026, 12, 6, 8, tzinfo=UTC)),
        "invitations.withdraw": lambda *_: None,
    }
