"""The code of an invitation: drawn at random, shown once, kept as a digest, read as people type; and if it is good."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from core.base import sha256, swedish_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.store import InvitationRecord
    from core.usecases.people_views import Waiting

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look like others."""
LENGTH, GROUP = 24, 4
"""24 of 32 signs: 120 random bits. A guess a nanosecond would take longer than the world has stood."""
VALID_DAYS = 14
"""So long an invitation waits."""


def new_code() -> str:
    """Return a new code in groups of four."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """Return the digest that the table holds; case, spaces and hyphens do not matter. Any text has one."""
    return sha256("".join(sign for sign in code.upper() if sign.isalnum()))


def waiting(invitation: InvitationRecord, now: datetime) -> Waiting:
    """Say whether an invitation still waits; one whose role has no days left has expired too."""
    if invitation.used_at is not None:
        return "used"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    today: date = swedish_day(now)
    over = invitation.valid_to is not None and invitation.valid_to <= today
    return "expired" if over or invitation.expires_at <= now else "open"
