"""The way in when the login provider is down: a local account, opened by command alone and short-lived.

The password is generated, shown once and kept as an argon2id hash. A failed attempt counts against every local account
that is open in the kommun, whatever name was tried, so that nobody learns which names there are; at the fifth they
close. Opening, each attempt and closing are in the audit chain.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.access import NOBODY, Actor, Grant
from core.access.subjects import subject_of
from core.base import CoreError, sha256, swedish_day
from core.parameters.roles import load_roles
from core.store import AccountRecord, GrantRecord, LocalAccountRecord, LoginRecord
from core.usecases.context import kommun_of, must
from core.usecases.login_claims import LOCAL_ISSUER
from core.usecases.login_views import LOCAL, Proof
from core.usecases.people_views import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.store import UnitOfWork
    from core.usecases.context import App

HOURS, MAX_HOURS, MAX_FAILURES = 4, 24, 5
_NAME = re.compile(r"[a-z0-9]{2,30}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread from a note
_GROUPS, _LETTERS = 5, 5  # 31^25: 123 bits
_HASHER = PasswordHasher()


class LocalAccountError(CoreError):
    """A local account cannot be opened or closed as asked."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A local account just opened; ``password`` is not kept anywhere."""

    kommun: str
    name: str
    password: str
    role: str
    expires_at: datetime


def open_account(app: App, operator: Actor, name: str, role: str, hours: int = HOURS) -> Opened:
    """Open a local account with a role for the whole kommun; raises ``LocalAccountError``."""
    kommun, now = kommun_of(operator), app.clock()
    must(operator, "access.edit", kommun)
    _must_fit(name, role, hours)
    subject, password, expires_at = _subject(kommun, name), _password(), now + timedelta(hours=hours)
    with app.writing(operator) as work:
        work.people.take_turn(kommun)
        if any(one.name == name and _is_open(one, now) for one in work.local_accounts.list(kommun)):
            raise LocalAccountError(
                f"Det lokala kontot {name} är redan öppet. Stäng det först, eller välj ett annat namn."
            )
        work.local_accounts.put(
            LocalAccountRecord(
                kommun=kommun, name=name, subject=subject, password_hash=_HASHER.hash(password),
                made_at=now, made_by=operator.subject, expires_at=expires_at,
            )
        )  # fmt: skip
        _let_in(work, operator, kommun, name, role, now, expires_at)
        facts: dict[str, object] = {"role": role, "hours": hours}
        work.audit.append(kommun, now, operator.subject, "local.open", f"local:{name}", facts)
        work.commit()
    return Opened(kommun, name, password, role, expires_at)


def close_account(app: App, operator: Actor, name: str) -> None:
    """Close a local account and take its role back: who is logged in with it is out at the next click."""
    kommun, now = kommun_of(operator), app.clock()
    must(operator, "access.edit", kommun)
    with app.writing(operator) as work:
        if not any(one.name == name and one.closed_at is None for one in work.local_accounts.list(kommun)):
            raise LocalAccountError(f"Det finns inget öppet lokalt konto {name} i kommun {kommun}.")
        work.local_accounts.close(kommun, name, now)
        subject = _subject(kommun, name)
        work.people.set_account(kommun, subject, state="closed", closed_at=now, closed_by=operator.subject)
        _end_grants(work, kommun, subject, now, operator.subject)
        work.audit.append(kommun, now, operator.subject, "local.close", f"local:{name}", {"why": "command"})
        work.commit()


def has_open_account(app: App) -> bool:
    """Say whether some local account can be used now, in any kommun; not which."""
    now = app.clock()
    with app.reading(NOBODY) as work:
        kommuner = [one.kommun for one in work.kommuner.list()]
    with app.reading(_gate(kommuner)) as work:
        return any(_is_open(one, now) for kommun in kommuner for one in work.local_accounts.list(kommun))


def log_in_locally(app: App, kommun: str, name: str, password: str) -> Proof | None:
    """Return the proof of a login just begun, or None: whatever was wrong, it takes as long and says as much."""
    now, said, nobodys = app.clock(), name.strip().lower(), _nobodys_hash()
    with app.reading(_gate([kommun])) as work:
        accounts = work.local_accounts.list(kommun)
    account = next((one for one in accounts if one.name == said), None)
    fits = _verifies(account.password_hash if account else nobodys, password)
    if account is None or not fits or not _is_open(account, now):
        _failed(app, kommun, account, accounts, now)
        return None
    return _begun(app, account, now)


