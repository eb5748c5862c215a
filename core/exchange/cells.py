"""Cells: from the text in a file to canonical text, to the stored value, and back again.

``reader_of(column, …)`` gives the function that turns a cell into canonical text or a
``Fault``. Canonical text is the stored value written plainly (öre, hundredths, 202603, ISO
dates; empty = absent), so a row's hash can be recomputed from the database alone.
``stored_of`` and ``written`` are the two ways out: to the database and back to a file.

A text that begins with a sign a spreadsheet takes for a formula is written with an apostrophe
before it; a text that begins with apostrophe and such a sign loses the apostrophe when read. So
the formula is harmless in a spreadsheet and the round trip is exact.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import holds_identity
from core.exchange.contracts import CellKind, Column
from core.exchange.faults import (
    CellEmpty,
    CellTooLong,
    CellUnprintable,
    CodeMalformed,
    CodeUnknown,
    DateMalformed,
    Fault,
    IdentityMisplaced,
    MonthMalformed,
    NumberMalformed,
    NumberOutOfRange,
    NumberTooFine,
    UnitUnknown,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[str, Column], "str | Fault"]
    Stored = str | int | bool

CODE_LENGTH = 64
TEXT_LENGTH = 500
FIRST_YEAR, LAST_YEAR = 1900, 2199
FORMULA_SIGNS = frozenset("=+-@'\t\r\uff1d\uff0b\uff0d\uff20")
HUNDREDTHS = 100
LARGEST_AMOUNT = 10**11  # kronor or square metres: more than any kommun has, and sums of them still fit 64 bits
LARGEST_STORED = 10**18  # a numerator or denominator must fit a 64-bit integer
_CODE = re.compile(r"[^\s,;\"]+\Z")
_FLAG = re.compile(r"[a-z0-9_]+\Z")
_NUMBER = re.compile(r"([-\u2212]?)([0-9]{1,15})(?:[.,]([0-9]{1,15}))?\Z")
_FIGURE = re.compile(r"-?[0-9]+(?:[.,][0-9]+|/[0-9]+)?\Z")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_ORGNR = re.compile(r"(\d{6})-?(\d{4})\Z")
_KOMMUN = re.compile(r"\d{4}\Z")
_YEAR = re.compile(r"\d{4}\Z")


def plain(raw: str) -> str:
    """Return a cell's text without outer or no-break spaces, in composed letters, its protecting apostrophe off."""
    text = unicodedata.normalize("NFC", raw.replace("\u00a0", " ").replace("\u202f", " ").strip())
    return unprotected(text)


def unprotected(text: str) -> str:
    """Return a text without the apostrophe that ``protected`` set before it."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_SIGNS else text


def protected(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; ``plain`` gives it back."""
    return f"'{text}" if text and text[0] in FORMULA_SIGNS else text


def shielded(text: str) -> str:
    """Return a cell of a file that is only read by people: a figure as it is, any other text ``protected``."""
    return text if _FIGURE.match(text) else protected(text)


def expected_by(column: Column) -> str:
    """Return what a column wants, in words with an example."""
    if column.codes and column.cell in {CellKind.CHOICE, CellKind.CHOICES}:
        many = "en eller flera av" if column.cell is CellKind.CHOICES else "en av"
        return f"{many}: {', '.join(column.codes)}"
    return f"{_WANTED[column.cell]}, till exempel {column.example}"


_WANTED: dict[CellKind, str] = {
    CellKind.PERSON: f"ett id med högst {CODE_LENGTH} tecken",
    CellKind.CODE: f"en kod utan mellanslag, högst {CODE_LENGTH} tecken",
    CellKind.UNIT: "id för en enhet i enhetsregistret",
    CellKind.TEXT: f"text på en rad, högst {TEXT_LENGTH} tecken",
    CellKind.FLAGS: "koder av a–z, 0–9 och _ åtskilda med komma",
    CellKind.YES_NO: "ja eller nej",
    CellKind.KOMMUN: "kommunkod med fyra siffror",
    CellKind.ORGNR: "organisationsnummer med tio siffror",
    CellKind.MONTH: "månad som ÅÅÅÅ-MM",
    CellKind.YEAR: "årtal med fyra siffror",
    CellKind.DATE: "datum som ÅÅÅÅ-MM-DD",
    CellKind.LAST_DAY: "sista dagen som ÅÅÅÅ-MM-DD",
    CellKind.WHOLE: "ett heltal, 0 eller större",
    CellKind.HUNDREDTHS: "ett tal med högst två decimaler, 0 eller större",
    CellKind.KRONOR: "ett belopp i kronor med högst två decimaler",
    CellKind.DECIMAL: "ett tal",
    CellKind.RATIO: "ett tal",
}


