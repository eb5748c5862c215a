"""Rules of one row as a whole, on columns of canonical texts: its days, its index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import compress
from typing import TYPE_CHECKING, Any

from core.base import Month
from core.exchange.cells import stored_of
from core.exchange.contracts import CellKind
from core.exchange.faults import Fault, MetaDiffers, PeriodOutside, PeriodReversed, shown
from core.exchange.written import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from core.base import DateRange
    from core.exchange.contracts import Contract
    from core.exchange.faults import FaultLog


_AUGUST = "08"


@dataclass(frozen=True, slots=True)
class SoundRows:
    """Rows without a fault so far: their numbers, and canonical texts by field."""

    rows: Sequence[int]
    texts: Mapping[str, Sequence[str]]

    def without(self, bad: AbstractSet[int]) -> SoundRows:
        """Return the rows whose numbers are not in ``bad``."""
        if not bad:
            return self
        keep = [row not in bad for row in self.rows]
        texts = {field: list(compress(column, keep)) for field, column in self.texts.items()}
        return SoundRows(list(compress(self.rows, keep)), texts)


def fault_rows(rows: Sequence[int], cells: Sequence[str | Fault], header: str) -> list[tuple[int, str | None, Fault]]:
    """Return the faults of one column with their rows."""
    return [(row, header, cell) for row, cell in zip(rows, cells, strict=True) if isinstance(cell, Fault)]


def check_period(sound: SoundRows, period: DateRange | None, log: FaultLog) -> SoundRows:
    """Return the rows whose days run forward; log the others, and warn of rows outside ``period``."""
    if period is not None and "month" in sound.texts:
        _warn_of_months(sound, period, log)
    if "valid_to" not in sound.texts or not sound.rows:
        return sound
    starts, stops = sound.texts["valid_from"], sound.texts["valid_to"]
    bad = {row for row, start, stop in zip(sound.rows, starts, stops, strict=True) if stop and stop <= start}
    if bad:
        for row, stop in zip(sound.rows, stops, strict=True):
            if row in bad:
                log.add(
                    PeriodReversed(_last_day(stop), "till_och_med samma dag som fran_och_med eller senare"),
                    row,
                    "till_och_med",
                )
        sound = sound.without(bad)
    if period is not None and sound.rows:
        _warn_outside(sound, period, log)
    return sound


def _warn_outside(sound: SoundRows, period: DateRange, log: FaultLog) -> None:
    first = period.valid_from.isoformat()
    end = period.valid_to.isoformat() if period.valid_to else "9999"
    starts, stops = sound.texts["valid_from"], sound.texts["valid_to"]
    if max(starts) < end and min(filter(None, stops), default=end) > first:
        return  # the common case, answered for the whole block at once
    for row, start, stop in zip(sound.rows, starts, stops, strict=True):
        if _counts_from(start) >= end or (stop and stop <= first):
            said = f"{start} till {_last_day(stop) if stop else 'tills vidare'}"
            log.add(
                PeriodOutside(said, f"dagar från {first} till {_last_day(end) if period.valid_to else 'tills vidare'}"),
                row,
            )


def _warn_of_months(sound: SoundRows, period: DateRange, log: FaultLog) -> None:
    last = Month.of(period.valid_to - timedelta(days=1)) if period.valid_to else None
    first, stop = Month.of(period.valid_from).code, last.code if last else None
    for row, text in zip(sound.rows, sound.texts["month"], strict=True):
        if int(text) < first or (stop is not None and int(text) > stop):
            wanted = f"månader från {Month.of(period.valid_from)} till {last or 'tills vidare'}"
            log.add(PeriodOutside(written(CellKind.MONTH, int(text)), wanted), row, "manad")


def _counts_from(start: str) -> str:
    """Return the first day a row may count: who starts in August may, by the model's rule, count from 1 July."""
    return f"{start[:5]}07-01" if start[5:7] == _AUGUST else start


def _last_day(stop: str) -> str:
    """Return the inclusive day a person would write for an exclusive end."""
    return written(CellKind.LAST_DAY, stop)


class IndexFacts:
    """What is said on every row but holds for a whole index: the first row decides, the others must agree."""

    def __init__(self, contract: Contract) -> None:
        self.facts: dict[str, dict[str, Any]] = {}
        self._columns = [column for column in contract.columns if column.per_index]
        self._said: dict[str, tuple[str, ...]] = {}

    def check(self, sound: SoundRows, log: FaultLog) -> SoundRows:
        """Return the rows that agree with their index; log the others."""
        if not self._columns:
            return sound
        bad = set()
        for row, name, *said in zip(
            sound.rows, sound.texts["index_name"], *(sound.texts[one.field] for one in self._columns), strict=True
        ):
            first = self._said.setdefault(name, tuple(said))
            if name not in self.facts:
                self.facts[name] = {
                    one.field: stored_of(one.cell, text) for one, text in zip(self._columns, said, strict=True)
                }
            for column, text, agreed in zip(self._columns, said, first, strict=True):
                if text != agreed:
                    bad.add(row)
                    shown_text, wanted = (written(column.cell, stored_of(column.cell, one)) for one in (text, agreed))
                    log.add(
                        MetaDiffers(shown(shown_text), f"{shown(wanted)}, som på indexets första rad"),
                        row,
                        column.header,
                    )
        return sound.without(bad)
