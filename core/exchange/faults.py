"""Every fault a file can have: one class each, with code, title, severity and Swedish text.

A fault knows what was found and what was expected; where it stands is added when it is logged.
``FaultLog`` keeps the first 1 000 of each code and counts the rest, so that a file with two
million faults still fits in memory and is still answered in one go.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from core.base import DASHES, HIDDEN_PERSON, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.base import Severity

KEPT_PER_CODE = 1000
SHOWN_CHARACTERS = 60
HIDDEN = "(visas inte)"
_IDENTITY = re.compile(rf"\d{{6}}(?:\d{{2}})?[{DASHES}]?\d{{4}}")


class Fault:
    """What is wrong with a cell, a row or a file; ``found`` is already fit to be shown."""

    __slots__ = ("expected", "found")

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity] = "error"
    text: ClassVar[str]
    """What was found, as a sentence with ``{found}``."""

    def __init__(self, found: str | None, expected: str) -> None:
        self.found = found
        self.expected = expected

    def message(self) -> str:
        """Return the whole text: what stands there, then what should."""
        return f"{self.text.format(found=self.found)} Förväntat: {self.expected}."

    def hidden(self) -> Fault:
        """Return the same fault without what was found, for columns that identify a person."""
        return type(self)(HIDDEN, self.expected)


def shown(raw: str) -> str:
    """Return a cell's text fit for a message: short, printable, and never a personnummer."""
    if _IDENTITY.search(raw):
        return HIDDEN_PERSON
    clean = "".join(sign if sign.isprintable() else "\u25a1" for sign in raw[:SHOWN_CHARACTERS])
    return f"”{clean}{'…' if len(raw) > SHOWN_CHARACTERS else ''}”"


def shown_header(raw: str) -> str:
    """Return a header fit to name a column in a message; a file without header has its first row there."""
    return shown(raw.strip()).strip("”()")


class CellEmpty(Fault):
    """A required cell holds nothing."""

    code, title, text = "cell-empty", "Tom cell", "Cellen är tom men måste fyllas i."


class CellUnprintable(Fault):
    """A cell holds a NUL or another control character."""

    code, title = "cell-unprintable", "Otillåtna tecken"
    text = "Cellen {found} innehåller styrtecken som inte syns (till exempel radbrytning eller NUL)."


class CellTooLong(Fault):
    """A cell holds more than its column allows."""

    code, title, text = "cell-too-long", "För lång text", "Cellen {found} är för lång."


class CellIsError(Fault):
    """A spreadsheet cell shows a formula error."""

    code, title, text = "cell-is-error", "Formelfel", "Cellen visar ett formelfel eller ett värde av fel slag: {found}."


class CodeMalformed(Fault):
    """A code is not written the way its column says."""

    code, title, text = "code-malformed", "Felskriven kod", "{found} är inte en giltig kod."


class CodeUnknown(Fault):
    """A code is outside the column's list."""

    code, title, text = "code-unknown", "Okänd kod", "{found} finns inte i kodlistan."


class CodeIsNumber(Fault):
    """A spreadsheet cell holds a number where a code belongs, so leading zeros may be gone."""

    code, title = "code-is-number", "Kod lagrad som tal"
    text = "Cellen {found} är ett tal, men kolumnen innehåller koder; inledande nollor kan ha försvunnit."


class IdentityMisplaced(Fault):
    """A personal identity number stands outside the elev column."""

    code, title = "identity-misplaced", "Personnummer i fel kolumn"
    text = "Cellen ser ut att innehålla ett personnummer, som bara får stå i kolumnen elev."


class UnitUnknown(Fault):
    """A row names a unit that the unit register does not have."""

    code, title, text = "unit-unknown", "Okänd enhet", "Enheten {found} finns inte i enhetsregistret."


class NumberMalformed(Fault):
    """A number cannot be read."""

    code, title, text = "number-malformed", "Talet går inte att läsa", "{found} går inte att läsa som ett tal."


class NumberTooFine(Fault):
    """A number has more decimals than are kept."""

    code, title, text = "number-too-fine", "För många decimaler", "{found} har för många decimaler."


class NumberOutOfRange(Fault):
    """A number is too small or too large."""

    code, title, text = "number-out-of-range", "Talet är för stort eller för litet", "{found} ligger utanför gränserna."


class DateMalformed(Fault):
    """A date cannot be read."""

    code, title, text = "date-malformed", "Datumet går inte att läsa", "{found} är inget datum."


class MonthMalformed(Fault):
    """A month cannot be read."""

    code, title, text = "month-malformed", "Månaden går inte att läsa", "{found} är ingen månad."


class RowWidth(Fault):
    """A row has another number of cells than the header."""

    code, title, text = "row-width", "Fel antal celler", "Raden har {found} celler."


class QuoteMalformed(Fault):
    """A quotation mark is opened or closed in the wrong place."""

    code, title = "quote-malformed", "Felplacerat citattecken"
    text = "Ett citattecken står fel, så det går inte att se var cellen slutar."


class PeriodReversed(Fault):
    """A row ends before it begins."""

    code, title, text = "period-reversed", "Slut före start", "Raden slutar {found}, före sin start."


