"""From a proof of identity to an actor, asked anew on every run, so that what is taken back is gone at once.

A login is ours to keep: it begins when first seen, is written once whatever the outcome, and is over after a working
day, after half an hour's rest, when somebody logs out of it in any tab, or when every account of the person is closed.
Its beginning, refusal and end are in the audit chain of each kommun where the person has an account, by the digest of
the subject alone; a person of no kommun leaves a line in the server's log.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from core.access import Actor, Grant
from core.access.logins import why_not_begun, why_over
from core.base import swedish_day
from core.parameters.roles import load_roles
from core.store import LoginRecord
from core.store.errors import DatabaseBusyError
from core.usecases.choices import register_units
from core.usecases.login_views import LOCAL, Ended, SignedIn, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.access import ScopeKind
    from core.access.logins import EndReason, Limits
    from core.store import GrantRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.login_views import Outcome, Proof

SEEN_EVERY = timedelta(minutes=1)
SEEN_PATIENCE_MS = 200
_LOG = logging.getLogger(__name__)


def sign_in(app: App, proof: Proof, limits: Limits, known: SignedIn | None = None) -> Outcome:
    """Return who asks, with the roles of today, or why they are not (or no longer) let in.

    ``known`` is the answer of the run before: what its roles are called need not be looked up again while they are the
    same. Whether they are is asked every time.
    """
    now = app.clock()
    with app.reading(_asker(proof)) as work:  # reaches the person's own rows only
        login = work.logins.get(proof.login)
        accounts = work.people.own_accounts()
        granted = work.people.own_grants(swedish_day(now))
    open_in = {one.kommun: one for one in accounts if one.state == "active"}
    why = _why_out(proof, login, now, limits, is_closed=bool(accounts) and not open_in)
    _keep(app, proof, login, why, [one.kommun for one in accounts])
    if why is not None:
        return Ended(why, proof)
    roles = [one for one in granted if one.kommun in open_in]
    if not roles:
        return Unknown(proof, has_account=bool(open_in))
    bare = Actor(proof.person.subject, open_in[roles[0].kommun].name, tuple(map(_grant, roles)))
    began_at = login.began_at if login else min(proof.signed_at, now)
    ends_at = min(began_at + limits.life, proof.ends_at or began_at + limits.life)
    if known is not None and _unnamed(known.actor) == bare:
        return replace(known, proof=proof, ends_at=ends_at)
    places = _places(app, bare)
    actor = replace(bare, roles=tuple(replace(one, name=places.get((one.kommun, one.scope_id))) for one in bare.roles))
    kommuner = tuple(sorted((kommun, places[kommun, kommun]) for kommun in bare.kommuner))
    return SignedIn(actor, kommuner, proof, ends_at)


def narrowed(signed: SignedIn, kommun: str) -> Actor:
    """Return the actor with the roles of one kommun: what a page is given."""
    return replace(signed.actor, roles=tuple(grant for grant in signed.actor.roles if grant.kommun == kommun))


def log_out(app: App, proof: Proof) -> None:
    """End the login for every tab that shares it."""
    now = app.clock()
    with app.reading(_asker(proof)) as work:
        kommuner = [one.kommun for one in work.people.own_accounts()]
    _end(app, proof, now, "logout", kommuner)


def role_words(signed: SignedIn, kommun: str) -> tuple[tuple[str, str], ...]:
    """Return (role, scope) of each role in a kommun, in words."""
    book = load_roles()
    found = []
    for grant in signed.actor.roles:
        if grant.kommun == kommun:
            words = book.words_of(grant.role)
            found.append((words.label if words else grant.role, grant.name or grant.scope_id))
    return tuple(dict.fromkeys(found))


def _why_out(
    proof: Proof, login: LoginRecord | None, now: datetime, limits: Limits, *, is_closed: bool
) -> EndReason | None:
    if login is None and proof.provider == LOCAL:
        return "unproved"  # a local login is written when the password is checked, or it is none
    if login is not None and login.ended_at is not None:
        return _REASONS.get(login.ended_why or "", "logout")
    if is_closed:
        return "account"
    if proof.ends_at is not None and now >= proof.ends_at:
        return "expired"
    if login is None:
        return why_not_begun(proof.signed_at, proof.expires_at, now, limits)
    return why_over(login.began_at, login.seen_at, now, limits)


_REASONS: dict[str, EndReason] = {
    "life": "life", "idle": "idle", "logout": "logout", "expired": "expired",
    "stale": "stale", "unproved": "unproved", "account": "account",
}  # fmt: skip


def _keep(app: App, proof: Proof, login: LoginRecord | None, why: EndReason | None, kommuner: Collection[str]) -> None:
    """Write what this run has changed in the login, if anything."""
    now = app.clock()
    if login is None:
        if proof.provider != LOCAL:
            _begin(app, proof, now, why, kommuner)
    elif login.ended_at is None and why is not None:
        _end(app, proof, now, why, kommuner)
    elif login.ended_at is None and now - login.seen_at >= SEEN_EVERY:
        _see(app, proof, now)


def _see(app: App, proof: Proof, now: datetime) -> None:
    """Write that the person was here, unless somebody else is writing: the next run does it, and no page waits."""
    with suppress(DatabaseBusyError), app.writing(_asker(proof)).waiting_at_most(SEEN_PATIENCE_MS) as work:
        work.logins.see(proof.login, now)
        work.commit()


def _begin(app: App, proof: Proof, now: datetime, why: EndReason | None, kommuner: Collection[str]) -> None:
    """Write a login that is seen for the first time, let in or refused; the second of two tabs writes nothing."""
    began_at = min(proof.signed_at, now)
    ended_at = now if why else None
    row = LoginRecord(
        login=proof.login, subject=proof.person.subject, began_at=began_at, seen_at=now,
        ended_at=ended_at, ended_why=why,
    )  # fmt: skip
    with app.writing(_asker(proof, kommuner)) as work:
        if work.logins.begin(row):
            facts: dict[str, object] = {"why": why} if why else {"how": proof.provider}
            note(work, kommuner, now, proof, "login.refused" if why else "login.begin", facts)
            work.commit()
            if not kommuner:
                _LOG.warning("inloggning av någon utan konto i någon kommun (%s)", proof.provider)


def _end(app: App, proof: Proof, now: datetime, why: EndReason, kommuner: Collection[str]) -> None:
    with app.writing(_asker(proof, kommuner)) as work:
        if work.logins.end(proof.login, now, why):
            note(work, kommuner, now, proof, "login.end", {"why": why})
            work.commit()


def note(
    work: UnitOfWork, kommuner: Collection[str], at: datetime, proof: Proof, action: str, facts: dict[str, object]
) -> None:
    """Write in the audit chain of each kommun what happened to a login."""
    for kommun in sorted(kommuner):
        work.audit.append(kommun, at, proof.person.subject, action, f"login:{proof.login[:12]}", facts)


def _asker(proof: Proof, kommuner: Collection[str] = ()) -> Actor:
    """Return who logs in, with a role that has no rules: it opens nothing but the way to a kommun's audit chain."""
    grants = tuple(Grant("inloggning", "kommun", kommun, kommun) for kommun in sorted(kommuner))
    return Actor(proof.person.subject, "", grants)


def _grant(one: GrantRecord) -> Grant:
    return Grant(one.role, cast("ScopeKind", one.scope_kind), one.scope_id, one.kommun)


def _unnamed(actor: Actor) -> Actor:
    return replace(actor, roles=tuple(replace(one, name=None) for one in actor.roles))


def _places(app: App, actor: Actor) -> dict[tuple[str, str], str]:
    """Return what readers call the kommuner, enheter and huvudmän that the actor's roles are for."""
    narrow = {grant.kommun for grant in actor.roles if grant.scope_kind in {"enhet", "huvudman"}}
    with app.reading(actor) as work:
        found = {(one.kommun, one.kommun): one.name for one in work.kommuner.list()}
        for kommun in narrow:
            for unit in register_units(work, kommun, swedish_day(app.clock())):
                found |= {(kommun, unit.enhet): unit.name, (kommun, unit.huvudman): unit.huvudman_name}
    return found
