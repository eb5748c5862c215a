"""Our own name of a person: a digest of who vouches for them and what that login provider calls them.

Never an e-mail address: addresses are handed on to the next who is hired, and a provider may let their owner change
them. The same person at two providers is two subjects, and is given roles as each.
"""

from __future__ import annotations

from core.base import CoreError, sha256

_SEPARATOR = "\x1f"
_LENGTH = 24


class SubjectFaultyError(CoreError):
    """Issuer or the issuer's subject is empty, or holds a character that no provider sends."""

    def __init__(self, which: str) -> None:
        self.which = which
        super().__init__(
            f"{which} är tomt eller har ett styrtecken. Skriv det som inloggningstjänsten anger, utan mellanslag runt."
        )


def subject_of(issuer: str, issuer_subject: str) -> str:
    """Return ``p:`` and 24 hexadecimal digits, the same for the same pair; raises ``SubjectFaultyError``.

    Control characters are refused, so that the one between the two parts cannot be sent as part of either.
    """
    for which, text in (("Inloggningstjänsten (issuer)", issuer), ("Personens id hos den (subject)", issuer_subject)):
        if not text.strip() or not text.isprintable():
            raise SubjectFaultyError(which)
    return "p:" + sha256(issuer + _SEPARATOR + issuer_subject)[:_LENGTH]