class ArskursGone(Fault):
    """A row is about an årskurs that there is not on all of its days: årskurser are dated."""

    code, title = "arskurs-gone", "Årskursen finns inte då"
    text = "Årskurs {found} finns inte på radens dagar."


class PeriodOutside(Fault):
    """A row lies wholly outside the period of the delivery; it is kept but counts nowhere."""

    code, title, severity = "period-outside", "Utanför perioden", "warning"
    text = "Raden gäller {found} och ligger helt utanför leveransens period. Den sparas men räknas inte."


class PeriodOverlap(Fault):
    """The same thing is said twice for the same day."""

    code, title, text = "period-overlap", "Dubbel tid", "Raden gäller delvis samma dagar som {found}."


class RowDuplicate(Fault):
    """The same key stands on two rows."""

    code, title, text = "row-duplicate", "Dubblett", "Raden säger samma sak som {found}."


class MetaDiffers(Fault):
    """A fact about a whole index differs between its rows."""

    code, title, text = "meta-differs", "Olika uppgift om samma index", "Här står {found}."


class ColumnUnknown(Fault):
    """The header has a column the contract does not know."""

    code, title, text = "column-unknown", "Okänd kolumn", "Kolumnen {found} hör inte till den här filtypen."


class ColumnMissing(Fault):
    """A required column is absent."""

    code, title, text = "column-missing", "Kolumn saknas", "Kolumnen {found} saknas i rubrikraden."


class ColumnTwice(Fault):
    """The header names a column twice."""

    code, title, text = "column-twice", "Dubbel kolumn", "Kolumnen {found} står två gånger i rubrikraden."


class ColumnsTooMany(Fault):
    """The header has more columns than any file of ours."""

    code, title, text = "columns-too-many", "För många kolumner", "Rubrikraden har {found} kolumner."


class ColumnUnnamed(Fault):
    """Cells are filled in below an empty header."""

    code, title, text = "column-unnamed", "Kolumn utan rubrik", "Det står {found} i en kolumn utan rubrik."


class FileEmpty(Fault):
    """The file holds nothing."""

    code, title, text = "file-empty", "Tom fil", "Filen är tom."


class FileWithoutRows(Fault):
    """The file holds a header and nothing below it."""

    code, title, text = "file-without-rows", "Inga rader", "Filen har en rubrikrad men inga rader under den."


class FileUnreadable(Fault):
    """The file is of another kind than its contract, or broken."""

    code, title, text = "file-unreadable", "Filen går inte att läsa", "Filen går inte att läsa: {found}."


class FileTooLarge(Fault):
    """A spreadsheet would unpack to more than is safe."""

    code, title, text = "file-too-large", "För stor kalkylfil", "Kalkylfilen är för stor att packa upp: {found}."


class LineTooLong(Fault):
    """A line has no end within reason, or a cell no closing quotation mark."""

    code, title = "line-too-long", "Raden tar aldrig slut"
    text = "Här börjar en rad eller cell som är längre än {found}; resten av filen är inte läst."


class EncodingMixed(Fault):
    """The file changes encoding halfway."""

    code, title = "encoding-mixed", "Blandad teckenkodning"
    text = "Filen börjar som UTF-8 men har på den här raden tecken i en annan kodning ({found})."


class EncodingUnreadable(Fault):
    """The file is neither UTF-8 nor cp1252."""

    code, title = "encoding-unreadable", "Okänd teckenkodning"
    text = "Filens teckenkodning känns inte igen ({found})."


class SuccessionUnnamed(Fault):
    """A row of successions names neither a unit nor a successor."""

    code, title, text = "succession-unnamed", "Ingen enhet nämnd", "Raden nämner ingen enhet."


class SuccessionShares(Fault):
    """The shares of a unit that is split do not add up to the whole unit."""

    code, title, text = "succession-shares", "Andelarna blir inte 1", "Andelarna stämmer inte ({found})."


class SuccessionGoesRound(Fault):
    """A unit in the end follows itself."""

    code, title, text = (
        "succession-round",
        "Efterföljare i cirkel",
        "Enheten {found} efterträder i slutändan sig själv.",
    )


class FaultLog:
    """The faults of one file, in order; the first ``KEPT_PER_CODE`` of each code, the rest as numbers."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []
        self.counts: Counter[str] = Counter()
        self.error_count = 0
        self.warning_count = 0

    def add(self, fault: Fault, row: int | None = None, column: str | None = None) -> None:
        """Log a fault where it stands; ``row`` as a spreadsheet numbers it, header = 1."""
        self.counts[fault.code] += 1
        if fault.severity == "error":
            self.error_count += 1
        else:
            self.warning_count += 1
        if self.counts[fault.code] <= KEPT_PER_CODE:
            self.issues.append(
                Issue(fault.severity, fault.code, self.file, row, column, fault.found, fault.expected, fault.message())
            )

    def add_all(self, faults: Iterable[tuple[int, str | None, Fault]]) -> None:
        """Log faults as ``(row, column, fault)`` in the order of their rows."""
        for row, column, fault in sorted(faults, key=lambda one: one[0]):
            self.add(fault, row, column)


FAULTS: dict[str, type[Fault]] = {kind.code: kind for kind in Fault.__subclasses__()}
"""Every kind of fault by its code, for the help page and the gallery of specimens."""
