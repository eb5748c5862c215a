"""Months and half-open date ranges: ``valid_from`` inclusive, ``valid_to`` exclusive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.base.errors import CoreError
from core.base.sentences import Sentence

MONTHS = 12
_SWEDEN = ZoneInfo("Europe/Stockholm")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")


class NotAMonthError(CoreError):
    """A text that should name a month does not."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(Sentence("”{text}” är inte en månad. Skriv år och månad, till exempel 2026-03.", text=text))


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; ``number`` is 1–12."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a month outside 1–12, and a year that no calendar day has."""
        if not 1 <= self.number <= MONTHS or not MINYEAR <= self.year < MAXYEAR:
            raise NotAMonthError(f"{self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written ``2026-03``; raises ``NotAMonthError``."""
        match = _MONTH.match(text)
        if not match:
            raise NotAMonthError(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds ``day``."""
        return cls(day.year, day.month)

    @classmethod
    def from_code(cls, code: int) -> Month:
        """Return the month of a stored code such as 202603."""
        return cls(code // 100, code % 100)

    @property
    def code(self) -> int:
        """The month as a whole number, 202603, as the database keeps it."""
        return self.year * 100 + self.number

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next().first_day - timedelta(days=1)

    def next(self) -> Month:
        """Return the month after this one."""
        return Month(self.year + self.number // MONTHS, self.number % MONTHS + 1)

    @property
    def days(self) -> int:
        """Number of days in the month."""
        return (self.next().first_day - self.first_day).days

    def __str__(self) -> str:
        """Return ``2026-03``."""
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``valid_from`` up to, not including, ``valid_to``; no ``valid_to`` means still valid."""

    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether ``day`` lies in the range."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: DateRange) -> bool:
        """Say whether some day lies in both ranges."""
        starts_before = self.valid_to is None or other.valid_from < self.valid_to
        ends_after = other.valid_to is None or self.valid_from < other.valid_to
        return starts_before and ends_after


def year_range(year: int) -> DateRange:
    """Return the calendar year as a range."""
    return DateRange(date(year, 1, 1), date(year + 1, 1, 1))


def day_after(day: date) -> date:
    """Return the next day: a Swedish *t.o.m.* date becomes our exclusive end."""
    return day + timedelta(days=1)


def swedish_midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Sweden."""
    return datetime.combine(day, time(), _SWEDEN)


def swedish_day(moment: datetime) -> date:
    """Return the day it is in Sweden at a stored moment: what is decided by day begins and ends at midnight there."""
    return moment.astimezone(_SWEDEN).date()
