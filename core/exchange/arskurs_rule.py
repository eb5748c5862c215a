"""A row may only be about an årskurs that there is on its days: årskurser are dated (core.register.arskurs)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Verksamhet, label
from core.exchange.faults import ArskursGone, shown
from core.parameters.arskurser import load_arskurser
from core.register.arskurs import exists_on

if TYPE_CHECKING:
    from datetime import date

    from core.exchange.faults import FaultLog
    from core.exchange.row_rules import SoundRows

NEVER, ALWAYS = "9999-12-31", ""
Spans = tuple[tuple[str, str], ...]


def check_arskurser(sound: SoundRows, log: FaultLog) -> SoundRows:
    """Return the rows whose årskurs exists on their days; log the others.

    An open-ended row is asked about its first day only: that it ends in time is for a later delivery to say.
    """
    if "arskurs" not in sound.texts or not sound.rows:
        return sound
    forms, arskurser = sound.texts["verksamhet"], sound.texts["arskurs"]
    spans = {key: _spans(*key) for key in set(zip(forms, arskurser, strict=True)) if key[1]}
    firsts, lasts = _days(sound)
    earliest, latest = min(firsts), max(lasts)
    doubtful = {key for key, held in spans.items() if not _within(held, earliest, latest)}
    if not doubtful:
        return sound  # the common case, answered for the whole block at once
    bad = set()
    for row, form, arskurs, first, last in zip(sound.rows, forms, arskurser, firsts, lasts, strict=True):
        if (form, arskurs) in doubtful and not _within(spans[form, arskurs], first, last):
            bad.add(row)
            log.add(ArskursGone(shown(arskurs), _wanted(form, spans[form, arskurs])), row, "arskurs")
    return sound.without(bad)


def _days(sound: SoundRows) -> tuple[list[str], list[str]]:
    """Return the first day and the day that must not lie after an end, row by row."""
    if "month" in sound.texts:
        days = [f"{text[:4]}-{text[4:]}-01" for text in sound.texts["month"]]
        return days, days
    starts = list(sound.texts["valid_from"])
    return starts, [stop or start for start, stop in zip(starts, sound.texts["valid_to"], strict=True)]


def _spans(form: str, arskurs: str) -> Spans:
    held = exists_on(load_arskurser(), form, arskurs)
    if held is None:
        return ((ALWAYS, NEVER),)
    return tuple((_text(first, ALWAYS), _text(after, NEVER)) for first, after in held)


def _text(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else day.isoformat()


def _within(spans: Spans, first: str, last: str) -> bool:
    """Say whether one span holds the first day and reaches the last."""
    return any(begins <= first < ends and last <= ends for begins, ends in spans)


def _wanted(form: str, spans: Spans) -> str:
    named = label(Verksamhet(form)).lower()
    if not spans:
        return f"en årskurs som finns i {named}"
    (begins, ends), *_ = spans
    days = f"dagar före {ends}" if ends != NEVER else f"dagar från och med {begins}"
    return f"{days}, för då finns den i {named}; dela raden den dagen eller rätta årskursen"
