"""Words and figures in the reader's language; every text a reader meets passes here.

The Swedish text is itself the message id, so Swedish is complete by construction; English lives in
``data/locale/en/LC_MESSAGES/skolkronan.po`` and is read at start. Figures are written with Babel's
symbols for the language (no-break spaces and a true minus sign in Swedish). Nothing here adds or
divides: a value arrives ready and leaves as text.
"""

from __future__ import annotations

import html
import re
from contextvars import ContextVar
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

from core.base import (
    BatchMode,
    BatchState,
    Dimension,
    Huvudmannatyp,
    Kostnadsslag,
    Recipient,
    RunKind,
    RunState,
    Sentence,
    Verksamhet,
)
from core.base import label as swedish_label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Made = TypeVar("Made")
Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")
STATE_KEY: Final = "language"
NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
ABSENT: Final = "–"
SEVERAL: Final = "alla"  # stands for the verksamhet of an amount that belongs to no single one
ORE_PER_KRONA: Final = 100
_HERE = ZoneInfo("Europe/Stockholm")  # stored moments are UTC; a reader's clock is Swedish
_CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "locale" / "en" / "LC_MESSAGES" / "skolkronan.po"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:-])")
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """Return the language of this reader: as said for the thread, else as the session remembers."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    return "en" if st.session_state.get(STATE_KEY) == "en" else "sv"


def speak(chosen: Language) -> None:
    """Say which language the rest of this run writes; runs are threads of their own, so nobody else hears it."""
    _spoken.set(chosen)


def in_language(make: Callable[[], Made]) -> Callable[[], Made]:
    """Return ``make`` bound to the present language, for work done outside the run (a download)."""
    chosen = language()

    def run() -> Made:
        token = _spoken.set(chosen)
        try:
            return make()
        finally:
            _spoken.reset(token)

    return run


@cache
def _english() -> dict[str, tuple[str, ...]]:
    """Return the English texts by Swedish message id: one form, or singular and plural."""
    with _CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if message.id and message.string:
            forms = (message.string,) if isinstance(message.string, str) else message.string
            found[message.id if isinstance(message.id, str) else message.id[0]] = tuple(str(form) for form in forms)
    return found


def _(message: str) -> str:
    """Return ``message`` (the Swedish text) in the reader's language."""
    if language() == "sv":
        return message
    return _english().get(message, (message,))[0]


def ngettext(one: str, many: str, count: int | Fraction) -> str:
    """Return the form for ``count`` things; both languages have a singular for exactly one."""
    singular = count == 1
    if language() == "sv":
        return one if singular else many
    return _english().get(one, (one, many))[0 if singular else -1]


def told(said: str) -> str | None:
    """Return what the core says in the reader's language; None when the catalogue lacks it, or a part of it.

    A plain text is in the reader's language already; a ``Sentence`` is Swedish until its template is looked up.
    """
    if not said or language() == "sv" or not isinstance(said, Sentence):
        return str(said)
    template = _english_of(said.template)
    if template is None or not said.facts:
        return template
    facts = {name: _fact(value) for name, value in said.facts.items()}
    return None if None in facts.values() else template.format_map(facts)


def _fact(value: object) -> str | None:
    if isinstance(value, date):
        return day(value)
    return told(value) if isinstance(value, str) else str(value)


def _english_of(template: str) -> str | None:
    """Return the English of a template, also where a label of the catalogue begins in lower case within a sentence."""
    found = _english().get(template)
    if found is not None or not template[:1].islower():
        return found[0] if found else None
    label = _english().get(template[0].upper() + template[1:])
    return label[0][0].lower() + label[0][1:] if label else None


# Every term of the law by its stored code, with the Swedish text a reader sees.
TERMS: Final[dict[str, str]] = {
    term.value: swedish_label(term)
    for terms in (
        BatchMode,
        BatchState,
        Dimension,
        Huvudmannatyp,
        Kostnadsslag,
        Recipient,
        RunKind,
        RunState,
        Verksamhet,
    )
    for term in terms
}


def word(term: str) -> str:
    """Return the label of a term of the law, given as its member or its stored code, in the reader's language."""
    return _("Flera verksamheter") if term == SEVERAL else _(TERMS[term])


def kinds(verksamheter: tuple[str, ...]) -> str:
    """Return verksamheter as a list in running text: "Förskoleklass, grundskola, fritidshem"."""
    listed = [word(one) for one in verksamheter]
    return ", ".join([*listed[:1], *(one.lower() for one in listed[1:])])


@cache
def _symbols(chosen: Language) -> tuple[str, str]:
    numbers = Locale.parse("sv_SE" if chosen == "sv" else "en_GB").number_symbols["latn"]
    return numbers["group"], numbers["decimal"]


def number(value: Fraction | int, places: int = 0, *, fixed: bool = False) -> str:
    """Return a figure with at most (``fixed``: exactly) ``places`` decimals, rounded half up as paper does."""
    group, decimal = _symbols(language())
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    left, right = divmod(whole, 10**places)
    tail = f"{right:0{places}d}" if places else ""
    tail = tail if fixed else tail.rstrip("0")
    shown = f"{left:,}".replace(",", group) + (decimal + tail if tail else "")
    return MINUS + shown if value < 0 and whole else shown


