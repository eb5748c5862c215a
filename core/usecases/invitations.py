"""Invite somebody to a role, withdraw it, and give the role to whoever logs in and says the code.

The one who redeems has no kommun yet, so no rule can say yes: the code itself is the right, and it is bound to one
kommun, one role and one use. The invitation is found by the code's digest alone; wrong, used, expired and withdrawn
codes are answered alike.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.access.oneself import OWN_INVITATION, must_be_another
from core.base import CoreError, DateRange, Sentence, swedish_day
from core.store import InvitationRecord
from core.usecases.context import must
from core.usecases.invitation_codes import VALID_DAYS, digest_of, new_code, waiting
from core.usecases.people_names import clean_name, name_or
from core.usecases.people_views import Invited, Redeemed
from core.usecases.people_writing import ACTIVE, add_account, add_grant, by_command, log, role_facts
from core.usecases.role_days import days_of, last_day
from core.usecases.role_scopes import (
    RoleNotGivableError,
    choices_of,
    must_be_givable,
    only_denies,
    role_label,
    scope_name,
    scopes_here,
)

if TYPE_CHECKING:
    from core.store import UnitOfWork
    from core.usecases.context import App
    from core.usecases.people_views import Person
    from core.usecases.role_days import NewRole

INVITED = "inbjuden"
"""What somebody is in the kommun they are about to join: the role book has no rule for it, so it gives nothing."""


class CodeNotValidError(CoreError):
    """The code opens nothing: there is no such, or it is used, expired or withdrawn; which of these is not told."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Koden går inte att använda. Kontrollera att den är rätt skriven. En kod kan användas en gång och "
                "gäller i {valid_days} dagar: be annars den som bjöd in dig om en ny.",
                valid_days=VALID_DAYS,
            )
        )


class OwnAccountClosedError(CoreError):
    """The one who redeems has an account that is closed; the code stays good."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Ditt konto i kommunen är stängt. Be systemförvaltaren öppna det och skriv koden igen.")
        )


class InvitationNotOpenError(CoreError):
    """The invitation cannot be withdrawn: there is none, or it is used or withdrawn."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Inbjudan {number} väntar inte på någon. Ladda om sidan Behörigheter och se listan.", number=number
            )
        )


def invite(app: App, viewer: Actor, kommun: str, name: str, new: NewRole, *, os_user: str | None = None) -> Invited:
    """Invite somebody to a role, and return the code, which is shown once.

    Raises ``ForbiddenError``, ``PersonNameError``, ``RoleNotGivableError``, ``ScopeUnknownError`` and
    ``RoleDaysError``.
    """
    must(viewer, "access.edit", kommun)
    code, now = new_code(), app.clock()
    with app.writing(viewer) as work:
        work.people.take_turn(kommun)
        today = swedish_day(now)
        scopes = scopes_here(work, kommun, today)
        choices = tuple(one for one in choices_of(scopes) if not one.only_denies)
        if only_denies(new.role):  # jäv is registered for somebody who has a role, not offered to somebody who may come
            raise RoleNotGivableError(new.role, new.scope_kind, choices)
        must_be_givable(choices, scopes, new.role, new.scope_kind, new.scope_id)
        days = days_of(new, today)
        invitation = InvitationRecord(
            kommun=kommun, number=work.people.next_invitation(kommun), code_hash=digest_of(code), name=clean_name(name),
            role=new.role, scope_kind=new.scope_kind, scope_id=new.scope_id, valid_from=days.valid_from,
            valid_to=days.valid_to, made_at=now, made_by=viewer.subject, expires_at=now + timedelta(days=VALID_DAYS),
        )  # fmt: skip
        work.people.add_invitation(invitation)
        about = f"invitation:{invitation.number}"
        log(app, viewer, work, kommun, "access.invite", about, by_command(role_facts(invitation), os_user))
        work.commit()
    return Invited(invitation.number, code, invitation.expires_at)


def withdraw(app: App, viewer: Actor, kommun: str, number: int, *, os_user: str | None = None) -> None:
    """Withdraw an invitation that nobody has used; raises ``ForbiddenError`` and ``InvitationNotOpenError``."""
    must(viewer, "access.edit", kommun)
    with app.writing(viewer) as work:
        if not work.people.withdraw_invitation(kommun, number, app.clock(), viewer.subject):
            raise InvitationNotOpenError(number)
        log(app, viewer, work, kommun, "access.withdraw", f"invitation:{number}", by_command({}, os_user))
        work.commit()


def redeem(app: App, person: Person, code: str) -> Redeemed:
    """Give whoever has logged in and says the code its role, once, with an account if there is none.

    Raises ``CodeNotValidError``; ``ForbiddenError`` for one's own invitation; ``OwnAccountClosedError``;
    ``RoleAlreadyHeldError``.
    """
    digest = digest_of(code)
    with app.reading(Actor(person.subject, person.name)) as work:
        found = work.people.invitation_of(digest)
    if found is None or waiting(found, app.clock()) != "open":
        raise CodeNotValidError
    must_be_another(Actor(person.subject, person.name), found.made_by, OWN_INVITATION)
    joining = Actor(person.subject, person.name, (Grant(INVITED, "kommun", found.kommun, found.kommun),))
    with app.writing(joining) as work:
        return _join(app, joining, work, person, found)


def _join(app: App, joining: Actor, work: UnitOfWork, person: Person, invitation: InvitationRecord) -> Redeemed:
    """Mark the invitation as used before anything else: of two who say the code at once, one finds it used."""
    kommun, today = invitation.kommun, swedish_day(app.clock())
    work.people.take_turn(kommun)
    if not work.people.use_invitation(kommun, invitation.number, app.clock(), person.subject):
        raise CodeNotValidError
    made = all(one.subject != person.subject for one in work.people.accounts(kommun))
    if made:
        named = replace(person, name=name_or(person.name, invitation.name))
        add_account(app, joining, work, kommun, named)
    if work.people.account(kommun, person.subject).state != ACTIVE:
        raise OwnAccountClosedError
    days = DateRange(max(invitation.valid_from, today), invitation.valid_to)
    grant = add_grant(app, work, kommun, person.subject, invitation, days, invitation.made_by)
    facts: dict[str, object] = {"invitation": invitation.number, "account_made": made, **role_facts(grant)}
    log(app, joining, work, kommun, "access.redeem", f"grant:{grant.number}", facts)
    scopes = scopes_here(work, kommun, today)
    work.commit()
    return Redeemed(
        kommun, scopes["kommun"][kommun], grant.role, role_label(grant.role), grant.scope_kind,
        scope_name(scopes, grant.scope_kind, grant.scope_id), grant.valid_from, last_day(grant.valid_to),
    )  # fmt: skip
