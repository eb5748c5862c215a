"""An outsider's file of units, read as the model's ``units:`` says; all faults at once.

Columns that the model does not name are left alone: it is their file, not ours. Numbers are exact:
with the declared decimal sign and as many decimals as the file has, or as a fraction (``158/12``), since a
mean over twelve months is seldom a whole number of hundredths.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TextIO

from core.base import CoreError, Issue, Recipient, half_up, short
from core.exchange.cells import unprotected
from core.exchange.survey import survey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.parameters import UnitsFile
    from core.parameters.parts import UnitColumn

ORE = 100
SHOWN = 20
LONGEST_SHOWN = 60
MOST_ISSUES = 5_000
LARGEST = 10**11
"""More elever, kronor or index than any kommun has, and sums of it still fit 64 bits."""
MAX_PLACES = 30
KEY_SEPARATOR = "/"
ALLOWED = {"recipient": tuple(one.value for one in Recipient), "landsbygd": ("ja", "nej")}
_SPACES = re.compile(r"[ \u00a0\u202f]")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
"""Thousands as they are written with a decimal point; with a decimal comma they are kept apart by spaces."""
_FRACTION = re.compile(r"([-\u2212]?[0-9]{1,9})/([1-9][0-9]{0,3})\Z")


class UnitsFileFaultyError(CoreError):
    """A units file has faults; ``issues`` holds them all, each with file, row and column."""

    def __init__(self, file: str, issues: Sequence[Issue]) -> None:
        self.file, self.issues = file, tuple(issues)
        shown = "\n".join(str(issue) for issue in self.issues[:SHOWN])
        rest = f"\n… och {len(self.issues) - SHOWN} till." if len(self.issues) > SHOWN else ""
        super().__init__(f"Filen {file} har {len(self.issues)} fel och räknas inte:\n{shown}{rest}")


@dataclass(frozen=True, slots=True)
class UnitValues:
    """One unit of the file. Counts and decided amounts (öre) by name and month; month None: the whole year.

    ``index``: its figures by name, whether the model calls them index or variable; ``words``: its attributes.
    """

    row: int
    key: tuple[str, ...]
    enhet: str
    counts: dict[tuple[str, int | None], Fraction] = field(default_factory=dict)
    index: dict[str, Fraction] = field(default_factory=dict)
    given: dict[tuple[str, int | None], int] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def read_units_file(path: Path, units: UnitsFile) -> tuple[UnitValues, ...]:
    """Return the units in the file's order; raises ``UnitsFileFaultyError`` and ``FileMissingError``."""
    return _Reader(path.name, units).read(path)


