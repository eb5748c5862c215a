"""Give a role, end it, close and open an account, report jäv.

Nobody does any of it to themselves (``core.access.oneself``), except reporting jäv. Each change stands in the audit
chain with the person's digest and the role, never a name. The last systemförvaltare of a kommun is removed by command
only: a page would leave nobody to undo it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access.oneself import must_be_another, must_have_a_role
from core.base import CoreError, Sentence, swedish_day
from core.usecases.context import must
from core.usecases.invitation_codes import waiting
from core.usecases.operators import person_of
from core.usecases.people_writing import (
    ACTIVE,
    CLOSED,
    AccountStateError,
    add_account,
    add_grant,
    administrators,
    by_command,
    log,
    must_be_open,
    role_facts,
)
from core.usecases.role_days import NewRole, days_of, standing
from core.usecases.role_scopes import JAV, administers, choices_of, must_be_givable, only_denies, scopes_here

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.access import Actor
    from core.store import GrantRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.people_views import Person


class GrantUnknownError(CoreError):
    """The kommun has no grant of that number."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Det finns ingen tilldelad roll med nummer {number}. Se listan på sidan Behörigheter.", number=number
            )
        )


class GrantEndedError(CoreError):
    """The role has ended already."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence("Rollen med nummer {number} är redan avslutad. Ladda om sidan Behörigheter.", number=number)
        )


class LastAdministratorError(CoreError):
    """The kommun would be left without anybody who can give and take back roles."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Det här är kommunens sista systemförvaltare. Ge någon annan rollen först. Den som sköter servern kan "
                "ta bort även den sista, med kommandot access-end."
            )
        )


def give_role(app: App, viewer: Actor, kommun: str, subject: str, new: NewRole, *, os_user: str | None = None) -> int:
    """Give somebody with an account a role, and return its number; jäv of another is registered the same way.

    Raises ``ForbiddenError``, ``AccountUnknownError``, ``AccountStateError``, ``RoleNotGivableError``,
    ``ScopeUnknownError``, ``RoleDaysError`` and ``RoleAlreadyHeldError``.
    """
    must(viewer, "access.edit", kommun)
    must_be_another(viewer, subject)
    with app.writing(viewer) as work:
        grant = _give(app, viewer, work, kommun, subject, new)
        facts = {"subject": subject, **role_facts(grant)}
        log(app, viewer, work, kommun, "access.grant", f"grant:{grant.number}", by_command(facts, os_user))
        work.commit()
    return grant.number


def report_own_jav(app: App, viewer: Actor, kommun: str, scope_kind: str, scope_id: str) -> int:
    """Report jäv for oneself from today: rights are lost at once, and only somebody else gives them back.

    Raises what ``give_role`` does.
    """
    must_have_a_role(viewer, kommun)
    new = NewRole(role=JAV, scope_kind=scope_kind, scope_id=scope_id)
    with app.writing(viewer) as work:
        grant = _give(app, viewer, work, kommun, viewer.subject, new)
        facts = {"subject": viewer.subject, **role_facts(grant)}
        log(app, viewer, work, kommun, "access.jav", f"grant:{grant.number}", facts)
        work.commit()
    return grant.number


def _give(app: App, viewer: Actor, work: UnitOfWork, kommun: str, subject: str, new: NewRole) -> GrantRecord:
    work.people.take_turn(kommun)
    must_be_open(work, kommun, subject)
    today = swedish_day(app.clock())
    scopes = scopes_here(work, kommun, today)
    must_be_givable(choices_of(scopes), scopes, new.role, new.scope_kind, new.scope_id)
    return add_grant(app, work, kommun, subject, new, days_of(new, today), viewer.subject)


def end_role(app: App, viewer: Actor, kommun: str, number: int, *, os_user: str | None = None) -> int:
    """Take a role back from now on, and return how many administrators are left.

    Raises ``ForbiddenError``, ``GrantUnknownError``, ``GrantEndedError`` and ``LastAdministratorError``.
    """
    must(viewer, "access.edit", kommun)
    with app.writing(viewer) as work:
        work.people.take_turn(kommun)
        grant = next((one for one in work.people.grants(kommun) if one.number == number), None)
        if grant is None:
            raise GrantUnknownError(number)
        must_be_another(viewer, grant.subject)
        if standing(grant, swedish_day(app.clock())) == "ended":
            raise GrantEndedError(number)
        work.people.end_grant(kommun, number, app.clock(), viewer.subject)
        left = _administrators_left(app, viewer, work, kommun, [grant])
        withdrawn = _withdraw_invitations_of(app, viewer, work, kommun, grant.subject)
        facts = {"subject": grant.subject, "withdrawn": withdrawn, **role_facts(grant)}
        log(app, viewer, work, kommun, "access.end", f"grant:{number}", by_command(facts, os_user))
        work.commit()
    return left


