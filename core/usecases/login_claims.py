"""From what the login provider signed to a proof of who it is: only named claims are believed, and each is checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.access.subjects import SubjectFaultyError, subject_of
from core.base import canonical_json, sha256
from core.usecases.login_views import Proof
from core.usecases.people_views import Person

if TYPE_CHECKING:
    from collections.abc import Mapping

# What makes one login differ from the person's next; whichever of them the provider sends.
ONE_LOGIN = ("iss", "sub", "aud", "iat", "auth_time", "nonce", "jti", "sid", "at_hash")
LOCAL_ISSUER = "skolkronan:local:"
NAME_LENGTH = 100


def proof_of(claims: Mapping[str, object], subject_claim: str) -> Proof | None:
    """Return the proof in a provider's claims, or None when a claim is missing or has the wrong kind.

    ``subject_claim`` names the person (``sub``, or what the secrets file says). An issuer of our own is not believed
    from outside.
    """
    issuer, name = claims.get("iss"), claims.get(subject_claim)
    signed_at, expires_at = _moment(claims.get("iat")), _moment(claims.get("exp"))
    provider = claims.get("provider")
    texts = isinstance(issuer, str) and isinstance(name, str) and isinstance(provider, str)
    if not texts or not provider or signed_at is None or expires_at is None or str(issuer).startswith(LOCAL_ISSUER):
        return None
    try:
        subject = subject_of(str(issuer), str(name))
    except SubjectFaultyError:
        return None
    person = Person(subject, str(issuer), str(name), _display_name(claims))
    login = sha256(canonical_json({key: str(claims[key]) for key in ONE_LOGIN if key in claims}))
    return Proof(person, login, str(provider), signed_at, expires_at)


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _display_name(claims: Mapping[str, object]) -> str:
    """Return what to call the person: printable, of a length that fits, empty when the provider says nothing."""
    said = claims.get("name")
    words = " ".join(said.split()) if isinstance(said, str) else ""
    return "".join(letter for letter in words if letter.isprintable())[:NAME_LENGTH]