def kr(ore: Fraction | int | None, *, exact: bool = False) -> str:
    """Return an amount in kronor; ``exact`` writes the öre when there are any. Missing is a dash, not zero."""
    if ore is None:
        return ABSENT
    whole = not exact or ore % ORE_PER_KRONA == 0
    shown = number(_kronor(ore), 0 if whole else 2, fixed=True)
    return in_kronor(shown)


def in_kronor(shown: str) -> str:
    """Return a figure as money: Swedish puts the currency after it, English before it but after the sign."""
    if language() == "sv":
        return f"{shown}{NBSP}kr"
    return f"{MINUS}SEK{NBSP}{shown[1:]}" if shown.startswith(MINUS) else f"SEK{NBSP}{shown}"


def signed_kr(ore: int, *, exact: bool = False) -> str:
    """Return a difference in kronor (to the öre if ``exact``) with its sign written out."""
    return kr(ore, exact=exact) if ore <= 0 else f"+{kr(ore, exact=exact)}"


def _kronor(ore: Fraction | int) -> Fraction:
    return Fraction(ore) / ORE_PER_KRONA


def count(value: Fraction | int | None, places: int = 1) -> str:
    """Return a number of elever (decimals when the mean of months gives some), or a dash."""
    return ABSENT if value is None else number(value, places)


def hundredths(value: int | None, places: int = 1) -> str:
    """Return a figure that is stored in hundredths, or a dash."""
    return ABSENT if value is None else number(_kronor(value), places)


def exact_hundredths(value: int) -> Fraction:
    """Return a figure that is stored in hundredths as the exact number that files carry."""
    return _kronor(value)


def elever(value: Fraction | int | None) -> str:
    """Return "369 elever"."""
    if value is None:
        return ABSENT
    return ngettext("{n} elev", "{n} elever", value).format(n=count(value)).replace(" ", NBSP)


def percent(value: Fraction, places: int = 1) -> str:
    """Return a share as per cent."""
    shown = number(value * 100, places)
    return f"{shown}{NBSP}%" if language() == "sv" else f"{shown}%"


def signed_percent(value: Fraction, places: int = 1) -> str:
    """Return a relative change as per cent with its sign written out."""
    shown = percent(value, places)
    return f"+{shown}" if value > 0 else shown


@cache
def _months(chosen: Language, width: Literal["wide", "abbreviated"]) -> dict[int, str]:
    names = Locale.parse("sv_SE" if chosen == "sv" else "en_GB").months["stand-alone"][width]
    return {number: str(name) for number, name in names.items()}


def month(which: int) -> str:
    """Return the month's name: "oktober"."""
    return _months(language(), "wide")[which]


def short_month(which: int) -> str:
    """Return the month's short name: "okt."."""
    return _months(language(), "abbreviated")[which]


def day(when: date | None) -> str:
    """Return a day: "2026-10-15" in Swedish as decisions write it, "15 Oct 2026" in English."""
    if when is None:
        return ABSENT
    return when.isoformat() if language() == "sv" else format_date(when, "d MMM y", locale="en_GB")


def last_day(end: date | None) -> str:
    """Return the last day of a stored half-open period, as Swedish *till och med* says it."""
    return ABSENT if end is None else day(end - timedelta(days=1))


def period(start: date, end: date) -> str:
    """Return a half-open period as short as it can be said: "2026", "oktober 2026", or its first and last day."""
    after = end - timedelta(days=1)
    if start.day == 1 and end.day == 1:
        if (start.year, start.month, end.year, end.month) == (start.year, 1, start.year + 1, 1):
            return str(start.year)
        if (start.year, start.month) == (after.year, after.month):
            return f"{month(start.month)} {start.year}"
    return f"{day(start)} – {day(after)}"


def moment(when: datetime) -> str:
    """Return a day and a time to the minute on a Swedish clock; a stored moment without zone is UTC."""
    aware = when if when.tzinfo else when.replace(tzinfo=ZoneInfo("UTC"))
    local = aware.astimezone(_HERE)
    pattern = "y-MM-dd HH:mm" if language() == "sv" else "d MMM y, HH:mm"
    return format_datetime(local, pattern, locale="sv_SE" if language() == "sv" else "en_GB")


def joined(parts: list[str] | tuple[str, ...]) -> str:
    """Return "a, b och c"."""
    if len(parts) <= 1:
        return "".join(parts)
    return _("{first} och {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it stands (names and file names come from outside)."""
    return _MARKDOWN.sub(r"\\\1", text)


def named(label: str) -> str:
    """Return a name as HTML that is either the program's own, and then in the reader's language, or the kommun's."""
    if language() == "sv":
        return html.escape(label)
    said = told(label if isinstance(label, Sentence) else Sentence(label))
    return foreign(label) if said is None else html.escape(said)


def foreign(text: str) -> str:
    """Return the municipality's own Swedish words as HTML, marked as Swedish when the page is not.

    A sentence of the core that the catalogue knows is in the reader's language, and then not marked.
    """
    said = told(text) if isinstance(text, Sentence) else None
    bare = html.escape(said or text)
    return bare if said is not None or language() == "sv" else f'<span lang="sv">{bare}</span>'
