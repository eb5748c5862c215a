"""How long a login lives: our own limits, beside whatever the login provider and the browser's cookie say.

=====================================================  ========  ===================================================
A login                                                Verdict   Why
=====================================================  ========  ===================================================
signed 5 minutes ago, never seen before                begins    it counts from when the provider signed it
signed 9 hours ago, never seen before                  stale     an old cookie from somewhere is no new login
whose token ran out before it was first seen           expired   a token is good for coming in, until it expires
signed 10 minutes from now                             unproved  the provider's clock or the cookie is wrong
begun 7 h 59 min ago, last seen 29 minutes ago         goes on   the token may have run out: we keep the time now
begun 8 hours ago                                      life      a working day
last seen 30 minutes ago                               idle      somebody has left the screen
=====================================================  ========  ===================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

EndReason = Literal["life", "idle", "logout", "expired", "stale", "unproved", "account"]
"""Why a login has ended, or never began; ``account``: every account of the person is closed."""

CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a login lives, and how long it may rest."""

    life: timedelta
    idle: timedelta


def why_not_begun(signed_at: datetime, expires_at: datetime, now: datetime, limits: Limits) -> EndReason | None:
    """Return why a login never seen before may not begin, or None when it may."""
    if signed_at > now + CLOCKS_DIFFER:
        return "unproved"
    if now - signed_at >= limits.life:
        return "stale"
    return "expired" if now >= expires_at else None


def why_over(began_at: datetime, seen_at: datetime, now: datetime, limits: Limits) -> EndReason | None:
    """Return why a login that has begun is over, or None while it goes on."""
    if now - began_at >= limits.life:
        return "life"
    return "idle" if now - seen_at >= limits.idle else None
