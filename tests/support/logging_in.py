"""People who log in to Lillby in tests: claims as a login provider signs them, accounts and roles in the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from core.access.logins import Limits
from core.access.subjects import subject_of
from core.store import AccountRecord, GrantRecord, KommunRecord
from core.usecases.login_claims import proof_of
from tests.support.reaching import PEEK
from tests.support.small_kommun import KOMMUN, NOW

if TYPE_CHECKING:
    from core.store import AuditRecord, LoginRecord
    from core.usecases.context import App
    from core.usecases.login_views import Proof

ISSUER = "https://login.lillby.se"
NEIGHBOUR = KommunRecord("9908", "Granne", "999900-9908")
LIMITS = Limits(timedelta(hours=8), timedelta(minutes=30))


def claims(sub: str = "anna", at: datetime = NOW, **changed: object) -> dict[str, object]:
    """Return what the provider signs when ``sub`` logs in at that moment."""
    seconds = int(at.timestamp())
    return {
        "iss": ISSUER, "sub": sub, "aud": "skolkronan", "iat": seconds, "exp": seconds + 3600, "nonce": f"n{seconds}",
        "name": sub.capitalize(), "email": f"{sub}@lillby.se", "provider": "kommun", "is_logged_in": True, **changed,
    }  # fmt: skip


def proof(sub: str = "anna", at: datetime = NOW, **changed: object) -> Proof:
    """Return the same as a proof."""
    found = proof_of(claims(sub, at, **changed), "sub")
    assert found is not None
    return found


def subject(sub: str = "anna") -> str:
    """Return our own name of ``sub``."""
    return subject_of(ISSUER, sub)


def add_account(app: App, sub: str = "anna", kommun: str = KOMMUN, issuer: str = ISSUER) -> None:
    """Give ``sub`` an account, without any role."""
    with app.writing(PEEK) as work:
        work.people.add_account(
            AccountRecord(
                kommun=kommun, subject=subject_of(issuer, sub), issuer=issuer, issuer_subject=sub,
                name=sub.capitalize(), state="active", made_at=NOW, made_by="prov",
            )
        )  # fmt: skip
        work.commit()


def add_role(
    app: App, role: str, scope_kind: str, scope_id: str, *, sub: str = "anna", kommun: str = KOMMUN,
    valid_from: date = date(2026, 1, 1), valid_to: date | None = None, issuer: str = ISSUER,
) -> int:  # fmt: skip
    """Give ``sub`` a role; return its number."""
    with app.writing(PEEK) as work:
        number = work.people.next_grant(kommun)
        work.people.add_grant(
            GrantRecord(
                kommun=kommun, number=number, subject=subject_of(issuer, sub), role=role, scope_kind=scope_kind,
                scope_id=scope_id, valid_from=valid_from, valid_to=valid_to, given_at=NOW, given_by="prov",
            )
        )  # fmt: skip
        work.commit()
    return number


def audit(app: App, kommun: str = KOMMUN) -> list[AuditRecord]:
    """Return what the audit chain says about logins and local accounts; fails when the chain is broken."""
    with app.reading(PEEK) as work:
        assert work.audit.first_broken(kommun) is None
        return [one for one in work.audit.entries(kommun) if one.action.startswith(("login.", "local."))]


def login_of(app: App, found: Proof) -> LoginRecord | None:
    """Return the row of a login, as the one who logged in may read it."""
    from dataclasses import replace

    with app.reading(replace(PEEK, subject=found.person.subject)) as work:
        return work.logins.get(found.login)


def moment(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of the day that Lillby's tests stand on."""
    return datetime(2026, 11, 22, hour, minute, second, tzinfo=UTC)
