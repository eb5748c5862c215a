"""What a file is called, as far as it may be kept and shown: no folders, no invisible signs, nobody's number."""

from __future__ import annotations

import re

from core.base import HIDDEN_PERSON, holds_identity

LONGEST_NAME = 120
LONGEST_TOTAL = 200
HIDDEN_NAME = "fil (namnet döljs: det liknar ett personnummer)"
SUFFIXES = (".csv", ".xlsx", ".yaml", ".yml")
_PARTS = re.compile(r"[/\\]+")


def kept_name(name: str) -> str:
    """Return the name of a delivered file as it is stored and said."""
    last = next((part for part in reversed(_PARTS.split(name)) if part.strip(". ")), "fil")
    clean = kept_text(last, LONGEST_NAME)
    return HIDDEN_NAME if clean == HIDDEN_PERSON else clean


def kept_text(text: str, longest: int = LONGEST_TOTAL) -> str:
    """Return a short text that somebody wrote beside a file, fit to be stored and said."""
    if holds_identity(text):
        return HIDDEN_PERSON
    clean = "".join(sign if sign.isprintable() else "\u25a1" for sign in text[:longest])
    return clean + ("…" if len(text) > longest else "")


def kept_suffix(name: str) -> str:
    """Return how a delivered file's name ends, of those that a file of ours may end with; ``.csv`` for any other."""
    return next((one for one in SUFFIXES if name.lower().endswith(one)), ".csv")
