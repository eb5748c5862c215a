"""From "this figure is wrong" to its answer: which step follows which, and what may be written.

open → accepted (it will be corrected) → corrected; open → rejected; open or accepted → withdrawn by who said it.
"""

from __future__ import annotations

import re

from core.base import CoreError

OPEN, ACCEPTED, REJECTED, CORRECTED, WITHDRAWN = "open", "accepted", "rejected", "corrected", "withdrawn"
AFTER = {
    OPEN: (ACCEPTED, REJECTED, WITHDRAWN),
    ACCEPTED: (CORRECTED, REJECTED, WITHDRAWN),
    REJECTED: (),
    CORRECTED: (),
    WITHDRAWN: (),
}
FEWEST, MOST = 10, 1000
_PERSON = re.compile(r"\b(?:\d{2})?\d{6}[-+ ]?\d{4}\b")
"""Six or eight digits of a day and four more: an identity number, whole or as people write it."""
_WORDS = {
    OPEN: "obesvarad", ACCEPTED: "ska rättas", REJECTED: "avvisad", CORRECTED: "rättad", WITHDRAWN: "återtagen",
}  # fmt: skip


class FlagStateError(CoreError):
    """A question is in a state from which the step asked for cannot be taken."""

    def __init__(self, number: int, state: str, wanted: str) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        super().__init__(
            f"Fråga {number} är {_WORDS[state]} och kan därför inte bli {_WORDS[wanted]}. Se frågan på sidan Frågor om "
            "underlaget."
        )


class FlagTextError(CoreError):
    """What was written is too short, too long, or names a person."""


def must_follow(number: int, state: str, wanted: str) -> None:
    """Return if ``wanted`` may follow ``state``; raises ``FlagStateError``."""
    if wanted not in AFTER[state]:
        raise FlagStateError(number, state, wanted)


def clean_text(said: str, wanted: str = "vad som är fel, eller vad svaret är") -> str:
    """Return what was written, without space around it; ``wanted`` is what to write. Raises ``FlagTextError``.

    A question is read by many and kept with the run: no identity number may stand in it.
    """
    text = " ".join(said.split())
    if len(text) < FEWEST:
        raise FlagTextError(f"Skriv {wanted}, med minst {FEWEST} tecken.")
    if len(text) > MOST:
        raise FlagTextError(f"Texten är {len(text)} tecken. Korta den till högst {MOST}.")
    if _PERSON.search(text):
        raise FlagTextError("Texten ser ut att innehålla ett personnummer. Skriv inga namn eller personnummer här.")
    return text