def _must_fit(name: str, role: str, hours: int) -> None:
    if not _NAME.fullmatch(name):
        raise LocalAccountError("Namnet ska vara 2–30 tecken, bara a–z och 0–9.")
    if not 1 <= hours <= MAX_HOURS:
        raise LocalAccountError(f"Ett lokalt konto är öppet 1–{MAX_HOURS} timmar.")
    book = load_roles()
    fitting = [one.role for one in book.roles if any(r.role == one.role and "kommun" in r.scopes for r in book.rules)]
    if role not in fitting:
        raise LocalAccountError(f"Rollen {role} gäller inte för en hel kommun. Välj något av {', '.join(fitting)}.")


def _let_in(
    work: UnitOfWork, operator: Actor, kommun: str, name: str, role: str, now: datetime, expires_at: datetime
) -> None:
    """Give the account its role, to the day; to the minute the account itself decides."""
    subject = _subject(kommun, name)
    if any(one.subject == subject for one in work.people.accounts(kommun)):
        work.people.set_account(kommun, subject, state="active", closed_at=None, closed_by=None)
        _end_grants(work, kommun, subject, now, operator.subject)
    else:
        work.people.add_account(
            AccountRecord(
                kommun=kommun, subject=subject, issuer=LOCAL_ISSUER + kommun, issuer_subject=name,
                name=f"Lokalt konto {name}", state="active", made_at=now, made_by=operator.subject,
            )
        )  # fmt: skip
    work.people.add_grant(
        GrantRecord(
            kommun=kommun, number=work.people.next_grant(kommun), subject=subject, role=role,
            scope_kind="kommun", scope_id=kommun, valid_from=swedish_day(now),
            valid_to=swedish_day(expires_at) + timedelta(days=1), given_at=now, given_by=operator.subject,
        )
    )  # fmt: skip


def _end_grants(work: UnitOfWork, kommun: str, subject: str, now: datetime, by: str) -> None:
    for grant in work.people.grants(kommun):
        if grant.subject == subject and grant.ended_at is None:
            work.people.end_grant(kommun, grant.number, now, by)


def _failed(
    app: App, kommun: str, account: LocalAccountRecord | None, before: Sequence[LocalAccountRecord], now: datetime
) -> None:
    """Count and note a failed attempt; nothing is written where no account is open, so that nobody fills the chain."""
    if not any(_is_open(one, now) for one in before):
        return
    about = f"local:{account.name}" if account else "local:?"
    with app.writing(_gate([kommun])) as work:
        work.local_accounts.count_failure(kommun, now)
        work.audit.append(kommun, now, "inloggning", "local.failed", about, {})
        for one in work.local_accounts.list(kommun):
            if one.closed_at is None and one.failures >= MAX_FAILURES:
                work.local_accounts.close(kommun, one.name, now)
                work.audit.append(kommun, now, "inloggning", "local.close", f"local:{one.name}", {"why": "failures"})
        work.commit()


def _begun(app: App, account: LocalAccountRecord, now: datetime) -> Proof:
    """Write the login, known by a number that only this tab's session has."""
    person = Person(account.subject, LOCAL_ISSUER + account.kommun, account.name, f"Lokalt konto {account.name}")
    proof = Proof(person, sha256(secrets.token_hex()), LOCAL, now, account.expires_at, account.expires_at)
    row = LoginRecord(login=proof.login, subject=account.subject, began_at=now, seen_at=now)
    entrant = Actor(account.subject, "", _gate([account.kommun]).roles)
    with app.writing(entrant) as work:
        work.logins.begin(row)
        about = f"login:{proof.login[:12]}"
        work.audit.append(account.kommun, now, account.subject, "login.begin", about, {"how": LOCAL})
        work.commit()
    return proof


def _is_open(account: LocalAccountRecord, now: datetime) -> bool:
    return account.closed_at is None and account.expires_at > now and account.failures < MAX_FAILURES


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """Return what an unknown name's password is checked against, so that it takes as long as a known one's."""
    return _HASHER.hash(secrets.token_hex())


def _subject(kommun: str, name: str) -> str:
    return subject_of(LOCAL_ISSUER + kommun, name)


def _password() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def _gate(kommuner: Sequence[str]) -> Actor:
    """Return the door itself: a role without rules opens nothing but the way to a kommun's local accounts and chain."""
    return Actor("inloggning", "", tuple(Grant("inloggning", "kommun", one, one) for one in kommuner))
