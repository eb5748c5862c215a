"""Somebody's number in a text: found wherever it stands, so that it is neither kept nor said.

And any text at all made fit for a message, for anything may stand in a file.
"""

from __future__ import annotations

import re

HIDDEN_PERSON = "(döljs: liknar ett personnummer)"
DASHES = "-+ \u00a0\u2010-\u2015\u2212\ufe58\ufe63\uff0d"  # what may stand before the last four digits
_IDENTITY = re.compile(
    r"(?<!\d)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
    rf"[{DASHES}]?\d{{4}}(?!\d)"
)
_CONTROL_DIGITS = (2, 1)
LONGEST_MESSAGE = 900


def holds_identity(text: str) -> bool:
    """Say whether a text holds what must be a personnummer: a date, four digits and a right control digit."""
    return any(_is_identity(match[0]) for match in _IDENTITY.finditer(text))


def without_identities(text: str) -> str:
    """Return the text with words in place of every personnummer in it."""
    return _IDENTITY.sub(lambda match: HIDDEN_PERSON if _is_identity(match[0]) else match[0], text)


def short(text: str | None, longest: int = LONGEST_MESSAGE) -> str:
    """Return a text of reasonable length on one line, without persons; signs that cannot be shown become squares."""
    said = without_identities(text or "")
    clean = "".join(sign if sign.isprintable() else "\u25a1" for sign in said[:longest])
    return clean + ("…" if len(said) > longest else "")


def _is_identity(found: str) -> bool:
    """Say whether the control digit is right (the last ten digits, doubled by turns, add up to a multiple of ten)."""
    digits = [int(sign) for sign in found if sign.isdigit()][-10:]
    return sum(sum(divmod(digit * _CONTROL_DIGITS[place % 2], 10)) for place, digit in enumerate(digits)) % 10 == 0
