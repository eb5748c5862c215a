"""Which days elever are counted on, declared; the store runs the declaration as SQL.

The rule of July and August (skolförordningen 14 kap. 1 §, gymnasieförordningen 13 kap. 1 §): who
starts in August is paid for from 1 July. Stated exactly, for a row that starts in August, and
the same elev's earlier row p in the same verksamhet that ends after 1 July:

- p at the same enhet: the elev stays; the new row counts from the day the last such p ends;
- p at another enhet: the new row counts from 1 July and p ends then;
- no such p: the new row counts from 1 July.

Only the elev's first row that starts in August moves. Hence no elev counts twice in a verksamhet
on a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.base import Month
from core.parameters import counting_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.parameters import CountingRule, FundingModel

JULY, AUGUST, MONTHS = 7, 8, 12
COUNT_FIELDS = ("arskurs", "birth_month", "hours", "source_category", "programme", "flags", "ground")
_COLUMN_OF = {"age": "birth_month", "flag": "flags", "home": None}


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What the store is asked for: rows of one batch, counted on consecutive counting ``days``.

    ``later_deltas``: batches that replace everything about the elever they name. ``fields``: the
    enrolment columns to group by (a subset of ``COUNT_FIELDS``; others come back as None).
    ``every_day``: ``days`` are consecutive calendar days (elevdagar). ``august_year``: apply the
    rule of July and August of that year. ``by_hemkommun``: group by hemkommun too, for claims on other kommuner.
    """

    kommun: str
    batch: int
    later_deltas: tuple[int, ...]
    days: tuple[date, ...]
    verksamheter: tuple[str, ...]
    fields: tuple[str, ...]
    every_day: bool = False
    august_year: int | None = None
    by_hemkommun: bool = False


@dataclass(slots=True)
class CountGroups:
    """Groups of alike rows as columns: counted on ``days[start:stop]`` of the query.

    ``n`` rows and the sum of their row hashes. ``hemkommun`` is None where it was not asked for.
    """

    enhet: list[str] = field(default_factory=list)
    verksamhet: list[str] = field(default_factory=list)
    arskurs: list[str | None] = field(default_factory=list)
    birth_month: list[int | None] = field(default_factory=list)
    hours: list[int | None] = field(default_factory=list)
    source_category: list[str | None] = field(default_factory=list)
    programme: list[str | None] = field(default_factory=list)
    flags: list[str | None] = field(default_factory=list)
    ground: list[str | None] = field(default_factory=list)
    hemkommun: list[str | None] = field(default_factory=list)
    home: list[bool] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    stop: list[int] = field(default_factory=list)
    n: list[int] = field(default_factory=list)
    hash_sum: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CountPlan:
    """A counting rule worked out for a calendar ``year``.

    ``days``: the counting days in date order. ``spans``: by month (1–12), the places in ``days`` whose
    count the month takes, as [from, to). ``divisor``: what a year's sum of month counts is divided
    by to become yearly elever (12, or the days of the year).
    """

    rule: str
    year: int
    days: tuple[date, ...]
    spans: Mapping[int, tuple[int, int]]
    divisor: int
    every_day: bool
    august_year: int | None
    verksamheter: tuple[str, ...]
    fields: tuple[str, ...]

    def month_of(self, day: date) -> int:
        """Return the month of a counting day: 1–12, and below 1 in the year before (0 is its December)."""
        return (day.year - self.year) * MONTHS + day.month

    @property
    def months(self) -> range:
        """The months of the plan's counting days, and every month of the year."""
        return range(min(1, *map(self.month_of, self.days)), MONTHS + 1) if self.days else range(1, MONTHS + 1)


def count_plans(model: FundingModel, through_month: int, holidays: frozenset[date]) -> tuple[CountPlan, ...]:
    """Return a plan per counting rule that some category uses, for the months up to ``through_month``."""
    plans = []
    for rule in model.counting:
        mine = [one for one in model.categories if one.counting == rule.rule]
        if not mine:
            continue
        verksamheter = tuple(sorted({one.verksamhet.value for one in mine}))
        names = {_COLUMN_OF.get(part.field, part.field) for one in mine for part in one.where}
        fields = tuple(name for name in COUNT_FIELDS if name in names or name == "arskurs")
        days, spans = _days_of(rule, model.year, through_month, holidays)
        divisor = _days_in(model.year) if rule.kind == "days" else MONTHS
        august = model.year if rule.august_from_july and rule.kind != "days" else None
        plans.append(
            CountPlan(rule.rule, model.year, days, spans, divisor, rule.kind == "days", august, verksamheter, fields)
        )
    return tuple(plans)


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _days_of(
    rule: CountingRule, year: int, through_month: int, holidays: frozenset[date]
) -> tuple[tuple[date, ...], dict[int, tuple[int, int]]]:
    months = [Month(year, number) for number in range(1, through_month + 1)]
    if rule.kind == "days":
        start = date(year, 1, 1)
        last = (months[-1].next().first_day - start).days
        days = tuple(start + timedelta(days=place) for place in range(last))
        edges = {month.number: (month.first_day - start).days for month in months}
        return days, {month.number: (edges[month.number], edges[month.number] + month.days) for month in months}
    if rule.kind == "monthly":
        return _monthly(rule, months, holidays)
    wanted = sorted(one.date for one in rule.dates if any(number <= through_month for number in one.months))
    place = {day: index for index, day in enumerate(wanted)}
    spans = {
        number: (place[one.date], place[one.date] + 1)
        for one in rule.dates
        for number in one.months
        if number <= through_month
    }
    return tuple(wanted), spans


def _monthly(
    rule: CountingRule, months: Sequence[Month], holidays: frozenset[date]
) -> tuple[tuple[date, ...], dict[int, tuple[int, int]]]:
    """Return a day for each month that is counted, and by month the place of the day whose count it takes."""
    taken = {month.number: month.number for month in months}
    taken |= {one.month: one.counts_as for one in rule.substitutes if {one.month, one.counts_as} <= set(taken)}
    counted = sorted(set(taken.values()))
    days = tuple(counting_day(months[0].year, number, rule.day, rule.fallback, holidays) for number in counted)
    place = {number: index for index, number in enumerate(counted)}
    return days, {number: (place[other], place[other] + 1) for number, other in taken.items()}


def contiguous(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive numbers in ``places`` as [from, to) pairs."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs
