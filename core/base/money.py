"""Money is whole öre; this module reads it from text and writes it in Swedish.

No float comes near: text becomes a ``Fraction``, and a ``Fraction`` becomes öre only by a
rounding somebody declared.
"""

from __future__ import annotations

import re
from fractions import Fraction

from core.base.errors import CoreError
from core.base.sentences import Sentence

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"[-\u2212]?[0-9]{1,40}([.,][0-9]{1,40})?\Z")
SHOWN_CHARACTERS = 40
ORE_PER_KRONA = 100
LARGEST_ORE = 10**13  # a hundred milliards of kronor: more than any kommun has, and sums of it fit 64 bits
NBSP = "\u00a0"


class NotANumberError(CoreError):
    """A text that should hold a number does not."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            Sentence("”{text}” är inte ett tal. Skriv till exempel 57400 eller 57 400,50.", text=_shown(text))
        )


class NotWholeOreError(CoreError):
    """An amount has a finer part than whole öre."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            Sentence("”{text}” har delar mindre än ett öre. Ange beloppet med högst två decimaler.", text=_shown(text))
        )


class AmountTooLargeError(CoreError):
    """An amount is larger than any kommun's money."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            Sentence("”{text}” kr är för mycket: hundra miljarder eller mer. Rätta beloppet.", text=_shown(text))
        )


def _shown(text: str) -> str:
    """Return what somebody wrote, fit for a message."""
    clean = "".join(sign if sign.isprintable() else "\u25a1" for sign in text[:SHOWN_CHARACTERS])
    return clean + ("…" if len(text) > SHOWN_CHARACTERS else "")


def read_number(text: str) -> Fraction:
    """Return the exact value of a number in Swedish or international form (``57 400,50``, ``0.03``)."""
    bare = _SPACES.sub("", text)
    if not _NUMBER.match(bare):
        raise NotANumberError(text)
    return Fraction(bare.replace("\u2212", "-").replace(",", "."))


def kronor(text: str) -> int:
    """Return whole öre for an amount written in kronor."""
    value = read_number(text) * ORE_PER_KRONA
    if abs(value) >= LARGEST_ORE:
        raise AmountTooLargeError(text)
    if value.denominator != 1:
        raise NotWholeOreError(text)
    return value.numerator


def group_thousands(whole: int) -> str:
    """Return ``1234567`` as ``1 234 567`` with no-break spaces and a true minus sign."""
    return f"{whole:,}".replace(",", NBSP).replace("-", "\u2212")


def format_kr(ore: int, *, decimals: bool | None = None) -> str:
    """Return öre as Swedish text in kronor; öre are written when there are any, or as ``decimals`` says."""
    kr, rest = divmod(abs(ore), ORE_PER_KRONA)
    shown = group_thousands(kr)
    if decimals if decimals is not None else rest:
        shown += f",{rest:02d}"
    elif decimals is False and rest:
        shown = group_thousands((abs(ore) + ORE_PER_KRONA // 2) // ORE_PER_KRONA)
    sign = "\u2212" if ore < 0 and shown.strip("0,") else ""
    return f"{sign}{shown}{NBSP}kr"


def format_number(value: Fraction, places: int = 4) -> str:
    """Return a Swedish decimal text of at most ``places`` decimals, rounded half up, trailing zeros dropped."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    left, right = divmod(whole, 10**places)
    tail = f"{right:0{places}d}".rstrip("0") if places else ""
    text = group_thousands(left) + (f",{tail}" if tail else "")
    return f"\u2212{text}" if value < 0 and whole else text