class _Reader:
    def __init__(self, file: str, units: UnitsFile) -> None:
        self.file, self.units = file, units
        self.number = _number_pattern(units.decimal)
        self.issues: list[Issue] = []

    def fault(self, row: int | None, column: str | None, found: str | None, expected: str) -> None:
        found = None if found is None else short(found, LONGEST_SHOWN)
        column = None if column is None else short(column, LONGEST_SHOWN)
        shown = f"”{found}” går inte att läsa: " if found else ""
        if len(self.issues) >= MOST_ISSUES:
            raise UnitsFileFaultyError(self.file, self.issues)
        self.issues.append(
            Issue("error", "units_file", self.file, row, column, found, expected, f"{shown}förväntat är {expected}.")
        )

    def read(self, path: Path) -> tuple[UnitValues, ...]:
        found = survey(path)
        if found.fault is not None or found.file_format != "csv":
            self.fault(found.row, None, None, "en CSV-fil sparad som UTF-8 eller Windows-1252")
            raise UnitsFileFaultyError(self.file, self.issues)
        units: list[UnitValues] = []
        try:
            with path.open(encoding=found.encoding, newline="") as file:
                units = self._rows(file)
        except csv.Error:
            self.fault(None, None, None, "en CSV-fil utan nolltecken och med högst 130 000 tecken i en cell")
        if not units and not self.issues:
            self.fault(None, None, None, "minst en enhet under rubrikraden")
        self._distinct(units)
        if self.issues:
            raise UnitsFileFaultyError(self.file, self.issues)
        return tuple(units)

    def _rows(self, file: TextIO) -> list[UnitValues]:
        reader = csv.reader(file, delimiter=self.units.delimiter)
        header = [name.strip() for name in next(reader, [])]
        wanted = [*self.units.key, *(one.column for one in self.units.columns)]
        for name in dict.fromkeys(wanted):
            if header.count(name.strip()) != 1:
                times = "saknas" if name.strip() not in header else "finns flera gånger"
                self.fault(1, name, None, f"en kolumn med rubriken {name}, men den {times}{self._delimiter(header)}")
        if self.issues:
            return []
        places = {name: header.index(name.strip()) for name in wanted}
        units = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                self.fault(
                    reader.line_num, None, None, f"{len(header)} kolumner som i rubriken, men raden har {len(cells)}"
                )
                continue
            units.append(
                self._unit(reader.line_num, {name: unprotected(cells[place].strip()) for name, place in places.items()})
            )
        return units

    def _delimiter(self, header: list[str]) -> str:
        """Return a hint when the whole header stands in one cell: the file is parted by another sign."""
        other = next((sign for sign in ";,\t" if len(header) == 1 and sign in header[0]), None)
        if other is None:
            return ""
        named = {"\t": "tabb"}
        signs = [named.get(sign, f"”{sign}”") for sign in (other, self.units.delimiter)]
        return f" (filen är delad med {signs[0]} men modellens delimiter säger {signs[1]})"

    def _unit(self, row: int, cells: dict[str, str]) -> UnitValues:
        key = tuple(cells[name] for name in self.units.key)
        for name in self.units.key:
            if not cells[name]:
                self.fault(row, name, None, "en uppgift som skiljer enheten från de andra")
        named = next((cells[one.column] for one in self.units.columns if one.field == "enhet"), "")
        unit = UnitValues(row, key, named or KEY_SEPARATOR.join(key))
        for column in self.units.columns:
            found = cells[column.column]
            text = self._if_empty(column) if found in {"", *self.units.empty} else found
            if text:
                self._cell(unit, column, text)
        return unit

    def _if_empty(self, column: UnitColumn) -> str:
        """Return what an empty cell stands for, written as the file writes its figures."""
        text = column.if_empty or ""
        return text if column.attribute or column.field else text.replace(",", ".").replace(".", self.units.decimal)

    def _cell(self, unit: UnitValues, column: UnitColumn, text: str) -> None:
        if column.field is not None:
            if self._field_is_sound(unit.row, column, text):
                unit.fields[column.field] = text
            return
        if column.attribute is not None:
            unit.words[column.attribute] = text
            return
        value = self._read_number(text)
        signed = bool(column.given or column.variable)
        if value is None or (value < 0 and not signed):
            sign = "" if signed else ", noll eller mer"
            wanted = (
                f"ett tal{sign}, med ”{self.units.decimal}” och högst {MAX_PLACES} decimaler, eller ett bråk som 158/12"
            )
            self.fault(unit.row, column.column, text, wanted)
        elif column.category is not None:
            unit.counts[column.category, column.month] = value
        elif column.index is not None or column.variable is not None:
            unit.index[column.index or column.variable or ""] = value
        elif (value * ORE).denominator != 1:
            self.fault(unit.row, column.column, text, "ett belopp i kronor med högst två decimaler")
        else:
            unit.given[column.given or "", column.month] = half_up(value.numerator * ORE, value.denominator)

    def _field_is_sound(self, row: int, column: UnitColumn, text: str) -> bool:
        allowed = ALLOWED.get(column.field or "")
        if allowed is not None and text not in allowed:
            self.fault(row, column.column, text, f"något av {', '.join(allowed)}")
            return False
        return True

    def _read_number(self, text: str) -> Fraction | None:
        fraction = _FRACTION.match(text)
        if fraction:
            return Fraction(int(fraction[1].replace("\u2212", "-")), int(fraction[2]))
        bare = _SPACES.sub("", text).replace("\u2212", "-")
        if self.units.decimal == "." and _THOUSANDS.match(bare):
            bare = bare.replace(",", "")
        value = Fraction(bare.replace(",", ".")) if self.number.match(bare) else None
        return value if value is None or abs(value) < LARGEST else None

    def _distinct(self, units: list[UnitValues]) -> None:
        seen: dict[str, int] = {}
        for unit in units:
            first = seen.setdefault(unit.enhet, unit.row)
            if first != unit.row:
                column = KEY_SEPARATOR.join(self.units.key)
                self.fault(unit.row, column, unit.enhet, f"en rad per enhet, men enheten står redan på rad {first}")


def _number_pattern(decimal: str) -> re.Pattern[str]:
    sign = re.escape(decimal)
    return re.compile(
        rf"-?(?:[0-9]{{1,24}}(?:{sign}[0-9]{{1,{MAX_PLACES}}})?|{sign}[0-9]{{1,{MAX_PLACES}}})(?:[eE][+-]?[0-9]{{1,2}})?\Z"
    )