def _code(text: str, column: Column) -> str | Fault:
    if len(text) > CODE_LENGTH:
        return CellTooLong(shown(text), expected_by(column))
    if holds_identity(text):
        return IdentityMisplaced(None, expected_by(column))
    return text if _CODE.match(text) else CodeMalformed(shown(text), expected_by(column))


def _text(text: str, column: Column) -> str | Fault:
    if holds_identity(text):
        return IdentityMisplaced(None, expected_by(column))
    return text


def _choice(text: str, column: Column) -> str | Fault:
    if text in column.codes:
        return text
    near = get_close_matches(text.lower(), column.codes, n=1)
    hint = f" (menade du ”{near[0]}”?)" if near else ""
    return CodeUnknown(shown(text), expected_by(column) + hint)


def _choices(text: str, column: Column) -> str | Fault:
    found = {part.strip() for part in text.split(",")}
    for part in sorted(found - set(column.codes)):
        return _choice(part, column)
    return ",".join(code for code in column.codes if code in found)


def _flags(text: str, column: Column) -> str | Fault:
    if holds_identity(text):
        return IdentityMisplaced(None, expected_by(column))
    found = {part.strip() for part in text.split(",")}
    if all(_FLAG.match(part) for part in found):
        return ",".join(sorted(found))
    return CodeMalformed(shown(text), expected_by(column))


def _yes_no(text: str, column: Column) -> str | Fault:
    answer = {"ja": "1", "nej": "0"}.get(text.lower())
    return CodeUnknown(shown(text), expected_by(column)) if answer is None else answer


def _kommun(text: str, column: Column) -> str | Fault:
    return text if _KOMMUN.match(text) and text.isascii() else CodeMalformed(shown(text), expected_by(column))


def _orgnr(text: str, column: Column) -> str | Fault:
    match = _ORGNR.match(text) if text.isascii() else None
    return f"{match[1]}-{match[2]}" if match else CodeMalformed(shown(text), expected_by(column))


def _month(text: str, column: Column) -> str | Fault:
    match = _MONTH.match(text) if text.isascii() else None
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and "01" <= match[2] <= "12":
        return match[1] + match[2]
    return MonthMalformed(shown(text), expected_by(column))


def _year(text: str, column: Column) -> str | Fault:
    if _YEAR.match(text) and text.isascii() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return text
    return NumberMalformed(shown(text), expected_by(column))


def _date(text: str, column: Column) -> str | Fault:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return DateMalformed(shown(text), expected_by(column))
    if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:  # 20260815 and 2026-W33-6 are refused
        return DateMalformed(shown(text), expected_by(column))
    return text


def _last_day(text: str, column: Column) -> str | Fault:
    day = _date(text, column)
    return day if isinstance(day, Fault) else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _exact(text: str, column: Column, scale: int) -> Fraction | Fault:
    """Return ``text`` × ``scale`` exactly; the bounds of the column are in unscaled units."""
    match = _NUMBER.match(text.replace(" ", ""))
    if not match:
        return NumberMalformed(shown(text), expected_by(column))
    sign, whole, part = match[1], match[2], match[3] or ""
    value = Fraction(int(whole + part) * (-1 if sign else 1), 10 ** len(part))
    low, high = _bounds(column)
    if value < low or value > high:
        bounds = f"{low if low > -LARGEST_AMOUNT else '…'}–{high if high < LARGEST_AMOUNT else '…'}"
        if abs(value) > LARGEST_AMOUNT:
            bounds = f"mindre än {LARGEST_AMOUNT // 10**9} miljarder"
        return NumberOutOfRange(shown(text), f"{expected_by(column)} (gränser {bounds})")
    return value * scale


