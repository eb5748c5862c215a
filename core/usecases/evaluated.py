"""What ``evaluate`` answers: the lines and the measures of every unit as rows of text, in the model's number format."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation import ALL
from core.base import half_up
from core.exchange.cells import shielded
from core.parameters import PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.allocation import Allocated, AllocationInput, Line, Measured
    from core.exchange.units_file import UnitValues
    from core.parameters import FundingModel, UnitsFile

ORE = 100
PLACES = 10
COLUMNS = ("step", "category", "quantity", "rate", "factor", "value", "unit")
Row = tuple[int, int, tuple[str, ...]]
"""A row with the places that order it: the step's in the model, the line's or the period's within the step."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The amounts, ready to be written: ``header`` and ``rows`` are text in the model's number format.

    ``value`` is exact to the öre; quantity, rate and factor are shown with at most ten decimals. ``marked``: written
    with a byte order mark, as the units file was.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    total_ore: int
    marked: bool = False

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Yield the header and then the rows."""
        yield self.header
        yield from self.rows

    def write(self, path: Path) -> None:
        """Write the rows as CSV in UTF-8, with a byte order mark only where the reader's own file had one."""
        with path.open("w", encoding="utf-8-sig" if self.marked else "utf-8", newline="") as file:
            csv.writer(file, delimiter=self.delimiter, lineterminator="\r\n").writerows(
                map(shielded, row) for row in self
            )


def written(units: UnitsFile, rows: Sequence[UnitValues], data: AllocationInput, allocated: Allocated) -> Evaluated:
    """Return the units in the file's order, and each unit's steps in the model's."""
    model = data.model
    order = _order(model)
    by_enhet: dict[str, list[Row]] = {}
    several = len(model.periods()) > 1  # the price list tells two lines of a step apart only then
    unit_of = {one.step: one.unit for one in allocated.measures.values()}
    for line in allocated.lines():
        row = (*_cells(line, units.decimal, unit_of.get(line.step, "kr")), *([line.period] if several else []))
        by_enhet.setdefault(line.enhet, []).append((order[line.step], line.position, row))
    for measured in allocated.measures.values():
        if measured.yields != "amount":  # an amount is a line already
            for enhet, place, row in _measure_rows(measured, data, units.decimal, several=several):
                by_enhet.setdefault(enhet, []).append((order[measured.step], place, row))
    ready = tuple(
        (*row.key, *cells)
        for row in rows
        for _, _, cells in sorted(by_enhet.get(row.enhet, []), key=lambda one: one[:2])
    )
    header = (*units.key, *COLUMNS, *(["period"] if several else []))
    return Evaluated(header, ready, units.delimiter, sum(allocated.totals.values()))


def _order(model: FundingModel) -> Mapping[str, int]:
    names = [name for one in model.amounts for name in (one.prices if isinstance(one, PerElevAmount) else [one.step])]
    return {name: place for place, name in enumerate(names)}


def _measure_rows(
    measured: Measured, data: AllocationInput, decimal: str, *, several: bool
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield (enhet, the period's place, cells); quantity, rate and factor are a line's and left empty."""
    periods = {period: place for place, period in enumerate(data.quantities.periods)}
    for (enhet, period), (_, shown) in measured.values.items():
        cells = (measured.step, ALL, "", "", "", _decimal_text(shown, decimal), measured.unit)
        yield data.units[enhet].enhet, periods[period], (*cells, *([period] if several else []))


def _cells(line: Line, decimal: str, unit: str) -> tuple[str, ...]:
    figures = (line.quantity, line.rate / ORE, line.factor, Fraction(line.amount_ore, ORE))
    return (line.step, line.category, *(_decimal_text(one, decimal) for one in figures), unit)


def _decimal_text(value: Fraction, decimal: str) -> str:
    """Return ``value`` with at most ten decimals, rounded half up, without thousands and trailing zeros."""
    scaled = half_up(value.numerator * 10**PLACES, value.denominator)
    whole, rest = divmod(abs(scaled), 10**PLACES)
    tail = f"{rest:0{PLACES}d}".rstrip("0")
    return ("-" if scaled < 0 else "") + str(whole) + (f"{decimal}{tail}" if tail else "")