def close_account(app: App, viewer: Actor, kommun: str, subject: str, *, os_user: str | None = None) -> int:
    """Close an account and end its roles, and return how many administrators are left. Jäv stays, should it be opened.

    Raises ``ForbiddenError``, ``AccountUnknownError``, ``AccountStateError`` and ``LastAdministratorError``.
    """
    must(viewer, "access.edit", kommun)
    must_be_another(viewer, subject)
    with app.writing(viewer) as work:
        work.people.take_turn(kommun)
        must_be_open(work, kommun, subject)
        work.people.set_account(kommun, subject, state=CLOSED, closed_at=app.clock(), closed_by=viewer.subject)
        today = swedish_day(app.clock())
        held = [one for one in work.people.grants(kommun) if one.subject == subject and standing(one, today) != "ended"]
        ended = [one for one in held if not only_denies(one.role)]
        for one in ended:
            work.people.end_grant(kommun, one.number, app.clock(), viewer.subject)
        left = _administrators_left(app, viewer, work, kommun, ended)
        withdrawn = _withdraw_invitations_of(app, viewer, work, kommun, subject)
        facts: dict[str, object] = {"ended": [one.number for one in ended], "withdrawn": withdrawn}
        log(app, viewer, work, kommun, "access.close", f"account:{subject}", by_command(facts, os_user))
        work.commit()
    return left


def open_account(app: App, viewer: Actor, kommun: str, subject: str, *, os_user: str | None = None) -> None:
    """Open a closed account; its roles do not come back.

    Raises ``ForbiddenError``, ``AccountUnknownError`` and ``AccountStateError``.
    """
    must(viewer, "access.edit", kommun)
    must_be_another(viewer, subject)
    with app.writing(viewer) as work:
        work.people.take_turn(kommun)
        if work.people.account(kommun, subject).state == ACTIVE:
            raise AccountStateError(subject, closed=False)
        work.people.set_account(kommun, subject, state=ACTIVE, closed_at=None, closed_by=None)
        log(app, viewer, work, kommun, "access.open", f"account:{subject}", by_command({}, os_user))
        work.commit()


def make_account(app: App, viewer: Actor, kommun: str, person: Person, *, os_user: str | None = None) -> bool:
    """Let a person have an account before they have logged in, as the first administrator must; False: there was one.

    Raises ``ForbiddenError`` and ``PersonNameError``.
    """
    must(viewer, "access.edit", kommun)
    must_be_another(viewer, person.subject)
    with app.writing(viewer) as work:
        work.people.take_turn(kommun)
        if any(one.subject == person.subject for one in work.people.accounts(kommun)):
            return False
        add_account(app, viewer, work, kommun, person)
        log(app, viewer, work, kommun, "access.account", f"account:{person.subject}", by_command({}, os_user))
        work.commit()
    return True


def _administrators_left(app: App, viewer: Actor, work: UnitOfWork, kommun: str, ended: Iterable[GrantRecord]) -> int:
    """Return how many there are now; raises ``LastAdministratorError`` when a page has ended the last one's role."""
    left = len(administrators(app, work.people.accounts(kommun), work.people.grants(kommun)))
    on_page = person_of(viewer.subject) is None
    if not left and on_page and any(administers(one.role, one.scope_kind) for one in ended):
        raise LastAdministratorError
    return left


def _withdraw_invitations_of(app: App, viewer: Actor, work: UnitOfWork, kommun: str, subject: str) -> list[int]:
    """Withdraw the invitations of somebody who no longer may invite, so that none of them opens a way back."""
    if subject in administrators(app, work.people.accounts(kommun), work.people.grants(kommun)):
        return []
    open_ones = [
        one.number
        for one in work.people.invitations(kommun)
        if one.made_by == subject and waiting(one, app.clock()) == "open"
    ]
    for number in open_ones:
        work.people.withdraw_invitation(kommun, number, app.clock(), viewer.subject)
    return open_ones