def _bounds(column: Column) -> tuple[int, int]:
    """Return the smallest and the largest value of a column."""
    is_count = column.cell in {CellKind.WHOLE, CellKind.HUNDREDTHS}
    lowest = 0 if is_count else -LARGEST_AMOUNT
    return (lowest if column.low is None else column.low, LARGEST_AMOUNT if column.high is None else column.high)


def _scaled(text: str, column: Column, scale: int) -> str | Fault:
    value = _exact(text, column, scale)
    if isinstance(value, Fault):
        return value
    return str(value.numerator) if value.denominator == 1 else NumberTooFine(shown(text), expected_by(column))


def _whole(text: str, column: Column) -> str | Fault:
    return _scaled(text, column, 1)


def _hundredths(text: str, column: Column) -> str | Fault:
    return _scaled(text, column, HUNDREDTHS)


def _decimal(text: str, column: Column) -> str | Fault:
    value = _exact(text, column, 1)
    return value if isinstance(value, Fault) else decimal_text(value)


def _ratio(text: str, column: Column) -> str | Fault:
    value = _exact(text, column, 1)
    if isinstance(value, Fault):
        return value
    if max(abs(value.numerator), value.denominator) > LARGEST_STORED:
        return NumberTooFine(shown(text), f"{expected_by(column)}, med högst 18 siffror")
    return f"{value.numerator}/{value.denominator}"


_READERS: dict[CellKind, Reader] = {
    CellKind.CODE: _code,
    CellKind.UNIT: _code,
    CellKind.TEXT: _text,
    CellKind.CHOICE: _choice,
    CellKind.CHOICES: _choices,
    CellKind.FLAGS: _flags,
    CellKind.YES_NO: _yes_no,
    CellKind.KOMMUN: _kommun,
    CellKind.ORGNR: _orgnr,
    CellKind.MONTH: _month,
    CellKind.YEAR: _year,
    CellKind.DATE: _date,
    CellKind.LAST_DAY: _last_day,
    CellKind.WHOLE: _whole,
    CellKind.HUNDREDTHS: _hundredths,
    CellKind.KRONOR: _hundredths,
    CellKind.DECIMAL: _decimal,
    CellKind.RATIO: _ratio,
}


def reader_of(column: Column, enhet_ids: frozenset[str] | None = None) -> Callable[[str], str | Fault]:
    """Return the function from a cell of ``column`` to canonical text or the fault in it.

    ``enhet_ids``: the unit register, which a ``UNIT`` cell must stand in; ``None``: not asked.
    """
    read = _READERS[column.cell]

    def cell(raw: str) -> str | Fault:
        text = plain(raw)
        if not text:
            return CellEmpty("(tom cell)", expected_by(column)) if column.required else ""
        if not text.isprintable():
            return CellUnprintable(shown(text), expected_by(column))
        if len(text) > TEXT_LENGTH:
            return CellTooLong(shown(text), expected_by(column))
        value = read(text, column)
        if column.cell is CellKind.UNIT and enhet_ids is not None and isinstance(value, str) and value not in enhet_ids:
            near = get_close_matches(value, enhet_ids, n=1) if len(enhet_ids) <= TEXT_LENGTH else []
            hint = f" (menade du ”{near[0]}”?)" if near else ""
            return UnitUnknown(shown(value), expected_by(column) + hint)
        return value

    return cell


NUMBERS = frozenset({CellKind.MONTH, CellKind.YEAR, CellKind.WHOLE, CellKind.HUNDREDTHS, CellKind.KRONOR})
"""Kinds whose canonical text is the digits of the stored whole number."""


def stored_of(kind: CellKind, canonical: str) -> Stored:
    """Return the stored value of a canonical text that is not empty."""
    if kind in NUMBERS:
        return int(canonical)
    return canonical == "1" if kind is CellKind.YES_NO else canonical


def decimal_text(value: Fraction) -> str:
    """Return the exact decimal text of a fraction that has one, with a point and no trailing zeros."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text
