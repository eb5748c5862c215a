"""From "this figure is wrong" to its answer: which step follows which, and what may be written.

open → accepted (it will be corrected) → corrected; open → rejected; open or accepted → withdrawn by who said it.
"""

from __future__ import annotations

import re

from core.base import CoreError, Sentence

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
_WANTED = Sentence("vad som är fel, eller vad svaret är")
STATE_WORDS = {
    OPEN: "obesvarad", ACCEPTED: "ska rättas", REJECTED: "avvisad", CORRECTED: "rättad", WITHDRAWN: "återtagen",
}  # fmt: skip


class FlagStateError(CoreError):
    """A question is in a state from which the step asked for cannot be taken."""

    def __init__(self, number: int, state: str, wanted: str) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        super().__init__(
            Sentence(
                "Fråga {number} är {state} och kan därför inte bli {wanted}. Se frågan på sidan Frågor om underlaget.",
                number=number,
                state=Sentence(STATE_WORDS[state]),
                wanted=Sentence(STATE_WORDS[wanted]),
            )
        )


class FlagTextError(CoreError):
    """What was written is too short, too long, or names a person."""


def must_follow(number: int, state: str, wanted: str) -> None:
    """Return if ``wanted`` may follow ``state``; raises ``FlagStateError``."""
    if wanted not in AFTER[state]:
        raise FlagStateError(number, state, wanted)


def clean_text(said: str, wanted: str = _WANTED) -> str:
    """Return what was written, without space around it; ``wanted`` is what to write. Raises ``FlagTextError``.

    A question is read by many and kept with the run: no identity number may stand in it.
    """
    text = " ".join(said.split())
    if len(text) < FEWEST:
        raise FlagTextError(Sentence("Skriv {wanted}, med minst {fewest} tecken.", wanted=wanted, fewest=FEWEST))
    if len(text) > MOST:
        raise FlagTextError(
            Sentence("Texten är {count} tecken. Korta den till högst {most}.", count=len(text), most=MOST)
        )
    if _PERSON.search(text):
        raise FlagTextError(
            Sentence("Texten ser ut att innehålla ett personnummer. Skriv inga namn eller personnummer här.")
        )
    return text
